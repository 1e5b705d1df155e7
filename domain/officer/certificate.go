package officer

import "github.com/probity-ledger/probity/domain"

// CertificateStatus is where a certificate stands, apart from its dates.
type CertificateStatus string

// The stages of a certificate.
const (
	CertificateNone      CertificateStatus = ""
	CertificateValid     CertificateStatus = "valid"
	CertificateHeld      CertificateStatus = "suspended"
	CertificateWithdrawn CertificateStatus = "revoked"
)

// Certificate is the officer's latest enforcement certificate 执法证, as the
// state holds it.
type Certificate struct {
	Number    string
	ValidFrom domain.Date
	ValidTo   domain.Date
	Status    CertificateStatus
	// Sanction is the last one that suspended it, if a sanction did.
	Sanction domain.SanctionID
	// Ordered: people suspended it for a reason of their own, and they alone
	// give it back.
	Ordered bool
}

// ValidOn tells whether one may enforce with the certificate on the day.
func (c Certificate) ValidOn(day domain.Date) bool {
	return c.Status == CertificateValid && !day.Before(c.ValidFrom) && !day.After(c.ValidTo)
}

// stillIssued tells a certificate that may be valid again.
func (c Certificate) stillIssued() bool {
	return c.Status == CertificateValid || c.Status == CertificateHeld
}

// stands refuses unless the certificate is at the status and its number is
// the one named, if one is.
func (c Certificate) stands(status CertificateStatus, number string) error {
	switch {
	case c.Status == CertificateNone:
		return domain.Refuse(domain.CodeState, "", "the officer has no certificate")
	case c.Status != status:
		return domain.Refuse(domain.CodeState, "", "certificate %s is %s, not %s", c.Number, c.Status, status)
	case number != "" && number != c.Number:
		return domain.Refuse(domain.CodeInvalid, "number", "the officer's certificate is %s", c.Number)
	}
	return nil
}

// notWithheld refuses while a sanction in force suspends certificates.
func (o Officer) notWithheld(act domain.Act, book *domain.Rulebook) error {
	for _, r := range o.Restrictions {
		rung, _, _ := book.Sanction.Rung(r.Measure)
		if rung.SuspendsCertificate && r.InForce(book.Calendar.Day(act.OccurredAt)) {
			return domain.Refuse(domain.CodeRule, "", "sanction %s (%s) withholds the certificate %s", r.Sanction, r.Measure, r.length()).Under(rung.Source)
		}
	}
	return nil
}

// lastDay returns the end of validity: the one wished for, or the longest
// the rulebook gives from the day on. A longer one is refused.
func lastDay(wish, from domain.Date, book *domain.Rulebook) (domain.Date, error) {
	longest := book.Service.Certificate.After(from, book.Calendar)
	if wish.IsZero() {
		return longest, nil
	}
	if wish.After(longest) {
		return wish, domain.Refuse(domain.CodeRule, "validTo", "a certificate is valid up to %s at most", longest).Under(book.Service.Certificate.Source)
	}
	return wish, nil
}

// CertificateIssued: the officer may enforce, from the day ValidFrom up to
// and including the day ValidTo.
type CertificateIssued struct {
	Number    string      `json:"number"`
	ValidFrom domain.Date `json:"validFrom"`
	ValidTo   domain.Date `json:"validTo"`
}

func (CertificateIssued) Kind() domain.Kind { return "officer.certificate_issued.v1" }

func (e CertificateIssued) Apply(o *Officer, act domain.Act) {
	o.Certificate = Certificate{Number: e.Number, ValidFrom: e.ValidFrom, ValidTo: e.ValidTo, Status: CertificateValid}
}

// IssueCertificate gives the officer a certificate: the first, or a new one
// after the last has run out or was revoked.
type IssueCertificate struct {
	Number string `json:"number"`
	// ValidFrom is the day of the act when absent.
	ValidFrom domain.Date `json:"validFrom,omitzero"`
	// ValidTo is the end of the rulebook's term when absent, and never later.
	ValidTo domain.Date `json:"validTo,omitzero"`
}

func (IssueCertificate) Name() domain.CommandName { return "officer.issue_certificate" }

func (IssueCertificate) By() []domain.Role { return []domain.Role{domain.RoleHR} }

