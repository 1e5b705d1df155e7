package console

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// shown answers every question about a page with the same data, and returns the
// page.
func shown(t *testing.T, path, data string) string {
	t.Helper()
	return shownIn(t, "en", path, data)
}

func shownIn(t *testing.T, lang, path, data string) string {
	t.Helper()
	resp, body := request{path: path, token: "auditor", header: map[string]string{"Accept-Language": lang}}.to(t, newHandler(t, &fake{answer: Answer{Data: json.RawMessage(data)}}))
	if resp.StatusCode != 200 {
		t.Fatalf("%s: %d", path, resp.StatusCode)
	}
	return body
}

func TestTheFunnelShowsWhomItMayShow(t *testing.T) {
	row := func(member, of string, decided, outside int, place string) string {
		return fmt.Sprintf(`{%s,"decided":%d,"outside":%d,"outsideShare":%.2f,"alike":0,"spread":0,"place":%q,"limits":{"low95":1.5,"high95":19.25,"low998":0,"high998":31}}`,
			strings.Replace(`"unit":null,"post":null,"officer":null,"benchmark":null,"clause":null`, fmt.Sprintf("%q:null", member), fmt.Sprintf("%q:%s", member, of), 1),
			decided, outside, 100*float64(outside)/float64(decided), place)
	}
	unit := func(id string, decided, outside int, place string) string {
		return row("unit", fmt.Sprintf(`{"id":%q,"name":"","nameEn":""}`, id), decided, outside, place)
	}
	answer := func(rows ...string) string {
		return `{"norms":null,"discretionFunnel":{"mean":9.5,"spread":0.0213,"doubt":0.004,"rows":[` + strings.Join(rows, ",") + `],"curve":[` +
			`{"decided":1,"limits":{"low95":0,"high95":100,"low998":0,"high998":100},"chance":{"low95":0,"high95":99}},{"decided":200,"limits":{"low95":2,"high95":18,"low998":1,"high998":26},"chance":{"low95":6,"high95":13}}]}}`
	}
	holds := func(page string, want ...string) {
		t.Helper()
		for _, w := range want {
			if !strings.Contains(page, w) {
				t.Errorf("the page lacks %s", w)
			}
		}
	}
	page := shown(t, "/console/discretion?kind=PENALTY", answer(unit("few", 4, 4, "BEYOND_998"), unit("many", 40, 20, "BEYOND_998"), unit("like", 200, 16, "WITHIN"), unit("never", 200, 2, "BEYOND_95")))
	holds(page, "Of 444 acts decided under a tier, 42 lie outside it: 9.46 %.", "Beyond the limits of 95 %: 1; beyond those of 99.8 %: 1.", "1 have fewer than five acts",
		`<circle class="out998"`, `<circle class="out95"`, `aria-label="many: 20 / 40 = 50 %"`, `href="/console/enforcements?deviated=1&amp;kind=PENALTY&amp;unit=many"`, "accuses nobody",
		"1.5 – 19.25 %", "0.021 ± 0.004", "Fewer than ten are compared")
	if strings.Contains(page, "100 %</td>") || strings.Contains(page, `aria-label="few`) {
		t.Error("a share of fewer than five acts is told")
	}
	if got := strings.Count(page, "<circle"); got != 3 {
		t.Errorf("%d points are drawn, want 3", got)
	}
	if got := strings.Count(page, `class="chance95"`) + strings.Count(page, `class="limit95"`) + strings.Count(page, `class="limit998"`); got != 6 {
		t.Errorf("%d limits are drawn, want 6", got)
	}
	if few := strings.Index(page, "few</bdi>"); few < strings.Index(page, "never</bdi>") {
		t.Error("whoever has too few acts stands before the others")
	}
	holds(shown(t, "/console/discretion?by=officer", answer(row("officer", `{"id":"P1","name":"张伟","latinName":"Zhang Wei"}`, 9, 1, "WITHIN"))),
		`href="/console/enforcements?deviated=1&amp;officer=P1"`, "Zhang Wei", "whom you may see")
	clause := row("benchmark", `{"id":"NB","title":"<b>how much"}`, 9, 1, "WITHIN")
	holds(shown(t, "/console/discretion?by=clause", answer(strings.Replace(clause, `"clause":null`, `"clause":"12"`, 1))),
		`href="/console/enforcements?benchmark=NB&amp;deviated=1"`, "&lt;b&gt;how much 12", "the versions of a benchmark count together")
	holds(shownIn(t, "zh", "/console/discretion", answer(unit("many", 40, 20, "WITHIN"))), "各比较对象之间本来就有差异", "不指控任何人", "0.021 ± 0.004")

	page = shown(t, "/console/discretion", `{"norms":{"nodes":[]},"discretionFunnel":null}`)
	if strings.Contains(page, "<svg") || !strings.Contains(page, "Nothing on file.") {
		t.Error("a funnel of nothing is drawn")
	}
}

