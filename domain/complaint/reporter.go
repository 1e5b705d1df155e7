package complaint

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// Reporter is what the ledger knows of who reported: by which key their
// identity is sealed, and whether it was erased. The identity itself is
// never in the state.
type Reporter struct {
	// Key names the data key of the identity; empty where none was sealed.
	Key string
	// Seal names the data key of what the reporter handed in besides, and of the
	// messages; empty where there are none. Where both are there they are one.
	Seal   string
	Erased bool
	// Openings is how often the identity was opened.
	Openings int
}

// ReporterSealed: the identity of the reporter was put on file under seal
// 身份密封. Only the key of that name opens it, and that is not in the ledger.
type ReporterSealed struct {
	Key        string `json:"key"`
	Ciphertext string `json:"ciphertext"`
}

func (ReporterSealed) Kind() domain.Kind { return "complaint.reporter_sealed.v1" }

func (e ReporterSealed) Apply(c *Complaint, act domain.Act) { c.Reporter.Key = e.Key }

// SealReporter puts the identity of the reporter on file, or what is to stand
// in its place, such as a new telephone number. It arrives encrypted: 'probity
// submit' seals the member "reporter" beside the data, and nothing after it
// sees the plain text. Anybody may leave their name; to put another in its
// place is for intake. An identity that was erased is not sealed again.
type SealReporter struct {
	Reporter domain.Sealed `json:"reporter"`
}

func (SealReporter) Name() domain.CommandName { return "complaint.seal_reporter" }

func (SealReporter) By() []domain.Role { return []domain.Role{domain.RoleIntake, domain.RolePublic} }

func (c SealReporter) Decide(s Complaint, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.on("given a reporter"), s.unconcerned(act, book), domain.CheckSealed("reporter", c.Reporter)); err != nil {
		return nil, err
	}
	switch {
	case s.Reporter.Erased:
		return nil, domain.Refuse(domain.CodeState, "reporter", "the identity of the reporter was erased, and stays so; what they report anew is a complaint of its own")
	case s.Reporter.Key != "" && act.Role != domain.RoleIntake:
		return nil, domain.Refuse(domain.CodeForbidden, "role", "an identity is on file already; only %s puts another in its place", domain.RoleIntake)
	}
	if err := s.sameKey("reporter", c.Reporter.Key); err != nil {
		return nil, err
	}
	return []domain.Event{ReporterSealed(c.Reporter)}, nil
}

// ReporterUnsealed: the identity of the reporter was opened 启封 by the one
// who acted. It is recorded before the identity is shown.
type ReporterUnsealed struct {
	Key    string `json:"key"`
	Reason string `json:"reason"`
}

func (ReporterUnsealed) Kind() domain.Kind { return "complaint.reporter_unsealed.v1" }

func (e ReporterUnsealed) Apply(c *Complaint, act domain.Act) { c.Reporter.Openings++ }

// UnsealReporter opens the identity of the reporter: for intake alone, with a
// reason, and never by somebody complained about, recused, or with a tie to
// the matter. 'probity export reporter' gives this command and then shows the
// identity; given in any other way it shows nothing.
type UnsealReporter struct {
	// Reason says what the identity is needed for, and nothing of who it is:
	// others read it.
	Reason string `json:"reason"`
}

func (UnsealReporter) Name() domain.CommandName { return "complaint.unseal_reporter" }

func (UnsealReporter) By() []domain.Role { return []domain.Role{domain.RoleIntake} }

func (c UnsealReporter) Reads(s Complaint, act domain.Act) []domain.Reference {
	return s.matter().Files(act.Actor)
}

func (c UnsealReporter) Decide(s Complaint, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	bar := book.Complaint.BarRecused
	if act.Role != domain.RoleIntake {
		// Whatever a rulebook grants: a seal that more roles open is none.
		return nil, domain.Refuse(domain.CodeForbidden, "role", "only %s opens the identity of a reporter", domain.RoleIntake)
	}
	if err := domain.First(s.onFile(), s.unconcerned(act, book), domain.CheckText("reason", c.Reason)); err != nil {
		return nil, err
	}
	if slices.Contains(s.Recused, act.Actor) {
		return nil, domain.Refuse(domain.CodeConflict, "actor", "%s was recused from this complaint", act.Actor).Under(bar)
	}
	if err := s.matter().Impartial("actor", act.Actor, act, book, bar); err != nil {
		return nil, err
	}
	return []domain.Event{ReporterUnsealed{s.Reporter.Key, c.Reason}}, nil
}

// ReporterErased: the identity of the reporter is erased 删除, with all that is
// under the same key: messages to and fro, and files. The key is destroyed
// right after this event, so nobody opens any of it again; every event and
// signature stays as it is.
type ReporterErased struct {
	Key    string `json:"key"`
	Ground string `json:"ground"`
}

func (ReporterErased) Kind() domain.Kind { return "complaint.reporter_erased.v1" }

func (e ReporterErased) Apply(c *Complaint, act domain.Act) { c.Reporter.Erased = true }

// EraseReporter erases the identity of the reporter for good, with the messages
// and files under the same key, as where the reporter asks for it or the
// purpose is achieved (个人信息保护法 art. 47; GDPR art. 17). The complaint and
// what became of it stay on file.
type EraseReporter struct {
	// Ground names the law or the request that it follows, and nothing of who
	// the reporter is.
	Ground string `json:"ground"`
}

func (EraseReporter) Name() domain.CommandName { return "complaint.erase_reporter" }

func (EraseReporter) By() []domain.Role { return []domain.Role{domain.RoleIntake, domain.RoleLeader} }

func (c EraseReporter) Decide(s Complaint, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.underSeal(), s.unconcerned(act, book), domain.CheckText("ground", c.Ground)); err != nil {
		return nil, err
	}
	return []domain.Event{ReporterErased{s.Reporter.key(), c.Ground}}, nil
}

// on refuses unless there is a complaint that was received here, at whatever
// status.
func (c Complaint) on(verb string) error {
	return c.in(verb, c.Status)
}

// onFile refuses unless an identity is sealed, and not erased.
func (c Complaint) onFile() error {
	if err := c.underSeal(); err != nil {
		return err
	}
	if c.Reporter.Key == "" {
		return domain.Refuse(domain.CodeNotFound, "", "no identity of a reporter is on file with this complaint")
	}
	return nil
}

// underSeal refuses unless something of the reporter is sealed, and not erased.
func (c Complaint) underSeal() error {
	switch {
	case c.Status == StatusNone:
		return domain.Refuse(domain.CodeNotFound, "subject", "there is no such complaint")
	case c.Reporter.key() == "":
		return domain.Refuse(domain.CodeNotFound, "", "no identity of a reporter is on file with this complaint, and nothing else of theirs under seal")
	case c.Reporter.Erased:
		return domain.Refuse(domain.CodeState, "", "the identity of the reporter was erased; nobody can open it any more")
	}
	return nil
}

// key names the one data key of the complaint; empty where nothing is sealed.
func (r Reporter) key() string {
	if r.Key != "" {
		return r.Key
	}
	return r.Seal
}

// sameKey refuses another key than that of the complaint: what it seals would
// outlive an erasure.
func (c Complaint) sameKey(field, key string) error {
	if on := c.Reporter.key(); on != "" && on != key {
		return domain.Refuse(domain.CodeConflict, field+".key", "what is on file is sealed by the key %s, and so is what is added to it", on)
	}
	return nil
}
