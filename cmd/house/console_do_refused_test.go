package house

import (
	"bytes"
	"mime/multipart"
	"net/textproto"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/probity-ledger/probity/graphql/signin"
)

// receipt is a complaint that is received by a form.
func (d *formDesk) receipt(id string) *sent {
	return d.open("/do/complaint.receive", asIntake).with("_subject", id, "channel", "LETTER", "category", "收费", "summary", "多收费用", "unit", "A", "realName", "no")
}

// eventsOf counts the events of a stream.
func (d *formDesk) eventsOf(stream string) (n int) {
	d.t.Helper()
	for _, err := range d.house.Store.ReadStream(d.t.Context(), stream, 0) {
		if err != nil {
			d.t.Fatal(err)
		}
		n++
	}
	return n
}

func TestFormsThatAreNotRecorded(t *testing.T) {
	d := newFormDesk(t)
	d.receipt("C8").recorded("complaint.received.v1")
	for name, test := range map[string]func(*testing.T){
		"say at each field what is missing": func(t *testing.T) {
			s := d.open("/do/complaint.receive", asIntake).with("_subject", "C9", "summary", "甲", "officers", "P1").press("check")
			if s.status != 422 || d.eventsOf("complaint-C9") != 0 {
				t.Fatalf("%d", s.status)
			}
			for _, name := range []string{"channel", "category", "realName"} {
				if !regexp.MustCompile(`name="`+name+`"[^>]*aria-invalid="true"[^>]*aria-describedby="[^"]*i-`+name+`-error`).MatchString(s.page) || !strings.Contains(s.page, `href="#i-`+name+`"`) || !strings.Contains(s.page, `id="i-`+name+`-error"`) {
					t.Errorf("%s is not refused at the field", name)
				}
			}
			if !strings.Contains(s.page, ">甲</textarea>") || !strings.Contains(s.page, `name="officers" value="P1"`) {
				t.Error("what was typed is lost")
			}
		},
		"say at the field what a rule forbids, with its source": func(t *testing.T) {
			s := d.open("/do/complaint.assign_handler/C8", asFormLeader).with("handler", "D1").press("check")
			if s.status != 422 || !strings.Contains(s.page, "Not in this state") {
				t.Errorf("%d %s", s.status, shown(s.page))
			}
			s = d.open("/do/plan.draft", asFormLeader).with("_subject", "J9", "title", "x", "from", "2026-01-01", "to", "2025-01-01", "unit", "A", "owner", "P1", "stages.0.stage", "S", "stages.0.ends", "2026-06-30").press("check")
			if s.status != 422 || !strings.Contains(s.page, `id="i-to-error"`) {
				t.Errorf("%d %s", s.status, shown(s.page))
			}
			s = d.open("/do/sanction.propose", asInspector).with("_subject", "S9", "officer", "P1", "measure", "dismissal", "conduct", "x").press("check")
			if s.status != 422 || !regexp.MustCompile(`class="rule">Rule: <bdi`).MatchString(s.page) {
				t.Errorf("the source is not told: %d %s", s.status, shown(s.page))
			}
		},
		"say that an id is taken at the id": func(t *testing.T) {
			s := d.receipt("C8").press("check")
			if s.status != 422 || !strings.Contains(s.page, `id="i-_subject-error"`) {
				t.Errorf("%d %s", s.status, shown(s.page))
			}
		},
		"are not for another role": func(t *testing.T) {
			for _, as := range []signin.Grant{asHR, asAuditor, asOfficer, asHandler, asOverseer, asInspector} {
				if s := d.open("/do/complaint.receive", as); s.status != 403 {
					t.Errorf("%s is given the form: %d", as.Role, s.status)
				}
				s := d.receipt("C10")
				s.as = as
				if s.press("record"); s.status != 403 || !strings.Contains(s.page, "多收费用") {
					t.Errorf("%s: %d, or what was typed is lost", as.Role, s.status)
				}
			}
			if s := d.open("/do/complaint.receive", asPublic); s.status != 303 {
				t.Errorf("the public: %d", s.status)
			}
			for _, path := range []string{"/do/complaint.accept/none", "/do/complaint.accept", "/do/complaint.receive/C8", "/do/complaint.nothing/C8", "/do/unit.rename/A", "/do/x"} {
				if s := d.open(path, asIntake); s.status != 404 {
					t.Errorf("%s: %d", path, s.status)
				}
			}
			if s := d.open("/do/complaint.accept/C8", asOther); s.status != 403 && s.status != 404 {
				t.Errorf("somebody of another unit: %d", s.status)
			}
			if d.eventsOf("complaint-C10") != 0 {
				t.Error("something was recorded")
			}
		},
		"come from another site": func(t *testing.T) {
			for _, site := range []string{"cross-site", "same-site"} {
				s := d.receipt("C11").press("check")
				s.values.Set("_step", "record")
				s.post("application/x-www-form-urlencoded", strings.NewReader(s.values.Encode()), site)
				if s.status != 403 || d.eventsOf("complaint-C11") != 0 {
					t.Errorf("%s: %d", site, s.status)
				}
			}
		},
		"are too long, or no forms": func(t *testing.T) {
			s := d.receipt("C12")
			if s.post("application/json", strings.NewReader(`{}`), "same-origin"); s.status != 415 {
				t.Errorf("JSON: %d", s.status)
			}
			if s.post("multipart/form-data; boundary=x", strings.NewReader("--x\r\nnothing"), "same-origin"); s.status != 400 {
				t.Errorf("half a form: %d", s.status)
			}
			if s.post("application/x-www-form-urlencoded", strings.NewReader("summary="+strings.Repeat("x", 1<<20)), "same-origin"); s.status != 413 {
				t.Errorf("a huge form: %d", s.status)
			}
			many := "--x\r\nContent-Disposition: form-data; name=\"evidence.file\"; filename=\"a\"\r\n\r\nx\r\n"
			if s.post("multipart/form-data; boundary=x", strings.NewReader(strings.Repeat(many, 5000)+"--x--"), "same-origin"); s.status != 413 {
				t.Errorf("5000 files: %d", s.status)
			}
			if s.post("multipart/form-data; boundary=x", strings.NewReader(strings.Repeat(many, 100)+"--x--"), "same-origin"); s.status != 422 || !strings.Contains(s.page, "More than one form takes") {
				t.Errorf("100 files: %d", s.status)
			}
			s = d.receipt("C12").with("_step", "check")
			s.upload(bytes.Repeat([]byte("x"), 1<<20))
			if s.status != 413 || !strings.Contains(s.page, ">多收费用</textarea>") || !strings.Contains(s.page, "longer than 1 MB") {
				t.Errorf("a huge file: %d, or what was typed is lost: %s", s.status, shown(s.page))
			}
		},
	} {
		t.Run(name, func(t *testing.T) { d.t = t; test(t) })
	}
}

