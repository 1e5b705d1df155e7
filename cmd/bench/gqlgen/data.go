package main

import (
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/reward"
	"github.com/probity-ledger/probity/domain/sanction"
	"github.com/probity-ledger/probity/graphql"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
	"github.com/probity-ledger/probity/projections/record"
)

const (
	officerID = "P-00417"
	events    = 200
)

// madeUp is one officer: twelve years of service, folded from events as the
// views do it, and a timeline.
func madeUp() graphql.Held {
	var life []record.Entry
	add := func(subject string, on domain.Date, e domain.Event) {
		at := moment(on)
		life = append(life, record.Entry{Position: ledger.Position(1000 + 17*len(life)), Recorded: domain.Recorded{
			ID: eventID(len(life)), Stream: subject, Event: e,
			Act: domain.Act{Subject: subject, Actor: "hr-li", Role: domain.RoleHR, OccurredAt: at, RecordedAt: at},
		}})
	}
	add(officerID, domain.MustDate("2013-03-04"), officer.Enrolled{
		FullName: "张伟", LatinName: "Zhang Wei", StaffNumber: "310417", Unit: "U-12", On: domain.MustDate("2013-03-04"), Rank: "二级主办",
	})
	for i := range 4 {
		on := domain.Date{Year: 2013 + 3*i, Month: time.April, Day: 1}
		add(officerID, on, officer.Appointed{Post: domain.PostID(fmt.Sprintf("post-%d", i)), Unit: "U-12", Leader: i == 3, On: on})
		if i < 3 {
			add(officerID, on, officer.CertificateIssued{Number: fmt.Sprintf("ZF-31-%05d", 417+i), ValidFrom: on, ValidTo: on.AddMonths(60)})
		}
	}
	for i := range 6 {
		on := domain.Date{Year: 2019 + i, Month: time.December, Day: 20}
		add(officerID, on, officer.TrainingCompleted{Course: "廉政教育 integrity", Hours: 8 + i, On: on})
		add(officerID, on, officer.Appraised{Year: 2019 + i, Grade: "competent"})
	}
	for i := range 2 {
		on := domain.Date{Year: 2015 + 3*i, Month: time.June, Day: 9}
		add(fmt.Sprintf("S-%d", i), on, sanction.Imported{Officer: officerID, Measure: "记过", Canonical: "demerit", From: on, Until: on.AddMonths(12)})
		add(fmt.Sprintf("R-%d", i), on, reward.Imported{Officer: officerID, Honour: "嘉奖", Merit: "flood of 2016", GrantedOn: on})
	}
	file := record.Fold(officerID, life, domain.MustDate("2025-11-30"), domain.Calendar{})
	return graphql.Held{File: &file, Events: timeline()}
}

// timeline is what happened around the officer.
func timeline() []projections.Event {
	kinds := []domain.Kind{"officer.training_completed.v1", "complaint.received.v1", "complaint.answered.v1", "officer.appraised.v1"}
	roles := []domain.Role{domain.RoleHR, domain.RoleIntake, domain.RoleHandler, domain.RoleLeader}
	out := make([]projections.Event, events)
	for i := range out {
		at := time.Date(2020, 1, 1+i, 9, 30, i%60, 123_000*i, time.UTC)
		out[i] = projections.Event{
			ID: eventID(i), Position: ledger.Position(40_000 + 91*i), Kind: kinds[i%4],
			Subject: domain.Ref{Type: "officer", ID: officerID}, Revision: int64(i),
			Actor: domain.ActorID(fmt.Sprintf("actor-%d", i%7)), Role: roles[i%4],
			OccurredAt: at, RecordedAt: at.Add(time.Minute), Rulebook: "cn-2024",
		}
		if i%4 == 2 {
			out[i].Cause = eventID(i - 1)
		}
		if i%10 == 0 {
			out[i].Source = "sha256:0f3c"
		}
	}
	return out
}

func eventID(i int) domain.EventID {
	return domain.EventID(uuid.NewSHA1(uuid.NameSpaceURL, fmt.Append(nil, i)).String())
}

func moment(d domain.Date) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 8, 0, 0, 0, time.UTC)
}
