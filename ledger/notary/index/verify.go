package index

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/notary"
)

// VerifyConfig is what the verification of a proof works with. All are
// required.
type VerifyConfig struct {
	// Trust are the keys.
	Trust notary.Trust
	// Catalog knows the kinds of event, and so what each touches.
	Catalog *domain.Catalog
	// Rooms are those of [Ask].
	Rooms []string
}

// Report says what a proof shows. It is only complete when VerifyFile
// returned no error.
type Report struct {
	Subject string `json:"subject"`
	Origin  string `json:"origin"`
	// Size and Root are the signed checkpoint, Map the root of the index.
	Size int64  `json:"size"`
	Root string `json:"root"`
	Map  string `json:"map"`
	// Events touch the subject; Matters are the aggregates that belong to
	// its file, and Entries all events of them and it.
	Events  int      `json:"events"`
	Matters []string `json:"matters"`
	Entries int      `json:"entries"`
	// Closed counts the entries that are not open, but counted.
	Closed int `json:"closed"`
	// Kinds are the open events, by index.
	Kinds      []Shown  `json:"kinds"`
	Checked    []string `json:"checked"`
	OnTrust    []string `json:"onTrust"`
	NotChecked []string `json:"notChecked"`
}

// Shown is an open event of the file.
type Shown struct {
	Index    int64  `json:"index"`
	Kind     string `json:"kind"`
	Stream   string `json:"stream"`
	Revision int64  `json:"revision"`
	Event    string `json:"event"`
}

// VerifyFile checks, with nothing but keys, that a proof shows the whole file
// of that subject: that the index and the checkpoint are signed and belong
// together; that each list is what the index holds of its reference; that the
// file has the list of every matter it must; that each entry is in the log,
// none is missing and none is foreign; and of each open event that it is
// signed and touches what it is listed for. Whatever is wrong is an
// *ledger.IntegrityError.
func VerifyFile(ctx context.Context, raw []byte, subject domain.Ref, cfg VerifyConfig) (Report, error) {
	v := &fileVerification{cfg: cfg, subject: subject, entries: map[int64]Entry{}, open: map[int64]ledger.Decoded{}, touching: map[domain.Ref][]int64{}}
	v.report = Report{Subject: SpellRef(subject), Matters: []string{}, Kinds: []Shown{}}
	f, err := ParseFile(raw)
	if err == nil {
		err = v.run(ctx, f)
	}
	return v.report, asIntegrity(ctx, err)
}

func asIntegrity(ctx context.Context, err error) error {
	if err == nil || ctx.Err() != nil {
		return err
	}
	if _, ok := err.(*ledger.IntegrityError); ok {
		return err
	}
	return &ledger.IntegrityError{What: err.Error()}
}

type fileVerification struct {
	cfg     VerifyConfig
	subject domain.Ref
	report  Report

	root    Root
	codec   *ledger.Codec
	entries map[int64]Entry
	open    map[int64]ledger.Decoded
	// touching lists, by what they touch, the open events.
	touching map[domain.Ref][]int64
	unjudged int // signatures by keys that are not known
}

func (v *fileVerification) run(ctx context.Context, f *File) error {
	if f.Subject != SpellRef(v.subject) {
		return fmt.Errorf("the proof is of %q, not of %s", f.Subject, SpellRef(v.subject))
	}
	s, err := openSigned([]byte(f.Index), []byte(f.Checkpoint), v.cfg.Trust)
	if err != nil {
		return err
	}
	v.root, v.codec = s.Root, ledger.NewCodec(v.cfg.Catalog, s.Origin)
	r := &v.report
	r.Origin, r.Size, r.Root, r.Map = s.Origin, s.Size, s.Log.String(), s.Map.String()
	if err := v.inclusion(f.Entries); err != nil {
		return err
	}
	if err := v.lists(f.Lists); err != nil {
		return err
	}
	if err := v.signatures(ctx, f); err != nil {
		return err
	}
	v.say()
	return nil
}

