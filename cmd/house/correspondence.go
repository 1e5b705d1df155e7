package house

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"

	"github.com/probity-ledger/probity/console/intake"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/seal"
)

// correspondence is what the stream of a complaint holds of what its reporter
// handed in and was asked, still sealed.
type correspondence struct {
	stream   string
	state    complaint.Complaint
	key      string            // the data key; empty before the first
	files    []domain.Evidence // that came with the complaint
	received sealedMessage     // the complaint itself, where files came with it
	messages []sealedMessage
	replies  int

	recorded map[uuid.UUID]bool
}

// sealedMessage is one event of it.
type sealedMessage struct {
	event  domain.EventID
	field  string // questionField or replyField
	at     time.Time
	sealed domain.Sealed
	files  []domain.Evidence
}

// correspondence reads the stream of a complaint; one that is not there has an
// empty state.
func (h *House) correspondence(ctx context.Context, subject string) (*correspondence, error) {
	c := &correspondence{stream: domain.ComplaintID(subject).Ref().Stream(), recorded: map[uuid.UUID]bool{}}
	for s, err := range h.Store.ReadStream(ctx, c.stream, 0) {
		if err != nil {
			return nil, fmt.Errorf("load %s: %w", c.stream, err)
		}
		d, err := h.Codec.Decode(s)
		if err != nil {
			return nil, err
		}
		c.recorded[s.ID] = true
		complaint.Room.Apply(&c.state, d.Event, d.Act)
		c.take(&d, domain.EventID(s.ID.String()))
	}
	return c, nil
}

func (c *correspondence) take(d *ledger.Decoded, id domain.EventID) {
	m := sealedMessage{event: id, at: d.Act.RecordedAt}
	switch e := d.Event.(type) {
	case complaint.Received:
		if d.Act.Role == domain.RolePublic {
			c.files = e.Evidence
			m.files = e.Evidence
			c.received = m
		}
	case complaint.ReporterSealed:
		c.key = e.Key
	case complaint.ReceiptGiven:
		if e.Key != "" {
			c.key = e.Key
		}
	case complaint.QuestionAsked:
		m.field, m.sealed = questionField, domain.Sealed(e)
	case complaint.ReplyGiven:
		m.field, m.sealed, m.files = replyField, domain.Sealed{Key: e.Key, Ciphertext: e.Ciphertext}, e.Evidence
		c.replies++
	}
	if m.field != "" {
		c.key = m.sealed.Key
		c.messages = append(c.messages, m)
	}
}

// has tells whether the instruction is recorded.
func (c *correspondence) has(instruction string) bool {
	return c.recorded[ledger.EventIDOf(c.stream, instruction, 0)]
}

// evidence finds a file by its digest.
func (c *correspondence) evidence(digest string) (domain.Evidence, bool) {
	is := func(e domain.Evidence) bool { return e.Digest == digest }
	for _, list := range append([][]domain.Evidence{c.files}, filesOf(c.messages)...) {
		if i := slices.IndexFunc(list, is); i >= 0 {
			return list[i], true
		}
	}
	return domain.Evidence{}, false
}

func filesOf(messages []sealedMessage) (lists [][]domain.Evidence) {
	for _, m := range messages {
		lists = append(lists, m.files)
	}
	return lists
}

// takesReply tells whether the room would take a message of the reporter's.
func (h *House) takesReply(c *correspondence) bool {
	reply := domain.SealedText(nothingSealed)
	if c.key != "" {
		reply.Key = c.key
	}
	_, err := complaint.Reply{Reply: reply}.Decide(c.state, domain.Act{Actor: publicActor, Role: domain.RolePublic}, h.Books.At(h.now()))
	return err == nil
}

// kept are the files that were kept for a command.
type kept struct {
	told  []domain.Evidence
	added []string // digests of those that were not there
	key   string
	fresh bool // the key was made for them
}

