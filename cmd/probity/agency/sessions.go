package agency

import (
	"fmt"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/activity"
	"github.com/probity-ledger/probity/domain/officer"
)

// lessons are the sessions of a year, in turn: what for, in which form, on
// what.
var lessons = []struct {
	kind   activity.Kind
	format activity.Format
	topic  string
}{
	{activity.KindWarningEducation, activity.FormatVisit, "参观警示教育基地 Visit to a prison"},
	{activity.KindBranchStudy, activity.FormatSeminar, "支部学习：纪律处分条例 Branch study: the rules of discipline"},
	{activity.KindDiligenceEducation, activity.FormatCaseStudy, "失职渎职案例剖析 Cases of dereliction"},
	{activity.KindCulture, activity.FormatOwnPlay, "自编廉政小品 A play of one's own"},
	{activity.KindWarningEducation, activity.FormatTalkByJudge, "法官讲职务犯罪 A judge on crimes in office"},
	{activity.KindBranchStudy, activity.FormatLecture, "支部学习：政务处分法 Branch study: the law on sanctions"},
	{activity.KindPrePostTraining, activity.FormatOnline, "岗前资格培训 Training before a post"},
	{activity.KindWarningEducation, activity.FormatFilm, "警示教育片 A film"},
	{activity.KindDiligenceEducation, activity.FormatLecture, "窗口勤政先进事迹 Models of diligence at the window"},
	{activity.KindBranchStudy, activity.FormatSeminar, "支部学习：形式主义整治 Branch study: against empty forms"},
	{activity.KindCulture, activity.FormatExhibition, "家风书画展 Exhibition of calligraphy"},
	{activity.KindWarningEducation, activity.FormatCaseStudy, "身边案例剖析 Cases close by"},
}

// sessions are two a month, of the whole agency or of a section.
func (b *bureau) sessions(p *play) {
	for i := 0; !p.over; i++ {
		b.start(p.now, fmt.Sprintf("session %d", i), func(p *play) { p.session(i) })
		p.days(11, 18)
	}
}

// session is the life of the i-th session. One is an empty form 走过场: copied
// minutes, nobody spoke.
func (p *play) session(i int) {
	p.minutes(5, 200)
	l := lessons[i%len(lessons)]
	if dull := p.profile.dull; dull != "" && l.kind == activity.KindWarningEducation && i >= 2*len(lessons) {
		l.format, l.topic = dull, "警示教育片 A film"
	}
	id := p.number("HD", p.today().Year, 3)
	keeper := p.hr()
	on := p.office.next(p.today().AddDays(p.draw(5, 12)))
	hours := p.draw(2, 4)
	held := activity.Hold{Hours: hours, Invited: p.invited(), Materials: p.paper(id, "课件 slides.pdf", "application/pdf"), Minutes: p.paper(id, "会议记录 minutes.pdf", "application/pdf")[0]}
	if i%11 == 3 { // nobody had planned it
		p.attend(&held, 90)
		p.do(keeper, id, activity.HoldUnscheduled{ActivityKind: l.kind, Format: l.format, Unit: p.profile.unit(""), Topic: l.topic, Reason: "上级通报后临时组织 called after a notice from above",
			Hours: hours, Invited: held.Invited, Attendees: held.Attendees, Contributors: held.Contributors, Minutes: held.Minutes})
		return
	}
	p.do(keeper, id, activity.Schedule{ActivityKind: l.kind, Format: l.format, Unit: p.profile.unit(""), On: on, Hours: hours, Topic: l.topic})
	p.until(on)
	if i%13 == 8 {
		p.do(keeper, id, activity.Cancel{Reason: "台风红色预警 typhoon, red alert"})
		return
	}
	p.attend(&held, 93)
	score := p.draw(72, 96)
	if i%12 == 9 {
		p.attend(&held, 60)
		held.Contributors, held.Materials = 0, nil
		held.Minutes = domain.Evidence{Digest: digest("copied minutes"), MediaType: "application/pdf", Size: 18_220, Name: "会议记录 minutes.pdf"}
		score = p.draw(35, 55)
	}
	if i%3 == 1 {
		held.Observers = []domain.ActorID{"observer-guild", "observer-press"}
	}
	p.do(keeper, id, held)
	p.days(1, 6)
	p.do(p.inspector(), id, activity.Assess{Score: score, Feedback: oneOf(p, []string{"案例贴近岗位 close to daily work", "希望多些互动 more discussion wanted", "内容有新意 fresh"})})
}

// invited are those who should come: about thirty who are on duty.
func (p *play) invited() []domain.OfficerID {
	var out []domain.OfficerID
	from := p.rng.IntN(len(p.staff.members))
	for i := range len(p.staff.members) {
		m := p.staff.members[(from+i)%len(p.staff.members)]
		if !m.alone && p.file(m).Name != "" && p.file(m).Status != officer.StatusSeparated {
			if out = append(out, m.id); len(out) == 30 {
				break
			}
		}
	}
	return out
}

// attend draws who came, so many of a hundred, and who spoke.
func (p *play) attend(h *activity.Hold, percent int) {
	h.Attendees = nil
	for _, o := range h.Invited {
		if p.chance(percent) {
			h.Attendees = append(h.Attendees, o)
		}
	}
	h.Contributors = len(h.Attendees) / 5
}

// carriers are what integrity culture is carried by, refreshed a few times a
// year; the contest is over after one, and one shelf gathers dust. In a stale
// agency so do all, from the first year on.
func (b *bureau) carriers(p *play) {
	for i, c := range []activity.SetCarrier{
		{Carrier: activity.CarrierBoard, Title: "廉政文化墙 Integrity wall", Unit: b.profile.unit(b.profile.hall)},
		{Carrier: activity.CarrierPage, Title: "内网清风专栏 Intranet page", Unit: b.profile.unit("")},
		{Carrier: activity.CarrierShelf, Title: "廉洁书架 Bookshelf", Unit: b.profile.unit(b.profile.sample)},
		{Carrier: activity.CarrierContest, Title: "家书征文 Essay contest", Unit: b.profile.unit("")},
	} {
		id := b.profile.id(fmt.Sprintf("ZT-%02d", i+1))
		p.do(p.hr(), id, c)
		p.minutes(10, 60)
		b.start(p.now, "carrier "+id, func(p *play) {
			for n := 0; !p.over; n++ {
				switch p.days(70, 120); {
				case p.profile.stale && n > 0:
					p.days(210, 300)
				case c.Carrier == activity.CarrierShelf && !p.profile.stale:
					p.days(150, 260)
				}
				if c.Carrier == activity.CarrierContest && n == 2 {
					p.do(p.hr(), id, activity.RetireCarrier{Reason: "评选结束 the contest is over"})
					return
				}
				p.do(p.hr(), id, activity.RefreshCarrier{Content: oneOf(p, []string{"更新典型案例 new cases", "更换先进事迹 new models", "新增书目 new books"})})
			}
		})
	}
}