// inclusion checks that each entry is in the tree.
func (v *fileVerification) inclusion(entries []Entry) error {
	last := int64(-1)
	for _, e := range entries {
		at := ledger.Position(e.Index + 1)
		switch {
		case e.Index <= last || e.Index >= v.root.Size:
			return fmt.Errorf("entry %d is out of order or beyond the %d events of the checkpoint", e.Index, v.root.Size)
		case !e.Closed() && e.Leaf != Hash{}:
			return &ledger.IntegrityError{Position: at, What: "the entry is open and has a leaf hash besides"}
		case tlog.CheckRecord(e.Proof, v.root.Size, v.root.Log, e.Index, e.hash()) != nil:
			return &ledger.IntegrityError{Position: at, What: "the entry is not in the log under the checkpoint"}
		}
		last = e.Index
		v.entries[e.Index] = e
		if e.Closed() {
			v.report.Closed++
			continue
		}
		d, err := v.codec.Decode(ledger.Stored{Position: at, Envelope: e.Envelope})
		if err != nil {
			return err
		}
		v.open[e.Index] = d
		for _, ref := range v.codec.Refs(d.Recorded) {
			v.touching[ref] = append(v.touching[ref], e.Index)
		}
		v.report.Kinds = append(v.report.Kinds, Shown{e.Index, string(d.Event.Kind()), d.Stream, d.Revision, string(d.ID)})
	}
	v.report.Entries = len(entries)
	return nil
}

// signatures checks the open events as the verification of a ledger does.
// Streams that the file has whole are checked from their beginning; of the
// others each event by itself.
func (v *fileVerification) signatures(ctx context.Context, f *File) error {
	keys, err := ledger.NewKeyring(v.cfg.Trust.Events...)
	if err != nil {
		return err
	}
	whole := map[string]bool{}
	for _, l := range f.Lists {
		ref, err := ParseRef(l.Ref)
		if err != nil {
			return err
		}
		closed := slices.ContainsFunc(l.Indices, func(i int64) bool { return v.entries[i].Closed() })
		whole[ref.Stream()] = !closed
	}
	var chained, single []ledger.Stored
	for _, i := range slices.Sorted(maps.Keys(v.open)) {
		s := ledger.Stored{Position: ledger.Position(i + 1), Envelope: v.entries[i].Envelope}
		if whole[v.open[i].Stream] {
			chained = append(chained, s)
		} else {
			single = append(single, s)
		}
	}
	check := func(list []ledger.Stored, unanchored bool) error {
		read := func(context.Context) iter.Seq2[ledger.Stored, error] {
			return func(yield func(ledger.Stored, error) bool) {
				for _, s := range list {
					if !yield(s, nil) {
						return
					}
				}
			}
		}
		report, err := ledger.VerifyEvents(ctx, read, ledger.VerifyConfig{Codec: v.codec, Keys: keys, Partial: true, Unanchored: unanchored})
		v.unjudged += report.Unjudged
		return err
	}
	if err := check(chained, false); err != nil {
		return err
	}
	for i := range single {
		if err := check(single[i:i+1], true); err != nil {
			return err
		}
	}
	return nil
}

// lists checks what the index says, and that entries and lists are of each
// other.
func (v *fileVerification) lists(lists []List) error {
	if len(lists) == 0 || lists[0].Ref != SpellRef(v.subject) {
		return fmt.Errorf("the proof does not begin with the list of %s", SpellRef(v.subject))
	}
	listed := map[int64]bool{}
	for _, l := range lists {
		if err := v.list(l); err != nil {
			return err
		}
		for _, i := range l.Indices {
			listed[i] = true
		}
	}
	for _, i := range slices.Sorted(maps.Keys(v.entries)) {
		if !listed[i] {
			return &ledger.IntegrityError{Position: ledger.Position(i + 1), What: "the entry is foreign: no list of the file has it"}
		}
	}
	own := lists[0]
	v.report.Events = len(own.Indices)
	var touched []domain.Ref
	for _, i := range own.Indices {
		if d, ok := v.open[i]; ok {
			touched = append(touched, subjectOf(d.Recorded))
		}
	}
	matters := mattersIn(touched, v.subject, v.cfg.Rooms)
	for i, ref := range matters {
		if i+1 >= len(lists) || lists[i+1].Ref != SpellRef(ref) {
			return fmt.Errorf("the list of %s, which belongs to the file, is missing or not in its place", SpellRef(ref))
		}
		v.report.Matters = append(v.report.Matters, SpellRef(ref))
	}
	if len(lists) > len(matters)+1 {
		return fmt.Errorf("the list of %s is foreign: no open event of the file leads to it", lists[len(matters)+1].Ref)
	}
	return nil
}

