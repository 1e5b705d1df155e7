package house

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/probity-ledger/probity/console"
	"github.com/probity-ledger/probity/console/intake"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql/signin"
)

// What the public hands in is read on the page of the complaint by whom it is
// for, and its files are saved, never shown.
func TestMessagesOnThePageOfAComplaint(t *testing.T) {
	d := newFormDesk(t)
	harmful := paper("令\u202e伟\"\r\nX-Evil: 1.html", "<script>alert(1)</script>")
	if err := d.house.Intake().Receive(t.Context(), intake.Report{Nonce: nonce(1), Category: "bribery", Summary: "asked for a gift", Unit: "A", Files: []intake.File{harmful}}); err != nil {
		t.Fatal(err)
	}
	id := string(ComplaintOf(nonce(1)))
	d.open("/do/complaint.ask_reporter/"+id, asIntake).with("question", "Whose desk <b>was</b> it?").recorded("complaint.question_asked.v1")
	page, file := "/complaints/"+id, "/complaints/"+id+"/files/"+info(harmful).Digest
	for _, tt := range []struct {
		as     signin.Grant
		page   int
		reads  bool
		opened int
	}{
		{asIntake, 200, true, 200},
		{asAuditor, 200, false, 404},
		{asInspector, 200, false, 404},
		{asHR, 404, false, 404},
		{asOfficer, 404, false, 404},
		{asPublic, 303, false, 303},
		{signin.Grant{Subject: "T9", Role: domain.RoleIntake, Units: []domain.UnitID{"B"}}, 404, false, 404},
	} {
		status, text := d.get(t, page, tt.as)
		if reads := strings.Contains(text, "Whose desk &lt;b&gt;was&lt;/b&gt; it?"); status != tt.page || reads != tt.reads {
			t.Errorf("%s: %d, reads the question: %v", tt.as.Role, status, reads)
		}
		if linked := strings.Contains(text, info(harmful).Digest); linked != tt.reads {
			t.Errorf("%s is led to the file: %v", tt.as.Role, linked)
		}
		if status, got := d.get(t, file, tt.as); status != tt.opened || (got == "<script>alert(1)</script>") != (status == 200) {
			t.Errorf("%s opens the file: %d %s", tt.as.Role, status, got)
		}
	}
	for _, other := range []string{"/complaints/" + id + "/files/sha256:" + strings.Repeat("0", 64), "/complaints/none/files/" + info(harmful).Digest} {
		if status, _ := d.get(t, other, asIntake); status != 404 {
			t.Errorf("%s: %d", other, status)
		}
	}
	token, _, err := d.Issuer.Mint(asIntake)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:8080"+console.Path+file, nil)
	r.AddCookie(&http.Cookie{Name: "probity-console", Value: token})
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	header := w.Result().Header
	if _, err := io.Copy(io.Discard, w.Result().Body); err != nil {
		t.Fatal(err)
	}
	if header.Get("Content-Type") != "application/octet-stream" || !strings.HasPrefix(header.Get("Content-Disposition"), "attachment; filename") || header.Get("X-Evil") != "" ||
		!strings.Contains(header.Get("Content-Security-Policy"), "sandbox") || header.Get("X-Content-Type-Options") != "nosniff" || header.Get("Cache-Control") != "no-store" {
		t.Errorf("a file of a stranger's is given out with %v", header)
	}
}
