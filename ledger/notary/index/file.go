package index

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/probity-ledger/probity/domain"
)

// fileForm names the form of a proof.
const fileForm = "probity-file-proof/1"

const (
	// MaxFile is the longest proof in bytes that is read.
	MaxFile = 256 << 20
	// MaxEntries is how many events a proof holds at most.
	MaxEntries = 100_000
)

// File is the whole file of a subject, with the proof that it is whole: the
// signed root of the index and its checkpoint, the list of the events that
// touch the subject, the lists of the matters (complaints, cases…) in which
// it is touched, and each of the events with its inclusion proof.
type File struct {
	Form       string `json:"form"`
	Subject    string `json:"subject"`
	Index      string `json:"index"`
	Checkpoint string `json:"checkpoint"`
	// Lists begin with the subject's own; those of the matters follow, by
	// reference.
	Lists []List `json:"lists"`
	// Entries are the events of all lists, each once, by index.
	Entries []Entry `json:"entries"`
}

// List is what the index says of one reference: either all indices of the
// events that touch it, or that there are none.
type List struct {
	Ref     string  `json:"ref"`
	Indices []int64 `json:"indices"`
	// Blind opens the value of the reference's own leaf; Other is the leaf
	// to which its key leads when nothing touches it, absent in an empty map.
	Blind Hash   `json:"blind,omitzero"`
	Other *Other `json:"other,omitzero"`
	Path  []Step `json:"path"`
}

// Other is the leaf of another key.
type Other struct {
	Key   Hash `json:"key"`
	Value Hash `json:"value"`
}

// Entry is an event of the log: its envelope, or its leaf hash alone when it
// is not open to whom the proof is for.
type Entry struct {
	Index    int64  `json:"index"`
	Envelope []byte `json:"envelope,omitzero"`
	Leaf     Hash   `json:"leaf,omitzero"`
	Proof    []Hash `json:"proof"`
}

// Closed tells whether the entry is not open.
func (e Entry) Closed() bool { return e.Envelope == nil }

// hash returns the leaf hash of the entry.
func (e Entry) hash() Hash {
	if e.Closed() {
		return e.Leaf
	}
	return tlog.RecordHash(e.Envelope)
}

// ParseRef reads "officer/HG-0026": a room, or "actor", and an id.
func ParseRef(s string) (domain.Ref, error) {
	room, id, ok := strings.Cut(s, "/")
	if !ok || domain.CheckID("room", room) != nil {
		return domain.Ref{}, fmt.Errorf("%q is no reference: write a room and an id, as in officer/HG-0026", s)
	}
	if err := domain.CheckID("id", id); err != nil {
		return domain.Ref{}, fmt.Errorf("%q is no reference: %w", s, err)
	}
	return domain.Ref{Type: room, ID: id}, nil
}

// SpellRef writes a reference as ParseRef reads it.
func SpellRef(r domain.Ref) string { return r.Type + "/" + r.ID }

// Ask says whose file is proved, and what of it is shown.
type Ask struct {
	Subject domain.Ref
	// Rooms are those whose aggregates belong to the subject's file as a
	// whole as soon as one of their events touches the subject.
	Rooms []string
	// Open tells which events may be shown, by their ids; the others are
	// given by their leaf hashes.
	Open func(context.Context, []domain.EventID) (map[domain.EventID]bool, error)
}

// File returns the file of a subject at the last root signed. It is for those
// who may know that the events exist: also what is not open is counted. It
// fails with [ErrNoIndex] when no root is signed.
func (x *Index) File(ctx context.Context, ask Ask) (*File, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.head.note == nil {
		return nil, ErrNoIndex
	}
	if x.size != x.head.Size {
		return nil, errors.New("the index was interrupted on its way to the next root: ask again in a moment")
	}
	b := &builder{x: x, ask: ask, entries: map[int64]*built{}}
	f := &File{Form: fileForm, Subject: SpellRef(ask.Subject), Index: string(x.head.note), Checkpoint: string(x.head.checkpoint), Entries: []Entry{}}
	own, err := b.list(ask.Subject)
	if err == nil {
		err = b.read(ctx, own.Indices)
	}
	if err != nil {
		return nil, err
	}
	f.Lists = []List{own}
	for _, ref := range b.matters(own.Indices) {
		l, err := b.list(ref)
		if err == nil {
			err = b.read(ctx, l.Indices)
		}
		if err != nil {
			return nil, err
		}
		f.Lists = append(f.Lists, l)
	}
	for _, i := range slices.Sorted(maps.Keys(b.entries)) {
		f.Entries = append(f.Entries, b.entries[i].Entry)
	}
	return f, nil
}

type builder struct {
	x       *Index
	ask     Ask
	entries map[int64]*built
}

