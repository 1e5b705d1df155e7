package domain

import "time"

// CN2024 returns the default rulebook: the People's Republic of China, law
// in force in 2024. Numbers that no statute fixes say "common practice".
func CN2024() *Rulebook {
	const (
		petitions   = "信访工作条例"    // Regulations on petition work, 2022
		sanctionLaw = "公职人员政务处分法" // Law on administrative sanctions for public officials, 2020
		supervision = "监察法"       // Supervision law, 2018
		practice    = "common practice"
	)
	return &Rulebook{
		ID:        "cn-2024",
		Name:      "China, 2024 中国（2024）",
		Version:   "1",
		ValidFrom: Date{2020, time.July, 1},
		Calendar:  cn2024Calendar(),
		Complaint: ComplaintRules{
			Route:           Term{15, Days, petitions + " art. 22"},
			ContestTransfer: Term{5, Workdays, petitions},
			Handle:          Term{60, Days, petitions + " art. 34"},
			Extension:       Term{30, Days, petitions + " art. 34"},
			AskReview:       Term{30, Days, petitions + " art. 35"},
			DecideReview:    Term{30, Days, petitions + " art. 35"},
			AskReReview:     Term{30, Days, petitions + " art. 36"},
			DecideReReview:  Term{30, Days, petitions + " art. 36"},
			NotifyRealName:  Term{15, Workdays, practice},
			AnswerRealName:  Term{15, Workdays, practice},
			BarRecused:      supervision + " art. 58",
		},
		Inquiry: InquiryRules{
			Investigators:       2,
			InvestigatorsSource: sanctionLaw + " art. 42",
			DueProcess:          sanctionLaw + " art. 43",
			ConfirmerSource:     practice,
			AskAppeal:           Term{1, Months, sanctionLaw + " art. 55, " + supervision + " art. 49"},
			DecideAppeal:        Term{1, Months, supervision + " art. 49"},
			AskReReview:         Term{1, Months, supervision + " art. 49"},
			DecideReReview:      Term{2, Months, supervision + " art. 49"},
			AnalysisSource:      "一案双析",
		},
		Sanction: SanctionRules{
			Ladder:         cn2024Ladder(sanctionLaw, practice),
			DueProcess:     sanctionLaw + " art. 43",
			MaxMonths:      48,
			Combination:    sanctionLaw + " art. 15",
			Execute:        Term{1, Months, sanctionLaw + " art. 54"},
			ExecuteMost:    Term{6, Months, sanctionLaw + " art. 54"},
			AskAppeal:      Term{1, Months, sanctionLaw + " art. 55, " + supervision + " art. 49"},
			DecideAppeal:   Term{1, Months, supervision + " art. 49"},
			AskReReview:    Term{1, Months, supervision + " art. 49"},
			DecideReReview: Term{2, Months, supervision + " art. 49"},
			AppealSource:   sanctionLaw + " art. 55–57",
			Separation:     practice,
		},
		Reward: RewardRules{
			Publicise:  Term{5, Workdays, practice},
			Kinds:      []string{"commendation", "merit_third_class", "merit_second_class", "merit_first_class", "honorary_title"},
			Separation: practice,
		},
		Post: PostRules{
			HighScore:   75,
			MediumScore: 36,
			Source:      practice,
			Separation:  practice,
		},
		Service: ServiceRules{
			Rotation:             Term{10, Years, practice},
			HighRiskRotation:     Term{5, Years, practice},
			ReRate:               Term{1, Years, practice},
			Certificate:          Term{5, Years, practice},
			TrainingHours:        60,
			PostEmploymentLeader: Term{3, Years, "公务员法 art. 107"},
			PostEmployment:       Term{2, Years, "公务员法 art. 107"},
			Grades:               []string{"excellent", "competent", "basically_competent", "incompetent"},
			UnderInquiry:         sanctionLaw + " art. 41",
			Recusal:              "公务员法 art. 76",
		},
		Appraisal: cn2024Appraisal(),
		Traceback: cn2024Traceback(),
		Warning:   cn2024Warning(),

		Norm:        cn2024Norm(practice),
		Enforcement: cn2024Enforcement(practice),
		Inspection:  cn2024Inspection(practice),
		Plan:        cn2024Plan(),
		Activity:    cn2024Activity(),
		Disclosure:  cn2024Disclosure(),
		Programme:   cn2024Programme(),
		Key:         KeyRules{Separation: practice},
		Indicators:  cn2024Indicators(practice),
	}
}

// cn2024Ladder: effect periods by art. 8, consequences by art. 19 of the law
// on administrative sanctions. Release restores pay and promotion, but not
// the rank lost by demotion or removal (art. 26).
func cn2024Ladder(law, practice string) []Rung {
	periods, effects := law+" art. 8", law+" art. 19"
	return []Rung{
		{Measure: MeasureEducation, Chinese: "批评教育", Source: practice},
		{Measure: MeasureExamination, Chinese: "责令检查", Source: practice},
		{Measure: MeasureCirculated, Chinese: "通报批评", Source: practice},
		{Measure: MeasureAdmonition, Chinese: "诫勉", Effect: Term{6, Months, practice},
			BarsPromotion: true, BarsHonours: true, RestoresRank: true, Source: practice},
		{Measure: MeasureWarning, Chinese: "警告", Formal: true, Effect: Term{6, Months, periods},
			BarsPromotion: true, BarsHonours: true, RestoresRank: true, Source: effects},
		{Measure: MeasureDemerit, Chinese: "记过", Formal: true, Effect: Term{12, Months, periods},
			BarsPromotion: true, BarsPayRise: true, BarsHonours: true, RestoresRank: true, Source: effects},
		{Measure: MeasureMajor, Chinese: "记大过", Formal: true, Effect: Term{18, Months, periods},
			BarsPromotion: true, BarsPayRise: true, BarsHonours: true, SuspendsCertificate: true, RestoresRank: true, Source: effects},
		{Measure: MeasureDemotion, Chinese: "降级", Formal: true, Effect: Term{24, Months, periods},
			BarsPromotion: true, BarsPayRise: true, BarsHonours: true, SuspendsCertificate: true, Source: effects},
		{Measure: MeasureRemoval, Chinese: "撤职", Formal: true, Effect: Term{24, Months, periods},
			BarsPromotion: true, BarsPayRise: true, BarsHonours: true, SuspendsCertificate: true, Source: effects},
		{Measure: MeasureDismissal, Chinese: "开除", Formal: true, ForGood: true,
			BarsPromotion: true, BarsPayRise: true, BarsHonours: true, SuspendsCertificate: true, Source: effects},
	}
}
