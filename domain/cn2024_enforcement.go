package domain

// cn2024Norm: no statute sets a term for the upkeep of an agency's own texts.
func cn2024Norm(practice string) NormRules {
	return NormRules{
		Review:        Term{2, Years, practice},
		Acknowledge:   Term{30, Days, practice},
		CloseGap:      Term{90, Days, practice},
		NoRetroaction: "立法法",
		Separation:    practice,
		Soundness:     practice,
	}
}

// cn2024Enforcement: the law on administrative penalties, 2021. Its terms of
// two, three, five and seven days are working days (art. 85). Amounts are in
// fen, so 200 yuan is 20,000.
func cn2024Enforcement(practice string) EnforcementRules {
	const law = "行政处罚法"
	return EnforcementRules{
		Officers:           2,
		OfficersSource:     law + " art. 42",
		Recusal:            law,
		Lighter:            law + " art. 37",
		PenaltySteps:       []string{"investigate", "notify", "hear_statement", "serve"},
		PenaltyStepsSource: law + " art. 44, 45, 61",
		Defence:            law + " art. 45",
		AskHearing:         Term{5, Workdays, law + " art. 64, 85"},
		HearingNotice:      Term{7, Workdays, law + " art. 64, 85"},
		HearingChair:       law + " art. 64",
		LegalReview:        law + " art. 58",
		Decide:             Term{90, Days, law + " art. 60"},
		DecideLicence:      Term{20, Workdays, "行政许可法"},
		Serve:              Term{7, Workdays, law + " art. 61, 85"},
		Publish:            Term{7, Workdays, practice},
		Retract:            Term{3, Workdays, law + " art. 48, 85"},
		FaultReview:        Term{30, Days, practice},
		SpotPerson:         200_00,
		SpotOrganisation:   3_000_00,
		SpotSource:         law + " art. 51",
		Leader:             law,
		Discretion:         practice,
		Override:           practice,
		Fault:              practice,
	}
}

// cn2024Inspection: internal supervision follows the agencies' own rules.
func cn2024Inspection(practice string) InspectionRules {
	return InspectionRules{
		Supervisors:       2,
		SupervisorsSource: practice,
		Outside:           practice,
		Powers:            practice,
		Rectify:           Term{90, Days, practice},
		Separation:        practice,
	}
}
