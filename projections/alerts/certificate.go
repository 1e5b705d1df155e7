package alerts

import (
	"fmt"

	"github.com/probity-ledger/probity/domain/norm"
)

// casework are the kinds of step that certified officers alone take.
var casework = []norm.StepKind{norm.StepInvestigate, norm.StepPreserve, norm.StepNotify, norm.StepStatement, norm.StepServe, norm.StepExecute}

func uncertified(x *scene, m *Matter) (out []Hit) {
	for _, n := range m.of("acted") {
		if why, chinese := m.certificate(n.On); why != "" {
			out = append(out, Hit{Unit: n.Unit, Officer: n.Officer, From: n.On, Evidence: evidence(n), Score: 3, Exposure: 1,
				Baseline:    "a certificate that is valid on the day",
				Explanation: fmt.Sprintf("%s took a step of act %s on %s, when %s.", n.Officer, n.Text, n.On.Date(), why),

				BaselineChinese:    "当日应持有有效执法证",
				ExplanationChinese: fmt.Sprintf("%s于%s承办案件%s的一个环节，当日%s。", n.Officer, n.On.Date(), n.Text, chinese)})
		}
	}
	return out
}

// certificate says in both languages why the officer's certificate was not
// valid on the day; "" where it was.
func (m *Matter) certificate(on Day) (why, chinese string) {
	number, until, state := "", Day(0), ""
	for _, n := range m.Notes {
		if n.On > on {
			break
		}
		switch {
		case n.What == "issued":
			number, until, state = n.Text, n.Until, ""
		case n.What == "renewed" && n.Text == number:
			until = n.Until
		case (n.What == "suspended" || n.What == "revoked") && n.Text == number && n.On < on: // on the day itself the step may have come first
			state = n.What
		case n.What == "restored" && n.Text == number && state == "suspended":
			state = ""
		}
	}
	switch {
	case number == "":
		return "no certificate was on file", "没有在案的执法证"
	case state != "":
		return "certificate " + number + " was " + state, "执法证" + number + "已被" + map[string]string{"suspended": "暂扣", "revoked": "吊销"}[state]
	case until != 0 && until < on:
		return "certificate " + number + " had run out on " + until.Date().String(), "执法证" + number + "已于" + until.Date().String() + "到期"
	}
	return "", ""
}
