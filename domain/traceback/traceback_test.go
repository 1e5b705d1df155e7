package traceback_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/traceback"
)

var (
	inspector = domaintest.By("inspector-wang", domain.RoleInspector)
	second    = domaintest.By("inspector-he", domain.RoleInspector)
	leader    = domaintest.By("leader-chen", domain.RoleLeader)
	system    = domaintest.By(domain.ActorSystem, domain.RoleSystem)
	importer  = domaintest.By("import", domain.RoleImporter)
	// self and chief are traced, in a role that could otherwise act.
	self  = domaintest.By("P7", domain.RoleInspector)
	chief = domaintest.By("P1", domain.RoleLeader)
)

var (
	opened = domaintest.Past{Act: system, Event: traceback.Opened{
		Cause: traceback.CauseFinding, Case: "C1", Officers: []domain.OfficerID{"P7"}, Unit: "U1", Fault: "accepted gifts", Due: domain.MustDate("2024-04-03")}}
	direct      = domaintest.Past{Act: inspector, Event: traceback.LinkTraced(clerk)}
	leading     = domaintest.Past{Act: inspector, Event: traceback.LinkTraced(head)}
	supervisory = domaintest.Past{Act: inspector, Event: traceback.LinkTraced(watch)}
	unweighed   = domaintest.Past{Act: inspector, Event: traceback.LinkTraced{Link: "L1", Officer: "P7", Unit: "U1", Duty: "to refuse gifts", Stage: traceback.StageInProcess, Liability: traceback.LiabilityDirect, Intent: traceback.IntentIntent}}
	weighed     = domaintest.Past{Act: inspector, Event: traceback.LinkWeighed{Link: "L1", Officer: "P7", Weight: 80, Reason: "alone at the counter"}}
	noClerk     = domaintest.Past{Act: inspector, Event: traceback.LinkCleared{Link: "L1", Officer: "P7", Reason: "was on leave"}}
	noHead      = domaintest.Past{Act: inspector, Event: traceback.LinkCleared{Link: "L2", Officer: "P1", Reason: "had warned"}}
	noWatch     = domaintest.Past{Act: inspector, Event: traceback.LinkCleared{Link: "L3", Officer: "P2", Reason: "not in office"}}
	concluded   = domaintest.Past{Act: leader, Event: traceback.Concluded{Opinion: "as traced"}}
	handedOn    = domaintest.Past{Act: leader, Event: traceback.HandedOn{Link: "L2", Officer: "P1", Case: "C1", To: traceback.ToSanction, Measure: domain.MeasureWarning, Conduct: "to check the register"}}
	excused     = domaintest.Past{Act: leader, Event: traceback.LinkExcused{Link: "L1", Officer: "P7", Reason: "bears the measure of the finding"}}
	closed      = domaintest.Past{Act: leader, Event: traceback.Closed{}}
	imported    = domaintest.Past{Act: importer, Event: traceback.Imported{Unit: "U1", Fault: "a lost file"}}
)

// The clerk who accepted gifts, the head who did not check the register, the
// inspector of the year who did not see it.
var (
	clerk = traceback.Trace{Link: "L1", Officer: "P7", Post: "counter-3", Unit: "U1", Step: "accept papers", Duty: "to refuse gifts",
		Stage: traceback.StageInProcess, Liability: traceback.LiabilityDirect, Intent: traceback.IntentIntent, Weight: 70}
	head = traceback.Trace{Link: "L2", Officer: "P1", Unit: "U1", Duty: "to check the register",
		Stage: traceback.StageInProcess, Liability: traceback.LiabilityLeading, Intent: traceback.IntentNegligence, Weight: 20, Because: []string{"L1"}}
	watch = traceback.Trace{Link: "L3", Officer: "P2", Unit: "U9", Duty: "to inspect every year",
		Stage: traceback.StageExPost, Liability: traceback.LiabilitySupervisory, Intent: traceback.IntentNegligence, Because: []string{"L2"}}
)

// chain returns the past of an open trace, followed by more.
func chain(more ...domaintest.Past) []domaintest.Past {
	return append([]domaintest.Past{opened}, more...)
}

// settled returns the past of a concluded trace of two links.
func settled(more ...domaintest.Past) []domaintest.Past {
	return append(chain(direct, leading, concluded), more...)
}