// upload sends the form with a file behind its fields, as browsers do.
func (s *sent) upload(content []byte) {
	s.desk.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, all := range s.values {
		for _, value := range all {
			_ = w.WriteField(name, value) // into memory
		}
	}
	part, err := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {`form-data; name="evidence.file"; filename="C:\\x\\收据 <b>.pdf"`}, "Content-Type": {"application/pdf"}})
	if err != nil {
		s.desk.t.Fatal(err)
	}
	_, _ = part.Write(content)
	w.Close()
	s.post(w.FormDataContentType(), &body, "same-origin")
}

func TestAFileIsFiledByItsDigest(t *testing.T) {
	d := newFormDesk(t)
	s := d.receipt("C13").with("_step", "check")
	if names := regexp.MustCompile(` name="([^"]+)"`).FindAllStringSubmatch(s.page[strings.Index(s.page, `name="evidence.file"`)+10:], -1); slices.ContainsFunc(names, func(n []string) bool { return n[1] != "_step" }) {
		t.Errorf("what is behind a file is not read where the file is too long: %v", names)
	}
	s.upload([]byte("abc"))
	digest := "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
	if s.status != 200 || !strings.Contains(s.page, `name="evidence.0.digest"`) || !strings.Contains(s.page, digest) || strings.Contains(s.page, "<b>.pdf") {
		t.Fatalf("%d %s", s.status, shown(s.page))
	}
	s.with("evidence.0.digest", digest, "evidence.0.mediaType", "application/pdf", "evidence.0.size", "3", "evidence.0.name", "收据 <b>.pdf").press("record")
	if !strings.Contains(s.page, "<h1>Recorded") {
		t.Errorf("what was checked is not recorded: %d %s", s.status, shown(s.page))
	}
}

// The same form is recorded once, however often it is sent.
func TestAFormIsRecordedOnce(t *testing.T) {
	d := newFormDesk(t)
	s := d.receipt("C14").recorded("complaint.received.v1")
	before := d.eventsOf("complaint-C14")
	for _, step := range []string{"record", "check", "record"} {
		if s.press(step); s.status != 200 || !strings.Contains(s.page, "recorded before; nothing was added") {
			t.Errorf("%s: %d %s", step, s.status, shown(s.page))
		}
	}
	id := s.values.Get("_id")
	if s.with("summary", "另一件事").press("record"); s.status != 422 || !strings.Contains(s.page, "with other content") || s.values.Get("_id") == id {
		t.Errorf("other content: %d %s", s.status, shown(s.page))
	}
	// A form without an id of its own is checked, and given one.
	s = d.receipt("C15")
	s.values.Del("_id")
	if s.press("record"); s.status != 200 || !strings.HasPrefix(s.values.Get("_id"), "console-") {
		t.Errorf("%d", s.status)
	}
	if d.eventsOf("complaint-C14") != before || d.eventsOf("complaint-C15") != 0 {
		t.Error("something was added")
	}
}

