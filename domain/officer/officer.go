// Package officer is the room of one person in the service (执法人员), from
// entry to exit: posts and rotation, interests, training, the enforcement
// certificate (执法证), appraisal, and what an inquiry or a sanction means
// for the file.
//
// Whoever acts, acts on another's file: only their own interests and
// training may people report themselves. While an inquiry is open nobody is
// transferred, promoted, retired or let go at their own wish. What a
// sanction bars is barred up to the last day of its period and no longer,
// whether or not anybody has recorded its release yet. When a sanction takes
// effect or ends, one command brings to the file all that follows from it:
// the restriction, the certificate, and the return of somebody dismissed.
//
// An imported officer exists like an enrolled one: every other command works
// on the file.
package officer

import (
	"github.com/probity-ledger/probity/domain"
)

// Room is the catalog entry.
var Room = domain.NewAggregate("officer", "执法人员",
	[]domain.EventOf[Officer]{
		Enrolled{}, Appointed{}, Rotated{}, RotationDeferred{}, Promoted{},
		InterestDeclared{}, InterestEnded{}, TrainingCompleted{},
		CertificateIssued{}, CertificateRenewed{}, CertificateSuspended{}, CertificateRestored{}, CertificateRevoked{},
		AppraisalSet{}, Appraised{}, AppraisalCorrected{}, InquiryOpened{}, InquiryClosed{}, Restricted{}, RestrictionLifted{},
		SuspendedFromDuty{}, ReturnedToDuty{}, Separated{}, Reinstated{}, Imported{},
		FindingsNoted{}, OutsidePostCleared{},
	},
	[]domain.CommandOf[Officer]{
		Enroll{}, Appoint{}, Rotate{}, DeferRotation{}, Promote{},
		DeclareInterest{}, EndInterest{}, CompleteTraining{},
		IssueCertificate{}, RenewCertificate{}, SuspendCertificate{}, RestoreCertificate{}, RevokeCertificate{},
		SetAppraisal{}, Appraise{}, CorrectAppraisal{}, OpenInquiry{}, CloseInquiry{}, Restrict{}, LiftRestriction{},
		SuspendFromDuty{}, ReturnToDuty{}, Separate{}, Reinstate{}, Import{},
		NoteFindings{}, ClearOutsidePost{},
	})

// Status is where in their service a person stands.
type Status string

// The stages of service.
const (
	StatusNone      Status = ""
	StatusServing   Status = "serving"
	StatusSuspended Status = "suspended" // from duty 停职, still in the service
	StatusSeparated Status = "separated"
)

// Officer is the state of one person's service.
type Officer struct {
	Status Status
	Name   string
	// Unit is where the person serves, Rank the last one conferred.
	Unit       domain.UnitID
	Rank       string
	EnrolledOn domain.Date
	// Post is the one held ("" for none) since the day Since, with what it
	// is; DeferredUntil is how long rotation out of it was put off.
	Post          domain.PostID
	Since         domain.Date
	Leader        bool
	HighRisk      bool
	DeferredUntil domain.Date
	// Inquiries are the open ones, in the order of opening.
	Inquiries []domain.CaseID
	// Found are the findings that stand, case by case.
	Found []FoundAgainst
	// Followed are the cases whose course reactions bring to the file: no
	// person changes what it holds of them.
	Followed []domain.CaseID
	// Restrictions are those not lifted; ask each whether it is InForce.
	Restrictions []Restriction
	Certificate  Certificate
	// Interests are those not ended; ask each whether it StandsOn a day.
	Interests []Interest
	// LeftOn and LeftFor tell when and why the person left the service, as
	// far as it was said; zero while they serve.
	LeftOn  domain.Date
	LeftFor Reason
	// LedLast: the person led in the post they left the service from.
	LedLast bool
	// Training is the hours by year, Grades the appraisal by year.
	Training map[int]int
	Grades   map[int]string
}

// known refuses unless the person is on file, in the service or after it.
func (o Officer) known() error {
	if o.Status == StatusNone {
		return domain.Refuse(domain.CodeNotFound, "subject", "there is no such officer; enroll or import the person first")
	}
	return nil
}

// serving refuses unless the person is in the service.
func (o Officer) serving() error {
	if o.Status == StatusSeparated {
		return domain.Refuse(domain.CodeState, "", "the officer has left the service")
	}
	return o.known()
}

// onDuty refuses unless the person is in the service and not suspended.
func (o Officer) onDuty(verb string) error {
	if o.Status == StatusSuspended {
		return domain.Refuse(domain.CodeState, "", "an officer suspended from duty cannot be %s; return them to duty first", verb)
	}
	return o.serving()
}

// notInquired refuses while an inquiry is open.
func (o Officer) notInquired(verb string, book *domain.Rulebook) error {
	if len(o.Inquiries) > 0 {
		return domain.Refuse(domain.CodeRule, "", "while an inquiry is open the officer cannot be %s", verb).Under(book.Service.UnderInquiry)
	}
	return nil
}

// byAnother refuses when people act on their own file.
func byAnother(act domain.Act, book *domain.Rulebook) error {
	if string(act.Actor) == act.Subject {
		return domain.Refuse(domain.CodeConflict, "actor", "nobody may act on their own file; another person must").Under(book.Service.Recusal)
	}
	return nil
}

// ownIfOfficer refuses when the role officer is used on another's file.
func ownIfOfficer(act domain.Act) error {
	if act.Role == domain.RoleOfficer && string(act.Actor) != act.Subject {
		return domain.Refuse(domain.CodeForbidden, "subject", "an officer reports about themselves only")
	}
	return nil
}

// effective returns the day on which something took effect: the day given,
// or the day of the act when none was. It refuses a day to come and one
// before the earliest (zero for no such bound).
func effective(on, earliest domain.Date, act domain.Act, book *domain.Rulebook) (domain.Date, error) {
	today := book.Calendar.Day(act.OccurredAt)
	if on.IsZero() {
		on = today
	}
	if on.After(today) {
		return on, domain.Refuse(domain.CodeInvalid, "on", "%s lies in the future; record it when it has happened", on)
	}
	if !earliest.IsZero() && on.Before(earliest) {
		return on, domain.Refuse(domain.CodeInvalid, "on", "%s lies before %s, the day it could first have happened", on, earliest)
	}
	return on, nil
}
