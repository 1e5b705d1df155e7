package record

import (
	"slices"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/access"
	"github.com/probity-ledger/probity/domain/officer"
)

// addService folds the officer's own stream.
func (f *folder) addService(e Entry) {
	before := f.service.Status
	applyTo(&f.service, e)
	file, s := &f.file, f.service
	file.Status = string(s.Status)
	if s.Status != before {
		file.StatusSince = f.source
	}
	if before == officer.StatusSuspended && s.Status != before {
		f.endSuspension(e.Event)
	}
	id := &file.Identity
	id.Unit, id.Rank = s.Unit, s.Rank
	switch e := e.Event.(type) {
	case officer.Enrolled:
		*id = Identity{Name: e.FullName, LatinName: e.LatinName, StaffNumber: e.StaffNumber, Unit: e.Unit, Rank: e.Rank, EnrolledOn: e.On, Source: f.source}
		f.confer(e.Rank, e.On)
	case officer.Imported:
		*id = Identity{Name: e.FullName, LatinName: e.LatinName, StaffNumber: e.StaffNumber, Unit: e.Unit, Rank: e.Rank,
			EnrolledOn: e.EnrolledOn, SeparatedOn: e.SeparatedOn, Source: f.source}
		f.confer(e.Rank, domain.Date{}) // old records tell the last rank, not its day
	case officer.Promoted:
		f.confer(e.Rank, e.On)
	case officer.SuspendedFromDuty:
		if before == officer.StatusServing {
			file.Suspensions = append(file.Suspensions, Suspension{Reason: e.Reason, Case: e.Case, From: f.orDay(domain.Date{}), Source: f.source})
		}
	case officer.Separated:
		id.SeparatedOn, id.SeparationReason = e.On, string(e.Reason)
		f.leavePost(e.On)
	case officer.Reinstated:
		id.SeparatedOn, id.SeparationReason = domain.Date{}, ""
	case officer.Appointed:
		f.takePost(PostHeld{Post: e.Post, Unit: e.Unit, Leader: e.Leader, HighRisk: e.HighRisk, From: e.On, Source: f.source})
	case officer.Rotated:
		f.takePost(PostHeld{Post: e.To, Unit: e.Unit, Leader: e.Leader, HighRisk: e.HighRisk, From: e.On, Source: f.source})
	case officer.RotationDeferred:
		if i := len(file.Posts) - 1; i >= 0 && file.Posts[i].To.IsZero() {
			file.Posts[i].DeferredUntil = e.Until
		}
	case officer.TrainingCompleted:
		f.addCourse(Course{Course: e.Course, Hours: e.Hours, On: e.On, Source: f.source})
	case officer.AppraisalSet:
		file.Indicators = slices.DeleteFunc(file.Indicators, func(y YearIndicators) bool { return y.Year == e.Year })
		file.Indicators = append(file.Indicators, YearIndicators{e.Year, e.Indicators, f.source})
	case officer.Appraised:
		f.grade(Appraisal{Year: e.Year, Grade: e.Grade, Source: f.source})
	case officer.AppraisalCorrected:
		f.grade(Appraisal{Year: e.Year, Grade: e.Grade, Corrected: true, Source: f.source})
	case officer.InterestDeclared:
		f.endInterest(e.Nature, e.With, e.Unit, e.Officer)
		file.Interests = append(file.Interests, Interest{Nature: e.Nature, With: e.With, Unit: e.Unit, Officer: e.Officer, Until: e.Until, Source: f.source})
	case officer.InterestEnded:
		f.endInterest(e.Nature, e.With, e.Unit, e.Officer)
	default:
		f.addMarks(e)
	}
}

