package house

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
)

// district are two agencies, A with its department A1 and B with B1, and old
// matters of both, of the same shape: what ends in A is of A, what in B of B.
// The inspector IA serves in A1 and has a declared interest in KA; matters that
// end in S are about IA, those in R about KA.
type district struct {
	*served
	count int
}

func newDistrict(t *testing.T) *district {
	o := newOffice(t)
	d := &district{served: serve(t, o.House)}
	for _, u := range []string{"A", "B"} {
		d.old("unit", u, `"name":"%s","kind":"agency"`, u)
		d.old("unit", u+"1", `"name":"%s1","kind":"department","parent":"%[1]s"`, u)
		d.old("post", "post"+u, `"title":"window","unit":"%s1"`, u)
		d.old("officer", "P"+u, `"name":"P%s","unit":"%[1]s1"`, u)
	}
	d.old("officer", "IA", `"name":"IA","unit":"A1"`)
	d.old("officer", "KA", `"name":"KA","unit":"A1"`)
	d.must(at("IA", domain.RoleOfficer), "officer.declare_interest", "IA", `"nature":"kinship","officer":"KA"`)
	about := map[string][2]string{"A": {"A1", "PA"}, "B": {"B1", "PB"}, "S": {"A1", "IA"}, "R": {"A1", "KA"}}
	for _, end := range []string{"A", "B", "S", "R"} {
		unit, officer := about[end][0], about[end][1]
		d.old("complaint", "c"+end, `"receivedOn":"2020-01-06","category":"delay","summary":"slow","unit":"%s","officers":["%s"]`, unit, officer)
		d.old("traceback", "t"+end, `"fault":"a step left out","unit":"%s","officers":["%s"]`, unit, officer)
		d.old("inspection", "i"+end, `"conclusion":"in order","unit":"%s","officers":["%s"]`, unit, officer)
		d.old("warning", "w"+end, `"rule":"late","unit":"%s","officer":"%s"`, unit, officer)
		d.old("sanction", "s"+end, `"officer":"%s","measure":"warning"`, officer)
		d.old("enforcement", "e"+end, `"kind":"penalty","outcome":"penalty","unit":"%s","officers":["%s"]`, unit, officer)
		d.must(at("I9", domain.RoleInspector), "misconduct.open", "m"+end, `"origin":"inspection","conduct":"took gifts","unit":"%s","officers":["%s"]`, unit, officer)
	}
	for _, u := range []string{"A", "B"} {
		d.old("activity", "a"+u, `"kind":"culture","topic":"board","unit":"%s1"`, u)
		d.old("disclosure", "d"+u, `"title":"fees","unit":"%s1"`, u)
		d.old("plan", "pl"+u, `"title":"year","unit":"%s1"`, u)
		d.old("reward", "r"+u, `"honour":"model","unit":"%s1"`, u)
		d.old("programme", "pr"+u, `"agency":"%s"`, u)
		d.old("norm", "n"+u, `"title":"rules","kind":"internal_rule","unit":"%s1","from":"2020-01-06","clauses":[{"code":"1","text":"be kind"}]`, u)
	}
	return d
}

// at is who holds the folder, or has all units.
func at(subject string, role domain.Role) projections.Principal {
	return projections.Principal{Subject: subject, Role: role, Units: []domain.UnitID{projections.AllUnits}}
}

// inA is somebody of agency A.
func inA(subject string, role domain.Role) projections.Principal {
	return projections.Principal{Subject: subject, Role: role, Units: []domain.UnitID{"A"}}
}

func (d *district) line(who projections.Principal, command, subject, data string) []byte {
	d.count++
	source := ""
	if who.Role == domain.RoleImporter {
		source = fmt.Sprintf(`"source":"sha256:%064x",`, d.count)
	}
	return fmt.Appendf(nil, `{"id":"i%d","command":%q,"subject":%q,"actor":%q,"role":%q,%s"data":{%s}}`, d.count, command, subject, who.Subject, who.Role, source, data)
}

func (d *district) must(who projections.Principal, command, subject, data string, args ...any) {
	d.t.Helper()
	if _, _, err := d.Submit(d.t.Context(), d.line(who, command, subject, fmt.Sprintf(data, args...))); err != nil {
		d.t.Fatalf("%s on %s: %v", command, subject, err)
	}
}

func (d *district) old(room, subject, data string, args ...any) {
	d.t.Helper()
	d.must(at("old", domain.RoleImporter), room+".import", subject, data, args...)
}

