package alerts_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/unit"
)

func placed(id, parent string) told {
	return told{on: "2023-01-02", subject: id, event: unit.Established{Parent: domain.UnitID(parent)}}
}

func movedTo(on, id, parent string) told {
	return told{on: on, subject: id, event: unit.Moved{Parent: domain.UnitID(parent)}}
}

func rotated(on, to string) told {
	return told{on: on, subject: "P7", event: officer.Rotated{Unit: domain.UnitID(to), On: domain.MustDate(on)}}
}

// The tree: U0 has the agencies A and B, A has the section U1, B the section U2.
// The list is adopted by one of them, in force from 1 February 2024; the term is
// 30 days.
func TestAListIsOwedBelowTheUnitThatAdoptedIt(t *testing.T) {
	tree := []told{placed("U0", ""), placed("A", "U0"), placed("B", "U0"), placed("U1", "A"), placed("U2", "B")}
	by := func(of string) []told {
		return []told{{on: "2024-01-02", subject: "L1", event: norm.Drafted{NormKind: norm.KindProhibition, Unit: domain.UnitID(of)}},
			{on: "2024-01-02", subject: "L1", event: norm.Adopted{Version: 1, From: domain.MustDate("2024-02-01")}}}
	}
	known := func(on string) told {
		return told{on: on, subject: "L1", event: norm.Acknowledged{Officer: "P7", Version: 1}}
	}
	// enrolled puts P7 into U1 on 2 January 2024. The tree has 5 events.
	for _, c := range []struct {
		name string
		told []told
		want []string
	}{
		{"of the own section", all(tree, []told{enrolled}, by("U1")), []string{"list.unacknowledged U1/P7 2024-03-03 [e8]"}},
		{"of the agency above", all(tree, []told{enrolled}, by("A")), []string{"list.unacknowledged U1/P7 2024-03-03 [e8]"}},
		{"of the very top", all(tree, []told{enrolled}, by("U0")), []string{"list.unacknowledged U1/P7 2024-03-03 [e8]"}},
		{"of an agency beside", all(tree, []told{enrolled}, by("B")), nil},
		{"of a section below another", all(tree, []told{{on: "2024-01-02", subject: "P7", event: officer.Enrolled{Unit: "A", On: domain.MustDate("2024-01-02")}}}, by("U1")), nil},
		{"the list first, the officer later", all(tree, by("A"), []told{{on: "2024-05-06", subject: "P7", event: officer.Enrolled{Unit: "U1", On: domain.MustDate("2024-05-06")}}}),
			[]string{"list.unacknowledged U1/P7 2024-06-06 [e7]"}},
		{"a unit of old records", []told{{on: "2023-01-02", subject: "U1", old: true, event: unit.Imported{Parent: "A"}}, enrolled, by("A")[0], by("A")[1]},
			[]string{"list.unacknowledged U1/P7 2024-03-03 [e4]"}},

		// Who comes has as long as the others had.
		{"who is rotated in has 30 days from then", all(tree, []told{enrolled}, by("B"), []told{rotated("2024-09-02", "U2")}), []string{"list.unacknowledged U2/P7 2024-10-03 [e8]"}},
		{"and acknowledges in them", all(tree, []told{enrolled}, by("B"), []told{rotated("2024-09-02", "U2"), known("2024-10-02")}), nil},
		{"who is rotated out in time owes nothing", all(tree, []told{enrolled}, by("A"), []told{rotated("2024-03-02", "U2")}), nil},
		{"who is rotated out too late did", all(tree, []told{enrolled}, by("A"), []told{rotated("2024-04-01", "U2")}), []string{"list.unacknowledged U1/P7 2024-03-03 to 2024-04-01 [e8]"}},
		{"a rotation below one top ends no term", all(tree, []told{enrolled}, by("U0"), []told{rotated("2024-02-15", "U2")}), []string{"list.unacknowledged U2/P7 2024-03-03 [e8]"}},
		{"and does not name another unit later", all(tree, []told{enrolled}, by("U0"), []told{rotated("2024-06-03", "U2")}), []string{"list.unacknowledged U1/P7 2024-03-03 [e8]"}},

		// Units are moved.
		{"a section that comes under the agency", all(tree, []told{enrolled}, by("B"), []told{movedTo("2024-09-02", "U1", "B")}), []string{"list.unacknowledged U1/P7 2024-10-03 [e8]"}},
		{"its whole agency does", all(tree, []told{enrolled}, by("B"), []told{movedTo("2024-09-02", "A", "B")}), []string{"list.unacknowledged U1/P7 2024-10-03 [e8]"}},
		{"a section that leaves it in time", all(tree, []told{enrolled}, by("A"), []told{movedTo("2024-02-15", "U1", "B")}), nil},
		{"a section that leaves it later", all(tree, []told{enrolled}, by("A"), []told{movedTo("2024-04-01", "U1", "B")}), []string{"list.unacknowledged U1/P7 2024-03-03 to 2024-04-01 [e8]"}},
		{"a move that changes nothing above", all(tree, []told{enrolled}, by("U0"), []told{movedTo("2024-02-15", "U1", "B")}), []string{"list.unacknowledged U1/P7 2024-03-03 [e8]"}},
		{"away and back: 30 days each time", all(tree, []told{enrolled}, by("A"), []told{movedTo("2024-02-15", "U1", "B"), movedTo("2024-05-06", "U1", "A")}),
			[]string{"list.unacknowledged U1/P7 2024-06-06 [e8]"}},
		{"a move recorded before the list and the officer", all(tree, []told{movedTo("2023-06-01", "U1", "B")}, by("B"), []told{enrolled}), []string{"list.unacknowledged U1/P7 2024-03-03 [e8]"}},
		{"units that lie below each other end the walk", all(tree, []told{movedTo("2024-01-02", "A", "U1"), enrolled}, by("B")), nil},
		{"who left owes nothing from there", all(tree, []told{enrolled}, by("A"), []told{{on: "2024-02-10", subject: "P7", event: officer.Separated{On: domain.MustDate("2024-02-10")}}}), nil},
		{"who came back has 30 days again", all(tree, []told{enrolled}, by("A"), []told{{on: "2024-02-10", subject: "P7", event: officer.Separated{On: domain.MustDate("2024-02-10")}},
			{on: "2024-08-01", subject: "P7", event: officer.Reinstated{On: domain.MustDate("2024-08-01")}}}), []string{"list.unacknowledged U1/P7 2024-09-01 [e8]"}},
	} {
		t.Run(c.name, func(t *testing.T) { newWorld(t).tell(c.told...).want(c.want...) })
	}
}

// What was found of an officer stays with the unit in which it was, so that
// nobody is warned of it anew when the officer was moved.
func TestAHitStaysWithItsUnit(t *testing.T) {
	w := newWorld(t).tell(enrolled, grade("2025-01-10", 2024, "incompetent"), grade("2026-01-10", 2025, "incompetent"))
	w.want("appraisal.worst_twice U1/P7 2026-01-10 [e2 e3]")
	w.tell(rotated("2026-03-02", "U2"), grade("2027-01-11", 2026, "competent"))
	w.want("appraisal.worst_twice U1/P7 2026-01-10 [e2 e3]")
}
