package agency

import (
	"fmt"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/access"
	"github.com/probity-ledger/probity/domain/disclosure"
)

// publicItems are what is due to the public once or twice a year.
var publicItems = []struct {
	title, category string
	medium          disclosure.Medium
}{
	{"权力清单 List of powers", "power list", disclosure.MediumWebsite},
	{"部门预算 Budget", "budget", disclosure.MediumGazette},
	{"办事指南 Guide to procedures", "procedure", disclosure.MediumHallScreen},
	{"收费目录 List of fees", "fees", disclosure.MediumBoard},
	{"裁量基准 Benchmark of discretion", "procedure", disclosure.MediumWebsite},
	{"投诉办理年报 Yearly report on complaints", "report", disclosure.MediumNewspaper},
}

// register is what the agency owes the public by a day: an item a month, one
// in seven late, now and then put right.
func (b *bureau) register(p *play) {
	for i := 0; !p.over; i++ {
		b.start(p.now, fmt.Sprintf("item %d", i), func(p *play) { p.publicItem(i) })
		p.days(24, 36)
	}
}

func (p *play) publicItem(i int) {
	it := publicItems[i%len(publicItems)]
	id := p.number("GK", p.today().Year, 3)
	p.do(p.hr(), id, disclosure.Require{Title: it.title, Category: it.category, Medium: it.medium, Unit: p.profile.unit(""), Deadline: p.today().AddDays(20)})
	if i%7 == 2 {
		p.days(24, 34)
	} else {
		p.days(5, 12)
	}
	publish := disclosure.Publish{Place: p.profile.hallPlace, Evidence: p.paper(id, it.title+".pdf", "application/pdf")}
	if it.medium == disclosure.MediumWebsite {
		publish.URL, publish.Place = "https://"+p.profile.site+"/open/"+id, ""
	}
	p.do(p.hr(), id, publish)
	if i%8 == 3 {
		p.days(5, 30)
		p.do(p.hr(), id, disclosure.Correct{Reason: "联系电话有误 a wrong telephone number", Evidence: p.paper(id, "更正页 corrected.pdf", "application/pdf")})
	}
}

// readings are who looked into whose file, and why: the server notes them at
// night.
func (b *bureau) readings(p *play) {
	for !p.over {
		p.days(6, 16)
		if p.over {
			return
		}
		m := oneOf(p, p.staff.members)
		if m.alone || p.file(m).Name == "" {
			continue
		}
		by, why := p.hr(domain.ActorID(m.id)), "晋升考察 a promotion is considered"
		switch p.draw(0, 3) {
		case 0:
			by, why = p.inspector(domain.ActorID(m.id)), "核查投诉 a complaint is looked into"
		case 1:
			by, why = m.as(domain.RoleOfficer), "查看本人档案 one's own file"
		}
		note := access.Note{Reader: by.id, Role: by.role, Why: why, Count: 1, From: p.now.Add(-time.Hour), To: p.now.Add(-time.Hour)}
		if p.chance(30) {
			note.Count, note.To = 2, p.now.Add(-40*time.Minute)
		}
		p.last = p.now
		p.did(p.now, theSystem, string(m.id), note)
	}
}
