package projections_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/projections"
	"github.com/probity-ledger/probity/projections/terms"
)

// foundBy returns all that a search finds, best first.
func foundBy(t testing.TB, r *projections.Reader, text string, types ...string) []projections.Hit {
	t.Helper()
	var out []projections.Hit
	for p := (projections.Page{First: 7}); ; {
		l, err := r.Search(context.Background(), text, types, p)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		out = append(out, l.Items...)
		if !l.HasNextPage {
			if n, err := l.TotalCount(context.Background()); err != nil || n != len(out) {
				t.Fatalf("%q: counted %d, listed %d, %v", text, n, len(out), err)
			}
			return out
		}
		p.After = l.Cursor(len(l.Items) - 1)
	}
}

func refsOf(hits []projections.Hit) []string {
	out := []string{}
	for _, h := range hits {
		out = append(out, h.Ref.String())
	}
	return out
}

// seesHit tells whether the object that was found is seen when it is asked
// for.
func seesHit(t *testing.T, r *projections.Reader, ref domain.Ref) bool {
	t.Helper()
	var o any
	var err error
	switch ref.Type {
	case "finding":
		o, err = some(r.Finding(context.Background(), ref.ID))
	case "post_risk":
		o, err = some(r.PostRisk(context.Background(), ref.ID))
	default:
		o, err = present(context.Background(), r, ref)
	}
	if err != nil {
		t.Fatal(err)
	}
	return o != nil
}

// Whatever is looked for, a principal finds of what there is what they see,
// no more and no less, in the same order, and it counts the same.
func TestASearchFindsWhatIsSeenAndNothingElse(t *testing.T) {
	v := agency(t).random(6, 300).built()
	words := []string{"张", "zhang", "zhangwei", "海关", "窗口", "delay", "file", "shouted visitor", "friend", "gifts", "model", "commendation", "news", "a", "o", "s", "c", "d", "x", "y",
		"admonition", "courtesy", "P1", "W1", "1", "log", "north", "held", "old matter", "rep", "demerit", "k"}
	met := map[string]bool{}
	for _, who := range []projections.Principal{auditor, as(domain.RoleInspector, "I1", "D1"), as(domain.RoleInspector, "I9", "D2"), as(domain.RoleHR, "R1", projections.AllUnits), as(domain.RoleLeader, "L1", "W1"),
		as(domain.RoleIntake, "T1", "D1"), as(domain.RoleHandler, "H1"), as(domain.RoleOfficer, "P1"), as(domain.RoleOfficer, "P2"), as(domain.RoleOverseer, "O"), as(domain.RolePublic, ""), {}} {
		for _, word := range words {
			want := []string{}
			for _, h := range foundBy(t, v.As(auditor), word) {
				met[h.Ref.Type] = true
				if seesHit(t, v.As(who), h.Ref) {
					want = append(want, h.Ref.String())
				}
			}
			if got := refsOf(foundBy(t, v.As(who), word)); !slices.Equal(got, want) {
				t.Errorf("%s %s searches %q: finds %v, sees %v", who.Role, who.Subject, word, got, want)
			}
		}
	}
	for _, typ := range []string{"officer", "unit", "post", "complaint", "misconduct", "finding", "sanction", "reward", "activity", "post_risk"} {
		if !met[typ] {
			t.Errorf("no %s was found: the words tell nothing of it", typ)
		}
	}
}

// Of very many answers the last are taken, of what the reader sees, and ranked
// as few are.
func TestOfVeryManyAnswersTheLastAreTaken(t *testing.T) {
	h := agency(t)
	h.on("2024-05-21")
	const more = 5
	receive := func(id, text string, in domain.UnitID) {
		h.do("intake:T1", id, complaint.Receive{Channel: complaint.ChannelLetter, Category: "other", Summary: text, Unit: in})
	}
	receive("best", "quay quay quay quay", "W1") // but it came first
	for i := range projections.MaxHits + more - 2 {
		receive(fmt.Sprintf("Q%04d", i), "a quay", "W1")
	}
	receive("last", "quay quay quay", "W1")
	v := h.built()
	hits := refsOf(foundBy(t, v.As(auditor), "quay"))
	if len(hits) != projections.MaxHits || hits[0] != "complaint-last" || slices.Contains(hits, "complaint-best") || slices.Contains(hits, "complaint-Q0003") || !slices.Contains(hits, "complaint-Q0004") {
		t.Errorf("%d are found, %v…", len(hits), hits[:min(3, len(hits))])
	}
	for i := range 2 { // who sees few is shown them all, whatever others see
		receive(fmt.Sprintf("D%d", i), "a quay", "D2")
	}
	for i := range more {
		receive(fmt.Sprintf("R%d", i), "a quay", "W1")
	}
	h.catchUp(v)
	if hits := refsOf(foundBy(t, v.As(as(domain.RoleIntake, "T1", "D2")), "quay")); !slices.Equal(hits, []string{"complaint-D0", "complaint-D1"}) {
		t.Errorf("in a unit of few: %v", hits)
	}
}

