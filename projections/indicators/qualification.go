package indicators

import (
	"cmp"
	"slices"

	"github.com/probity-ledger/probity/domain/officer"
)

// certificate notes what happened to the certificate, if that is what the
// event is about.
func (x *scene) certificate(m *Matter) {
	p := paper{On: x.day}
	switch e := x.r.Event.(type) {
	case officer.CertificateIssued:
		p.What, p.From, p.To = "issued", x.on(e.ValidFrom), DayOf(e.ValidTo)+1
		p.On = p.From
	case officer.CertificateRenewed:
		p.What, p.To = "renewed", DayOf(e.ValidTo)+1
	case officer.CertificateSuspended:
		p.What = "suspended"
	case officer.CertificateRestored:
		p.What = "restored"
	case officer.CertificateRevoked:
		p.What = "revoked"
	default:
		return
	}
	m.Service.Papers = inPlace(m.Service.Papers, p, func(a, b paper) int { return cmp.Compare(a.On, b.On) })
	x.papers(m)
}

// papers sets the facts about the certificate.
func (x *scene) papers(m *Matter) {
	var valid, expiring []part
	var to Day
	issued, suspended := false, false
	list := m.Service.Papers
	for i, p := range list {
		switch p.What {
		case "issued":
			issued, suspended, to = true, false, p.To
		case "renewed":
			to = p.To
		case "suspended":
			suspended = true
		case "restored":
			suspended = false
		case "revoked":
			issued = false
		}
		until := Ever
		if i+1 < len(list) {
			until = list[i+1].On
		}
		if !issued || until <= p.On {
			continue
		}
		good := p.On
		if !suspended {
			good = max(p.On, min(to, until))
		}
		if p.On < good {
			valid = append(valid, part{p.On, good, 1})
			late := max(p.On, min(good, to-1-x.near(to)))
			expiring = append(expiring, part{p.On, late, 0}, part{late, good, 1})
		}
		valid = append(valid, part{good, until, 0})
	}
	x.set(m, "certificate", append(m.Service.stock("D1.valid", valid), m.Service.stock("D1.expiring", expiring)...)...)
}

// near is how many days before the end of validity a certificate is about to
// expire.
func (x *scene) near(to Day) Day {
	t := x.book.Indicators.Expiring
	if t.IsZero() {
		return 0
	}
	return DayOf(t.After((to-1).Date(), x.book.Calendar)) - (to - 1)
}

// hours sets the facts about training: whether the hours of the last 365 days
// are those of a year.
func (x *scene) hours(m *Matter) {
	const year = 365
	s, want := m.Service, x.book.Service.TrainingHours
	if want == 0 {
		return
	}
	var days []Day
	for _, c := range s.Courses {
		days = append(days, c.On, c.On+year)
	}
	slices.Sort(days)
	var parts []part
	from, reached := s.Since+year, false
	for _, d := range slices.Compact(days) {
		sum := 0
		for _, c := range s.Courses {
			if c.On <= d && d < c.On+year {
				sum += c.Hours
			}
		}
		if now := sum >= want; now != reached {
			if from < d {
				parts = append(parts, part{from, d, counted(reached)})
				from = d
			}
			reached = now
		}
	}
	x.set(m, "hours", s.stock("D1.hours", append(parts, part{from, Ever, counted(reached)}))...)
}