// try is what the principal is told, with the subject's id left out.
func (d *district) try(who projections.Principal, command, subject, data string) string {
	_, err := d.Desk().Try(d.t.Context(), who, d.line(who, command, subject, data))
	if err == nil {
		return "let through"
	}
	r, _ := json.Marshal(err)
	return strings.ReplaceAll(string(r)+" "+err.Error(), subject, "ID")
}

// In each room somebody of A commands on what is of A; what is of B answers
// like what is not on file, whether it is tried, recorded or prepared.
func TestNobodyCommandsOutsideTheirUnits(t *testing.T) {
	d := newDistrict(t)
	hr, leader, inspector := inA("R1", domain.RoleHR), inA("L1", domain.RoleLeader), inA("I1", domain.RoleInspector)
	before := len(payloads(t, d.Store))
	for _, c := range []struct {
		who                    projections.Principal
		command, subject, data string
	}{
		{hr, "unit.rename", "%s1", `"name":"renamed"`},
		{hr, "post.list_power", "post%s", `"power":"x","name":"stamp","legalBasis":"law"`},
		{hr, "officer.issue_certificate", "P%s", `"number":"N1"`},
		{leader, "officer.suspend_from_duty", "P%s", `"reason":"danger"`},
		{leader, "norm.repeal", "n%s", `"reason":"old"`},
		{leader, "enforcement.review_fault", "e%s", `"found":false,"opinion":"none"`},
		{inspector, "inspection.close", "i%s", `"conclusion":"done"`},
		{leader, "complaint.accept", "c%s", ``},
		{inspector, "misconduct.lodge_evidence", "m%s", `"note":"a letter","evidence":[]`},
		{inspector, "traceback.close", "t%s", ``},
		{leader, "sanction.approve", "s%s", ``},
		{leader, "reward.revoke", "r%s", `"reason":"no"`},
		{leader, "plan.adopt", "pl%s", ``},
		{leader, "warning.acknowledge", "w%s", ``},
		{hr, "activity.cancel", "a%s", `"reason":"rain"`},
		{hr, "disclosure.publish", "d%s", `"url":"https://a.example","evidence":[]`},
		{leader, "programme.close", "pr%s", ``},
		// A case concerns a unit: the handler works what is assigned, and so
		// nothing here.
	} {
		mine := d.try(c.who, c.command, fmt.Sprintf(c.subject, "A"), c.data)
		theirs := d.try(c.who, c.command, fmt.Sprintf(c.subject, "B"), c.data)
		unknown := d.try(c.who, c.command, "nobody", c.data)
		switch {
		case theirs != unknown:
			t.Errorf("%s tells what is hidden from what is not there:\n%s\n%s", c.command, theirs, unknown)
		case theirs == "let through" || mine == unknown:
			t.Errorf("%s: own %s, of others %s", c.command, mine, theirs)
		}
		line := d.line(c.who, c.command, fmt.Sprintf(c.subject, "B"), c.data)
		if _, err := d.Desk().Record(t.Context(), c.who, line); err == nil {
			t.Errorf("%s was recorded on what is of others", c.command)
		}
		in, err := d.Codec.ParseInstruction(line)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Desk().Prepare(t.Context(), c.who, in); err == nil {
			t.Errorf("%s was prepared on what is of others", c.command)
		}
		// The house can prepare it; who is handed that submits nothing.
		if p, err := d.Signed().Prepare(t.Context(), in); err == nil {
			if _, err := d.Desk().Submit(t.Context(), c.who, p); err == nil {
				t.Errorf("%s was submitted on what is of others", c.command)
			}
		}
	}
	if now := len(payloads(t, d.Store)); now != before {
		t.Errorf("%d events were recorded", now-before)
	}
}

