package console

// disclosureMatter is what is done with items due to the public.
var disclosureMatter = matter{
	name: "disclosure", ref: "DISCLOSURE", page: "disclosures", asks: "disclosure", facts: "status title", states: "DisclosureStatus", mark: "GK",
	forms: []form{
		{command: "disclosure.require", begins: true, fields: []field{
			must(aLine("title")), must(aLine("category")), must(aChoice("medium", "Medium", "WEBSITE", "BOARD", "GAZETTE", "HALL_SCREEN", "NEWSPAPER")), must(aPick("unit", "unit")),
			aDay("by"), aPick("about", "enforcement"),
		}},
		{command: "disclosure.publish", when: []string{"DUE"}, fields: []field{aDay("on"), aLine("url"), aLine("place"), must(documents("evidence"))}},
		{command: "disclosure.correct", when: []string{"PUBLISHED"}, fields: []field{must(aText("reason")), must(documents("evidence"))}},
		{command: "disclosure.withdraw", when: []string{"PUBLISHED"}, fields: []field{aDay("on"), must(aText("reason"))}},
		{command: "disclosure.require_withdrawal", fields: []field{must(aPick("cause", "enforcement"))}},
	},
}