func TestNiceStepsAreFewAndRound(t *testing.T) {
	for last, want := range map[float64]string{31: "0 5 10 15 20 25 30", 100: "0 20 40 60 80 100", 7: "0 1 2 3 4 5 6 7", 0.4: "0 0.1 0.2 0.3 0.4", 12345: "0 2000 4000 6000 8000 10000 12000"} {
		if got := strings.Trim(fmt.Sprint(niceSteps(last)), "[]"); got != want {
			t.Errorf("up to %v: %s, want %s", last, got, want)
		}
	}
}

func TestTheRiskMapCounts(t *testing.T) {
	risk := func(post, unit, grade string, untested bool, level string, likelihood, harm int) string {
		return fmt.Sprintf(`{"id":"%[1]s/F1","code":"F1","description":"d-%[1]s","grade":%[3]q,"score":90,"due":"2026-09-01","overdue":false,"pending":false,"tested":false,"untested":%[4]v,
"unit":{"id":%[2]q,"name":%[2]q,"nameEn":""},"post":{"id":%[1]q,"name":%[1]q,"nameEn":""},"gradings":[{"level":"UNIT","open":false,"factors":{"likelihood":1,"harm":1}},{"level":%[5]q,"open":false,"factors":{"likelihood":%[6]d,"harm":%[7]d}}]}`, post, unit, grade, untested, level, likelihood, harm)
	}
	data := `{"postRisks":{"totalCount":4,"pageInfo":{"hasNextPage":false,"hasPreviousPage":false,"startCursor":null,"endCursor":null},"nodes":[` + strings.Join([]string{
		risk("K1", "U1", "HIGH", true, "LEADERSHIP", 4, 5), risk("K2", "U1", "MEDIUM", false, "LEADERSHIP", 4, 5), risk("K3", "U2", "LOW", false, "LEADERSHIP", 2, 1), risk("K4", "U2", "MEDIUM", false, "SECTION", 3, 3),
	}, ",") + `]}}`
	page := shown(t, "/console/posts", data)
	for _, want := range []string{
		`href="/console/posts?harm=5&amp;likelihood=4#risks" aria-label="Likelihood 4, harm 5: 2 risks, 1 of them high and without a tested control"`, `class="cell high"`, `class="cell low"`,
		"1 are not graded by the leadership yet", `href="/console/posts?unit=U1"`, `href="/console/posts/K4"`, ">1 untested</text>",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the map lacks %s", want)
		}
	}
	if got := strings.Count(page, `class="cell`); got != 25 {
		t.Errorf("%d squares, want 25", got)
	}
	page = shown(t, "/console/posts?likelihood=2&harm=1", data)
	if !strings.Contains(page, "d-K3") || strings.Contains(page, "d-K1") || !strings.Contains(page, `aria-current="true"`) {
		t.Error("a square does not lead to its risks alone")
	}
}