func TestSearchFollowsWhatChanges(t *testing.T) {
	h := agency(t)
	v := h.built()
	h.on("2024-05-21")
	h.do("intake:T1", "C9", complaint.Receive{Channel: complaint.ChannelLetter, Category: "delay", Summary: "申报单被扣留一周，窗口无人答复", Unit: "W1"})
	h.do("hr:R1", "P8", officer.Enroll{FullName: "欧阳晓明", LatinName: "Ouyang Xiaoming", StaffNumber: "HG-0815", Unit: "W1"})
	h.catchUp(v)
	for text, want := range map[string]string{
		"扣留": "complaint-C9", "窗口 扣留": "complaint-C9", "答": "complaint-C9", "扣留窗口": "", `"无人答复"`: "complaint-C9", "C9": "complaint-C9",
		"欧阳": "officer-P8", "晓明": "officer-P8", "阳晓": "officer-P8", "xiaoming": "officer-P8", "ouyangxiao": "officer-P8", "ŌUYÁNG": "officer-P8",
		"HG-0815": "officer-P8", "0815": "officer-P8", `"ouyang xiao"`: "", "HG-0816": "",
	} {
		if got := strings.Join(refsOf(foundBy(t, v.As(auditor), text)), " "); got != want {
			t.Errorf("%q finds %q, want %q", text, got, want)
		}
	}
}

func TestAHitShowsWhereTheWordsStand(t *testing.T) {
	v := agency(t).built()
	for _, c := range []struct{ text, of, title, want string }{
		{"held week", "complaint-C1", "delay", "declaration [held] back for a [week]\nnorth gate"},
		{"zhang", "officer-P1", "张伟 · Zhang Wei", "张伟 · [Zhang] Wei"},
		{"zhangwei", "officer-P1", "张伟 · Zhang Wei", "张伟 · Zhang Wei"},
		{"关", "unit-A", "海关 · Customs", "海[关] · Customs"},
		{"took", "misconduct-M5", "", "[took] gifts"},
	} {
		hits := foundBy(t, v.As(auditor), c.text)
		i := slices.IndexFunc(hits, func(h projections.Hit) bool { return h.Ref.String() == c.of })
		if i < 0 {
			t.Errorf("%q finds %v", c.text, refsOf(hits))
			continue
		}
		if got := marked(hits[i].Passage); got != c.want || hits[i].Title != c.title {
			t.Errorf("%q in %q shows %q", c.text, hits[i].Title, got)
		}
	}
}

func marked(parts []terms.Part) string {
	var b strings.Builder
	for _, p := range parts {
		if p.Found {
			fmt.Fprintf(&b, "[%s]", p.Text)
		} else {
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

// The order of what somebody sees must not depend on what they do not see.
func TestRelevanceDoesNotTellOfWhatIsNotSeen(t *testing.T) {
	h := agency(t)
	h.on("2024-05-21")
	for i, text := range []string{"gate gate gate, a seal", "seal seal, a gate"} {
		h.do("intake:T1", fmt.Sprintf("D%d", i), complaint.Receive{Channel: complaint.ChannelLetter, Category: "other", Summary: text, Unit: "D2"})
	}
	v := h.built()
	narrow := as(domain.RoleIntake, "T1", "D2")
	before := refsOf(foundBy(t, v.As(narrow), "gate seal", "complaint"))
	for i := range 40 { // in a unit that is not theirs
		h.do("intake:T1", fmt.Sprintf("Z%d", i), complaint.Receive{Channel: complaint.ChannelLetter, Category: "other", Summary: "seal", Unit: "W1"})
	}
	h.catchUp(v)
	if after := refsOf(foundBy(t, v.As(narrow), "gate seal", "complaint")); len(before) != 2 || !slices.Equal(before, after) {
		t.Errorf("the order was %v and is %v", before, after)
	}
}

func TestNoTextOfAQueryReachesTheLanguageOfTheIndex(t *testing.T) {
	r := agency(t).built().As(auditor)
	for _, text := range []string{`"`, `""`, `"*"`, `a" OR title:"b`, "NEAR(a b)", "title:file", "{title body}:x", "^file", "-file", "file AND NOT lost", "(((((", "%", "_", "*", "\x00", "\xff\xfe", "𝔣𝔦𝔩𝔢",
		strings.Repeat("a ", 100), strings.Repeat(`"`, 200), strings.Repeat("海", 66), "'; DROP TABLE texts; --", "٣", "ﷺ"} {
		if _, err := r.Search(context.Background(), text, nil, projections.Page{}); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
	for _, text := range []string{"", " ", "\t\n", strings.Repeat("x", 201), strings.Repeat("y", 10_000)} {
		if _, err := r.Search(context.Background(), text, nil, projections.Page{}); domain.RefusalCode(err) != domain.CodeInvalid {
			t.Errorf("%d bytes: %v", len(text), err)
		}
	}
	if got := refsOf(foundBy(t, r, "𝔣𝔦𝔩𝔢 lost")); !slices.Equal(got, []string{"complaint-C3"}) {
		t.Errorf("compatibility forms find %v", got)
	}
}
