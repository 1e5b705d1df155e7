package console

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
)

const (
	toldRule = `{"code":"discretion.repeated","kind":"RULE","name":"outside the tier again","nameZh":"裁量反复偏离","article":"D5","finds":"that acts lie outside","findsZh":"偏离","notMeant":"that they are wrong","notMeantZh":"有错","imported":false,"versions":["1"],
"raised":24,"again":3,"acknowledged":20,"waiting":4,"late":5,"escalated":1,"notedLater":2,"actedOn":8,"dismissed":10,"open":6,"right":7,"wrong":9,"unclear":1,"notYetKnown":7,
"precision":{"share":43.75,"low":19.75,"high":70.13,"missing":null},"median":{"hours":71,"missing":null},"ninetieth":{"hours":241,"missing":null}}`
	hiddenRule = `{"code":"clock:complaint.handle","kind":"CLOCK","name":"handle it","nameZh":"办理","article":"I3","finds":"f","findsZh":"f","notMeant":"n","notMeantZh":"n","imported":false,"versions":[],
"raised":null,"again":null,"acknowledged":null,"waiting":null,"late":null,"escalated":null,"notedLater":null,"actedOn":null,"dismissed":null,"open":null,"right":null,"wrong":null,"unclear":null,"notYetKnown":null,
"precision":{"share":null,"low":null,"high":null,"missing":"SUPPRESSED"},"median":{"hours":null,"missing":"SUPPRESSED"},"ninetieth":{"hours":null,"missing":"SUPPRESSED"}}`
	toldGroups = `{"leftOut":true,"from":"2025-01-02","to":null,"of":[{"kind":null,"all":` + toldGroup + `,"groups":[` + toldGroup + `,` + hiddenGroup + `]}]}`
	toldGroup  = `{"group":"female","officers":40,"warned":10,"share":25,"low":12.69,"high":41.2,"ratio":1.25,"ratioLow":0.63,"ratioHigh":2.06,"missing":null,"known":12,"precision":{"share":50,"low":21.09,"high":78.91,"missing":null}}`
	// Nothing is recorded of them.
	hiddenGroup = `{"group":null,"officers":9,"warned":null,"share":null,"low":null,"high":null,"ratio":null,"ratioLow":null,"ratioHigh":null,"missing":"SUPPRESSED","known":null,"precision":{"share":null,"low":null,"high":null,"missing":"SUPPRESSED"}}`
)

// pageAs is a page as a role is shown it, and what it asked.
func pageAs(t *testing.T, role, path, data string) (string, Question) {
	t.Helper()
	return pageOf(t, Visitor{Role: role}, path, data)
}

// pageOf is what a visitor of that role and those units is shown.
func pageOf(t *testing.T, v Visitor, path, data string) (string, Question) {
	t.Helper()
	var asked Question
	h := newHandler(t, &fake{})
	h.config.Enter = func(*http.Request, string) (Visitor, error) {
		v.Subject, v.Expires = "x", time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
		v.Ask = func(_ context.Context, q Question) Answer {
			asked = q
			return Answer{Data: json.RawMessage(data)}
		}
		return v, nil
	}
	resp, body := request{path: path, token: v.Role, header: map[string]string{"Accept-Language": "en"}}.to(t, h)
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("%s as %s: %d", path, v.Role, resp.StatusCode)
	}
	return body, asked
}