func TestTheGraphRunsFromTheFaultToThoseWhoSupervise(t *testing.T) {
	state := traceback.Room.NewState()
	fold := func(past ...domaintest.Past) traceback.Graph {
		for _, p := range past {
			traceback.Room.Apply(state, p.Event, p.Act)
		}
		return state.(*traceback.Traceback).Graph()
	}
	if got := fold(); len(got.Nodes)+len(got.Edges) > 0 {
		t.Errorf("before it is opened the graph is %+v", got)
	}
	mate := traceback.LinkTraced{Link: "L4", Officer: "P8", Unit: "U1", Step: "accept papers", Duty: "to report", Stage: traceback.StageInProcess, Liability: traceback.LiabilityDirect, Intent: traceback.IntentNegligence, Weight: 10}
	loose := traceback.LinkTraced{Link: "L5", Officer: "P9", Unit: "U1", Duty: "to train", Stage: traceback.StageExAnte, Liability: traceback.LiabilityDirect, Intent: traceback.IntentNegligence, Weight: 5}
	got := fold(opened, direct, leading, supervisory, domaintest.Past{Act: inspector, Event: mate}, domaintest.Past{Act: inspector, Event: loose}, noWatch)

	wantEdges := []traceback.Edge{
		{From: "fault", To: "step:accept papers"}, {From: "step:accept papers", To: "link:L1"},
		{From: "link:L1", To: "link:L2"}, {From: "link:L2", To: "link:L3"},
		{From: "step:accept papers", To: "link:L4"}, {From: "fault", To: "link:L5"},
	}
	if diff := cmp.Diff(wantEdges, got.Edges); diff != "" {
		t.Errorf("edges (-want +got):\n%s", diff)
	}
	type node struct {
		ID, Text string
		Kind     traceback.NodeKind
		Officer  domain.OfficerID
		Cleared  bool
	}
	var nodes []node
	for _, n := range got.Nodes {
		nodes = append(nodes, node{n.ID, n.Text, n.Kind, n.Link.Officer, n.Link.Cleared})
	}
	wantNodes := []node{
		{"fault", "accepted gifts", traceback.NodeFault, "", false},
		{"step:accept papers", "accept papers", traceback.NodeStep, "", false},
		{"link:L1", "to refuse gifts", traceback.NodeLink, "P7", false},
		{"link:L2", "to check the register", traceback.NodeLink, "P1", false},
		{"link:L3", "to inspect every year", traceback.NodeLink, "P2", true},
		{"link:L4", "to report", traceback.NodeLink, "P8", false},
		{"link:L5", "to train", traceback.NodeLink, "P9", false},
	}
	if diff := cmp.Diff(wantNodes, nodes); diff != "" {
		t.Errorf("nodes (-want +got):\n%s", diff)
	}
}

func TestALinkThatIsTracedTwiceIsFoldedOnce(t *testing.T) {
	state := traceback.Room.NewState()
	for range 2 {
		traceback.Room.Apply(state, direct.Event, direct.Act)
	}
	if got := state.(*traceback.Traceback); len(got.Links) != 1 || len(got.Tracers) != 1 {
		t.Errorf("the state holds %d links and %d tracers, want one each", len(got.Links), len(got.Tracers))
	}
}

func TestImport(t *testing.T) {
	domaintest.Run(t, traceback.Room, []domaintest.Scenario{
		{
			Name: "a trace of old is filed",
			When: traceback.Import{Officers: []domain.OfficerID{"P7"}, Unit: "U1", Case: "C1", Fault: "a lost file", Opinion: "carelessness", ConcludedOn: domain.MustDate("2018-01-01")}, As: importer,
			Then: []domain.Event{traceback.Imported{Officers: []domain.OfficerID{"P7"}, Unit: "U1", Case: "C1", Fault: "a lost file", Opinion: "carelessness", ConcludedOn: domain.MustDate("2018-01-01")}},
		},
		{
			Name: "somebody or some unit answered for it",
			When: traceback.Import{Fault: "a lost file"}, As: importer,
			Refused: domain.CodeInvalid, Field: "officers",
		},
		{
			Name: "the fault is required",
			When: traceback.Import{Unit: "U1"}, As: importer,
			Refused: domain.CodeInvalid, Field: "fault",
		},
		{
			Name: "a trace on file is not imported over", Given: chain(),
			When: traceback.Import{Unit: "U1", Fault: "a lost file"}, As: importer,
			Refused: domain.CodeExists, Field: "subject",
		},
		{
			Name: "nothing follows on a trace of old", Given: []domaintest.Past{imported},
			When: clerk, As: inspector,
			Refused: domain.CodeState,
		},
		{
			Name: "only the importer imports",
			When: traceback.Import{Unit: "U1", Fault: "a lost file"}, As: inspector,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestEveryEventAndCommandIsListed(t *testing.T) { domaintest.Listed(t, traceback.Room, ".") }

func TestFoldsAreTotal(t *testing.T) {
	domaintest.Total(t, traceback.Room)
	// The graph and the conclusion are total too, over links that point at
	// nothing and in circles.
	for _, e := range traceback.Room.Events {
		state := traceback.Room.NewState()
		traceback.Room.Apply(state, domaintest.Filled(e), inspector)
		state.(*traceback.Traceback).Graph()
	}
}
