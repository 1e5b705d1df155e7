package graphql

import (
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections"
)

// Message is a question to the reporter of a complaint, or what they wrote:
// the first, without a text, are files that came with the complaint itself. Its
// text is for the answer alone: never kept or logged.
type Message struct {
	Event        domain.EventID
	FromReporter bool
	At           time.Time
	// Text, and the names of Files, are there where Readable.
	Text     string
	Readable bool
	Files    []domain.Evidence
}

// messageFrom is a side of the correspondence with a reporter.
type messageFrom string

const (
	fromReporter messageFrom = "reporter"
	fromAgency   messageFrom = "agency"
)

// messages is the field of a complaint with what goes to and fro.
func (b *builder) messages() field {
	from := b.enum("ComplaintMessageFrom", "Who wrote a message.", v(fromReporter, "The reporter."), v(fromAgency, "Intake, or the handler."))
	o := b.object("ComplaintMessage", "A question to the reporter of a complaint, or what they wrote by their receipt code.")
	b.define(o,
		id("eventId", "The id of its event.", func(m *Message) domain.EventID { return m.Event }),
		related("event", "Its event.", b.event, loadEvent, func(m *Message) domain.EventID { return m.Event }),
		choice("from", "Who wrote it.", from, func(m *Message) messageFrom {
			if m.FromReporter {
				return fromReporter
			}
			return fromAgency
		}),
		moment("at", "When it was recorded.", func(m *Message) time.Time { return m.At }),
		flag("readable", "Whether its text and the names of its files are shown: to intake and to the handler of the complaint, unless they are complained about or were recused, and until the reporter is erased.", func(m *Message) bool { return m.Readable }),
		text("text", "What it says; null for all others, and where files came with the complaint itself.", func(m *Message) string { return m.Text }),
		listing("files", "The files with it.", b.evidence, func(m *Message) []domain.Evidence { return m.Files }))
	return read("messages", "What went to and fro between the agency and the reporter, oldest first, as of now. Null in a copy of the ledger that is open for reading alone.",
		listOf(o), nil, func(r *request, c *projections.Complaint, _ input) (any, error) {
			if r.service.config.Messages == nil {
				return nil, nil
			}
			list, err := r.service.config.Messages(r.ctx, r.reader, c.ID)
			if err != nil {
				return nil, err
			}
			return pointers(list), nil
		})
}