// What is recorded is what was checked, by whom it was checked.
func TestWhatIsRecordedWasChecked(t *testing.T) {
	d := newFormDesk(t)
	s := d.receipt("C16").press("record")
	if s.status != 200 || d.eventsOf("complaint-C16") != 0 {
		t.Fatalf("recorded without a check: %d", s.status)
	}
	if s.with("summary", "改过").press("record"); !strings.Contains(s.page, "changed after it was checked") || d.eventsOf("complaint-C16") != 0 {
		t.Errorf("%d %s", s.status, shown(s.page))
	}
	s.as = signin.Grant{Subject: "t2", Role: asIntake.Role, Units: asIntake.Units}
	if s.press("record"); !strings.Contains(s.page, "somebody else than who began") || d.eventsOf("complaint-C16") != 0 {
		t.Errorf("%d %s", s.status, shown(s.page))
	}
	if s.press("record"); !strings.Contains(s.page, "<h1>Recorded") {
		t.Errorf("%d %s", s.status, shown(s.page))
	}
}

// Two people have the form of one complaint; the second is told what the first
// recorded, and records only then.
func TestTwoPeopleWorkOnOneComplaint(t *testing.T) {
	d := newFormDesk(t)
	d.receipt("C17").recorded("complaint.received.v1")
	first := d.open("/do/complaint.screen/C17", asIntake).with("admissible", "yes", "ground", "甲")
	second := d.open("/do/complaint.screen/C17", asInspector).with("admissible", "no", "ground", "乙")
	second.press("check")
	first.recorded("complaint.screened.v1")
	before := d.eventsOf("complaint-C17")
	second.press("record")
	if second.status != 409 || d.eventsOf("complaint-C17") != before || !strings.Contains(second.page, "Meanwhile this was recorded") || !regexp.MustCompile(`href="/console/events/[^"]+"[^>]*>Complaint: screened|screened`).MatchString(second.page) {
		t.Fatalf("%d %s", second.status, shown(second.page))
	}
	if second.press("record"); !strings.Contains(second.page, "<h1>Recorded") {
		t.Errorf("who has seen it records: %d %s", second.status, shown(second.page))
	}
}

// A session that ends in the middle loses nothing: the form comes back with
// all that was typed, and is recorded once somebody signed in again.
func TestASessionEndsInTheMiddle(t *testing.T) {
	d := newFormDesk(t)
	s := d.receipt("C18").with("reporter.name", "王举报").press("check")
	as := s.as
	s.as = asPublic
	s.press("record")
	if s.status != 401 || !strings.Contains(s.page, ">多收费用</textarea>") || !strings.Contains(s.page, "王举报") || !strings.Contains(s.page, `target="_blank"`) || d.eventsOf("complaint-C18") != 0 {
		t.Fatalf("%d %s", s.status, shown(s.page))
	}
	s.as = as
	if s.press("record"); !strings.Contains(s.page, "<h1>Recorded") {
		t.Errorf("%d %s", s.status, shown(s.page))
	}
}

// Texts of a hostile town come back as texts, from every field of every form,
// and are recorded as texts.
func TestFormsTakeHostileTexts(t *testing.T) {
	d := newFormDesk(t)
	long := strings.Repeat("长", 10_000)
	for _, text := range []string{scripted, reversed, `"'><svg onload=alert(1)>`, "\x00\xff{{.}}", long, "\n\n</textarea><script>alert(1)</script>"} {
		s := d.open("/do/complaint.receive", asIntake)
		s.with("channel", text)
		for _, name := range regexp.MustCompile(` name="([^"]+)"`).FindAllStringSubmatch(s.page, -1) {
			if !strings.HasSuffix(name[1], ".file") && name[1] != "_step" {
				s.values.Set(name[1], text)
			}
		}
		s.values.Set("evidence.0.digest", text)
		s.press("check")
		if s.status != 422 || strings.Contains(s.page, "<script>alert") || strings.Contains(s.page, "<svg onload") || strings.Contains(s.page, "<img") || strings.Contains(s.page, `"><b>`) {
			t.Errorf("%.20q: %d, or markup comes through", text, s.status)
		}
		if text == long && strings.Count(s.page, "长") < 30_000 {
			t.Error("a long text is cut")
		}
	}
	s := d.receipt("C19").with("summary", scripted+reversed+strings.Repeat("长", 2000), "category", reversed, "place", "\u200b甲").press("check")
	if s.status != 200 || strings.Contains(s.page, "<script>alert") || !strings.Contains(s.page, `<span class="unseen">U+202E</span>`) {
		t.Errorf("%d %s", s.status, shown(s.page))
	}
	if s.with("summary", long).press("check"); s.status != 422 || !strings.Contains(s.page, `id="i-summary-error"`) {
		t.Errorf("10,000 characters: %d %s", s.status, shown(s.page))
	}
	for _, query := range []string{"?summary=" + url.QueryEscape(scripted), "?_subject=x&_id=y&_as=z&reporter.name=x"} {
		if s := d.open("/do/complaint.receive"+query, asIntake); s.status != 200 || strings.Contains(s.page, "<script>alert") || s.values.Get("_id") == "y" {
			t.Errorf("%s: %d", query, s.status)
		}
	}
}
