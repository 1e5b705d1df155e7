package domain

// cn2024Indicators are the warning conditions of the scorecard. No statute
// fixes them but those that say that something must never, or always, be.
func cn2024Indicators(practice string) IndicatorRules {
	const guide = "创双政 art. "
	return IndicatorRules{
		Limits: []IndicatorLimit{
			{"I1.on_time", 100, guide + "I1"},
			{"I1.unexplained", 0, guide + "I1"},
			{"I2.variety", 100, practice},
			{"I3.clocks", 100, "信访工作条例"},
			{"I3.repeats", 0, practice},
			{"I4.accepted", 90, practice},
			{"I4.conflict", 0, guide + "I4"},
			{"I5.on_time", 100, "政府信息公开条例 art. 26"},
			{"I5.overturned_public", 0, "行政处罚法 art. 48"},
			{"I6.overdue", 0, practice},
			{"I6.breaches", 0, guide + "I6"},
			{"I7.attendance", 80, practice},
			{"I7.empty", 0, guide + "I7"},
			{"I8.fresh", 100, practice},
			{"I9.tested", 90, practice},
			{"I9.unguarded", 0, guide + "I9"},
			{"I9.overdue", 0, guide + "I9"},
			{"I10.overrides", 5, practice},
			{"D1.valid", 100, "行政处罚法 art. 42"},
			{"D1.hours", 90, practice},
			{"D1.expiring", 0, practice},
			{"D2.defects", 5, practice},
			{"D2.in_time", 100, "行政处罚法 art. 60"},
			{"D2.reversed", 10, practice},
			{"D3.bad", 10, practice},
			{"D4.appraised", 100, "公务员法 art. 36"},
			{"D4.worst_again", 0, "公务员法 art. 88"},
			{"D5.outside", 10, practice},
			{"D5.spread", 50, practice},
			{"D6.reviewed", 100, guide + "D6"},
			{"D7.filed", 100, "公职人员政务处分法 art. 54"},
			{"D7.honour_restricted", 0, "公职人员政务处分法 art. 19"},
			{"D9.overdue", 0, practice},
			{"D9.gaps", 0, practice},
			{"D9.single_person", 0, guide + "D9"},
			{"D10.acknowledged", 90, practice},
			{"D10.precision", 50, practice},
		},
		Repeat:     Term{365, Days, practice},
		Appraise:   Term{3, Months, practice},
		Expiring:   Term{60, Days, practice},
		Tail:       5,
		TailSource: practice,
	}
}