func TestTheScoreOfARuleIsTold(t *testing.T) {
	page, asked := pageAs(t, "auditor", "/console/warning-rules?raisedFrom=2025-01-01&unit=A", `{"warningRules":[`+toldRule+`,`+hiddenRule+`],"sex":`+toldGroups+`,"ethnicity":`+toldGroups+`}`)
	for _, want := range []string{
		"44 % <span class=\"soft\">(19–71 %)</span>", // outwards
		"71 h", "11 days", "found again 3 times", "noted more than a day later: 2", `href="/console/warnings?rule=discretion.repeated"`, "that they are wrong", "accuses nobody",
		`<td colspan="5" class="none">not shown</td>`, "Conclude the complaint", "nothing recorded", "25 % <span class=\"soft\">(12–42 %)</span>", "1.2 <span class=\"soft\">(0.6–2.1)</span>", "no proof of bias", `value="2025-01-01"`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	page2, _ := pageAs(t, "auditor", "/console/warning-rules", `{"warningRules":[],"sex":{"leftOut":false,"from":null,"to":null,"of":[{"kind":null,"all":`+hiddenGroup+`,"groups":[`+hiddenGroup+`]}]},"ethnicity":null}`)
	if !strings.Contains(page2, "say nothing of it") || strings.Contains(page2, "<table") {
		t.Error("groups of which nothing is recorded are a table")
	}
	if asked.Variables["groups"] != true || asked.Variables["raisedFrom"] != "2025-01-01" || asked.Variables["unit"] != "A" {
		t.Errorf("asked with %v", asked.Variables)
	}
}

func TestWhoIsAskedForWhichScores(t *testing.T) {
	const none = `{"warningRules":[]}`
	for _, c := range []struct {
		role, path string
		groups     bool
		narrowed   bool
	}{
		{"auditor", "/console/warning-rules?unit=A&raisedTo=2025-01-01", true, true},
		{"auditor", "/console/warning-rules?unit=A&rule=r", false, true}, // of one rule there are no groups
		{"inspector", "/console/warning-rules?unit=A&raisedTo=2025-01-01", false, true},
		{"leader", "/console/warning-rules?unit=A", false, true},
		{"overseer", "/console/warning-rules?unit=A&raisedFrom=2025-01-01&raisedTo=2025-01-01", true, false},
	} {
		page, asked := pageAs(t, c.role, c.path, none)
		if asked.Variables["groups"] != c.groups || (asked.Variables["unit"] == "A") != c.narrowed {
			t.Errorf("%s at %s asks with %v", c.role, c.path, asked.Variables)
		}
		if asked.Variables["raisedFrom"] != nil && c.role == "overseer" {
			t.Errorf("an overseer asks for days, which would be refused: %v", asked.Variables)
		}
		if strings.Contains(page, `name="raisedFrom"`) != c.narrowed || strings.Contains(page, `id="groups"`) {
			t.Errorf("%s is shown\n%s", c.role, page)
		}
	}
}

// An overseer of several units is told of one at a time: the one that is chosen, if
// it is theirs.
func TestAnOverseerOfSeveralUnitsChoosesOne(t *testing.T) {
	for path, want := range map[string]string{"": "A", "?unit=B%22": `B"`, "?unit=C": "A"} {
		page, asked := pageOf(t, Visitor{Role: "overseer", Units: []string{"A", `B"`}}, "/console/warning-rules"+path, `{"warningRules":[]}`)
		if asked.Variables["unit"] != want || !strings.Contains(page, `href="/console/warning-rules?unit=B%22"`) {
			t.Errorf("%s asks for %v, and shows\n%s", path, asked.Variables["unit"], page)
		}
	}
	page, asked := pageOf(t, Visitor{Role: "overseer", Units: []string{"A"}}, "/console/warning-rules", `{"warningRules":[]}`)
	if asked.Variables["unit"] != nil || strings.Contains(page, "?unit=") {
		t.Errorf("of one unit there is nothing to choose: %v\n%s", asked.Variables, page)
	}
}

func TestTheQueueSaysThatItIsNoAccusation(t *testing.T) {
	page, _ := pageAs(t, "inspector", "/console/review-queue?unit=A", `{"reviewQueue":{"officers":2,"reports":5,"upheld":1,"places":[
{"place":1,"officer":{"id":"P1","name":"张伟","latinName":"Zhang Wei","unit":{"id":"W1","name":"窗口","nameEn":"Window"}},"reports":4,"upheld":1,"open":3,"weight":4,"lastOn":"2026-01-02","monthsInService":null,"acts":0},
{"place":2,"officer":null,"reports":1,"upheld":0,"open":0,"weight":0,"lastOn":"2026-01-02","monthsInService":7,"acts":3}]}}`)
	for _, want := range []string{"never an accusation", "about 2 officers", "5 complaints, of which 1", `href="/console/officers/P1"`, "Months in the service", "Window"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if strings.Index(page, "never an accusation") > strings.Index(page, "Zhang Wei") {
		t.Error("somebody is named before it is said that it accuses nobody")
	}
	page, _ = pageAs(t, "leader", "/console/review-queue", `{"reviewQueue":{"officers":0,"reports":0,"upheld":0,"places":[]}}`)
	if strings.Contains(page, "<table") || !strings.Contains(page, "Nothing on file.") {
		t.Error("a queue of nobody is a table")
	}
}
