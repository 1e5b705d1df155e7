package house

import (
	"io"
	"log/slog"
	"maps"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var metricName = regexp.MustCompile(`"(probity_[a-z_]+)"[,:]`)

// The page lists what the programs make, and nothing else.
func TestThePageListsEveryMetric(t *testing.T) {
	page, err := os.ReadFile("../../docs/metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]string{} // by name, where it is shown
	for _, row := range regexp.MustCompile("(?m)^\\| `(probity_[a-z_]+)` \\|[^|]*\\|([^|\n]*)").FindAllStringSubmatch(string(page), -1) {
		listed[row[1]] = strings.TrimSpace(row[2])
	}
	made := map[string]bool{}
	for _, dir := range []string{".", "../probity"} {
		files, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
				continue
			}
			raw, err := os.ReadFile(dir + "/" + f.Name())
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(raw), "prometheus") {
				continue
			}
			for _, found := range metricName.FindAllStringSubmatch(string(raw), -1) {
				made[found[1]] = true
			}
		}
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(made)), slices.Sorted(maps.Keys(listed))); diff != "" {
		t.Errorf("made and listed (-made +listed):\n%s", diff)
	}

	shown := shownMetrics(t)
	for name := range shown {
		if _, ok := listed[name]; !ok {
			t.Errorf("/metrics shows %s, which is not on the page", name)
		}
	}
	for name, where := range listed {
		if where == "" && !shown[name] && !strings.HasPrefix(name, "probity_witness_") {
			t.Errorf("the page says that %s is always shown, and it is not", name)
		}
	}
}

// shownMetrics are those that a server shows at its start.
func shownMetrics(t *testing.T) map[string]bool {
	t.Helper()
	h, err := Open(Config{Dir: fresh.in(t), Write: true, PlainKey: true})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	if err := h.OpenViews(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if err := h.Notary.CatchUp(t.Context()); err != nil { // so that there is a checkpoint
		t.Fatal(err)
	}
	web, err := h.Web(slog.New(slog.DiscardHandler), "")
	if err != nil {
		t.Fatal(err)
	}
	defer web.Close()
	r := httptest.NewRequest("GET", "http://localhost/metrics", nil)
	r.RemoteAddr = "127.0.0.1:9"
	w := httptest.NewRecorder()
	web.ServeHTTP(w, r)
	raw, err := io.ReadAll(w.Body)
	if err != nil || w.Code != 200 {
		t.Fatalf("%d %v", w.Code, err)
	}
	shown := map[string]bool{}
	for _, line := range regexp.MustCompile(`(?m)^# TYPE (probity_[a-z_]+) `).FindAllStringSubmatch(string(raw), -1) {
		shown[line[1]] = true
	}
	return shown
}
