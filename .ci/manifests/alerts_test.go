package manifests

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

type rules struct {
	Groups []struct {
		Rules []struct {
			Alert, Record, Expr string
			Annotations         map[string]string
		}
	}
}

func rulesOf(t *testing.T, name string) rules {
	t.Helper()
	var r rules
	if err := yaml.Unmarshal(read(t, deploy, "observability", name), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// exported are the metrics that the program names, in its source.
func exported(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	literal := regexp.MustCompile(`"(probity_[a-z_]+)"`)
	for _, dir := range []string{"cmd", "graphql", "ledger", "projections"} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(path string, d fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			raw, err := os.ReadFile(path)
			for _, m := range literal.FindAllStringSubmatch(string(raw), -1) {
				names[m[1]] = true
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return names
}

// An alert on a metric that nobody exports is never raised, and nobody notices.
func TestAlertsRestOnMetricsThatThereAre(t *testing.T) {
	metrics := exported(t)
	recorded := map[string]bool{}
	name := regexp.MustCompile(`\b(probity[_:][a-z0-9_:]+)\b`)
	part := regexp.MustCompile(`_(bucket|count|sum)$`)
	for _, file := range []string{"recording.yaml", "alerts.yaml"} {
		for _, g := range rulesOf(t, file).Groups {
			for _, r := range g.Rules {
				for _, m := range name.FindAllString(r.Expr, -1) {
					if !metrics[m] && !metrics[part.ReplaceAllString(m, "")] && !recorded[m] {
						t.Errorf("%s: %s%s: nothing exports %s", file, r.Alert, r.Record, m)
					}
				}
				if r.Record != "" {
					recorded[r.Record] = true
				}
			}
		}
	}
}

// Whoever is woken finds what it means, and what to do.
func TestAlertsLeadToTheRunbook(t *testing.T) {
	list := string(read(t, deploy, "observability", "ALERTS.md"))
	anchors := map[string]bool{}
	notInAnchors := regexp.MustCompile(`[^a-z0-9 -]`)
	for line := range strings.Lines(string(read(t, deploy, "RUNBOOK.md"))) {
		if title, ok := strings.CutPrefix(line, "## "); ok {
			title = notInAnchors.ReplaceAllString(strings.ToLower(strings.TrimSpace(title)), "")
			anchors["RUNBOOK.md#"+strings.ReplaceAll(title, " ", "-")] = true
		}
	}
	alerts := 0
	for _, g := range rulesOf(t, "alerts.yaml").Groups {
		for _, r := range g.Rules {
			alerts++
			if !anchors[r.Annotations["runbook"]] {
				t.Errorf("%s leads to %s, which is not there", r.Alert, r.Annotations["runbook"])
			}
			if !strings.Contains(list, "| `"+r.Alert+"` |") {
				t.Errorf("ALERTS.md does not tell of %s", r.Alert)
			}
		}
	}
	if got := strings.Count(list, "| `Probity"); got != alerts {
		t.Errorf("ALERTS.md tells of %d alerts, there are %d", got, alerts)
	}
}
