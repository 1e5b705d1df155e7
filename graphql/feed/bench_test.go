package feed_test

import (
	"fmt"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/graphql/feed"
	"github.com/probity-ledger/probity/graphql/signin"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/ledgertest"
)

// recording returns a store, and what records commands into it.
func recording(t testing.TB) (ledger.Store, func(domain.Role, string, domain.Command)) {
	t.Helper()
	key, err := ledger.GenerateKey(ledger.Ed25519)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ledger.NewSigner(key)
	if err != nil {
		t.Fatal(err)
	}
	store, n := ledgertest.NewMemory(), 0
	now := time.Date(2024, 1, 1, 9, 0, 0, 0, time.UTC)
	recorder := ledger.NewRecorder(ledger.RecorderConfig{Store: store, Signer: signer, Codec: codecOf(), Book: domain.CN2024(), Now: func() time.Time { return now }})
	return store, func(role domain.Role, subject string, cmd domain.Command) {
		t.Helper()
		n++
		act := domain.Act{Subject: subject, Actor: "li", Role: role}
		if role == domain.RoleImporter {
			act.Source = fmt.Sprintf("sha256:%064x", n)
		}
		if _, err := recorder.Record(t.Context(), domain.Instruction{ID: fmt.Sprint("i", n), Command: cmd, Act: act}); err != nil {
			t.Fatal(err)
		}
	}
}

// BenchmarkFeed reads pages of 500 record files of some ten events each, packed:
// all of them, and those that changed in a window in which all did.
func BenchmarkFeed(b *testing.B) {
	c := config(b)
	store, record := recording(b)
	const officers = 500
	for i := range officers {
		id := fmt.Sprintf("P%05d", i)
		record(domain.RoleImporter, id, officer.Import{FullName: fmt.Sprint("王芳", i), LatinName: "Wang Fang", StaffNumber: fmt.Sprint(i), Unit: "hq", Rank: "四级主办", EnrolledOn: domain.MustDate("2016-05-04")})
		record(domain.RoleHR, id, officer.IssueCertificate{Number: fmt.Sprint("E", i)})
		for course := range 5 {
			record(domain.RoleHR, id, officer.CompleteTraining{Course: fmt.Sprint("行政执法 ", course), Hours: 8})
		}
		matter := domain.ComplaintID(fmt.Sprint("C", i))
		record(domain.RoleImporter, string(matter), complaint.Import{ReceivedOn: domain.MustDate("2016-05-04"), Category: "courtesy", Summary: "a matter of some length", Unit: "hq", Officers: []domain.OfficerID{domain.OfficerID(id)}})
		record(domain.RoleImporter, string(matter), misconduct.ImportFinding{Complaint: matter, Officer: domain.OfficerID(id), Unit: "hq", Category: "courtesy",
			Result: misconduct.ResultSustained, Discipline: misconduct.DisciplineTraining, FoundOn: domain.MustDate("2016-08-01")})
	}
	if err := c.Views.CatchUp(b.Context(), store, nil); err != nil {
		b.Fatal(err)
	}
	h, err := feed.Handler(c)
	if err != nil {
		b.Fatal(err)
	}
	page := func(cursor string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", fmt.Sprint("/hr/records?limit=", officers, "&cursor=", cursor), nil)
		r.Header.Set("Accept-Encoding", "gzip")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r.WithContext(signin.NewContext(r.Context(), hr)))
		return w
	}
	since := page("").Header().Get("Probity-Cursor")
	for i := range officers {
		record(domain.RoleHR, fmt.Sprintf("P%05d", i), officer.CompleteTraining{Course: "保密", Hours: 2})
	}
	if err := c.Views.CatchUp(b.Context(), store, nil); err != nil {
		b.Fatal(err)
	}
	for name, cursor := range map[string]string{"all": "", "changed": since} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if w := page(cursor); w.Code != 200 || w.Header().Get("Content-Encoding") != "gzip" || w.Header().Get("Probity-More") != "false" {
					b.Fatal(w.Code, w.Header(), w.Body)
				}
			}
			b.ReportMetric(float64(b.N*officers)/b.Elapsed().Seconds(), "records/s")
		})
	}
}
