package agency

import (
	"fmt"
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/officer"
)

// Those who act without being on the staff.
const (
	superior = domain.ActorID("superior-personnel") // 上级人事部门
	auditor  = domain.ActorID("auditor-01")         // 审计
	public   = domain.ActorID("public")             // 公众, never a name
	importer = domain.ActorID("importer-records")   // 档案导入
)

// member is someone on the staff.
type member struct {
	id        domain.OfficerID
	zh, latin string
	pos       *position
	enrolled  domain.Date
	since     domain.Date // in the first post
	// kept is set for those whom chance leaves alone: the core staff, and the
	// heroes of planted stories.
	kept bool
	// troubled is set once there is a case; they neither leave nor are
	// nominated by chance.
	troubled bool
	left     bool
	// alone: the yearly campaigns pass by, the member's own script does it.
	alone bool
	// idle: graded incompetent year after year.
	idle bool
	// ownCertificate: the member's own story issues and renews it.
	ownCertificate bool
}

// staff is everybody, and who has which task.
type staff struct {
	names      map[string]bool
	members    []*member
	byID       map[domain.OfficerID]*member
	line       []*member // operational officers, the windows' and sections'
	leaders    []*member
	inspectors []*member // the head of discipline first, who leads as well
	hr         []*member
	intake     []*member
	handlers   []*member
}

// join makes up a person; the id follows the order of joining.
func (b *bureau) join(p *play, pos *position, enrolled, since domain.Date) *member {
	zh, latin := b.name(p)
	m := &member{
		id: domain.OfficerID(b.profile.id(fmt.Sprintf("%04d", len(b.staff.members)+1))), zh: zh, latin: latin,
		pos: pos, enrolled: enrolled, since: since, kept: pos.tier == tierCore,
	}
	b.staff.members = append(b.staff.members, m)
	b.staff.byID[m.id] = m
	if pos.tier != tierCore {
		b.staff.line = append(b.staff.line, m)
	}
	return m
}

func (b *bureau) member(id domain.OfficerID) *member {
	if m := b.staff.byID[id]; m != nil {
		return m
	}
	return &member{}
}

// as makes a member act in a role.
func (m *member) as(role domain.Role) actor { return actor{domain.ActorID(m.id), role} }

// one picks somebody of the list who is on duty and none of those named.
func (p *play) one(list []*member, role domain.Role, not ...domain.ActorID) actor {
	from := p.rng.IntN(len(list))
	for i := range list {
		m := list[(from+i)%len(list)]
		if !slices.Contains(not, domain.ActorID(m.id)) && p.world.officer(m.id).Status == officer.StatusServing {
			return m.as(role)
		}
	}
	if !p.over && p.err == nil {
		p.sim.err = fmt.Errorf("nobody of %s is left to act as %s but %v", p.profile.en, role, not)
	}
	p.over = true
	return actor{public, role}
}

func (p *play) leader(not ...domain.ActorID) actor {
	return p.one(p.staff.leaders, domain.RoleLeader, not...)
}

func (p *play) inspector(not ...domain.ActorID) actor {
	return p.one(p.staff.inspectors[1:], domain.RoleInspector, not...)
}

func (p *play) hr(not ...domain.ActorID) actor { return p.one(p.staff.hr, domain.RoleHR, not...) }

func (p *play) intake(not ...domain.ActorID) actor {
	return p.one(p.staff.intake, domain.RoleIntake, not...)
}

func (p *play) handler(not ...domain.ActorID) actor {
	return p.one(p.staff.handlers, domain.RoleHandler, not...)
}

// thePublic acts for the reporter of a complaint; nothing says who it is.
var thePublic = actor{public, domain.RolePublic}

// theSystem is what runs every night.
var theSystem = actor{domain.ActorSystem, domain.RoleSystem}

// file returns what is on the member's file.
func (p *play) file(m *member) *officer.Officer { return p.world.officer(m.id) }

// onDuty tells whether the member serves and is not suspended.
func (p *play) onDuty(m *member) bool { return p.file(m).Status == officer.StatusServing }

// clear tells whether nothing bars a transfer, a promotion or an honour.
func (p *play) clear(m *member) bool {
	f := p.file(m)
	return f.Status == officer.StatusServing && len(f.Inquiries) == 0 && len(f.Restrictions) == 0
}

// ordinary returns somebody of the line whom chance may touch.
func (p *play) ordinary(fit func(*member) bool) *member {
	line := p.staff.line
	from := p.rng.IntN(len(line))
	for i := range line {
		m := line[(from+i)%len(line)]
		if !m.kept && !m.left && p.onDuty(m) && p.file(m).Post != "" && fit(m) {
			return m
		}
	}
	return nil
}