// Nobody commands on a matter that names them, or somebody they have an
// interest in; with all units in scope neither.
func TestNobodyCommandsOnAMatterOfTheirOwn(t *testing.T) {
	d := newDistrict(t)
	for _, who := range []projections.Principal{inA("IA", domain.RoleInspector), at("IA", domain.RoleInspector)} {
		for _, c := range []struct{ command, subject, data string }{
			{"complaint.screen", "c%s", `"admissible":true,"ground":"ours"`},
			{"misconduct.lodge_evidence", "m%s", `"note":"a letter","evidence":[]`},
			{"traceback.close", "t%s", ``},
			{"sanction.withdraw_proposal", "s%s", `"reason":"no"`},
			{"inspection.close", "i%s", `"conclusion":"done"`},
			{"warning.acknowledge", "w%s", ``},
		} {
			unknown := d.try(who, c.command, "nobody", c.data)
			for _, of := range []string{"S", "R"} {
				if own := d.try(who, c.command, fmt.Sprintf(c.subject, of), c.data); own != unknown || own == "let through" {
					t.Errorf("%s, %s: %s; where there is none %s", c.command, of, own, unknown)
				}
			}
			if of := d.try(who, c.command, fmt.Sprintf(c.subject, "A"), c.data); of == unknown {
				t.Errorf("%s on a matter of others: %s", c.command, of)
			}
		}
	}
}

// What is begun belongs to the units of who begins it, and names nothing that
// they may not name.
func TestWhatIsBegunBelongsToWhoBeginsIt(t *testing.T) {
	d := newDistrict(t)
	hr, leader, inspector, intake := inA("R1", domain.RoleHR), inA("L1", domain.RoleLeader), inA("I1", domain.RoleInspector), inA("T1", domain.RoleIntake)
	overseer := projections.Principal{Subject: "O1", Role: domain.RoleOverseer}
	officer := projections.Principal{Subject: "PA", Role: domain.RoleOfficer}
	const complaint = `"channel":"letter","category":"x","summary":"y","realName":false`
	for _, c := range []struct {
		name                   string
		who                    projections.Principal
		command, subject, data string
		code                   domain.Code
		field                  string
	}{
		{"a complaint about A", intake, "complaint.receive", "new", complaint + `,"unit":"A1","officers":["PA"]`, "", ""},
		{"about B", intake, "complaint.receive", "new", complaint + `,"unit":"B1"`, domain.CodeNotFound, "unit"},
		{"about a unit that is not there", intake, "complaint.receive", "new", complaint + `,"unit":"X9"`, domain.CodeNotFound, "unit"},
		{"about an officer of B in A", intake, "complaint.receive", "new", complaint + `,"unit":"A1","officers":["PB"]`, domain.CodeNotFound, "officers"},
		{"about nobody", intake, "complaint.receive", "new", complaint, domain.CodeForbidden, ""},
		{"under an id of B", intake, "complaint.receive", "cB", complaint + `,"unit":"A1"`, domain.CodeExists, "subject"},
		{"under an id of A", intake, "complaint.receive", "cA", complaint + `,"unit":"A1"`, domain.CodeExists, "subject"},
		{"by all units about nobody", at("T1", domain.RoleIntake), "complaint.receive", "new", complaint, "", ""},
		{"a case against somebody of A", inspector, "misconduct.open", "new", `"origin":"inspection","conduct":"x","officers":["PA"]`, "", ""},
		{"against somebody of B", inspector, "misconduct.open", "new", `"origin":"inspection","conduct":"x","unit":"A1","officers":["PB"]`, domain.CodeNotFound, "officers"},
		{"on a complaint of B", inspector, "misconduct.open", "new", `"origin":"complaint","complaint":"cB","conduct":"x","unit":"A1"`, domain.CodeNotFound, "complaint"},
		{"on one that is not there", inspector, "misconduct.open", "new", `"origin":"complaint","complaint":"nothing","conduct":"x","unit":"A1"`, domain.CodeNotFound, "complaint"},
		{"against oneself", at("IA", domain.RoleInspector), "misconduct.open", "new", `"origin":"inspection","conduct":"x","officers":["IA"]`, domain.CodeNotFound, "officers"},
		{"against a relation", at("IA", domain.RoleInspector), "misconduct.open", "new", `"origin":"inspection","conduct":"x","officers":["KA"]`, domain.CodeNotFound, "officers"},
		{"widened to somebody of B", inspector, "misconduct.widen_scope", "mA", `"officers":["PB"],"conduct":"x"`, domain.CodeNotFound, "officers"},
		{"a sanction from a case of B", inspector, "sanction.propose", "new", `"officer":"PA","case":"mB","measure":"warning","conduct":"x"`, domain.CodeNotFound, "case"},
		{"a unit below A", hr, "unit.establish", "new", `"name":"x","kind":"department","parent":"A"`, "", ""},
		{"below B", hr, "unit.establish", "new", `"name":"x","kind":"department","parent":"B"`, domain.CodeNotFound, "parent"},
		{"a new agency", hr, "unit.establish", "new", `"name":"x","kind":"agency"`, domain.CodeForbidden, ""},
		{"a new agency by all units", at("R1", domain.RoleHR), "unit.establish", "new", `"name":"x","kind":"agency"`, "", ""},
		{"moved to B", hr, "unit.move", "A1", `"parent":"B"`, domain.CodeNotFound, "parent"},
		{"an officer enrolled in B", hr, "officer.enroll", "new", `"name":"x","unit":"B1"`, domain.CodeNotFound, "unit"},
		{"the rules of all", leader, "rulebook.adopt", "cn-2024", `"version":"2","digest":"sha256:` + strings.Repeat("0", 64) + `","validFrom":"2030-01-01"`, domain.CodeForbidden, ""},
		{"a cycle of B", leader, "programme.open", "new", `"agency":"B","from":"2026-01-01","to":"2026-12-31"`, domain.CodeNotFound, "agency"},
		{"a cycle, by the overseer of all", overseer, "programme.open", "new", `"agency":"B","from":"2026-01-01","to":"2026-12-31"`, "", ""},
		{"an act by an officer of A", officer, "enforcement.open", "new", `"kind":"penalty","unit":"B1","matter":"x","partyKind":"person","party":"x","procedure":"nA","officers":["PA","IA"]`, domain.CodeNotFound, "unit"},
		{"a transfer to B", intake, "complaint.transfer", "cA", `"to":"B","toUnit":"B1","ground":"theirs"`, domain.CodeState, ""},
		{"an interest in somebody of B", officer, "officer.declare_interest", "PA", `"nature":"kinship","officer":"PB"`, "", ""},
		{"of another", officer, "officer.declare_interest", "IA", `"nature":"kinship","officer":"PB"`, domain.CodeNotFound, "subject"},
		{"without units", projections.Principal{Subject: "I1", Role: domain.RoleInspector}, "misconduct.open", "new", `"origin":"inspection","conduct":"x","officers":["PA"]`, domain.CodeNotFound, "officers"},
	} {
		_, err := d.Desk().Try(t.Context(), c.who, d.line(c.who, c.command, c.subject, c.data))
		refusal := &domain.Refusal{}
		if err != nil {
			var ok bool
			if refusal, ok = err.(*domain.Refusal); !ok {
				t.Errorf("%s: %v", c.name, err)
				continue
			}
		}
		if refusal.Code != c.code || refusal.Field != c.field {
			t.Errorf("%s: %s %v, want %s on %q", c.name, refusal.Code, err, c.code, c.field)
		}
	}
}

