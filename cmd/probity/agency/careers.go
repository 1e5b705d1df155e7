package agency

import (
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/officer"
)

// appraisals is the campaign of every January: everybody who served at least
// half of the year before is graded, and one slip of the pen is put right.
func (b *bureau) appraisals(p *play) {
	for !p.over {
		p.until(domain.Date{Year: p.today().AddDays(-9).Year + 1, Month: time.January, Day: 10})
		year := p.today().Year - 1
		pace := min(12, max(2, 8000/len(b.staff.members)))
		var slip *member
		for _, m := range b.staff.members {
			if p.over || m.alone || !p.serving(m) || m.enrolled.After(domain.Date{Year: year, Month: time.July, Day: 1}) || p.file(m).Name == "" {
				continue
			}
			grade := p.grade(m, year)
			by := p.hr(domain.ActorID(m.id))
			p.do(by, string(m.id), officer.Appraise{Year: year, Grade: grade})
			p.layDown(by, m)
			if slip == nil && !m.kept && grade == p.book.Service.Grades[1] && p.chance(10) {
				slip = m
			}
			p.minutes(1, pace)
		}
		p.days(8, 20)
		if slip != nil && p.serving(slip) {
			p.do(p.hr(domain.ActorID(slip.id)), string(slip.id), officer.CorrectAppraisal{Year: year, Grade: p.book.Service.Grades[0],
				Reason: "公示期核对，录入有误 entered wrongly, found during publication"})
		}
	}
}

// grade follows the usual shape: at most a fifth excellent, nearly all others
// competent; a sanction in force pulls it down, and nobody but an idler is
// incompetent twice in a row.
func (p *play) grade(m *member, year int) string {
	grades, f := p.book.Service.Grades, p.file(m)
	if m.idle {
		return grades[3]
	}
	for _, r := range f.Restrictions {
		if rung, place, _ := p.book.Sanction.Rung(r.Measure); rung.Formal {
			_, major, _ := p.book.Sanction.Rung(domain.MeasureMajor)
			if place >= major && f.Grades[year-1] != grades[3] {
				return grades[3]
			}
			return grades[2]
		}
	}
	switch roll := p.draw(1, 100); {
	case len(f.Inquiries) > 0:
		return grades[1]
	case roll <= 18:
		return grades[0]
	case roll <= 95 || m.kept:
		return grades[1]
	case roll <= 99 || f.Grades[year-1] == grades[3]:
		return grades[2]
	}
	return grades[3]
}

// promotions come every summer, to about one in twelve.
func (b *bureau) promotions(p *play) {
	for !p.over {
		p.until(domain.Date{Year: p.today().AddMonths(-6).Year + 1, Month: time.June, Day: 15})
		for range max(2, len(b.staff.line)/12) {
			m := p.ordinary(func(m *member) bool { return p.clear(m) && higher(p.file(m).Rank) != p.file(m).Rank })
			if m == nil {
				break
			}
			p.do(p.leader(), string(m.id), officer.Promote{Rank: higher(p.file(m).Rank)})
			p.minutes(10, 90)
		}
		p.days(20, 30)
	}
}

// leavers are about one in twenty-five of the line a year; each is replaced.
func (b *bureau) leavers(p *play) {
	pause := max(3, 365*25/len(b.staff.line))
	for !p.over {
		p.days(pause*2/3, pause*4/3)
		m := p.ordinary(func(m *member) bool { return !m.troubled && p.clear(m) && m.enrolled.AddMonths(12).Before(p.today()) })
		if m == nil || p.over {
			continue
		}
		m.left = true
		reason := oneOf(p, []officer.Reason{officer.ReasonRetired, officer.ReasonRetired, officer.ReasonResigned, officer.ReasonTransferredOut})
		p.do(p.hr(), string(m.id), officer.Separate{Reason: reason})
		pos := m.pos
		p.days(10, 60)
		if !p.over {
			b.recruit(p, pos)
		}
	}
}

// recruit takes a new person into a position.
func (b *bureau) recruit(p *play, pos *position) {
	m := b.join(p, pos, p.today(), domain.Date{})
	b.start(p.now, "member "+string(m.id), func(p *play) {
		p.minutes(5, 20)
		m.enrolled = p.today()
		p.service(m, true)
	})
}

// lostCertificates: now and then a certificate is mislaid, suspended, and
// given back.
func (b *bureau) lostCertificates(p *play) {
	for !p.over {
		m := p.ordinary(func(m *member) bool {
			return !m.troubled && p.clear(m) && p.file(m).Certificate.ValidOn(p.today().AddDays(100))
		})
		if m != nil {
			p.do(p.hr(), string(m.id), officer.SuspendCertificate{Reason: "证件遗失，补办期间暂停使用 mislaid, suspended until replaced"})
			p.days(7, 20)
			if p.serving(m) && p.file(m).Certificate.Status == officer.CertificateHeld && p.clear(m) {
				p.do(p.hr(), string(m.id), officer.RestoreCertificate{})
			}
		}
		p.days(200, 400)
	}
}
