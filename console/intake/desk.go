package intake

import (
	"context"
	"errors"
	"io"
	"time"
)

// Desk is where what the public hands in goes, and where it is asked about. It
// is called with what the pages have checked, and judges anew: what it refuses
// is a Refusal, which the pages show at the field.
type Desk interface {
	// Agencies lists what a complaint can be about: units by id and names,
	// agencies first.
	Agencies(ctx context.Context) ([]Agency, error)
	// Receive records a complaint. Repeated with the same Nonce and content it
	// is the same complaint; with other content it is refused on "nonce", and
	// the first stands.
	Receive(ctx context.Context, r Report) error
	// Look returns what a receipt code opens; ErrCode where it opens nothing.
	Look(ctx context.Context, code string) (State, error)
	// Write adds a message of the reporter's, with files. Repeated with the
	// same nonce and content it is the same message; with other content it is
	// refused on "nonce". ErrCode where the code opens nothing.
	Write(ctx context.Context, code, nonce, text string, files []File) error
}

// Agency is a unit that a complaint can be about. Parent is the id of the unit
// it belongs to, empty for the uppermost.
type Agency struct{ ID, Name, Parent string }

// Report is a complaint as it was handed in. Of its texts only Reporter is
// sealed.
type Report struct {
	// Nonce is 32 hex digits of the form, random: receipt code, complaint id
	// and instruction id derive from it, each under a label of its own, so that
	// none of them tells another.
	Nonce string
	// Category is one of the pages' own words for the matter, Summary what
	// happened, Place where, Unit the id of an Agency; the last two may be
	// empty.
	Category, Summary, Place, Unit string
	// Reporter is who reports; nil for an anonymous report.
	Reporter *Reporter
	Files    []File
}

// Reporter says who reports, to be sealed before it is recorded. At least one
// member is set.
type Reporter struct{ Name, Phone, Email, Address, Note string }

// File is one that was handed in. Open reads it from its beginning, as often as
// it is called, until the call of the Desk returns. MediaType is what its
// bytes look like, not what the sender says. Size is in bytes.
type File struct {
	Name, MediaType string
	Open            func() (io.ReadCloser, error)
	Size            int64
}

// State is what a receipt code opens. Status and Result are the words of the
// room complaint; days are written as in 2026-03-31, and empty where there is
// none.
type State struct {
	Complaint                                string
	Status, Result                           string
	ReceivedOn, Due, ConcludedOn, AnsweredOn string
	// Erased tells that the identity of the reporter was erased.
	Erased bool
	// Messages are in the order of their recording.
	Messages []Message
	// CanWrite tells whether a message is taken.
	CanWrite bool
	// Files are those handed in with the complaint.
	Files []FileInfo
}

// Message is one between the reporter and the agency; From is FromReporter or
// FromAgency.
type Message struct {
	From  string
	At    time.Time
	Text  string
	Files []FileInfo
}

// Whom a message is from.
const (
	FromReporter = "reporter"
	FromAgency   = "agency"
)

// FileInfo tells of a file that was handed in. Digest is "sha256:" and 64 hex
// digits, Size is in bytes.
type FileInfo struct {
	Name, MediaType, Digest string
	Size                    int64
}

// The errors of a Desk, besides Refusal. Any other is internal: it is logged,
// and not shown.
var (
	// ErrCode: no complaint has this receipt code.
	ErrCode = errors.New("no complaint has this receipt code")
	// ErrUnavailable: nothing can be taken or told now, and may be later.
	ErrUnavailable = errors.New("complaints cannot be taken or looked up now")
)

// Refusal is an expected no. Field is that of Report or Write in small letters:
// nonce, category, summary, place, unit, reporter, files, text, or empty for
// the whole. Reason is for people, in English.
type Refusal struct{ Field, Reason string }

// Error implements error.
func (r Refusal) Error() string {
	if r.Field == "" {
		return r.Reason
	}
	return r.Field + ": " + r.Reason
}
