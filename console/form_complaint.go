package console

// outcomes are those of a review.
var outcomes = []string{"UPHELD", "VARIED", "OVERTURNED"}

var complaintResults = []string{"SUBSTANTIATED", "PARTLY", "NOT_SUBSTANTIATED", "UNFOUNDED"}

// reporterFields say who reported; they are sealed on their way in.
var reporterFields = []field{aLine("name"), aLine("phone"), aLine("email"), aLine("address"), aLine("document"), aLine("note")}

func review(command, state string) form {
	return form{command: command, when: []string{state}, fields: []field{
		must(aChoice("outcome", "ComplaintOutcome", outcomes...)), aChoice("result", "ComplaintResult", complaintResults...), must(aText("opinion")),
	}}
}

// complaintMatter is what is done with complaints: from their receipt to the
// re-review.
var complaintMatter = matter{
	leads: []lead{{"misconduct.open", "complaint", "&origin=COMPLAINT"}},
	name:  "complaint", ref: "COMPLAINT", page: "complaints", asks: "complaint", facts: "status category summary", states: "ComplaintStatus", mark: "TS",
	forms: []form{
		{command: "complaint.receive", begins: true, fields: []field{
			must(aChoice("channel", "Channel", "LETTER", "VISIT", "HOTLINE", "WEB", "MEDIA", "WINDOW")), must(aLine("category")), must(aText("summary")), aLine("place"),
			aPick("unit", "unit"), aPick("post", "post"), picks("officers", "officer"), must(aYesNo("realName")),
			{name: "reporter", kind: group, fields: reporterFields}, documents("evidence"),
		}},
		{command: "complaint.acknowledge", when: []string{"RECEIVED", "SCREENED", "ACCEPTED"}},
		{command: "complaint.screen", when: []string{"RECEIVED"}, fields: []field{must(aYesNo("admissible")), must(aText("ground"))}},
		{command: "complaint.accept", when: []string{"SCREENED", "TRANSFERRED"}},
		{command: "complaint.decline", when: []string{"SCREENED"}, fields: []field{must(aText("ground"))}},
		{command: "complaint.transfer", when: []string{"SCREENED"}, fields: []field{must(aLine("to")), aPick("toUnit", "unit"), must(aText("ground"))}},
		{command: "complaint.contest_transfer", when: []string{"TRANSFERRED"}, fields: []field{must(aText("ground"))}},
		{command: "complaint.assign_handler", when: []string{"ACCEPTED"}, fields: []field{must(aPick("handler", "handler"))}},
		{command: "complaint.recuse_handler", when: []string{"ACCEPTED"}, fields: []field{must(aPick("handler", "handler")), must(aText("ground"))}},
		{command: "complaint.extend", when: []string{"ACCEPTED"}, fields: []field{must(aDay("until")), must(aText("reason"))}},
		{command: "complaint.conclude", when: []string{"ACCEPTED"}, fields: []field{
			must(aChoice("result", "ComplaintResult", complaintResults...)), aText("conduct"), aPick("unit", "unit"), picks("officers", "officer"), aText("namingReason"),
			must(aText("opinion")), documents("evidence"),
		}},
		{command: "complaint.answer", when: []string{"CONCLUDED"}, fields: []field{must(aText("answer"))}},
		{command: "complaint.rate", when: []string{"ANSWERED"}, fields: []field{must(aChoice("grade", "SatisfactionGrade", "VERY_SATISFIED", "FAIRLY_GOOD", "AVERAGE", "NEEDS_STRENGTHENING"))}},
		{command: "complaint.ask_review", when: []string{"ANSWERED"}, fields: []field{must(aText("ground"))}},
		review("complaint.decide_review", "REVIEW_ASKED"),
		{command: "complaint.ask_rereview", when: []string{"REVIEW_DECIDED"}, fields: []field{must(aText("ground"))}},
		review("complaint.decide_rereview", "REREVIEW_ASKED"),
		{command: "complaint.withdraw", fields: []field{must(aText("reason"))}},
		{command: "complaint.ask_reporter", fields: []field{must(aText("question"))}},
		{command: "complaint.seal_reporter", fields: []field{must(field{name: "reporter", kind: group, fields: reporterFields})}},
	},
}