// addMarks folds what inquiries, sanctions and certificates leave on file.
func (f *folder) addMarks(event domain.Event) {
	file := &f.file
	switch e := event.(type) {
	case officer.InquiryOpened:
		if !slices.ContainsFunc(file.Inquiries, func(i Inquiry) bool { return i.Case == e.Case }) {
			file.Inquiries = append(file.Inquiries, Inquiry{e.Case, f.source})
		}
	case officer.InquiryClosed:
		file.Inquiries = slices.DeleteFunc(file.Inquiries, func(i Inquiry) bool { return i.Case == e.Case })
	case officer.Restricted:
		f.lift(e.Sanction)
		f.restrictions = append(f.restrictions, Restriction{Sanction: e.Sanction, Measure: string(e.Measure), From: e.From, Until: e.Until,
			ForGood: e.ForGood, BarsPromotion: e.BarsPromotion, BarsPayRise: e.BarsPayRise, BarsHonours: e.BarsHonours, Source: f.source})
	case officer.RestrictionLifted:
		f.lift(e.Sanction)
	case officer.CertificateIssued:
		file.Certificates = append(file.Certificates, Certificate{Number: e.Number, ValidFrom: e.ValidFrom, ValidTo: e.ValidTo,
			Status: string(officer.CertificateValid), Source: f.source})
	case officer.CertificateRenewed, officer.CertificateSuspended, officer.CertificateRestored, officer.CertificateRevoked:
		// The room keeps the last certificate only, and so do its folds.
		if i := len(file.Certificates) - 1; i >= 0 && file.Certificates[i].Number == f.service.Certificate.Number {
			c := &file.Certificates[i]
			c.ValidTo, c.Status, c.Source = f.service.Certificate.ValidTo, string(f.service.Certificate.Status), f.source
		}
	}
}

func (f *folder) confer(rank string, on domain.Date) {
	if rank != "" {
		f.file.Ranks = append(f.file.Ranks, RankHeld{rank, on, f.source})
	}
}

// endSuspension ends the suspension under way on the day of the return, or of
// the separation.
func (f *folder) endSuspension(e domain.Event) {
	on := domain.Date{}
	if left, ok := e.(officer.Separated); ok {
		on = left.On
	}
	if i := len(f.file.Suspensions) - 1; i >= 0 {
		f.file.Suspensions[i].To = f.orDay(on)
	}
}

// addReading folds who read the file.
func (f *folder) addReading(e domain.Event) {
	r := Reading{Source: f.source}
	switch e := e.(type) {
	case access.Read:
		r.By, r.Role, r.Why, r.Count, r.From, r.To = e.Reader, string(e.Role), e.Why, e.Count, e.From, e.To
	case access.Imported:
		r.By, r.Role, r.Why, r.Count = e.Reader, e.Role, e.Why, e.Count
		if last := e.LastOn.In(time.UTC); !e.LastOn.IsZero() && last.Year() > 0 { // earlier has no RFC 3339 form
			r.To = last
		}
	default:
		return
	}
	f.file.Readings = append(f.file.Readings, r)
}

func (f *folder) takePost(p PostHeld) {
	f.leavePost(p.From)
	f.file.Posts = append(f.file.Posts, p)
}

func (f *folder) leavePost(on domain.Date) {
	if i := len(f.file.Posts) - 1; i >= 0 && f.file.Posts[i].To.IsZero() {
		f.file.Posts[i].To = on
	}
}

func (f *folder) addCourse(c Course) {
	f.file.Courses = append(f.file.Courses, c)
	for i := range f.file.Training {
		if f.file.Training[i].Year == c.On.Year {
			f.file.Training[i].Hours += c.Hours
			return
		}
	}
	f.file.Training = append(f.file.Training, TrainingYear{c.On.Year, c.Hours})
}

func (f *folder) grade(a Appraisal) {
	if i := slices.IndexFunc(f.file.Appraisals, func(b Appraisal) bool { return b.Year == a.Year }); i >= 0 {
		f.file.Appraisals[i] = a
		return
	}
	f.file.Appraisals = append(f.file.Appraisals, a)
}

func (f *folder) endInterest(nature, with string, unit domain.UnitID, other domain.OfficerID) {
	f.file.Interests = slices.DeleteFunc(f.file.Interests, func(i Interest) bool {
		return i.Nature == nature && i.With == with && i.Unit == unit && i.Officer == other
	})
}

func (f *folder) lift(s domain.SanctionID) {
	f.restrictions = slices.DeleteFunc(f.restrictions, func(r Restriction) bool { return r.Sanction == s })
}
