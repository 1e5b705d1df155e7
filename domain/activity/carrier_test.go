package activity_test

import (
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/activity"
	"github.com/probity-ledger/probity/domain/domaintest"
)

var setting = []domaintest.Scenario{
	{Name: "a carrier is set up today unless another day is said", When: activity.SetCarrier{Carrier: activity.CarrierBoard, Title: "廉政专栏", Unit: "U1"}, As: hr,
		Then: []domain.Event{activity.CarrierSet{Carrier: activity.CarrierBoard, Title: "廉政专栏", Unit: "U1", On: day("2024-03-04")}}},
	{Name: "a contest was set up on an earlier day", When: activity.SetCarrier{Carrier: activity.CarrierContest, Title: "廉政书画赛", Unit: "U1", On: day("2024-02-01")}, As: inspector,
		Then: []domain.Event{activity.CarrierSet{Carrier: activity.CarrierContest, Title: "廉政书画赛", Unit: "U1", On: day("2024-02-01")}}},
	{Name: "a carrier is set up once", Given: past(set), When: activity.SetCarrier{Carrier: activity.CarrierBoard, Title: "廉政专栏", Unit: "U1"}, As: hr,
		Refused: domain.CodeExists, Field: "subject"},
	{Name: "an unknown carrier is refused", When: activity.SetCarrier{Carrier: "song", Title: "廉政专栏", Unit: "U1"}, As: hr,
		Refused: domain.CodeInvalid, Field: "carrier"},
	{Name: "a title is required", When: activity.SetCarrier{Carrier: activity.CarrierShelf, Unit: "U1"}, As: hr,
		Refused: domain.CodeInvalid, Field: "title"},
	{Name: "a unit is required", When: activity.SetCarrier{Carrier: activity.CarrierPage, Title: "廉政专栏"}, As: hr,
		Refused: domain.CodeInvalid, Field: "unit"},
	{Name: "a day to come is refused", When: activity.SetCarrier{Carrier: activity.CarrierBoard, Title: "廉政专栏", Unit: "U1", On: day("2024-03-05")}, As: hr,
		Refused: domain.CodeInvalid, Field: "on"},
}

var refreshing = []domaintest.Scenario{
	{Name: "a carrier shows something new", Given: past(set), When: activity.RefreshCarrier{Content: "new cases", Evidence: []domain.Evidence{sheet}}, As: officer,
		Then: []domain.Event{activity.CarrierRefreshed{Unit: "U1", On: day("2024-03-04"), Content: "new cases", Evidence: []domain.Evidence{sheet}}}},
	{Name: "it may be new twice a day", Given: past(set, refreshed), When: activity.RefreshCarrier{On: day("2024-03-01"), Content: "and more"}, As: officer,
		Then: []domain.Event{activity.CarrierRefreshed{Unit: "U1", On: day("2024-03-01"), Content: "and more"}}},
	{Name: "what is new is said", Given: past(set), When: activity.RefreshCarrier{}, As: officer,
		Refused: domain.CodeInvalid, Field: "content"},
	{Name: "malformed evidence is refused", Given: past(set), When: activity.RefreshCarrier{Content: "new cases", Evidence: []domain.Evidence{{}}}, As: officer,
		Refused: domain.CodeInvalid, Field: "evidence"},
	{Name: "a day to come is refused", Given: past(set), When: activity.RefreshCarrier{On: day("2024-03-05"), Content: "new cases"}, As: officer,
		Refused: domain.CodeInvalid, Field: "on"},
	{Name: "a day before it was set up is refused", Given: past(set), When: activity.RefreshCarrier{On: day("2024-01-07"), Content: "new cases"}, As: officer,
		Refused: domain.CodeInvalid, Field: "on"},
	{Name: "a day before the last refresh is refused", Given: past(set, refreshed), When: activity.RefreshCarrier{On: day("2024-02-29"), Content: "new cases"}, As: officer,
		Refused: domain.CodeInvalid, Field: "on"},
}

var retiring = []domaintest.Scenario{
	{Name: "a carrier is given up", Given: past(set), When: activity.RetireCarrier{Reason: "the contest is over"}, As: hr,
		Then: []domain.Event{activity.CarrierRetired{Unit: "U1", Reason: "the contest is over"}}},
	{Name: "a reason is required", Given: past(set), When: activity.RetireCarrier{}, As: hr,
		Refused: domain.CodeInvalid, Field: "reason"},
	{Name: "a carrier is given up once", Given: past(set, retired), When: activity.RetireCarrier{Reason: "again"}, As: hr,
		Refused: domain.CodeState},
}
