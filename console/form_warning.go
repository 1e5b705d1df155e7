package console

// warningMatter is what is done with warnings.
var warningMatter = matter{
	name: "warning", ref: "WARNING", page: "warnings", asks: "warning", facts: "status rule explanation", states: "WarningStatus", mark: "YJ",
	forms: []form{
		{command: "warning.raise", begins: true, fields: []field{
			must(aLine("rule")), must(aLine("version")), aPick("unit", "unit"), aPick("post", "post"), aPick("officer", "officer"), must(aText("explanation")), aText("explanationChinese"),
			must(aNumber("score")), aNumber("exposure"), aLine("baseline"), aLine("baselineChinese"), aLine("peers"), aLine("peersChinese"), picks("evidence", "event"),
		}},
		{command: "warning.acknowledge", when: []string{"RAISED"}, fields: []field{aText("note")}},
		{command: "warning.review", when: []string{"ACKNOWLEDGED"}, fields: []field{must(aText("opinion"))}},
		{command: "warning.act_on", when: []string{"REVIEWED"}, fields: []field{must(aChoice("to", "WarningTarget", "INSPECTION", "COMPLAINT", "MISCONDUCT")), must(aLine("id")), aText("conduct")}},
		{command: "warning.dismiss", when: []string{"REVIEWED"}, fields: []field{must(aText("reason"))}},
		{command: "warning.record_outcome", when: []string{"ACTED_ON", "DISMISSED"}, fields: []field{must(aChoice("outcome", "WarningOutcome", "TRUE", "FALSE", "UNCLEAR")), aText("note")}},
		{command: "warning.escalate", fields: []field{aChoice("to", "Role", "INSPECTOR", "LEADER", "OVERSEER"), must(aText("reason")), aText("reasonChinese")}},
	},
}
