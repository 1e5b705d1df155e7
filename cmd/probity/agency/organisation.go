package agency

import (
	"fmt"
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/unit"
)

// place is a unit of the agency.
type place struct {
	id     domain.UnitID
	kind   unit.Kind
	zh, en string
	parent domain.UnitID
}

// tier is how high a position stands.
type tier int

const (
	tierClerk tier = iota // 科员, 窗口
	tierSenior
	tierChief
	tierCore // leaders, discipline, HR, petitions: they stay
)

// position is a post with what the play must know of it.
type position struct {
	id     domain.PostID
	unit   domain.UnitID
	zh, en string
	leader bool
	tier   tier
	duty   *duty // nil for core posts, which hold no power over the public
	// grading: a re-rating of its risks is under way.
	grading bool
}

// organisation is the tree and its posts.
type organisation struct {
	is        *profile
	places    []place
	positions []*position
	// clerks, seniors and chiefs are the operational positions by tier.
	clerks  []*position
	seniors []*position
	chiefs  []*position
	core    map[string]*position
}

// departments are those of every agency.
var departments = []department{
	{"BG", unit.KindDepartment, "办公室", "General Office", ""},
	{"XF", unit.KindSection, "信访督察科", "Petitions and Supervision Section", "BG"},
	{"RS", unit.KindDepartment, "人事教育处", "Personnel and Education Department", ""},
	{"JJ", unit.KindDepartment, "纪检监察室", "Discipline Inspection Office", ""},
}

// coreStaff is how many hold each post of those who keep the rules.
func coreStaff(officers int) (director, deputies, disciplineHead, inspectors, hr, intake, handlers int) {
	return 1, 2, 1, 3 + officers/120, 3 + officers/200, 2 + officers/200, 4 + officers/60
}

// organise lays the agency out for so many operational officers.
func organise(is *profile, operational int) organisation {
	o := organisation{is: is, core: map[string]*position{}, places: []place{{is.unit(""), unit.KindAgency, is.zh, is.en, ""}}}
	for _, d := range slices.Concat(departments, is.departments) {
		o.places = append(o.places, place{is.unit(d.code), d.kind, d.zh, d.en, is.unit(d.parent)})
	}
	for _, c := range []struct {
		key, unit, code, zh, en string
		leader                  bool
	}{
		{"director", "", "ZZ", is.head, "Director", true},
		{"deputy", "", "FZ", "副" + is.head, "Deputy Director", true},
		{"disciplineHead", "", "JJZ", "纪检组长", "Head of Discipline Inspection", true},
		{"inspector", "JJ", "JCY", "纪检监察员", "Discipline Inspector", false},
		{"hr", "RS", "GB", "人事干部", "Personnel Officer", false},
		{"intake", "XF", "SL", "信访受理员", "Petitions Intake Officer", false},
		{"handler", "XF", "CB", "信访承办人", "Petitions Handler", false},
	} {
		pos := &position{domain.PostID(is.id(c.unit) + "." + c.code), is.unit(c.unit), c.zh, c.en, c.leader, tierCore, nil, false}
		o.core[c.key] = pos
		o.positions = append(o.positions, pos)
	}
	sections := min(max(5, operational/5), 40)
	for i := range sections {
		o.addSection(is.duties[i%len(is.duties)], i/len(is.duties)+1, sections > len(is.duties))
	}
	for i := range min(max(3, operational/15), 24) {
		id := is.unit(fmt.Sprintf("%s-%02d", is.hall, i+1))
		o.places = append(o.places, place{id, unit.KindWindow, numeral(i+1) + "号窗口", fmt.Sprintf("Window %d", i+1), is.unit(is.hall)})
		o.addPost(id, "CK", is.window.zh+is.clerk, "Window Officer", false, tierClerk, is.window)
	}
	return o
}

func (o *organisation) addSection(d *duty, n int, numbered bool) {
	id := o.is.unit(fmt.Sprintf("%s-%s%d", d.department, d.code, n))
	zh, en := d.zh+"科", d.en
	if numbered {
		zh, en = d.zh+numeral(n)+"科", fmt.Sprintf("%s %d", d.en, n)
	}
	o.places = append(o.places, place{id, unit.KindSection, zh, en, o.is.unit(d.department)})
	o.addPost(id, "KZ", d.zh+"科科长", "Chief, "+d.en, true, tierChief, d)
	o.addPost(id, "ZG", d.zh+"主管", "Senior Officer, "+d.en, false, tierSenior, d)
	o.addPost(id, "KY", d.zh+"科员", "Officer, "+d.en, false, tierClerk, d)
}

func (o *organisation) addPost(u domain.UnitID, code, zh, en string, leader bool, t tier, d *duty) {
	pos := &position{domain.PostID(string(u) + "." + code), u, zh, en, leader, t, d, false}
	o.positions = append(o.positions, pos)
	switch t {
	case tierChief:
		o.chiefs = append(o.chiefs, pos)
	case tierSenior:
		o.seniors = append(o.seniors, pos)
	case tierClerk:
		o.clerks = append(o.clerks, pos)
	}
}

// seats returns the positions that so many operational officers take up:
// every section has its chief, every window its officer, the rest are spread.
func (o *organisation) seats(operational int) []*position {
	var out []*position
	out = append(out, o.chiefs...)
	for i := 0; len(out) < operational; i++ {
		out = append(out, o.clerks[i%len(o.clerks)])
		if i%3 == 0 && len(out) < operational {
			out = append(out, o.seniors[i/3%len(o.seniors)])
		}
	}
	return out[:operational]
}

// peers returns the positions one may rotate to from a position.
func (o *organisation) peers(pos *position) []*position {
	switch pos.tier {
	case tierChief:
		return o.chiefs
	case tierSenior:
		return o.seniors
	case tierClerk:
		return o.clerks
	}
	return nil
}
