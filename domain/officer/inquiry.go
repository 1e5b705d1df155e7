package officer

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// InquiryOpened: a misconduct case concerns the officer.
type InquiryOpened struct {
	Case domain.CaseID `json:"case"`
}

func (InquiryOpened) Kind() domain.Kind { return "officer.inquiry_opened.v1" }

func (e InquiryOpened) Apply(o *Officer, act domain.Act) {
	if !slices.Contains(o.Inquiries, e.Case) {
		o.Inquiries = append(slices.Clone(o.Inquiries), e.Case)
	}
	o.follow(e.Case, act)
}

// follow notes a case that a reaction brought to the file.
func (o *Officer) follow(c domain.CaseID, act domain.Act) {
	if act.Role == domain.RoleSystem && !slices.Contains(o.Followed, c) {
		o.Followed = append(slices.Clip(o.Followed), c)
	}
}

// notFollowed refuses a person who would change what a case of this ledger
// brought to the file: that changes with the case.
func (o Officer) notFollowed(c domain.CaseID, act domain.Act, book *domain.Rulebook) error {
	if act.Role != domain.RoleSystem && slices.Contains(o.Followed, c) {
		return domain.Refuse(domain.CodeRule, "case", "case %s is kept in this ledger, and the file follows what becomes of it; nobody changes it by hand", c).Under(book.Service.UnderInquiry)
	}
	return nil
}

// OpenInquiry marks the file: until the case is closed there is no transfer,
// promotion, reward or retirement. A person may be inquired into after
// leaving the service. The mark follows from the case by itself; an inspector
// sets it where the person came on file after the case was opened.
type OpenInquiry struct {
	Case domain.CaseID `json:"case"`
}

func (OpenInquiry) Name() domain.CommandName { return "officer.open_inquiry" }

func (OpenInquiry) By() []domain.Role { return []domain.Role{domain.RoleSystem, domain.RoleInspector} }

// inquiry is what the file must know of a misconduct case. That room imports
// this one.
type inquiry interface {
	// Pursues tells whether the case is open against the officer.
	Pursues(id domain.OfficerID) bool
}

// Reads asks for the case where a person sets the mark.
func (c OpenInquiry) Reads(o Officer, act domain.Act) []domain.Reference {
	if act.Role == domain.RoleSystem {
		return nil
	}
	return []domain.Reference{c.Case}
}

// Decide refuses a person who sets the mark for a case that is not open
// against the officer: it bars a career, and no word of one inspector does.
func (c OpenInquiry) Decide(o Officer, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(o.known(), byAnother(act, book), domain.CheckID("case", c.Case)); err != nil {
		return nil, err
	}
	adopts := act.Role == domain.RoleSystem && !slices.Contains(o.Followed, c.Case) // a mark that a person set
	if slices.Contains(o.Inquiries, c.Case) && !adopts {
		return nil, domain.Refuse(domain.CodeExists, "case", "the inquiry of case %s is open already", c.Case)
	}
	if err := o.notFollowed(c.Case, act, book); err != nil {
		return nil, err
	}
	if act.Role != domain.RoleSystem { // a reaction follows from the case itself
		if k := domain.SeeAs[inquiry](act, c.Case); k == nil || !k.Pursues(domain.OfficerID(act.Subject)) {
			return nil, domain.Refuse(domain.CodeRule, "case", "no case %s is open against %s; open it, or widen its scope, and the mark follows", c.Case, act.Subject).Under(book.Service.UnderInquiry)
		}
	}
	return []domain.Event{InquiryOpened(c)}, nil
}

// InquiryClosed: the misconduct case no longer concerns the officer.
type InquiryClosed struct {
	Case domain.CaseID `json:"case"`
}

func (InquiryClosed) Kind() domain.Kind { return "officer.inquiry_closed.v1" }

func (e InquiryClosed) Apply(o *Officer, act domain.Act) {
	o.Inquiries = slices.DeleteFunc(slices.Clone(o.Inquiries), func(id domain.CaseID) bool { return id == e.Case })
}

// CloseInquiry takes the mark of the case off the file. A mark that a case of
// this ledger set goes with the case alone; an inspector takes off one set by
// hand.
type CloseInquiry struct {
	Case domain.CaseID `json:"case"`
}

func (CloseInquiry) Name() domain.CommandName { return "officer.close_inquiry" }

func (CloseInquiry) By() []domain.Role { return []domain.Role{domain.RoleSystem, domain.RoleInspector} }

func (c CloseInquiry) Decide(o Officer, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(o.known(), byAnother(act, book)); err != nil {
		return nil, err
	}
	if !slices.Contains(o.Inquiries, c.Case) {
		return nil, domain.Refuse(domain.CodeState, "case", "no inquiry of case %s is open", c.Case)
	}
	if err := o.notFollowed(c.Case, act, book); err != nil {
		return nil, err
	}
	return []domain.Event{InquiryClosed(c)}, nil
}
