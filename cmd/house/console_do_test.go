package house

import (
	"bytes"
	"context"
	"errors"
	"html"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/probity-ledger/probity/cmd/rulebooks"
	"github.com/probity-ledger/probity/console"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/rulebook"
	"github.com/probity-ledger/probity/graphql/signin"
)

// formDesk is a console whose house follows what is recorded.
type formDesk struct {
	*consolePages
	t *testing.T
}

func newFormDesk(t *testing.T) *formDesk {
	t.Helper()
	c := newConsolePages(t)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- c.house.Views.Run(ctx, c.house.Store) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	return &formDesk{c, t}
}

// sent is a form in a browser: where it goes, and what it holds.
type sent struct {
	desk   *formDesk
	path   string
	as     signin.Grant
	values url.Values
	status int
	page   string
}

var hiddenField = regexp.MustCompile(`<input type="hidden" name="(_\w+)" value="([^"]*)">`)

// open shows a form.
func (d *formDesk) open(path string, as signin.Grant) *sent {
	d.t.Helper()
	s := &sent{desk: d, path: path, as: as, values: url.Values{}}
	s.status, s.page = d.get(d.t, path, as)
	s.keep()
	if found := regexp.MustCompile(`name="_subject"[^>]* value="([^"]*)"`).FindStringSubmatch(s.page); found != nil {
		s.values.Set("_subject", found[1])
	}
	return s
}

// keep takes over what the page carries.
func (s *sent) keep() {
	for _, found := range hiddenField.FindAllStringSubmatch(s.page, -1) {
		s.values.Set(found[1], html.UnescapeString(found[2]))
	}
}

// with fills in fields, by name and value.
func (s *sent) with(pairs ...string) *sent {
	for i := 0; i < len(pairs); i += 2 {
		s.values.Set(pairs[i], pairs[i+1])
	}
	return s
}

// press sends the form by one of its buttons.
func (s *sent) press(step string) *sent {
	s.desk.t.Helper()
	s.values.Set("_step", step)
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, all := range s.values {
		for _, value := range all {
			if err := w.WriteField(name, value); err != nil {
				s.desk.t.Fatal(err)
			}
		}
	}
	w.Close()
	return s.post(w.FormDataContentType(), &body, "same-origin")
}

func (s *sent) post(kind string, body io.Reader, site string) *sent {
	s.desk.t.Helper()
	r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1:8080"+console.Path+s.path, body)
	r.Header.Set("Content-Type", kind)
	r.Header.Set("Accept-Language", "en")
	r.Header.Set("Sec-Fetch-Site", site)
	if s.as.Role != "" {
		token, _, err := s.desk.Issuer.Mint(s.as)
		if err != nil {
			s.desk.t.Fatal(err)
		}
		r.AddCookie(&http.Cookie{Name: "probity-console", Value: token})
	}
	w := httptest.NewRecorder()
	s.desk.ServeHTTP(w, r)
	s.status, s.page = w.Code, w.Body.String()
	s.keep()
	return s
}

// recorded checks and records, and fails where either is refused.
func (s *sent) recorded(kinds ...string) *sent {
	s.desk.t.Helper()
	s.press("check")
	if s.status != 200 || !strings.Contains(s.page, "What would be recorded") {
		s.desk.t.Fatalf("%s is not checked: %d %s", s.path, s.status, shown(s.page))
	}
	s.press("record")
	for _, kind := range kinds {
		if s.status != 200 || !strings.Contains(s.page, "<h1>Recorded") || !strings.Contains(s.page, kind) {
			s.desk.t.Fatalf("%s is not recorded: %d %s", s.path, s.status, shown(s.page))
		}
	}
	return s
}

// shown is what a page says without its markup.
func shown(page string) string {
	_, page, _ = strings.Cut(page, "<main")
	text := strings.Join(strings.Fields(html.UnescapeString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(page, " "))), " ")
	return text[:min(600, len(text))]
}

var (
	asFormLeader  = signin.Grant{Subject: "L1", Role: domain.RoleLeader, Units: []domain.UnitID{"A"}}
	asFormHandler = signin.Grant{Subject: "D1", Role: domain.RoleHandler, Units: []domain.UnitID{"A"}}
)

