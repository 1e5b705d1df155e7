package console

// sanctionProposed is what waits to be approved and imposed.
var sanctionProposed = []string{"sanction.proposed.v1", "sanction.proposed.v2"}

// sanctionMatter is what is done with sanctions: from the proposal to the
// release.
var sanctionMatter = matter{
	name: "sanction", ref: "SANCTION", page: "sanctions", asks: "sanction", facts: "status label", states: "SanctionStatus", mark: "CJ",
	forms: []form{
		{command: "sanction.propose", begins: true, fields: []field{
			must(aPick("officer", "officer")), aPick("case", "case"), aWord("measure", "Measure"), aNumber("months"), must(aText("conduct")), aDay("deedOn"), aDay("discovered"),
			{name: "acts", kind: rows, fields: []field{must(aWord("measure", "Measure")), must(aText("conduct")), aPick("case", "case"), aDay("deedOn")}},
		}},
		{command: "sanction.notify", when: []string{"PROPOSED"}, fields: []field{aDay("defenceBy")}, shows: sanctionProposed},
		{command: "sanction.hear_defence", when: []string{"NOTIFIED"}, fields: []field{aText("statement"), must(aYesNo("waived"))}, shows: sanctionProposed},
		{command: "sanction.approve", when: []string{"HEARD"}, shows: sanctionProposed},
		{command: "sanction.impose", when: []string{"APPROVED"}, fields: []field{aWord("measure", "Measure"), aNumber("months")}, shows: sanctionProposed},
		{command: "sanction.serve", when: []string{"IMPOSED"}, fields: []field{aDay("on")}},
		{command: "sanction.execute", when: []string{"IMPOSED"}, fields: []field{must(aText("change")), aDay("on")}},
		{command: "sanction.release", when: []string{"IMPOSED"}},
		{command: "sanction.withdraw_proposal", when: []string{"PROPOSED", "NOTIFIED", "HEARD", "APPROVED"}, fields: []field{must(aText("reason"))}},
		{command: "sanction.appeal", when: []string{"IMPOSED"}, fields: []field{must(aText("ground"))}},
		{command: "sanction.ask_rereview", when: []string{"IMPOSED"}, fields: []field{must(aText("ground"))}},
		{command: "sanction.decide_appeal", when: []string{"IMPOSED"}, fields: []field{
			must(aChoice("outcome", "SanctionOutcome", outcomes...)), must(aText("opinion")), aWord("measure", "Measure"), aNumber("months"),
		}},
	},
}
