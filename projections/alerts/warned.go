package alerts

import (
	"slices"
	"strings"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/warning"
)

// whom is what one rule found about one subject, and what was warned of it.
type whom struct {
	Hits     []founded        `json:",omitempty"`
	Warned   []domain.EventID `json:",omitempty"`
	Warnings []raised         `json:",omitempty"`
}

// founded is a hit that stands, whether all of it was warned of, and whether a
// warning that it belongs to is open.
type founded struct {
	Seq      int64
	Evidence []domain.EventID
	Told     bool `json:",omitzero"`
	Open     bool `json:",omitzero"`
}

// raised is an open warning. Lost: nothing that it rests on is a hit any
// more, and that was not Said yet.
type raised struct {
	ID       domain.WarningID
	Evidence []domain.EventID
	Lost     bool `json:",omitzero"`
	Said     bool `json:",omitzero"`
}

// GroundLost is the reason for which a warning is escalated that rests on no
// hit any more.
const GroundLost = "what the rule found no longer stands: an event recorded since, late or as a correction, tells otherwise; " +
	"look again, and dismiss the warning or say what remains of it"

// GroundLostChinese says the same in Chinese.
const GroundLostChinese = "规则发现的情形已不成立：此后补录或者更正的事件说明情况并非如此；请重新查看，排除该预警或者说明尚存的问题"

// subject returns the state of a subject to be changed, and remembers to look
// at it when the event is folded.
func (x *scene) subject(name string) *whom {
	m := x.around.Matter(name)
	if m.Whom == nil {
		m.Whom = &whom{}
	}
	if !slices.Contains(x.whom, name) {
		x.whom = append(x.whom, name)
	}
	return m.Whom
}

func (x *scene) join(s Standing) {
	w := x.subject(s.Subject())
	w.Hits = append(w.Hits, founded{Seq: s.Seq, Evidence: s.Evidence})
}

func (x *scene) leave(s Standing) {
	w := x.subject(s.Subject())
	w.Hits = slices.DeleteFunc(w.Hits, func(f founded) bool { return f.Seq == s.Seq })
}

func warningMatter(id string) string { return "warning " + id }

// warned takes in what became of a warning.
func (x *scene) warned() {
	id := x.r.Act.Subject
	switch e := warning.Now(x.r.Event).(type) {
	case warning.Raised:
		if byCode[e.Rule] == nil {
			return
		}
		name := subject(e.Rule, e.Unit, e.Post, e.Officer)
		x.around.Matter(warningMatter(id)).Warning = name
		w := x.subject(name)
		w.Warned = union(w.Warned, e.Evidence)
		w.Warnings = append(w.Warnings, raised{ID: domain.WarningID(id), Evidence: e.Evidence})
	case warning.Grouped:
		if w := x.warning(id); w != nil {
			w.Warned = union(w.Warned, e.Evidence)
			for i := range w.Warnings {
				if w.Warnings[i].ID == domain.WarningID(id) {
					w.Warnings[i].Evidence = union(w.Warnings[i].Evidence, e.Evidence)
				}
			}
		}
	case warning.Escalated:
		if w := x.warning(id); w != nil && e.Reason == GroundLost && x.r.Act.Role == domain.RoleSystem {
			for i := range w.Warnings {
				w.Warnings[i].Said = w.Warnings[i].Said || w.Warnings[i].ID == domain.WarningID(id)
			}
		}
	case warning.ActedOn:
		x.settled(id)
	case warning.Dismissed:
		x.settled(id)
	}
}

// warning returns the subject of a warning; nil where it is none of ours.
func (x *scene) warning(id string) *whom {
	name := x.around.Look(warningMatter(id)).Warning
	if name == "" {
		return nil
	}
	return x.subject(name)
}

func (x *scene) settled(id string) {
	w := x.warning(id)
	if w == nil {
		return
	}
	w.Warnings = slices.DeleteFunc(w.Warnings, func(r raised) bool {
		if r.ID == domain.WarningID(id) && r.Lost {
			x.changes = append(x.changes, Change{What: Grounded, Warning: r.ID})
		}
		return r.ID == domain.WarningID(id)
	})
}

// tell brings up to date which hits are warned of, and which open warnings
// still have a ground.
func (x *scene) tell() {
	for _, name := range x.whom {
		w := x.around.Matter(name).Whom
		for i := range w.Hits {
			h := &w.Hits[i]
			if told, open := len(w.fresh(h.Evidence)) == 0, len(w.Warnings) > 0; told != h.Told || open != h.Open {
				h.Told, h.Open = told, open
				x.changes = append(x.changes, Change{What: Warned, Seq: h.Seq, Told: told, Open: open})
			}
		}
		for i := range w.Warnings {
			r := &w.Warnings[i]
			ground := slices.ContainsFunc(w.Hits, func(f founded) bool {
				return slices.ContainsFunc(f.Evidence, func(e domain.EventID) bool { return slices.Contains(r.Evidence, e) })
			})
			r.Said = r.Said && !ground
			// A warning of the day's flood, or one that named no event, rests on no hit.
			if lost := !ground && !r.Said && len(r.Evidence) > 0 && !strings.HasPrefix(name, "subject "+Flooded.Code); lost != r.Lost {
				r.Lost = lost
				x.changes = append(x.changes, Change{What: Grounded, Warning: r.ID, Told: lost})
			}
		}
	}
}

// fresh are the events that were not warned of.
func (w *whom) fresh(evidence []domain.EventID) (out []domain.EventID) {
	for _, e := range evidence {
		if !slices.Contains(w.Warned, e) {
			out = append(out, e)
		}
	}
	return out
}

// Fresh returns which of the hit's events were not warned of yet, and the open
// warning that they belong to, "" where none is open. m is the matter of the
// hit's subject.
func (m *Matter) Fresh(h *Hit) (evidence []domain.EventID, open domain.WarningID) {
	if m.Whom == nil {
		return h.Evidence, ""
	}
	for _, r := range m.Whom.Warnings {
		open = r.ID
	}
	return m.Whom.fresh(h.Evidence), open
}

func union(a, b []domain.EventID) []domain.EventID {
	a = slices.Clip(a)
	for _, id := range b {
		if !slices.Contains(a, id) {
			a = append(a, id)
		}
	}
	return a
}