// list checks one list against the root of the index.
func (v *fileVerification) list(l List) error {
	ref, err := ParseRef(l.Ref)
	if err != nil {
		return err
	}
	if err := v.root.includes(ref, l); err != nil {
		return err
	}
	var listed []int64 // of the open events
	for n, i := range l.Indices {
		e, ok := v.entries[i]
		switch {
		case !ok:
			return &ledger.IntegrityError{Position: ledger.Position(i + 1), What: fmt.Sprintf("the event touches %s, but the proof lacks it", l.Ref)}
		case n > 0 && i <= l.Indices[n-1]:
			return &ledger.IntegrityError{Position: ledger.Position(i + 1), What: fmt.Sprintf("the index lists the event twice for %s", l.Ref)}
		case !e.Closed():
			listed = append(listed, i)
		}
	}
	touching := v.touching[ref]
	for len(listed) > 0 && len(touching) > 0 && listed[0] == touching[0] {
		listed, touching = listed[1:], touching[1:]
	}
	fail := func(i int64, what string) error {
		d := v.open[i]
		return &ledger.IntegrityError{Position: ledger.Position(i + 1), Stream: d.Stream, Revision: ledger.Revision(d.Revision), What: fmt.Sprintf(what, l.Ref)}
	}
	switch {
	case len(listed) > 0 && (len(touching) == 0 || listed[0] < touching[0]):
		return fail(listed[0], "the event is listed for %s, but does not touch it")
	case len(touching) > 0:
		return fail(touching[0], "the event touches %s, but the index does not list it")
	}
	return nil
}

// includes checks that a list is all that the index holds of the reference.
func (r Root) includes(ref domain.Ref, l List) error {
	key := keyOf(r.Origin, ref)
	fail := func() error {
		return fmt.Errorf("the list of %s is not the one that the signed index holds: it is not whole, or not of this checkpoint", l.Ref)
	}
	var leaf Hash
	switch {
	case len(l.Indices) > 0:
		if l.Other != nil {
			return fmt.Errorf("the list of %s has events and is said to have none", l.Ref)
		}
		count := int64(len(l.Indices))
		leaf = leafHash(key, valueOf(l.Blind, chainOf(l.Indices), count))
	case l.Blind != Hash{}:
		return fmt.Errorf("the list of %s is empty and is said to have events", l.Ref)
	case l.Other == nil:
		if r.Map != emptyRoot || len(l.Path) > 0 {
			return fail()
		}
		return nil
	case l.Other.Key == key:
		return fail()
	default:
		for _, s := range l.Path { // the bits of the key must lead to the other
			if s.Bit < 0 || s.Bit > 255 || bitOf(&key, uint8(s.Bit)) != bitOf(&l.Other.Key, uint8(s.Bit)) {
				return fail()
			}
		}
		leaf = leafHash(l.Other.Key, l.Other.Value)
	}
	if root, ok := rootFrom(key, leaf, l.Path); !ok || root != r.Map {
		return fail()
	}
	return nil
}

// say puts into words what was and what was not verified.
func (v *fileVerification) say() {
	r := &v.report
	r.Checked = []string{
		"the signatures of the index and of the checkpoint it was signed with, by a trusted key",
		"that the list of the subject, and of each matter it leads to, is the whole list that the signed index holds",
		"that each entry is in the log under the checkpoint, none is missing, and none is foreign",
		"of each open event: its signatures, its spelling, and that it touches what it is listed for",
		"of each stream that the file has whole and open: that it has no gap, and each event follows its predecessor",
	}
	r.OnTrust = []string{
		fmt.Sprintf("the keys that were given (%d of events)", len(v.cfg.Trust.Events)),
		"that the signed index lists what the log holds: whoever has the whole log checks it ('probity verify --log DIR --subject ID --proof FILE')",
	}
	r.NotChecked = []string{
		"events after this checkpoint",
		"events that tell of the subject without naming it in a reference",
		"whether others were shown the same checkpoint (witnesses)",
	}
	if v.unjudged > 0 {
		r.NotChecked = append(r.NotChecked,
			fmt.Sprintf("%d signatures by keys that were not given, such as those of authors: the ledger's own signature is checked beside them", v.unjudged))
	}
	if r.Closed > 0 {
		r.NotChecked = append(r.NotChecked,
			fmt.Sprintf("the content of %d entries that are not open to whom the proof is for, and the matters that only they lead to", r.Closed))
	}
}