func TestClocksAreLateAtAGlance(t *testing.T) {
	owed := func(id, state, from, due string, used int) string {
		return fmt.Sprintf(`{"id":"x","clock":"complaint.handle","what":"w","source":null,"part":null,"subject":{"type":"COMPLAINT","id":%q},"who":null,"role":"HANDLER","state":%q,"startedOn":%q,"due":%q,"extended":false,"shareUsed":%d,"daysLate":9,"unit":null,"officer":null}`, id, state, from, due, used)
	}
	none := `{"pageInfo":{"hasNextPage":false},"nodes":[]}`
	data := `"handle":{"pageInfo":{"hasNextPage":true},"nodes":[` + owed("C3", "OPEN", "2026-02-01", "2026-04-30", 30) + `,` + owed("C1", "LATE", "2025-10-01", "2025-11-30", 250) + `,` + owed("C2", "OPEN", "2026-01-10", "2026-03-11", 90) + `]}`
	for _, clock := range complaintClocks {
		if clock != "handle" {
			data += `,"` + clock + `":` + none
		}
	}
	page := shown(t, "/console/clocks", "{"+data+"}")
	if !strings.Contains(page, "3 deadlines of complaints are listed, 1 of them late. Of kinds with a &#43; there are more") {
		t.Error("the page does not say how many there are")
	}
	first, second, third := strings.Index(page, ">C1</text>"), strings.Index(page, ">C2</text>"), strings.Index(page, ">C3</text>")
	if first < 0 || first > second || second > third {
		t.Errorf("the earliest last day does not stand first: %d, %d, %d", first, second, third)
	}
	rows := regexp.MustCompile(`<rect class="(bad|warn|open)" x="(\d+)" y="\d+" width="(\d+)" height="(\d+)"`).FindAllStringSubmatch(page, -1)
	if len(rows) != 4 || rows[0][1] != "bad" || rows[0][4] != "8" || rows[2][1] != "warn" || rows[3][1] != "open" {
		t.Errorf("drawn are %v", rows)
	}
	today := regexp.MustCompile(`class="today" x1="(\d+)"`).FindStringSubmatch(page)
	var due, over, now int
	fmt.Sscan(rows[0][2], &due)
	fmt.Sscan(rows[0][3], &over)
	fmt.Sscan(today[1], &now)
	if due+over != now {
		t.Errorf("what is late reaches to %d, today is at %d", due+over, now)
	}
}

func TestSurveysAreDrawnWithoutWhatIsNotTold(t *testing.T) {
	words, err := loadWords()
	if err != nil {
		t.Fatal(err)
	}
	en := &tongue{lang: "en", words: words}
	cellOf := func(share string) map[string]any {
		if share == "" {
			return map[string]any{"count": nil, "share": nil, "suppressed": true}
		}
		return map[string]any{"count": json.Number("1"), "share": json.Number(share), "suppressed": false}
	}
	survey := func(shares ...string) map[string]any {
		out := map[string]any{"code": "S1", "valid": json.Number("178")}
		for i, grade := range surveyGrades {
			out[grade[0]] = cellOf(shares[i])
		}
		return out
	}
	// The survey of 2015: 53, 70, 42 and 13 of 178.
	c := drawGrades(en, []heldSurvey{{"P0", "2014-01-01", survey("50", "", "25", "")}, {"P1", "2015-01-01", survey("29.78", "39.33", "23.6", "7.3")}}, "P1")
	if len(c.Bars) != 2 || c.Bars[0].Here || !c.Bars[1].Here || len(c.Bars[1].Parts) != 4 {
		t.Fatalf("bars %+v", c.Bars)
	}
	end := 0
	for _, p := range c.Bars[1].Parts {
		if end != 0 && p.X != end {
			t.Errorf("a part begins at %d, the one before ends at %d", p.X, end)
		}
		end = p.X + p.Width
	}
	if end != surveyLeft+surveyWidth {
		t.Errorf("the bar ends at %d", end)
	}
	if hidden := c.Bars[0].Parts[2]; hidden.Class != "untold" || hidden.Width != surveyWidth/4 || hidden.Text != "" || strings.Contains(hidden.Label, "25") {
		t.Errorf("what is not told is drawn as %+v", hidden)
	}
	measure := func(exists, known, wanted string) any {
		return map[string]any{"code": "M1", "text": "pledges", "exists": cellOf(exists), "known": cellOf(known), "wanted": cellOf(wanted)}
	}
	m := drawMeasures(en, []any{measure("80", "", "50")}, []any{measure("60", "70", "")})
	if bars := m.Rows[0].Bars; bars[0].Width != measureSpan*8/10 || bars[0].Mark != measureLeft+measureSpan*6/10 || !bars[1].Untold || bars[1].Mark == 0 || bars[2].Mark != 0 || !m.Before {
		t.Errorf("bars %+v", bars)
	}
	held := heldUpTo(map[string]any{"nodes": []any{
		map[string]any{"id": "P3", "from": "2026-01-01", "surveys": []any{map[string]any{"closed": true}}},
		map[string]any{"id": "P2", "from": "2025-01-01", "surveys": []any{map[string]any{"closed": true, "heldOn": "2025-06-01"}, map[string]any{"closed": false}}},
		map[string]any{"id": "P1", "from": "2024-01-01", "surveys": []any{map[string]any{"closed": true, "heldOn": "2024-06-01"}}},
	}}, map[string]any{"id": "P2", "from": "2025-01-01"})
	if len(held) != 2 || held[0].programme != "P1" || held[1].programme != "P2" {
		t.Errorf("held up to the second cycle: %+v", held)
	}
}
