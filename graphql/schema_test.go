package graphql_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	sdlparser "github.com/graphql-go/graphql/language/parser"

	"github.com/probity-ledger/probity/graphql"
)

func TestSchemaInTheFileIsTheOneThatIsServed(t *testing.T) {
	got := shared().service.SDL()
	if *update {
		if err := os.WriteFile("schema.graphql", []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("schema.graphql")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("schema.graphql is out of date; run go test ./graphql -run TestSchema -update (-file +served):\n%s", diff)
	}
}

func TestSchemaIsWrittenInTheSchemaDefinitionLanguage(t *testing.T) {
	if _, err := sdlparser.Parse(sdlparser.ParseParams{Source: shared().service.SDL()}); err != nil {
		t.Fatal(err)
	}
}

func TestEverythingInTheSchemaIsDescribed(t *testing.T) {
	type described struct{ Name, Description string }
	schema := answer[struct {
		Schema struct {
			Types []struct {
				described
				Fields []struct {
					described
					Args []described
				}
				InputFields []described
				EnumValues  []described
			}
		} `json:"__schema"`
	}](t, shared(), public, `{ __schema { types { name description
		fields { name description args { name description } } inputFields { name description } enumValues { name description } } } }`)
	missing := func(path ...string) { t.Errorf("%s has no description", strings.Join(path, ".")) }
	for _, typ := range schema.Schema.Types {
		if strings.HasPrefix(typ.Name, "__") {
			continue
		}
		if typ.Description == "" {
			missing(typ.Name)
		}
		for _, f := range typ.Fields {
			if f.Description == "" {
				missing(typ.Name, f.Name)
			}
			for _, a := range f.Args {
				if a.Description == "" {
					missing(typ.Name, f.Name, a.Name)
				}
			}
		}
		for _, f := range slices.Concat(typ.InputFields, typ.EnumValues) {
			if f.Description == "" {
				missing(typ.Name, f.Name)
			}
		}
	}
}

// The domain's closed sets and the enums that stand for them. A value added
// to a set and forgotten here would be an internal error when first met.
func TestEnumsHoldEveryWordOfTheDomain(t *testing.T) {
	enums := graphql.EnumWords()
	for _, set := range []struct{ dir, typ, enum string }{
		{"../domain", "Role", "Role"},
		{"../domain/unit", "Kind", "UnitKind"}, {"../domain/unit", "Status", "UnitStatus"},
		{"../domain/post", "Status", "PostStatus"}, {"../domain/post", "Grade", "RiskGrade"},
		{"../domain/officer", "Status", "OfficerStatus"}, {"../domain/officer", "CertificateStatus", "CertificateStatus"},
		{"../domain/complaint", "Channel", "Channel"}, {"../domain/complaint", "Status", "ComplaintStatus"}, {"../domain/complaint", "Result", "ComplaintResult"},
		{"../domain/misconduct", "Status", "CaseStatus"}, {"../domain/misconduct", "Origin", "CaseOrigin"},
		{"../domain/misconduct", "Result", "FindingResult"}, {"../domain/misconduct", "Discipline", "Discipline"},
		{"../domain/sanction", "Status", "SanctionStatus"}, {"../domain/reward", "Status", "RewardStatus"},
		{"../domain/plan", "Status", "PlanStatus"}, {"../domain/plan", "StageStatus", "StageStatus"},
		{"../domain/plan", "Result", "TargetResult"}, {"../domain/plan", "Outcome", "StageOutcome"},
		{"../domain/traceback", "Status", "TracebackStatus"}, {"../domain/traceback", "Cause", "TracebackCause"}, {"../domain/traceback", "NodeKind", "TraceNodeKind"},
		{"../domain/traceback", "Stage", "DutyStage"}, {"../domain/traceback", "Liability", "Liability"}, {"../domain/traceback", "Intent", "Intent"},
		{"../domain/enforcement", "Status", "EnforcementStatus"}, {"../domain/enforcement", "Kind", "EnforcementKind"}, {"../domain/enforcement", "Outcome", "EnforcementOutcome"},
		{"../domain/enforcement", "Body", "ReviewBody"}, {"../domain/enforcement", "Result", "ReviewResult"}, {"../projections", "DiscretionBy", "DiscretionBy"}, {"../projections", "FunnelPlace", "FunnelPlace"},
		{"../domain/norm", "Kind", "NormKind"}, {"../domain/norm", "Status", "NormStatus"}, {"../domain/norm", "Outcome", "NormReviewOutcome"}, {"../domain/norm", "StepKind", "StepKind"},
		{"../domain/disclosure", "Status", "DisclosureStatus"}, {"../domain/disclosure", "Medium", "Medium"},
		{"../domain/warning", "Status", "WarningStatus"}, {"../domain/warning", "Outcome", "WarningOutcome"},
		{"../domain/inspection", "Status", "InspectionStatus"}, {"../domain/inspection", "Severity", "Severity"},
		{"../domain/programme", "Status", "ProgrammeStatus"},
		{"../domain/activity", "Kind", "ActivityKind"}, {"../domain/activity", "Format", "ActivityFormat"}, {"../domain/activity", "Carrier", "CarrierKind"},
		{"../domain/post", "Level", "RiskLevel"}, {"../domain/key", "Status", "KeyStatus"}, {"../domain", "KeyPurpose", "KeyPurpose"},
		{"../projections", "Order", "EventOrder"}, {"../projections", "Facet", "FindingFacet"},
	} {
		want, got := constants(t, set.dir, set.typ), slices.Clone(enums[set.enum])
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s.%s against enum %s (-domain +enum):\n%s", set.dir, set.typ, set.enum, diff)
		}
	}
}

// constants returns the values of the constants of a type, without "".
func constants(t *testing.T, dir, typ string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files in %s: %v", dir, err)
	}
	var out []string
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			if id, ok := spec.Type.(*ast.Ident); !ok || id.Name != typ || len(spec.Values) != 1 {
				return true
			}
			if lit, ok := spec.Values[0].(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if word, _ := strconv.Unquote(lit.Value); word != "" {
					out = append(out, word)
				}
			}
			return true
		})
	}
	if len(out) == 0 {
		t.Fatalf("%s has no constants of type %s", dir, typ)
	}
	slices.Sort(out)
	return out
}

func TestTheIntrospectionQueryOfGraphiQLIsAnswered(t *testing.T) {
	query, err := os.ReadFile("guard/testdata/introspection.graphql")
	if err != nil {
		t.Fatal(err)
	}
	var out struct {
		Schema struct {
			QueryType struct{ Name string }
			Types     []struct{ Name string }
		} `json:"__schema"`
	}
	if err := json.Unmarshal([]byte(shared().ask(t, public, string(query))), &out); err != nil {
		t.Fatal(err)
	}
	if out.Schema.QueryType.Name != "Query" || len(out.Schema.Types) < 50 {
		t.Errorf("query type %q and %d types", out.Schema.QueryType.Name, len(out.Schema.Types))
	}
}
