package console

// proposed is what a finding that waits to be confirmed says.
var proposed = []string{"misconduct.finding_proposed.v1", "misconduct.finding_proposed.v2"}

// findingRows are what is found of each allegation.
var findingRows = field{name: "findings", kind: rows, fields: []field{
	must(aPick("officer", "officer")), must(aText("allegation")), aDay("deedOn"),
	must(aChoice("result", "FindingResult", "SUSTAINED", "PARTLY_SUSTAINED", "NOT_SUSTAINED", "EXONERATED", "UNFOUNDED")),
	must(aChoice("intent", "MisconductIntent", "INTENT", "NEGLIGENCE", "NONE")),
	aPick("norm", "norm"), aLine("clause"), seldom(aNumber("normVersion")), seldom(aLine("standard")), seldom(aLine("class")), seldom(aNumber("priors")),
	aWord("measure", "Measure"), aText("departure"), must(aText("opinion")),
}}

func caseReview(command string) form {
	return form{command: command, when: []string{"FINDING_CONFIRMED"}, fields: []field{
		must(aPick("officer", "officer")), must(aChoice("outcome", "MisconductOutcome", outcomes...)), must(aText("opinion")), findingRows,
	}}
}

// caseMatter is what is done in cases of misconduct: from the opening of an
// inquiry to the archive.
var caseMatter = matter{
	leads: []lead{{"sanction.propose", "case", ""}},
	name:  "misconduct", ref: "CASE", page: "cases", asks: "case", facts: "status summary", states: "CaseStatus", mark: "AJ",
	forms: []form{
		{command: "misconduct.open", begins: true, fields: []field{
			must(aChoice("origin", "CaseOrigin", "COMPLAINT", "INSPECTION", "WARNING", "OVERTURNED_ACT", "SELF_REPORT")), aPick("complaint", "complaint"), aPick("inspection", "inspection"),
			aPick("unit", "unit"), picks("officers", "officer"), must(aText("conduct")),
		}},
		{command: "misconduct.name_investigators", when: []string{"OPEN"}, fields: []field{must(picks("investigators", "officer"))}},
		{command: "misconduct.widen_scope", when: []string{"OPEN", "UNDER_INQUIRY"}, fields: []field{must(picks("officers", "officer")), must(aText("conduct"))}},
		{command: "misconduct.lodge_evidence", when: []string{"UNDER_INQUIRY"}, fields: []field{must(aText("note")), must(documents("evidence"))}},
		{command: "misconduct.take_measure", when: []string{"OPEN", "UNDER_INQUIRY"}, fields: []field{must(aPick("officer", "officer")), must(aLine("measure")), aDay("until")}},
		{command: "misconduct.give_notice", when: []string{"UNDER_INQUIRY"}, fields: []field{must(aPick("officer", "officer")), aDay("by")}},
		{command: "misconduct.hear_statement", when: []string{"UNDER_INQUIRY"}, fields: []field{must(aPick("officer", "officer")), aText("statement"), aYesNo("waived")}},
		{command: "misconduct.propose_finding", when: []string{"UNDER_INQUIRY"}, fields: []field{must(findingRows)}},
		{command: "misconduct.confirm_finding", when: []string{"FINDING_PROPOSED"}, fields: []field{aText("departure")}, shows: proposed},
		{command: "misconduct.reject_finding", when: []string{"FINDING_PROPOSED"}, fields: []field{must(aText("reason"))}, shows: proposed},
		{command: "misconduct.dismiss", when: []string{"OPEN", "UNDER_INQUIRY"}, fields: []field{must(aText("reason"))}},
		{command: "misconduct.record_discovery", fields: []field{must(aPick("officer", "officer")), must(aDay("on")), must(aText("basis"))}},
		{command: "misconduct.begin_tolling", fields: []field{must(aPick("officer", "officer")), must(aLine("ground")), aDay("from"), must(aText("reason"))}},
		{command: "misconduct.end_tolling", fields: []field{must(aPick("officer", "officer")), aDay("to")}},
		{command: "misconduct.appeal", when: []string{"FINDING_CONFIRMED"}, fields: []field{must(aPick("officer", "officer")), must(aText("ground"))}},
		caseReview("misconduct.decide_appeal"),
		{command: "misconduct.ask_rereview", when: []string{"FINDING_CONFIRMED"}, fields: []field{must(aPick("officer", "officer")), must(aText("ground"))}},
		caseReview("misconduct.decide_rereview"),
		{command: "misconduct.refer_to_prosecutor", fields: []field{must(aPick("officer", "officer")), must(aText("offence"))}},
		{command: "misconduct.analyse", when: []string{"FINDING_CONFIRMED", "DISMISSED"}, fields: []field{
			must(aChoice("aspect", "MisconductAspect", "PERSON", "INSTITUTION")), must(aText("text")),
			{name: "gaps", kind: rows, fields: []field{must(aChoice("kind", "MisconductGapKind", "CONTROL", "NORM")), aPick("post", "post"), aPick("norm", "norm"), must(aText("description"))}},
			{name: "rules", kind: rows, fields: []field{
				must(aChoice("threshold", "WarningThreshold", "PATTERN", "AMOUNTS", "NEAR", "TEST_CONTROL", "AT_ONCE", "ACKNOWLEDGE", "HANDLE", "SCREENING", "NEW_RULE")),
				aLine("rule"), must(aText("change")), must(aText("reason")),
			}},
		}},
		{command: "misconduct.answer_proposal", when: []string{"ARCHIVED"}, fields: []field{
			must(aNumber("proposal")), must(aChoice("answer", "MisconductAnswer", "ADOPTED", "DECLINED")), aPick("rulebook", "rulebook"), aLine("version"), aText("reason"),
		}},
		{command: "misconduct.archive", when: []string{"FINDING_CONFIRMED", "DISMISSED"}},
	},
}