// People vouch for the keys of those who serve in their units, and decide over
// no others; their own they have in hand themselves.
func TestKeysAreTheirHoldersUnits(t *testing.T) {
	d := newDistrict(t)
	enrolment := func(holder domain.ActorID) (*ledger.Signer, domain.Instruction) {
		key, err := ledger.GenerateKey(ledger.Ed25519)
		if err != nil {
			t.Fatal(err)
		}
		signer, err := ledger.NewSigner(key)
		if err != nil {
			t.Fatal(err)
		}
		enroll, err := Enrolment(signer, domain.KeyOfAuthor, holder, "")
		if err != nil {
			t.Fatal(err)
		}
		return signer, OnKey(signer.ID(), enroll, "R1", domain.RoleHR)
	}
	hr := inA("R1", domain.RoleHR)
	for holder, code := range map[domain.ActorID]domain.Code{"PA": "", "PB": domain.CodeForbidden, "stranger": domain.CodeForbidden} {
		_, in := enrolment(holder)
		if _, err := d.Desk().Prepare(t.Context(), hr, in); domain.RefusalCode(err) != code {
			t.Errorf("a key of %s: %v, want %q", holder, err, code)
		}
	}
	signer, in := enrolment("PB")
	if _, err := d.House.Record(t.Context(), in, signer); err != nil {
		t.Fatal(err)
	}
	theirs, unknown := string(signer.ID()), strings.Repeat("0", 64)
	if got, none := d.try(hr, "key.retire", theirs, `"reason":"lost"`), d.try(hr, "key.retire", unknown, `"reason":"lost"`); got != none || got == "let through" {
		t.Errorf("the key of another: %s; where there is none %s", got, none)
	}
	if got := d.try(projections.Principal{Subject: "PB", Role: domain.RoleOfficer}, "key.retire", theirs, `"reason":"lost"`); got != "let through" {
		t.Errorf("one's own key: %s", got)
	}
}