func (c IssueCertificate) Decide(o Officer, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	today := book.Calendar.Day(act.OccurredAt)
	if err := domain.First(o.onDuty("given a certificate"), byAnother(act, book), domain.CheckText("number", c.Number), o.notWithheld(act, book)); err != nil {
		return nil, err
	}
	switch held := o.Certificate; {
	case held.Status == CertificateHeld, held.Status == CertificateValid && !today.After(held.ValidTo):
		return nil, domain.Refuse(domain.CodeState, "", "the officer has certificate %s, %s up to %s; renew, restore or revoke it", held.Number, held.Status, held.ValidTo)
	case held.Number == c.Number:
		return nil, domain.Refuse(domain.CodeInvalid, "number", "%s was the number of the last certificate; a new one has a new number", c.Number)
	}
	if c.ValidFrom.IsZero() {
		c.ValidFrom = today
	}
	end, err := lastDay(c.ValidTo, c.ValidFrom, book)
	if err != nil {
		return nil, err
	}
	if end.Before(c.ValidFrom) || end.Before(today) {
		return nil, domain.Refuse(domain.CodeInvalid, "validTo", "%s lies before the certificate could be used", end)
	}
	c.ValidTo = end
	return []domain.Event{CertificateIssued(c)}, nil
}

// CertificateRenewed: the certificate is now valid up to and including the
// day ValidTo.
type CertificateRenewed struct {
	Number  string      `json:"number"`
	ValidTo domain.Date `json:"validTo"`
}

func (CertificateRenewed) Kind() domain.Kind { return "officer.certificate_renewed.v1" }

func (e CertificateRenewed) Apply(o *Officer, act domain.Act) {
	if e.Number == o.Certificate.Number {
		o.Certificate.ValidTo = e.ValidTo
	}
}

// RenewCertificate extends a valid certificate before it runs out.
type RenewCertificate struct {
	// Number may be left out; the officer's certificate is meant.
	Number string `json:"number,omitzero"`
	// ValidTo is the end of the rulebook's term, counted from the day of the
	// act, when absent, and never later.
	ValidTo domain.Date `json:"validTo,omitzero"`
}

func (RenewCertificate) Name() domain.CommandName { return "officer.renew_certificate" }

func (RenewCertificate) By() []domain.Role { return []domain.Role{domain.RoleHR} }

func (c RenewCertificate) Decide(o Officer, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	today, held := book.Calendar.Day(act.OccurredAt), o.Certificate
	if err := domain.First(o.serving(), byAnother(act, book), held.stands(CertificateValid, c.Number)); err != nil {
		return nil, err
	}
	if today.After(held.ValidTo) {
		return nil, domain.Refuse(domain.CodeTooLate, "", "certificate %s ran out on %s; issue a new one", held.Number, held.ValidTo).Under(book.Service.Certificate.Source)
	}
	end, err := lastDay(c.ValidTo, today, book)
	if err != nil {
		return nil, err
	}
	if !end.After(held.ValidTo) {
		return nil, domain.Refuse(domain.CodeInvalid, "validTo", "%s does not extend the certificate, valid up to %s", end, held.ValidTo)
	}
	return []domain.Event{CertificateRenewed{held.Number, end}}, nil
}

// CertificateSuspended: the officer may not enforce until it is restored. A
// certificate that is suspended may come to be suspended by a sanction, or by
// a further one, as well.
type CertificateSuspended struct {
	Number   string            `json:"number"`
	Reason   string            `json:"reason,omitzero"`
	Sanction domain.SanctionID `json:"sanction,omitzero"`
}

func (CertificateSuspended) Kind() domain.Kind { return "officer.certificate_suspended.v1" }

func (e CertificateSuspended) Apply(o *Officer, act domain.Act) {
	if e.Number != o.Certificate.Number || !o.Certificate.stillIssued() {
		return
	}
	o.Certificate.Status = CertificateHeld
	if e.Sanction != "" {
		o.Certificate.Sanction = e.Sanction
	} else {
		o.Certificate.Ordered = true
	}
}

