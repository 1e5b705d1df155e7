package graphql_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections"
)

// examples are the ready queries with who asks them, and values that the
// answer must hold, by their path.
var examples = map[string]struct {
	who       projections.Principal
	variables []any
	want      map[string]any
}{
	"inspector-history": {inspector, []any{"officer", "P1"}, map[string]any{
		"officer.name": "张伟", "officer.barred": true, "officer.unit.id": "W1",
		"officer.counts":                                        map[string]any{"complaints": 1., "findings": 1., "sanctions": 1., "rewards": 0.},
		"officer.complaints.nodes.0.cases.0.id":                 "C1",
		"officer.complaints.nodes.0.cases.0.findings.0.result":  "SUSTAINED",
		"officer.complaints.nodes.0.cases.0.sanctions.0.status": "IMPOSED",
		"officer.timeline.nodes.0.event.kind":                   "officer.inquiry_opened.v1",
		"officer.timeline.nodes.0.event.cause.kind":             "misconduct.opened.v2",
		"officer.timeline.pageInfo.hasNextPage":                 true,
	}},
	"inspector-due": {inspector, []any{"unit", "D1", "today", "2024-06-03"}, map[string]any{
		"unit.kind": "DEPARTMENT", "overdue.totalCount": 0., "all.totalCount": 1.,
		"all.byCategory": []any{map[string]any{"value": "delay", "count": 1.}},
		"all.byResult":   []any{map[string]any{"value": "SUBSTANTIATED", "count": 1.}},
	}},
	"hr-file": {clerk, []any{"officer", "P1"}, map[string]any{
		"officer.staffNumber": "0001", "officer.recordFile.barred": true, "officer.recordFile.day": "2024-06-03",
		"officer.recordFile.posts.0.post.name":      "窗口岗",
		"officer.recordFile.training.0":             map[string]any{"year": 2023., "hours": 40.},
		"officer.recordFile.restrictions.0.measure": "demerit", "officer.recordFile.restrictions.0.until": "2024-06-05",
		"officer.recordFile.sanctions.0.inForce": true,
	}},
	"auditor-as-of": {auditor, []any{"officer", "P1", "moment", "2023-05-09T00:00:00Z"}, map[string]any{
		"officer.now.sanctions.0.status": "IMPOSED", "officer.now.restrictions.0.measure": "demerit",
		"officer.knownThen.sanctions.0.status": "APPROVED", "officer.knownThen.restrictions": []any{}, "officer.trueThen.restrictions": []any{},
		"officer.knownThen.findings.0.result": "SUSTAINED",
	}},
	"auditor-evidence": {auditor, []any{"from", "2023-01-01T00:00:00Z", "to", "2023-12-31T23:59:59Z"}, map[string]any{
		"ledger.origin": "test.example/ledger", "events.totalCount": 1., "events.nodes.0.role": "LEADER", "events.nodes.0.data.measure": "demerit",
		"events.nodes.0.envelope.payloadType": "application/cloudevents+json",
	}},
	"officer-own-file": {as(domain.RoleOfficer, "P1"), nil, map[string]any{
		"me.subject": "P1", "me.officer.name": "张伟", "me.officer.recordFile.sanctions.0.measure": "demerit",
		"me.officer.recordFile.sanctions.0.event.kind": "sanction.imposed.v2",
	}},
	"leader-scorecard": {inspector, []any{"unit", "D1", "from", "2023-01-01", "to", "2023-12-31"}, map[string]any{
		"scorecard.unit.id": "D1", "scorecard.until": "2023-12-31",
		"scorecard.articles.2.article": "I3", "scorecard.articles.2.level": "REQUIRED",
	}},
	"inspector-warning-scores": {inspector, []any{"from", "2024-01-01"}, map[string]any{
		"warningRules": []any{}, "reviewQueue.officers": 2.,
		"reviewQueue.places.0.officer.name": "张伟", "reviewQueue.places.0.upheld": 1.,
	}},
	"public-statistics": {public, nil, map[string]any{
		"statistics.findingsByResult.0": map[string]any{"value": "NOT_SUSTAINED", "count": nil, "suppressed": true},
	}},
}

func TestEveryExampleIsAnsweredAndTested(t *testing.T) {
	files, err := filepath.Glob("examples/*.graphql")
	if err != nil || len(files) != len(examples) {
		t.Fatalf("%d files in examples, %d tests for them (%v)", len(files), len(examples), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".graphql")
		t.Run(name, func(t *testing.T) {
			query, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			example := examples[name]
			var data any
			if err := json.Unmarshal([]byte(shared().ask(t, example.who, string(query), example.variables...)), &data); err != nil {
				t.Fatal(err)
			}
			for path, want := range example.want {
				if diff := cmp.Diff(want, dig(data, path)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", path, diff)
				}
			}
			if t.Failed() {
				pretty, _ := json.MarshalIndent(data, "", " ")
				t.Logf("%s", pretty)
			}
		})
	}
}

// dig returns the value at a path of member names and list indexes.
func dig(value any, path string) any {
	for step := range strings.SplitSeq(path, ".") {
		switch v := value.(type) {
		case map[string]any:
			value = v[step]
		case []any:
			i := int(step[0] - '0')
			if i >= len(v) {
				return "nothing at " + step
			}
			value = v[i]
		default:
			return "nothing at " + step
		}
	}
	return value
}
