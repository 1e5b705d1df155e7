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
}

// OpenInquiry marks the file: until the case is closed there is no transfer,
// promotion, reward or retirement. A person may be inquired into after
// leaving the service.
type OpenInquiry struct {
	Case domain.CaseID `json:"case"`
}

func (OpenInquiry) Name() domain.CommandName { return "officer.open_inquiry" }

func (OpenInquiry) By() []domain.Role { return []domain.Role{domain.RoleSystem, domain.RoleInspector} }

func (c OpenInquiry) Decide(o Officer, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(o.known(), byAnother(act, book), domain.CheckID("case", c.Case)); err != nil {
		return nil, err
	}
	if slices.Contains(o.Inquiries, c.Case) {
		return nil, domain.Refuse(domain.CodeExists, "case", "the inquiry of case %s is open already", c.Case)
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

// CloseInquiry takes the mark of the case off the file.
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
	return []domain.Event{InquiryClosed(c)}, nil
}