// SuspendCertificate takes the power to enforce away for a while, for a
// reason or by a sanction. A sanction (the system acts) also suspends one that
// is suspended already.
type SuspendCertificate struct {
	// Number may be left out; the officer's certificate is meant.
	Number string `json:"number,omitzero"`
	// Reason is required unless Sanction says it.
	Reason string `json:"reason,omitzero"`
	// Sanction is the one whose measure suspends certificates.
	Sanction domain.SanctionID `json:"sanction,omitzero"`
}

func (SuspendCertificate) Name() domain.CommandName { return "officer.suspend_certificate" }

func (SuspendCertificate) By() []domain.Role {
	return []domain.Role{domain.RoleSystem, domain.RoleHR, domain.RoleLeader, domain.RoleInspector}
}

func (c SuspendCertificate) Decide(o Officer, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	from := CertificateValid
	if act.Role == domain.RoleSystem && c.Sanction != "" && o.Certificate.Status == CertificateHeld {
		from = CertificateHeld
	}
	if err := domain.First(o.serving(), byAnother(act, book), o.Certificate.stands(from, c.Number),
		domain.CheckOptionalID("sanction", c.Sanction), domain.CheckOptionalText("reason", c.Reason)); err != nil {
		return nil, err
	}
	if c.Reason == "" && c.Sanction == "" {
		return nil, domain.Refuse(domain.CodeInvalid, "reason", "is required where no sanction is named")
	}
	return []domain.Event{CertificateSuspended{o.Certificate.Number, c.Reason, c.Sanction}}, nil
}

// CertificateRestored: the suspension of the certificate ended.
type CertificateRestored struct {
	Number string `json:"number"`
}

func (CertificateRestored) Kind() domain.Kind { return "officer.certificate_restored.v1" }

func (e CertificateRestored) Apply(o *Officer, act domain.Act) {
	if e.Number == o.Certificate.Number && o.Certificate.Status == CertificateHeld {
		o.Certificate.Status, o.Certificate.Sanction, o.Certificate.Ordered = CertificateValid, "", false
	}
}

// RestoreCertificate ends the suspension of the certificate, not before the
// last sanction that withholds it is over. The end of a sanction (the system
// acts) does not end a suspension that people ordered for another reason.
type RestoreCertificate struct{}

func (RestoreCertificate) Name() domain.CommandName { return "officer.restore_certificate" }

func (RestoreCertificate) By() []domain.Role {
	return []domain.Role{domain.RoleSystem, domain.RoleHR, domain.RoleLeader}
}

func (c RestoreCertificate) Decide(o Officer, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(o.serving(), byAnother(act, book), o.Certificate.stands(CertificateHeld, ""), o.notWithheld(act, book)); err != nil {
		return nil, err
	}
	if act.Role == domain.RoleSystem && o.Certificate.Ordered {
		return nil, domain.Refuse(domain.CodeState, "", "certificate %s was suspended for another reason than a sanction; people restore it", o.Certificate.Number)
	}
	return []domain.Event{CertificateRestored{o.Certificate.Number}}, nil
}

// CertificateRevoked: the certificate was withdrawn for good.
type CertificateRevoked struct {
	Number string `json:"number"`
	Reason string `json:"reason"`
}

func (CertificateRevoked) Kind() domain.Kind { return "officer.certificate_revoked.v1" }

func (e CertificateRevoked) Apply(o *Officer, act domain.Act) {
	if e.Number == o.Certificate.Number {
		o.Certificate.Status, o.Certificate.Sanction = CertificateWithdrawn, ""
	}
}

// RevokeCertificate withdraws the certificate for good, valid or suspended.
// Only a new one brings the power back.
type RevokeCertificate struct {
	// Number may be left out; the officer's certificate is meant.
	Number string `json:"number,omitzero"`
	Reason string `json:"reason"`
}

func (RevokeCertificate) Name() domain.CommandName { return "officer.revoke_certificate" }

func (RevokeCertificate) By() []domain.Role { return []domain.Role{domain.RoleLeader, domain.RoleHR} }

func (c RevokeCertificate) Decide(o Officer, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	held := o.Certificate
	if held.Status == CertificateHeld {
		held.Status = CertificateValid // either may be revoked
	}
	if err := domain.First(o.serving(), byAnother(act, book), held.stands(CertificateValid, c.Number), domain.CheckText("reason", c.Reason)); err != nil {
		return nil, err
	}
	return []domain.Event{CertificateRevoked{held.Number, c.Reason}}, nil
}
