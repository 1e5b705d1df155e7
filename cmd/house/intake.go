package house

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/probity-ledger/probity/console/intake"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/seal"
	"github.com/probity-ledger/probity/projections"
)

const (
	// publicActor acts for whoever has no name.
	publicActor domain.ActorID = "public"
	// DefaultPublicPerHour is how many complaints, and how many messages of
	// reporters, are taken in an hour. It keeps a flood from the ledger; what one
	// visitor may do is the pages' to say.
	DefaultPublicPerHour = 600
	// maxReplies is how many messages of its reporter a complaint takes.
	maxReplies = 200
	// codesAtOnce receipt codes are worked on at a time, codesWaiting wait.
	codesAtOnce  = 2
	codesWaiting = 30
)

// Intake is the way in for the public: [intake.Desk] on this house. The views
// must be open and kept up to date. It is safe for concurrent use.
type Intake struct {
	h                    *House
	complaints, messages *rate.Limiter

	mu   sync.Mutex // guards busy
	busy map[string]*writing
}

// Intake makes that way in. The house must be open for writing.
func (h *House) Intake() *Intake {
	n := cmp.Or(h.cfg.PublicPerHour, DefaultPublicPerHour)
	limit := func() *rate.Limiter { return rate.NewLimiter(rate.Every(time.Hour/time.Duration(n)), n) }
	return &Intake{h: h, complaints: limit(), messages: limit(), busy: map[string]*writing{}}
}

// derived is what follows from the nonce of a form under a label.
func derived(label, nonce string) []byte {
	sum := sha256.Sum256([]byte("probity intake: " + label + "\x00" + nonce))
	return sum[:]
}

// ComplaintOf returns the id of the complaint that a form with the nonce files:
// "P-" and ten letters and digits. It tells nothing of the receipt code.
func ComplaintOf(nonce string) domain.ComplaintID {
	return domain.ComplaintID("P-" + base32.StdEncoding.EncodeToString(derived("complaint id", nonce))[:10])
}

func instructionOf(nonce string) string {
	return "public:" + hex.EncodeToString(derived("instruction id", nonce)[:16])
}

