package console

// planMatter is what is done with plans: their targets above all.
var planMatter = matter{
	name: "plan", ref: "PLAN", page: "plans", asks: "plan", facts: "status title", states: "PlanStatus", mark: "JH",
	forms: []form{
		{command: "plan.draft", begins: true, fields: []field{
			must(aLine("title")), must(aDay("from")), must(aDay("to")), must(aPick("unit", "unit")), must(aPick("owner", "officer")),
			must(field{name: "stages", kind: rows, fields: []field{must(aLine("stage")), aLine("title"), must(aDay("ends"))}}),
		}},
		{command: "plan.set_target", when: []string{"DRAFTED", "ADOPTED"}, fields: []field{
			must(aLine("target")), must(aLine("title")), must(aPick("stage", "stage")), must(aDay("due")), must(aPick("unit", "unit")), must(aPick("officer", "officer")), aText("measure"),
		}},
		{command: "plan.adopt", when: []string{"DRAFTED"}, fields: []field{documents("evidence")}},
		{command: "plan.report_progress", when: []string{"ADOPTED"}, fields: []field{must(aPick("target", "target")), must(aNumber("percent")), aText("note"), documents("evidence")}},
		{command: "plan.meet_target", when: []string{"ADOPTED"}, fields: []field{must(aPick("target", "target")), aDay("on"), must(documents("evidence"))}},
		{command: "plan.file_stage_report", when: []string{"ADOPTED"}, fields: []field{
			must(aPick("stage", "stage")), {name: "lines", kind: rows, fields: []field{must(aPick("target", "target")), aText("remark")}}, documents("evidence"),
		}},
		{command: "plan.deliberate_stage_report", when: []string{"ADOPTED"}, fields: []field{must(aPick("stage", "stage")), must(aChoice("outcome", "StageOutcome", "PASSED", "RETURNED")), aText("remarks")}},
		{command: "plan.close_stage", when: []string{"ADOPTED"}, fields: []field{must(aPick("stage", "stage"))}},
		{command: "plan.explain_miss", when: []string{"ADOPTED"}, fields: []field{must(aPick("target", "target")), must(aText("explanation")), documents("evidence")}},
		{command: "plan.excuse_miss", when: []string{"ADOPTED"}, fields: []field{must(aPick("target", "target")), must(aText("reason"))}},
		{command: "plan.hold_to_account", when: []string{"ADOPTED"}, fields: []field{must(aPick("target", "target")), must(aText("reason"))}},
		{command: "plan.miss_target", fields: []field{must(aPick("target", "target"))}},
		{command: "plan.reassign_target", fields: []field{must(aPick("target", "target")), must(aPick("unit", "unit")), must(aPick("officer", "officer")), must(aText("reason"))}},
		{command: "plan.close"},
	},
}
