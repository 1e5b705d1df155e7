package projections_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/projections"
)

// drawnText is made of few signs, so that what is looked for is there, often
// more than once and overlapping.
func drawnText(rnd *rand.Rand, words int) string {
	pool := []string{"海", "海海", "关", "海关", "监管", "窗口", "张伟", "a", "aa", "ab", "abc", "Zhāng", "ZHANG", "1", "12", "2024", "P-0042", "o'clock", "𠮷", "ガス", "ﬁle", "ไทย", "x\\y", "\x00"}
	seps := []string{"", "", " ", "，", "\n", "-", " ' "}
	var b strings.Builder
	for range words {
		b.WriteString(pool[rnd.IntN(len(pool))])
		b.WriteString(seps[rnd.IntN(len(seps))])
	}
	if strings.Trim(b.String(), " \n-'，") == "" {
		return "a"
	}
	return strings.TrimSpace(b.String())
}

// found lists what a search finds, page by page, with its passages.
func found(t testing.TB, r *projections.Reader, text string) (out []string) {
	for _, h := range foundBy(t, r, text) {
		out = append(out, fmt.Sprintf("%s %q %s", h.Ref, h.Title, marked(h.Passage)))
	}
	return out
}

// Both find the same, in the same order, on the same pages.
func TestBothFindTheSame(t *testing.T) {
	inPostgres(t)
	hits := 0
	for seed := range uint64(2) {
		rnd := rand.New(rand.NewPCG(seed, 9))
		h := agency(t)
		h.on("2024-05-20")
		for i := range 60 {
			words := 1 + rnd.IntN(30)
			if i%20 == 0 {
				words = 700 // more places of a term than PostgreSQL would keep
			}
			h.try("intake:T1", fmt.Sprint("Q", i), complaint.Receive{Channel: complaint.ChannelLetter, Category: "other", Summary: drawnText(rnd, words), Place: drawnText(rnd, 2), Unit: domain.UnitID([]string{"W1", "D2"}[i%2])})
		}
		for i, text := range []string{"海海海海海海", "海海海，海海海，海海海", "bb bb bb bb bb bb", "bb bb, c bb bb, c bb bb"} { // four within each other, or three
			h.do("intake:T1", fmt.Sprint("R", i), complaint.Receive{Channel: complaint.ChannelLetter, Category: "other", Summary: text, Unit: "D2"})
		}
		inFile, err := projections.Open(t.TempDir(), h.codec, h.options())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = inFile.Close() })
		h.catchUp(inFile)
		dir := t.TempDir()
		inTables := h.viewsIn(dir)
		if err := inTables.CatchUp(context.Background(), upTo{h.store, 60}, nil); err != nil {
			t.Fatal(err)
		}
		h.catchUp(inTables) // event by event
		atOnce := h.built() // in one load
		queries := []string{"海", "海海", "海海海", `"bb bb"`, `"海海"`, "海 关", "a", "aa", `"a a"`, `"aa aa"`, "a a", `"1 1"`, "zhang", "P-0042", "12 2", "o'clock", "𠮷", "file", "ไท", "\\", "x\\y", "other", "*", "Q1", "q 1"}
		for range 60 {
			q := drawnText(rnd, 1+rnd.IntN(3))
			if rnd.IntN(3) == 0 {
				q = `"` + q + `"`
			}
			queries = append(queries, q)
		}
		for i, q := range queries {
			who := auditor
			if i%3 == 0 {
				who = as(domain.RoleIntake, "T1", "D2")
			}
			if strings.TrimSpace(q) == "" || len(q) > 200 {
				continue
			}
			want := found(t, inFile.As(who), q)
			hits += len(want)
			if diff := cmp.Diff(want, found(t, inTables.As(who), q)); diff != "" {
				t.Errorf("seed %d, %q: a file (-) and PostgreSQL (+) find:\n%s", seed, q, diff)
			}
			if diff := cmp.Diff(want, found(t, atOnce.As(who), q)); diff != "" {
				t.Errorf("seed %d, %q: a file (-) and PostgreSQL, loaded at once (+), find:\n%s", seed, q, diff)
			}
		}
	}
	if hits < 1000 {
		t.Errorf("only %d hits: the texts tell nothing", hits)
	}
}

// A document may have more terms, and more places of one, than PostgreSQL keeps.
func TestDocumentsBeyondWhatPostgreSQLKeepsAreFoundAlike(t *testing.T) {
	inPostgres(t)
	h := agency(t)
	inFile, err := projections.Open(t.TempDir(), h.codec, h.options())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = inFile.Close() })
	inTables := h.aloneIn(t.TempDir())
	var distinct strings.Builder
	for i := 0; distinct.Len() < 64<<10-20; i++ {
		fmt.Fprintf(&distinct, "ﷺ%d ", i)
	}
	long := strings.Repeat("海关监管", 16<<10/4) + "窗口 " + strings.Repeat("y", 3000) + " end end"
	for _, v := range []*projections.Views{inFile, inTables} {
		h.catchUp(v)
		for _, err := range []error{
			v.IndexText(domain.ComplaintID("C1").Ref(), "", long, ""),
			v.IndexText(domain.ComplaintID("C3").Ref(), strings.ReplaceAll(distinct.String(), "ﷺ", "aﷺ"), distinct.String(), strings.ReplaceAll(distinct.String(), "ﷺ", "bﷺ")),
			v.IndexText(domain.ComplaintID("C4").Ref(), "end", strings.Repeat("end ", 300)+"窗口", ""),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, q := range []string{"end", `"end end"`, "窗口", "监管窗口", "管海", strings.Repeat("y", 150), `"` + strings.Repeat("y", 150) + `"`, "ﷺ7", `"ﷺ7"`, `"ﷺ7 ﷺ8"`, "bﷺ77 aﷺ5", "ﷺ" + strings.Repeat("9", 90), strings.Repeat("ﷺ", 60)} {
		want := refsOf(foundBy(t, inFile.As(auditor), q))
		if got := refsOf(foundBy(t, inTables.As(auditor), q)); !slices.Equal(got, want) {
			t.Errorf("%.40q finds %v in PostgreSQL, %v in a file", q, got, want)
		}
		if strings.HasPrefix(q, "end") && len(want) != 2 || q == `"ﷺ7 ﷺ8"` && len(want) != 1 {
			t.Errorf("%q finds %v", q, want)
		}
	}
}