// A complaint goes from its receipt to its answer, a plan to a target that is
// met, a case to a proposed finding, by forms alone.
func TestFormsRecord(t *testing.T) {
	d := newFormDesk(t)
	t.Run("a complaint from receipt to answer", func(t *testing.T) {
		d.t = t
		d.open("/do/complaint.receive", asIntake).with("_subject", "C7", "channel", "LETTER", "category", "收费", "summary", "多收费用", "unit", "A", "officers", "P1", "realName", "yes",
			"reporter.name", "王举报", "reporter.phone", "13800138000").recorded("complaint.received.v1", "complaint.reporter_sealed.v1")
		d.open("/do/complaint.acknowledge/C7", asIntake).recorded("complaint.acknowledged.v1")
		d.open("/do/complaint.screen/C7", asIntake).with("admissible", "yes", "ground", "属于职责范围").recorded("complaint.screened.v1")
		d.open("/do/complaint.accept/C7", asFormLeader).recorded("complaint.accepted.v1")
		d.open("/do/complaint.assign_handler/C7", asFormLeader).with("handler", "D1").recorded("complaint.handler_assigned.v1")
		d.open("/do/complaint.extend/C7", asFormLeader).with("until", time.Now().AddDate(0, 0, 80).Format(time.DateOnly), "reason", "取证困难")
		d.open("/do/complaint.conclude/C7", asFormHandler).with("result", "UNFOUNDED", "opinion", "查无实据").recorded("complaint.concluded.v1")
		d.open("/do/complaint.answer/C7", asFormHandler).with("answer", "经查不属实").recorded("complaint.answered.v1")
		d.open("/do/complaint.ask_review/C7", asIntake).with("ground", "不服").recorded("complaint.review_asked.v1")
		d.open("/do/complaint.decide_review/C7", asInspector).with("outcome", "UPHELD", "opinion", "维持").recorded("complaint.review_decided.v1")
	})
	t.Run("a plan to a target that is met", func(t *testing.T) {
		d.t = t
		on := func(months int) string { return time.Now().AddDate(0, months, 0).Format(time.DateOnly) }
		d.open("/do/plan.draft", asFormLeader).with("_subject", "J1", "title", "年度计划", "from", on(0), "to", on(12), "unit", "A", "owner", "P1",
			"stages.0.stage", "S1", "stages.0.title", "上半年", "stages.0.ends", on(6), "stages.3.stage", "S2", "stages.3.ends", on(12)).recorded("plan.drafted.v1")
		d.open("/do/plan.set_target/J1", asFormLeader).with("target", "T1", "title", "培训", "stage", "S1", "due", on(5), "unit", "A", "officer", "P1", "measure", "人数").recorded("plan.target_set.v1")
		d.open("/do/plan.adopt/J1", asFormLeader).recorded("plan.adopted.v1")
		form := d.open("/do/plan.report_progress/J1", asOfficer)
		if !strings.Contains(form.page, `<option value="T1">T1 培训 · open</option>`) {
			t.Errorf("the target is not offered: %s", shown(form.page))
		}
		form.with("target", "T1", "percent", "40").recorded("plan.progress_reported.v1")
		report := d.open("/do/plan.file_stage_report/J1", asHR).with("stage", "S1").press("more:lines")
		if !regexp.MustCompile(`(?s)name="lines.0.target".*?<option value="T1" selected>`).MatchString(report.page) || strings.Contains(report.page, "lines.1.target") {
			t.Errorf("the targets of the stage are not entered: %s", shown(report.page))
		}
		d.open("/do/plan.meet_target/J1", asOfficer).with("target", "T1", "evidence.0.digest", "sha256:"+strings.Repeat("ab", 32), "evidence.0.mediaType", "application/pdf", "evidence.0.size", "12").recorded("plan.target_met.v1")
	})
	t.Run("a case to a finding that is confirmed", func(t *testing.T) {
		d.t = t
		d.open("/do/misconduct.open", asInspector).with("_subject", "K7", "origin", "SELF_REPORT", "officers", "P1", "conduct", "违规收费").recorded("misconduct.opened.v2")
		d.open("/do/misconduct.name_investigators/K7", asInspector).with("investigators", "i1, i5").recorded("misconduct.investigators_named.v1")
		d.open("/do/misconduct.give_notice/K7", asInspector).with("officer", "P1").recorded("misconduct.notice_given.v1")
		d.open("/do/misconduct.hear_statement/K7", asInspector).with("officer", "P1", "waived", "yes").recorded("misconduct.statement_heard.v1")
		form := d.open("/do/misconduct.propose_finding/K7", asInspector).with("findings.0.officer", "P1", "findings.0.allegation", "违规收费", "findings.0.deedOn", time.Now().Format(time.DateOnly),
			"findings.0.result", "SUSTAINED", "findings.0.intent", "INTENT", "findings.0.clause", "第三条", "findings.0.measure", "warning", "findings.0.opinion", "建议警告")
		form.press("check")
		if form.status != 200 {
			t.Fatalf("%d %s", form.status, shown(form.page))
		}
		form.press("record")
		if !strings.Contains(form.page, "misconduct.finding_proposed.v2") {
			t.Fatalf("%d %s", form.status, shown(form.page))
		}
		form = d.open("/do/misconduct.confirm_finding/K7", asFormLeader)
		if !strings.Contains(form.page, "建议警告") || !strings.Contains(form.page, "<dt>Opinion</dt>") {
			t.Errorf("what is to be confirmed is not shown: %s", shown(form.page))
		}
		form.recorded("misconduct.finding_confirmed.v2")
	})
	t.Run("a sanction to its execution", func(t *testing.T) {
		d.t = t
		d.open("/do/sanction.propose", asInspector).with("_subject", "S7", "officer", "P1", "measure", "education", "conduct", "迟到").recorded("sanction.proposed.v2")
		d.open("/do/sanction.notify/S7", asInspector).recorded("sanction.notified.v1")
		d.open("/do/sanction.hear_defence/S7", asInspector).with("waived", "yes").recorded("sanction.defence_heard.v1")
		d.open("/do/sanction.approve/S7", asFormLeader).recorded("sanction.approved.v1")
		form := d.open("/do/sanction.impose/S7", asFormLeader)
		if !strings.Contains(form.page, "迟到") {
			t.Errorf("what is to be imposed is not shown: %s", shown(form.page))
		}
		form.recorded("sanction.imposed")
		d.open("/do/sanction.serve/S7", asHR).recorded("sanction.served.v1")
	})
	t.Run("a warning and an item due to the public", func(t *testing.T) {
		d.t = t
		d.open("/do/warning.raise", asInspector).with("_subject", "W7", "rule", "hand", "version", "1", "unit", "A", "explanation", "异常", "score", "5").recorded("warning.raised.v2")
		d.open("/do/warning.acknowledge/W7", asInspector).recorded("warning.acknowledged.v1")
		d.open("/do/warning.review/W7", asInspector).with("opinion", "正常波动").recorded("warning.reviewed.v1")
		d.open("/do/warning.dismiss/W7", asInspector).with("reason", "误报").recorded("warning.dismissed.v1")
		d.open("/do/disclosure.require", asHR).with("_subject", "G7", "title", "权力清单", "category", "power list", "medium", "BOARD", "unit", "A", "by", time.Now().AddDate(0, 0, 9).Format(time.DateOnly)).recorded("disclosure.due.v1")
		d.open("/do/disclosure.publish/G7", asHR).with("place", "大厅", "evidence.0.digest", "sha256:"+strings.Repeat("ab", 32), "evidence.0.mediaType", "image/png", "evidence.0.size", "9").recorded("disclosure.published.v1")
	})
}

