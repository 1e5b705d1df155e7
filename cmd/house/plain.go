package house

import (
	"bytes"
	"errors"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
)

const (
	// sealedBlock is what the length of a sealed text is rounded up to, in
	// bytes, so that the length of a ciphertext says little of a name's.
	sealedBlock = 256
	// questionField and replyField are the fields of messages, on a complaint.
	questionField = "question"
	replyField    = "reply"
	// codeField is where a receipt code stands beside the data of a complaint.
	codeField = "receipt"
	// codeDigits is how long one is.
	codeDigits = 16
)

// plain is what an instruction says in plain words beside its data: held for
// the length of a call, and sealed before anything is decided. Of a receipt
// code that is kept which Argon2id makes of it.
type plain struct {
	member string // reporter, question or reply; empty where nothing is sealed
	text   []byte // what is sealed
	code   string // empty where no receipt code is given
	hash   string // what is kept of the code, once it was worked out
	// key is one made for the complaint already, for what came with it; empty
	// where there is none.
	key string
}

// filled is a text in JSON, filled up with spaces.
func filled(text []byte) []byte {
	return append(text, bytes.Repeat([]byte(" "), (sealedBlock-len(text)%sealedBlock)%sealedBlock)...)
}

// message is what is sealed of a question or a reply.
type message struct {
	Text string `json:"text,omitzero"`
}

// messageText is the plain text of a message to seal.
func messageText(member, text string) ([]byte, error) {
	if err := domain.CheckOptionalText(member, text); err != nil {
		return nil, err
	}
	raw, err := json.Marshal(message{text})
	if err != nil {
		return nil, errors.New("a message cannot be written as JSON") // and not why: that may tell
	}
	return filled(raw), nil
}

// splitPlain takes what is in plain words out of an instruction, so that
// nothing behind it sees that. It is nil where there is none.
func splitPlain(line []byte) (rest []byte, p *plain, err error) {
	var w struct {
		Reporter jsontext.Value `json:"reporter,omitzero"`
		Question jsontext.Value `json:"question,omitzero"`
		Reply    jsontext.Value `json:"reply,omitzero"`
		Receipt  jsontext.Value `json:"receipt,omitzero"`
		Rest     jsontext.Value `json:",embed"`
	}
	if err := json.Unmarshal(line, &w); err != nil || w.Reporter == nil && w.Question == nil && w.Reply == nil && w.Receipt == nil {
		return line, nil, nil // the codec says what is wrong, or all is fine
	}
	p = &plain{}
	if w.Reporter != nil {
		if p, err = plainReporter(w.Reporter); err != nil {
			return nil, nil, err
		}
	}
	for _, m := range []struct {
		name string
		raw  jsontext.Value
	}{{questionField, w.Question}, {replyField, w.Reply}} {
		switch {
		case m.raw == nil:
		case p.member != "":
			return nil, nil, domain.Refuse(domain.CodeInvalid, m.name, "goes with no %s", p.member)
		default:
			if p, err = plainMessage(m.name, m.raw); err != nil {
				return nil, nil, err
			}
		}
	}
	if w.Receipt != nil {
		if p.code, err = plainCode(w.Receipt); err != nil {
			return nil, nil, err
		}
	}
	if w.Rest == nil {
		w.Rest = jsontext.Value("{}")
	}
	return w.Rest, p, nil
}

func plainReporter(raw jsontext.Value) (*plain, error) {
	r := &Reporter{}
	if raw.Kind() != '{' || json.Unmarshal(raw, r, json.RejectUnknownMembers(true)) != nil {
		return nil, domain.Refuse(domain.CodeInvalid, reporterField, "must be an object with text under name, phone, email, address, document or note")
	}
	if err := r.check(); err != nil {
		return nil, err
	}
	text, err := r.text()
	return &plain{member: reporterField, text: text}, err
}

func plainMessage(name string, raw jsontext.Value) (*plain, error) {
	var said string
	if raw.Kind() != '"' || json.Unmarshal(raw, &said) != nil {
		return nil, domain.Refuse(domain.CodeInvalid, name, "must be a text")
	}
	if strings.TrimSpace(said) == "" {
		return nil, domain.Refuse(domain.CodeInvalid, name, "is empty")
	}
	text, err := messageText(name, said)
	return &plain{member: name, text: text}, err
}

func plainCode(raw jsontext.Value) (code string, err error) {
	if raw.Kind() == '"' {
		err = json.Unmarshal(raw, &code)
	}
	if err != nil || !isCode(code) {
		return "", domain.Refuse(domain.CodeInvalid, codeField, "must be %d digits in quotation marks", codeDigits)
	}
	return code, nil
}

// isCode tells the one form of a receipt code.
func isCode(s string) bool {
	return len(s) == codeDigits && strings.Trim(s, "0123456789") == ""
}

// sealable returns the command with the sealed text in the place of the member
// that it has, and the one it held; the member is empty for a command without
// such a place.
func sealable(c domain.Command, s domain.Sealed) (with domain.Command, member string, was domain.Sealed) {
	switch c := c.(type) {
	case complaint.Receive:
		was, c.Reporter = c.Reporter, s
		return c, reporterField, was
	case complaint.SealReporter:
		was, c.Reporter = c.Reporter, s
		return c, reporterField, was
	case complaint.AskReporter:
		was, c.Question = domain.Sealed(c.Question), domain.SealedText(s)
		return c, questionField, was
	case complaint.Reply:
		was, c.Reply = domain.Sealed(c.Reply), domain.SealedText(s)
		return c, replyField, was
	}
	return c, "", was
}

// goesWith names the commands that a member goes with.
var goesWith = map[string]string{
	reporterField: "complaint.receive and complaint.seal_reporter", questionField: "complaint.ask_reporter", replyField: "complaint.reply", codeField: "complaint.receive",
}

// unsealed refuses a command that brings what was sealed elsewhere.
func unsealed(c domain.Command) error {
	if _, member, was := sealable(c, domain.Sealed{}); was != (domain.Sealed{}) {
		return domain.Refuse(domain.CodeInvalid, "data."+member, `is sealed here and not before: give it in plain words as %q, beside "data"`, member)
	}
	if c, ok := c.(complaint.Receive); ok && c.Receipt != (complaint.Receipt{}) {
		return domain.Refuse(domain.CodeInvalid, "data."+codeField, `is made here of the receipt code: give that as %q, beside "data"`, codeField)
	}
	return nil
}

// within returns the command with something that stands for what is sealed, so
// that it can be judged before anything is.
func (p *plain) within(c domain.Command) (domain.Command, error) {
	if p.member != "" {
		with, member, _ := sealable(c, nothingSealed)
		if member != p.member {
			return c, domain.Refuse(domain.CodeInvalid, p.member, "goes with %s alone", goesWith[p.member])
		}
		c = with
	}
	if p.code != "" {
		receive, ok := c.(complaint.Receive)
		if !ok {
			return c, domain.Refuse(domain.CodeInvalid, codeField, "goes with %s alone", goesWith[codeField])
		}
		receive.Receipt.Hash = noHash
		c = receive
	}
	return c, nil
}