type built struct {
	Entry
	ref domain.Ref // what the event happened to
}

func (b *builder) list(ref domain.Ref) (List, error) {
	key := keyOf(b.x.cfg.Codec.Origin(), ref)
	path, leaf := b.x.trie.path(key)
	l := List{Ref: SpellRef(ref), Path: path, Indices: []int64{}}
	if l.Path == nil {
		l.Path = []Step{}
	}
	switch {
	case leaf == nil:
	case leaf.key != key:
		l.Other = &Other{leaf.key, valueOf(blindOf(b.x.secret, leaf.key, leaf.count), leaf.chain, leaf.count)}
	case leaf.count > MaxEntries:
		return List{}, fmt.Errorf("%d events touch %s, a proof holds at most %d", leaf.count, l.Ref, MaxEntries)
	default:
		indices, err := b.x.disk.indices(b.x.trie.number[key], b.x.head.Size, leaf.count)
		if err != nil {
			return List{}, err
		}
		l.Indices, l.Blind = indices, blindOf(b.x.secret, key, leaf.count)
	}
	return l, nil
}

// read fetches the events that are not there yet, and closes those that may
// not be shown.
func (b *builder) read(ctx context.Context, indices []int64) error {
	fresh := map[domain.EventID]*built{}
	for _, i := range indices {
		if b.entries[i] != nil {
			continue
		}
		if len(b.entries) == MaxEntries {
			return fmt.Errorf("the file has more than %d events, which is the most that a proof holds", MaxEntries)
		}
		s, err := b.x.cfg.Notary.EventAt(ctx, i)
		if err != nil {
			return err
		}
		d, err := b.x.cfg.Codec.Decode(s)
		if err != nil {
			return err
		}
		proof, err := b.x.cfg.Notary.ProveIn(i, b.x.head.Size)
		if err != nil {
			return err
		}
		e := &built{Entry{Index: i, Envelope: s.Envelope, Proof: proof}, subjectOf(d.Recorded)}
		b.entries[i], fresh[d.ID] = e, e
	}
	if len(fresh) == 0 {
		return nil
	}
	open, err := b.ask.Open(ctx, slices.Sorted(maps.Keys(fresh)))
	if err != nil {
		return err
	}
	for id, e := range fresh {
		if !open[id] {
			e.Leaf, e.Envelope = tlog.RecordHash(e.Envelope), nil
		}
	}
	return nil
}

// matters are the aggregates that belong to the file by its open events.
func (b *builder) matters(indices []int64) []domain.Ref {
	var out []domain.Ref
	for _, i := range indices {
		if e := b.entries[i]; !e.Closed() {
			out = append(out, e.ref)
		}
	}
	return mattersIn(out, b.ask.Subject, b.ask.Rooms)
}

// mattersIn picks those of the refs that belong to the subject's file as a
// whole, each once, in their order.
func mattersIn(refs []domain.Ref, subject domain.Ref, rooms []string) []domain.Ref {
	var out []domain.Ref
	seen := map[domain.Ref]bool{subject: true}
	for _, r := range refs {
		if !seen[r] && slices.Contains(rooms, r.Type) {
			seen[r] = true
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b domain.Ref) int { return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.ID, b.ID)) })
	return out
}

// subjectOf returns the aggregate that an event happened to.
func subjectOf(r domain.Recorded) domain.Ref {
	return domain.Ref{Type: r.Event.Kind().Room(), ID: r.Act.Subject}
}

// Closed counts the entries that are not open.
func (f *File) Closed() int {
	n := 0
	for _, e := range f.Entries {
		if e.Closed() {
			n++
		}
	}
	return n
}

// Marshal returns the proof in its one spelling.
func (f *File) Marshal() ([]byte, error) {
	b, err := json.Marshal(f, json.Deterministic(true), jsontext.WithIndent("  "))
	if err != nil {
		return nil, fmt.Errorf("write the proof: %w", err)
	}
	return append(b, '\n'), nil
}

// ParseFile reads a proof and judges nothing of it but its form.
func ParseFile(raw []byte) (*File, error) {
	if len(raw) > MaxFile {
		return nil, fmt.Errorf("proof of a file: %d bytes, at most %d are taken", len(raw), MaxFile)
	}
	f := &File{}
	if err := json.Unmarshal(raw, f, json.RejectUnknownMembers(true)); err != nil {
		return nil, fmt.Errorf("proof of a file: %w", err)
	}
	if f.Form != fileForm {
		return nil, fmt.Errorf("proof of a file: its form is %q, not %s", f.Form, fileForm)
	}
	if again, err := f.Marshal(); err != nil || !bytes.Equal(again, raw) {
		return nil, errors.Join(errors.New("proof of a file: it is not in its one spelling"), err)
	}
	return f, nil
}
