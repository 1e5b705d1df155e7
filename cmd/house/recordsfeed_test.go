package house

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
)

// staff enrols so many officers into the unit and shows them.
func (f *fronted) staff(t *testing.T, unit domain.UnitID, from, to int) {
	t.Helper()
	for i := from; i < to; i++ {
		id := fmt.Sprintf("P%03d", i)
		f.do(t, "enrol "+id, id, officer.Enroll{FullName: fmt.Sprintf("=cmd|%d", i), Unit: unit})
	}
}

func (f *fronted) do(t *testing.T, id, subject string, c domain.Command) {
	t.Helper()
	_, err := f.house.Recorder.Record(t.Context(), domain.Instruction{ID: id, Command: c, Act: domain.Act{Subject: subject, Actor: "li", Role: domain.RoleHR}})
	if err == nil {
		err = f.house.Views.CatchUp(t.Context(), f.house.Store, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// follow loads all pages from an address on, and returns the versions by
// officer, and where to go on.
func (f *fronted) follow(t *testing.T, path, token string) (versions map[string]string, next string) {
	t.Helper()
	versions = map[string]string{}
	for range 100 {
		res, body := f.ask(t, "GET", path, token, "")
		if res.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s %s", path, res.Status, body)
		}
		for line := range strings.Lines(body) {
			var row struct{ Officer, Version string }
			if err := json.Unmarshal([]byte(line), &row); err != nil {
				t.Fatal(err)
			}
			if _, again := versions[row.Officer]; again {
				t.Errorf("%s comes twice", row.Officer)
			}
			versions[row.Officer] = row.Version
		}
		link := res.Header.Get("Link")
		path, _, _ = strings.Cut(strings.TrimPrefix(link, "<"), ">")
		if res.Header.Get("Probity-More") == "false" {
			return versions, path
		}
	}
	t.Fatal("the pages do not end")
	return nil, ""
}

func TestRecordsAreFed(t *testing.T) {
	f := newFronted(t)
	establish(t, f.house, "d1")
	f.staff(t, "hq", 0, 7)
	f.staff(t, "d1", 7, 9)
	hr := f.issuer.Token("one", map[string]any{"role": "hr", "units": "hq"})
	auditor := f.issuer.Token("one", map[string]any{"role": "auditor", "units": []string{"hq", "d1"}})

	all, next := f.follow(t, "/hr/records?limit=3", hr)
	if got := slices.Sorted(maps.Keys(all)); len(got) != 7 || got[6] != "P006" {
		t.Fatalf("HR of hq is told of %v", got)
	}
	if all, _ := f.follow(t, "/hr/records", auditor); len(all) != 9 {
		t.Errorf("the auditor is told of %d", len(all))
	}
	if again, _ := f.follow(t, next, hr); len(again) > 0 {
		t.Errorf("nothing changed, and there are %v", again)
	}
	// What they have read is noted, and is no change.
	if err := f.house.RecordReadings(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.do(t, "course", "P003", officer.CompleteTraining{Course: "law", Hours: 4})
	changed, _ := f.follow(t, next, hr)
	if len(changed) != 1 || changed["P003"] == "" || changed["P003"] == all["P003"] {
		t.Errorf("changed are %v", changed)
	}
	of, err := f.house.Views.As(projections.Principal{Subject: "P003", Role: domain.RoleOfficer}).FileReadings(t.Context(), []domain.OfficerID{"P003"})
	if err != nil || len(of["P003"]) != 2 || of["P003"][0].Why != "HR feed" || of["P003"][0].Count != 1 {
		t.Errorf("noted are %+v, %v", of["P003"], err)
	}
	if err := f.house.RecordReadings(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := ledger.Verify(t.Context(), f.house.Store, ledger.VerifyConfig{Codec: f.house.Codec, Keys: f.house.Keys}); err != nil {
		t.Error(err)
	}
}

func TestAFedPageIsPackedAndKept(t *testing.T) {
	f := newFronted(t)
	f.staff(t, "hq", 0, 5)
	hr := f.issuer.Token("one", map[string]any{"role": "hr", "units": "hq"})
	res, plain := f.ask(t, "GET", "/hr/records?purpose=load", hr, "", "Accept-Encoding", "identity")
	tag := res.Header.Get("ETag")
	if res.Header.Get("Content-Type") != "application/x-ndjson; charset=utf-8" || tag == "" || res.Header.Get("Cache-Control") != "private, no-cache" {
		t.Errorf("headers %v", res.Header)
	}
	res, packed := f.ask(t, "GET", "/hr/records?purpose=load", hr, "", "Accept-Encoding", "gzip")
	if res.Header.Get("Content-Encoding") != "gzip" || res.Header.Get("ETag") != tag {
		t.Fatalf("headers %v", res.Header)
	}
	z, err := gzip.NewReader(strings.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	if unpacked, err := io.ReadAll(z); err != nil || string(unpacked) != plain {
		t.Errorf("unpacked it is another: %v", err)
	}
	noted := func() int {
		names, _ := filepath.Glob(filepath.Join(f.house.Dir, readingsDir, "*"))
		return len(names)
	}
	before := noted()
	res, body := f.ask(t, "GET", "/hr/records", hr, "", "If-None-Match", `"x", `+tag, "Accept-Encoding", "gzip")
	if res.StatusCode != http.StatusNotModified || body != "" || res.Header.Get("Probity-Cursor") == "" || noted() != before {
		t.Errorf("%s %q, %d noted", res.Status, body, noted()-before)
	}
	f.do(t, "course", "P003", officer.CompleteTraining{Course: "law", Hours: 4})
	if res, _ = f.ask(t, "GET", "/hr/records", hr, "", "If-None-Match", tag); res.StatusCode != http.StatusOK || res.Header.Get("ETag") == tag {
		t.Errorf("after a change: %s", res.Status)
	}

	res, body = f.ask(t, "GET", "/hr/records", hr, "", "Accept", "text/csv, application/x-ndjson;q=0.5")
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix([]byte(body), []byte("\ufeff")))).ReadAll()
	if err != nil || len(rows) != 6 || rows[1][0] != "P000" || rows[1][2] != "'=cmd|0" || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/csv") {
		t.Errorf("as CSV: %v %v", rows, err)
	}
	if _, body = f.ask(t, "GET", "/hr/records?format=csv&table=courses", hr, ""); strings.Count(body, "\r\n") != 2 || !strings.Contains(body, ",law,4,") {
		t.Errorf("courses: %q", body)
	}
	if then, _ := f.follow(t, "/hr/records?asOf=2001-01-01", hr); len(then) > 0 {
		t.Errorf("in 2001 there were %v", then)
	}
}

func TestTheFeedRefuses(t *testing.T) {
	f := newFronted(t)
	f.staff(t, "hq", 0, 1)
	hr := f.issuer.Token("one", map[string]any{"role": "hr", "units": "hq"})
	for _, c := range []struct {
		path, token string
		status      int
		says        string
	}{
		{"", "", 401, "sign in"},
		{"", hr + "x", 401, ""},
		{"?limit=0", hr, 400, `"field":"limit"`},
		{"?limit=2001", hr, 400, `"field":"limit"`},
		{"?cursor=x", hr, 400, `"field":"cursor"`},
		{"?cursor=r1.eyJzIjo5OTk5OX0", hr, 400, "behind the end"},
		{"?since=1", hr, 400, `"field":"since"`},
		{"?limit=1&limit=2", hr, 400, "more than once"},
		{"?format=xml", hr, 400, `"field":"format"`},
		{"?table=posts", hr, 400, `"field":"table"`},
		{"?format=csv&table=x", hr, 400, `"field":"table"`},
		{"?asOf=yesterday", hr, 400, `"field":"asOf"`},
		{"?asOf=2024-01-01&cursor=r1.eyJzIjoxfQ", hr, 400, `"field":"asOf"`},
		{"?purpose=" + strings.Repeat("x", domain.MaxText+1), hr, 400, `"field":"purpose"`},
	} {
		res, body := f.ask(t, "GET", "/hr/records"+c.path, c.token, "")
		if res.StatusCode != c.status || !strings.Contains(body, c.says) {
			t.Errorf("%.40s: %s %s", c.path, res.Status, body)
		}
	}
	if res, _ := f.ask(t, "POST", "/hr/records", hr, "{}"); res.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("POST: %s", res.Status)
	}
	if res, _ := f.ask(t, "GET", "/hr/records", hr, "", "Accept", "text/html"); res.StatusCode != http.StatusNotAcceptable {
		t.Errorf("as HTML: %s", res.Status)
	}
	// What cannot be noted is not shown.
	dir := filepath.Join(f.house.Dir, readingsDir)
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(dir, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	res, body := f.ask(t, "GET", "/hr/records", hr, "")
	if res.StatusCode != http.StatusServiceUnavailable || strings.Contains(body, "P000") || res.Header.Get("ETag") != "" || res.Header.Get("Retry-After") == "" {
		t.Errorf("unnoted: %s %s", res.Status, body)
	}
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
}