// Agencies implements [intake.Desk].
func (d *Intake) Agencies(ctx context.Context) ([]intake.Agency, error) {
	units, err := d.public().Addressees(ctx)
	if err != nil {
		return nil, unavailable(err)
	}
	slices.SortStableFunc(units, func(a, b projections.Unit) int {
		return cmp.Compare(b2i(a.Kind != string(unit.KindAgency)), b2i(b.Kind != string(unit.KindAgency)))
	})
	out := make([]intake.Agency, len(units))
	for i, u := range units {
		out[i] = intake.Agency{ID: string(u.ID), Name: u.Name, Parent: string(u.Parent)}
	}
	return out, nil
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (d *Intake) public() *projections.Reader {
	return d.h.Views.As(projections.Principal{Role: domain.RolePublic})
}

// checkNonce refuses a form without one, on which retries would rest.
func checkNonce(nonce string) error {
	if raw, err := hex.DecodeString(nonce); err != nil || len(raw) != 16 || hex.EncodeToString(raw) != nonce {
		return intake.Refusal{Field: "nonce", Reason: "the form is not one of ours; begin it anew"}
	}
	return nil
}

// Receive implements [intake.Desk].
func (d *Intake) Receive(ctx context.Context, r intake.Report) error {
	if err := checkNonce(r.Nonce); err != nil {
		return err
	}
	id := string(ComplaintOf(r.Nonce))
	defer d.turnOn(id)()
	in := domain.Instruction{ID: instructionOf(r.Nonce), Act: domain.Act{Subject: id, Actor: publicActor, Role: domain.RolePublic}}
	command := complaint.Receive{Channel: complaint.ChannelWeb, Category: r.Category, Summary: r.Summary, Place: r.Place, Unit: domain.UnitID(r.Unit),
		RealName: r.Reporter != nil && r.Reporter.Name != ""}
	p := &plain{code: intake.CodeOf(r.Nonce)}
	if r.Reporter != nil {
		who := &Reporter{Name: r.Reporter.Name, Phone: r.Reporter.Phone, Email: r.Reporter.Email, Address: r.Reporter.Address, Note: r.Reporter.Note}
		if err := who.check(); err != nil {
			return forPages(err)
		}
		text, err := who.text()
		if err != nil {
			return err
		}
		p.member, p.text = reporterField, text
	}
	if err := d.known(ctx, command.Unit); err != nil {
		return err
	}
	return d.hand(ctx, in, p, r.Files, d.complaints, func(told []domain.Evidence, key string) domain.Command {
		command.Evidence, command.Receipt = told, complaint.Receipt{Hash: noHash}
		if len(told) > 0 {
			command.Receipt.Key = key
		}
		if p.member != "" {
			command.Reporter = nothingSealed
			command.Reporter.Key = cmp.Or(key, command.Reporter.Key)
		}
		return command
	})
}

// known refuses a unit that is not there.
func (d *Intake) known(ctx context.Context, id domain.UnitID) error {
	if id == "" {
		return nil
	}
	units, err := d.public().Addressees(ctx)
	if err != nil {
		return unavailable(err)
	}
	is := func(u projections.Unit) bool { return u.ID == id }
	if slices.ContainsFunc(units, is) {
		return nil
	}
	if err := d.upToDate(ctx); err != nil {
		return err
	}
	if units, err = d.public().Addressees(ctx); err == nil && !slices.ContainsFunc(units, is) {
		return intake.Refusal{Field: "unit", Reason: "there is no such agency or unit"}
	}
	return unavailable(err)
}

// upToDate waits for the views before something is said not to be there.
func (d *Intake) upToDate(ctx context.Context) error {
	err := d.h.Desk().upToDate(ctx)
	if _, behind := errors.AsType[*domain.Refusal](err); behind {
		return intake.ErrUnavailable
	}
	return unavailable(err)
}

// Write implements [intake.Desk].
func (d *Intake) Write(ctx context.Context, code, nonce, text string, files []intake.File) error {
	if err := checkNonce(nonce); err != nil {
		return err
	}
	told, err := d.find(ctx, code)
	if err != nil {
		return err
	}
	if strings.TrimSpace(text) == "" && len(files) == 0 {
		return intake.Refusal{Field: "text", Reason: "write something, or add a file"}
	}
	sealed, err := messageText(replyField, text)
	if err != nil {
		return forPages(err)
	}
	id := string(told.ID)
	defer d.turnOn(id)()
	in := domain.Instruction{ID: instructionOf(nonce), Act: domain.Act{Subject: id, Actor: publicActor, Role: domain.RolePublic}}
	p := &plain{member: replyField, text: sealed}
	return d.hand(ctx, in, p, files, d.messages, func(told []domain.Evidence, key string) domain.Command {
		reply := domain.SealedText(nothingSealed)
		reply.Key = cmp.Or(key, reply.Key)
		return complaint.Reply{Reply: reply, Evidence: told}
	})
}

// find returns the complaint that a code opens.
func (d *Intake) find(ctx context.Context, code string) (*projections.Told, error) {
	if !isCode(code) {
		return nil, intake.ErrCode
	}
	hash, err := d.h.receipts.Hash(ctx, code)
	if err != nil {
		return nil, unavailable(err)
	}
	told, err := d.public().Told(ctx, hash)
	if told != nil || err != nil {
		return told, unavailable(err)
	}
	if err := d.upToDate(ctx); err != nil {
		return nil, err
	}
	if told, err = d.public().Told(ctx, hash); told == nil && err == nil {
		err = intake.ErrCode
	}
	return told, unavailable(err)
}

// Look implements [intake.Desk].
func (d *Intake) Look(ctx context.Context, code string) (intake.State, error) {
	told, err := d.find(ctx, code)
	if err != nil {
		return intake.State{}, err
	}
	c, err := d.h.correspondence(ctx, string(told.ID))
	if err != nil {
		return intake.State{}, unavailable(err)
	}
	s := intake.State{Complaint: string(told.ID), Status: told.Status, Result: told.Result,
		ReceivedOn: dayOr(told.ReceivedOn), Due: dayOr(told.Due), ConcludedOn: dayOr(told.ConcludedOn), AnsweredOn: dayOr(told.AnsweredOn),
		Erased: c.state.Reporter.Erased, CanWrite: d.h.takesReply(c) && c.replies < maxReplies}
	unlocked, err := d.h.unlock(c)
	if err != nil {
		return intake.State{}, err
	}
	s.Files = unlocked.files(c.files)
	for _, m := range c.messages {
		text, _, err := unlocked.said(m)
		if err != nil {
			return intake.State{}, err
		}
		from := intake.FromReporter
		if m.field == questionField {
			from = intake.FromAgency
		}
		s.Messages = append(s.Messages, intake.Message{From: from, At: m.at, Text: text, Files: unlocked.files(m.files)})
	}
	return s, nil
}

func dayOr(d domain.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

// unavailable tells what may pass from what is broken.
func unavailable(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, seal.ErrBusy), errors.Is(err, projections.ErrUnavailable), errors.Is(err, ledger.ErrUnknownOutcome), errors.Is(err, ledger.ErrReadOnly), errors.Is(err, ledger.ErrFull),
		errors.Is(err, context.DeadlineExceeded):
		return errors.Join(intake.ErrUnavailable, err)
	}
	return err
}

// fieldsOf are the fields of the pages by those of refusals.
var fieldsOf = map[string]string{"id": "nonce", "subject": "nonce", "evidence": "files", replyField: "text",
	"category": "category", "summary": "summary", "place": "place", "unit": "unit", reporterField: "reporter", "files": "files"}

// forPages turns a refusal of the room into one of the pages.
func forPages(err error) error {
	if _, is := errors.AsType[intake.Refusal](err); is {
		return err
	}
	refused, no := errors.AsType[*domain.Refusal](err)
	if !no {
		return unavailable(err)
	}
	first, _, _ := strings.Cut(refused.Field, ".")
	return intake.Refusal{Field: fieldsOf[first], Reason: refused.Message}
}
