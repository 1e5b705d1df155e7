package console

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"unicode"
)

// FuzzBack: whatever is asked to be led to, one stays in the console.
func FuzzBack(f *testing.F) {
	for _, to := range []string{"/console/officers?a=b", "//evil.example", "/console/\\evil", "/console/../x", "https://evil.example/console/", "/console/%2e%2e/x"} {
		f.Add(to)
	}
	here, _ := url.Parse("https://ledger.example/console/signin")
	f.Fuzz(func(t *testing.T, to string) {
		got := back(to)
		u, err := here.Parse(got)
		if err != nil || u.Host != here.Host || u.Scheme != here.Scheme || !strings.HasPrefix(u.Path, "/console/") || strings.ContainsFunc(got, unicode.IsControl) || strings.Contains(got, `\`) {
			t.Errorf("%q leads to %q, which is %v", to, got, u)
		}
	})
}

// FuzzForm: whatever is sent as a form, it is answered with a page that holds
// no markup of the sender's, and nothing but what is right is asked for.
func FuzzForm(f *testing.F) {
	for _, body := range []string{"_step=check&summary=%3Cscript%3E", "findings.0.officer=P1&findings.59.officer=x&findings.99999999999.officer=y&_step=more:findings", "officers=a&officers=b,,c&_when=2026-01-01", "%zz", "evidence.0.size=1&_subject=%00", "lines.0.target=T&_step=more:lines"} {
		for i := range uint8(6) {
			f.Add(i, body)
		}
	}
	paths := []string{"complaint.receive", "misconduct.propose_finding/K1", "plan.file_stage_report/J1", "sanction.propose", "warning.raise", "disclosure.publish/G1"}
	d := &doer{know: Answer{Data: json.RawMessage(caseKnown)}, does: []Answer{did("")}}
	h := d.handler(f)
	f.Fuzz(func(t *testing.T, which uint8, body string) {
		resp, page := request{method: "POST", path: doPath + "/" + paths[int(which)%len(paths)], token: "x", body: "mark=%3Ci%3Emine&" + body}.to(t, h)
		if resp.StatusCode >= 500 || strings.Contains(page, "<i>mine") || strings.Contains(page, "<script>") {
			t.Errorf("%q: %d %s", body, resp.StatusCode, page)
		}
		for _, q := range d.did {
			if q.Variables["dry"] != true || q.Variables["subject"] == "" {
				t.Errorf("%q did %v", body, q.Variables)
			}
		}
		d.did, d.asked = nil, nil
	})
}
