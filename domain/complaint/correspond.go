package complaint

import (
	"encoding/hex"
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// receiptBytes is the length of what is kept of a receipt code.
const receiptBytes = 16

// Receipt is what is kept of a receipt code, by which a reporter asks about
// their complaint. The code itself is nowhere.
type Receipt struct {
	// Hash is what Argon2id makes of the code, in 32 lower-case hex digits.
	Hash string `json:"hash"`
	// Key names the data key of the files that came with the complaint, where
	// there are any.
	Key string `json:"key,omitzero"`
}

// check refuses a receipt that opens nothing, or was given by somebody who
// would then know the code. identity is the key of the identity beside it.
func (r Receipt) check(act domain.Act, identity string) error {
	raw, err := hex.DecodeString(r.Hash)
	switch {
	case act.Role != domain.RolePublic:
		// Whoever knows the code reads and writes in the reporter's name.
		return domain.Refuse(domain.CodeForbidden, "role", "a receipt code is for a complaint that the reporter files themselves")
	case err != nil || len(raw) != receiptBytes || hex.EncodeToString(raw) != r.Hash:
		return domain.Refuse(domain.CodeInvalid, "receipt", "the hash of a receipt code has 32 lower-case hex digits")
	case identity != "" && r.Key != "" && r.Key != identity:
		return domain.Refuse(domain.CodeConflict, "receipt.key", "the identity is sealed by the key %s, and so are the files", identity)
	}
	return domain.CheckOptionalID("receipt.key", r.Key)
}

// ReceiptGiven: the reporter has a receipt code 回执码, by which they see how
// the complaint stands and are written to. Only what Argon2id makes of it is
// kept, so the ledger does not tell the code.
type ReceiptGiven struct {
	Hash string `json:"hash"`
	Key  string `json:"key,omitzero"`
}

func (ReceiptGiven) Kind() domain.Kind { return "complaint.receipt_given.v1" }

func (e ReceiptGiven) Apply(c *Complaint, act domain.Act) {
	c.Receipt = e.Hash
	c.sealedBy(e.Key)
}

// sealedBy takes the data key of the complaint down.
func (c *Complaint) sealedBy(key string) {
	if key != "" && key != c.Reporter.Key {
		c.Reporter.Seal = key
	}
}

// QuestionAsked: the reporter was asked something 追问. The text is sealed.
type QuestionAsked struct {
	Key        string `json:"key"`
	Ciphertext string `json:"ciphertext"`
}

func (QuestionAsked) Kind() domain.Kind { return "complaint.question_asked.v1" }

func (e QuestionAsked) Apply(c *Complaint, act domain.Act) { c.sealedBy(e.Key) }

// AskReporter writes to the reporter, who reads it by their receipt code. For
// intake, and for the handler of the complaint; never by somebody complained
// about, recused, or with a tie to the matter. The text arrives encrypted:
// 'probity submit' seals the member "question" beside the data, and so does
// the mutation.
type AskReporter struct {
	Question domain.SealedText `json:"question"`
}

func (AskReporter) Name() domain.CommandName { return "complaint.ask_reporter" }

func (AskReporter) By() []domain.Role { return []domain.Role{domain.RoleIntake, domain.RoleHandler} }

func (c AskReporter) Reads(s Complaint, act domain.Act) []domain.Reference {
	return s.matter().Files(act.Actor)
}

func (c AskReporter) Decide(s Complaint, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	sealed := domain.Sealed(c.Question)
	if err := domain.First(s.reachable("asked about"), s.Corresponds(act, book), domain.CheckSealed("question", sealed), s.sameKey("question", sealed.Key)); err != nil {
		return nil, err
	}
	if err := s.matter().Impartial("actor", act.Actor, act, book, book.Complaint.BarRecused); err != nil {
		return nil, err
	}
	return []domain.Event{QuestionAsked(sealed)}, nil
}

// Corresponds refuses those whom messages and files of the reporter are kept
// from: all but intake and the handler of the complaint, and of these whoever
// is complained about or was recused.
func (c Complaint) Corresponds(act domain.Act, book *domain.Rulebook) error {
	switch {
	case act.Role != domain.RoleIntake && act.Role != domain.RoleHandler:
		// Whatever a rulebook grants, as with the identity.
		return domain.Refuse(domain.CodeForbidden, "role", "only %s and the handler of the complaint write to the reporter", domain.RoleIntake)
	case c.names(act.Actor):
		return c.unconcerned(act, book)
	case slices.Contains(c.Recused, act.Actor):
		return domain.Refuse(domain.CodeConflict, "actor", "%s was recused from this complaint", act.Actor).Under(book.Complaint.BarRecused)
	case act.Role == domain.RoleHandler && act.Actor != c.Handler:
		return domain.Refuse(domain.CodeForbidden, "actor", "%s is not the handler of this complaint", act.Actor)
	}
	return nil
}

// ReplyGiven: the reporter wrote 补充: a reply, or something of their own
// accord. The text is sealed; the files that came with it are encrypted under
// the same key, and named by the digest of what they hold.
type ReplyGiven struct {
	Key        string            `json:"key"`
	Ciphertext string            `json:"ciphertext"`
	Evidence   []domain.Evidence `json:"evidence,omitempty"`
}

func (ReplyGiven) Kind() domain.Kind { return "complaint.reply_given.v1" }

func (e ReplyGiven) Apply(c *Complaint, act domain.Act) { c.sealedBy(e.Key) }

// Reply is what the reporter writes by their receipt code. Who asked for the
// code has checked it: the room does not know it. The text arrives encrypted:
// the public pages seal it, and 'probity submit' the member "reply" beside the
// data.
type Reply struct {
	Reply domain.SealedText `json:"reply"`
	// Evidence are files that came with it, without the names that the reporter
	// gave them: a name may tell who they are.
	Evidence []domain.Evidence `json:"evidence,omitempty"`
}

func (Reply) Name() domain.CommandName { return "complaint.reply" }

func (Reply) By() []domain.Role { return []domain.Role{domain.RolePublic} }

func (c Reply) Decide(s Complaint, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	sealed := domain.Sealed(c.Reply)
	if act.Role != domain.RolePublic {
		// Whatever a rulebook grants: what it says is read as the reporter's word.
		return nil, domain.Refuse(domain.CodeForbidden, "role", "only the reporter writes in their own name")
	}
	if err := domain.First(s.reachable("replied to"), s.unconcerned(act, book), domain.CheckSealed("reply", sealed),
		s.sameKey("reply", sealed.Key), domain.CheckEvidence("evidence", c.Evidence)); err != nil {
		return nil, err
	}
	return []domain.Event{ReplyGiven{sealed.Key, sealed.Ciphertext, c.Evidence}}, nil
}

// reachable refuses unless messages go to and fro: by a receipt code, on a
// complaint that was received here and not withdrawn, as long as nothing was
// erased.
func (c Complaint) reachable(verb string) error {
	if err := c.on(verb); err != nil {
		return err
	}
	switch {
	case c.Status == StatusWithdrawn:
		return domain.Refuse(domain.CodeState, "", "a complaint that was withdrawn cannot be %s", verb)
	case c.Receipt == "":
		return domain.Refuse(domain.CodeState, "", "no receipt code was given for this complaint, so its reporter is not reached by messages")
	case c.Reporter.Erased:
		return domain.Refuse(domain.CodeState, "", "what the reporter left was erased, and nothing is added to it; what they report anew is a complaint of its own")
	}
	return nil
}