// Where the rulebook wants the author's signature, a form says so, and records
// nothing without it.
func TestAFormThatNeedsASignature(t *testing.T) {
	d := newFormDesk(t)
	raw, err := rulebooks.Source("cn-2024")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(raw), "id: cn-2024\n", "id: ours\n", 1) + "\nauthorSignature:\n  kinds: [warning.reviewed]\n  source: 电子签名法 art. 14\n"
	if err := os.MkdirAll(filepath.Join(d.house.cfg.Dir, rulebooksDir), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(d.house.cfg.Dir, rulebooksDir, "ours.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := d.house.Recorder.Record(t.Context(), domain.Instruction{ID: "adopt", Act: domain.Act{Subject: "ours", Actor: "L1", Role: domain.RoleLeader},
		Command: rulebook.Adopt{Version: "1", Digest: rulebooks.Digest([]byte(text)), ValidFrom: domain.MustDate("2024-01-01")}}); err != nil {
		t.Fatal(err)
	}
	d.open("/do/warning.raise", asInspector).with("_subject", "W8", "rule", "hand", "version", "1", "unit", "A", "explanation", "异常", "score", "5").recorded("warning.raised.v2")
	d.open("/do/warning.acknowledge/W8", asInspector).recorded("warning.acknowledged.v1")
	before := d.eventsOf("warning-W8")
	s := d.open("/do/warning.review/W8", asInspector).with("opinion", "正常波动").press("check")
	if s.status != 200 || !strings.Contains(s.page, "Go on to sign") {
		t.Fatalf("%d %s", s.status, shown(s.page))
	}
	if s.press("record"); s.status != 200 || !strings.Contains(s.page, `action="/console/sign"`) || !strings.Contains(s.page, `href="/console/do/warning.review/W8"`) || d.eventsOf("warning-W8") != before {
		t.Errorf("without a signature: %d %s", s.status, shown(s.page))
	}
}

// A page offers what the rulebook gives to the role, and nothing to whoever may
// do nothing.
func TestPagesOfferWhatTheRoleMayDo(t *testing.T) {
	d := newFormDesk(t)
	for _, tt := range []struct {
		path       string
		as         signin.Grant
		has, lacks string
	}{
		{"/complaints/C1", asIntake, "complaint.screen/C1", "complaint.conclude"},
		{"/complaints/C1", asLeader, "complaint.assign_handler/C1", "complaint.screen"},
		{"/complaints/C1", asAuditor, "/complaints/C1/print", "/do/"},
		{"/complaints", asIntake, "/do/complaint.receive", "/do/plan"},
		{"/complaints", asHandler, "Complaints", "/do/"},
		{"/", asIntake, "/do/complaint.receive", "/do/misconduct"},
		{"/", asPublic, "Disclosures", "/do/"},
		{"/plans", asHR, "/do/plan.draft", "/do/complaint"},
	} {
		status, page := d.get(t, tt.path, tt.as)
		if status != 200 || !strings.Contains(page, tt.has) || strings.Contains(page, tt.lacks) {
			t.Errorf("%s as %s: %d, has %s: %v, has %s: %v", tt.path, tt.as.Role, status, tt.has, strings.Contains(page, tt.has), tt.lacks, strings.Contains(page, tt.lacks))
		}
	}
}