// keep encrypts files under the key of the complaint, which is made where there
// is none.
func (h *House) keep(c *correspondence, list []intake.File) (k kept, err error) {
	k.key = c.key
	if len(list) == 0 {
		return k, nil
	}
	if h.vault.files.dir == "" {
		return k, errNoFiles
	}
	if k.key == "" {
		if k.key, err = h.vault.NewKey(c.stream); err != nil {
			return k, err
		}
		k.fresh = true
	}
	u, err := h.vault.Unlock(k.key, c.stream)
	if err == nil {
		k.told, k.added, err = h.vault.files.put(u, k.key, list, h.now())
	}
	if errors.Is(err, errNoRoom) {
		cmp.Or(h.cfg.Log, slog.Default()).Warn("files of reporters are refused: they take all that files-limit allows", "MiB", h.vault.files.budget>>20)
	}
	if err != nil && k.fresh {
		err = errors.Join(err, h.vault.Destroy(k.key))
	}
	return k, err
}

// let removes what was kept for a command that was refused, unless another
// event names it. Where the outcome is not known it stays.
func (h *House) let(ctx context.Context, subject string, k kept, refused error) error {
	if _, no := errors.AsType[*domain.Refusal](refused); !no || len(k.added) == 0 {
		return nil
	}
	now, err := h.correspondence(ctx, subject)
	if err != nil {
		return err
	}
	err = h.vault.files.drop(k.key, slices.DeleteFunc(k.added, func(digest string) bool {
		_, named := now.evidence(digest)
		return named && now.key == k.key
	}))
	if k.fresh && now.key != k.key {
		err = errors.Join(err, h.vault.Destroy(k.key))
	}
	return err
}

// unlocked is a correspondence whose key is at hand; without one nothing of it
// can be read.
type unlocked struct {
	h *House
	c *correspondence
	u *seal.Unlocked
}

// unlock opens what is sealed of a correspondence, as far as it was not erased.
func (h *House) unlock(c *correspondence) (unlocked, error) {
	o := unlocked{h: h, c: c}
	if c.key == "" {
		return o, nil
	}
	u, err := h.vault.Unlock(c.key, c.stream)
	if errors.Is(err, seal.ErrNoKey) {
		return o, nil
	}
	o.u = u
	return o, err
}

// text is what a message says; empty where that is erased.
func (o unlocked) text(m sealedMessage) (string, error) {
	if o.u == nil || m.field == "" {
		return "", nil
	}
	ciphertext, err := base64.StdEncoding.DecodeString(m.sealed.Ciphertext)
	if err != nil {
		return "", fmt.Errorf("%w: it is not base64", seal.ErrBroken)
	}
	raw, err := o.u.Open(m.field, ciphertext)
	if err != nil {
		return "", fmt.Errorf("open a message on %s: %w", o.c.stream, err)
	}
	var said message
	if json.Unmarshal(raw, &said) != nil {
		return "", fmt.Errorf("open a message on %s: it is of a form this version does not read", o.c.stream)
	}
	return said.Text, nil
}

// said is what a message says, and whether that can be read. One that does not
// open hides no other: the log is told, and it stands there without a text.
func (o unlocked) said(m sealedMessage) (text string, readable bool, err error) {
	text, err = o.text(m)
	if errors.Is(err, seal.ErrBroken) {
		cmp.Or(o.h.cfg.Log, slog.Default()).Error("a message under seal does not open", "event", m.event, "err", err)
		return "", false, nil
	}
	return text, o.u != nil, err
}

// files tells of files, by the names they were handed in under as far as that
// can be unlocked.
func (o unlocked) files(list []domain.Evidence) []intake.FileInfo {
	var out []intake.FileInfo
	for _, e := range list {
		f := intake.FileInfo{MediaType: e.MediaType, Digest: e.Digest, Size: e.Size}
		if o.u != nil {
			if r, name, err := o.h.vault.files.open(o.u, o.c.key, e.Digest); err == nil {
				f.Name = name
				_ = r.Close() // only read
			}
		}
		out = append(out, f)
	}
	return out
}
