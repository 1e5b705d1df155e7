package main

import (
	"strings"

	"github.com/probity-ledger/probity/cmd/bench/gqlgen/rival"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql"
	"github.com/probity-ledger/probity/projections/record"
)

// rivalOf copies the objects into the models that gqlgen generated.
func rivalOf(held graphql.Held) *rival.Resolver {
	timeline := &rival.EventConnection{Nodes: make([]rival.Event, len(held.Events))}
	for i, e := range held.Events {
		timeline.Nodes[i] = rival.Event{
			ID: string(e.ID), Position: uint64(e.Position), Kind: string(e.Kind), Stream: e.Subject.Stream(), Revision: uint64(e.Revision),
			Actor: text(e.Actor), Role: word[rival.Role](string(e.Role)), OccurredAt: e.OccurredAt, RecordedAt: e.RecordedAt,
			Rulebook: text(e.Rulebook), CauseID: text(e.Cause), Imported: e.Imported(),
		}
	}
	return &rival.Resolver{
		Files:     map[string]*rival.RecordFile{officerID: rivalFile(held.File)},
		Timelines: map[string]*rival.EventConnection{officerID: timeline},
	}
}

func rivalFile(f *record.File) *rival.RecordFile {
	out := &rival.RecordFile{
		OfficerID: string(f.Officer), Day: day(f.Day), Status: word[rival.OfficerStatus](f.Status), Barred: f.Barred,
		Identity: &rival.FileIdentity{
			Name: text(f.Identity.Name), StaffNumber: text(f.Identity.StaffNumber), Rank: text(f.Identity.Rank), EnrolledOn: day(f.Identity.EnrolledOn),
		},
		Head: &rival.FileHead{Position: uint64(f.Head.Position), Events: f.Head.Events, Hash: f.Head.Hash},
	}
	for _, p := range f.Posts {
		out.Posts = append(out.Posts, rival.FilePost{PostID: text(p.Post), Leader: p.Leader, From: day(p.From), To: day(p.To)})
	}
	for _, c := range f.Certificates {
		out.Certificates = append(out.Certificates, rival.FileCertificate{
			Number: text(c.Number), Status: word[rival.CertificateStatus](c.Status), ValidTo: day(c.ValidTo),
		})
	}
	for _, y := range f.Training {
		out.Training = append(out.Training, rival.FileTrainingYear{Year: y.Year, Hours: y.Hours})
	}
	for _, a := range f.Appraisals {
		out.Appraisals = append(out.Appraisals, rival.FileAppraisal{Year: a.Year, Grade: text(a.Grade)})
	}
	for _, s := range f.Sanctions {
		out.Sanctions = append(out.Sanctions, rival.FileSanction{
			ID: string(s.ID), Measure: text(s.Measure), Status: word[rival.SanctionStatus](s.Status), From: day(s.From), Until: day(s.Until), InForce: s.InForce,
		})
	}
	for _, r := range f.Rewards {
		out.Rewards = append(out.Rewards, rival.FileReward{Honour: text(r.Honour), GrantedOn: day(r.On)})
	}
	return out
}

// text is nil for what is empty.
func text[S ~string](s S) *string {
	if s == "" {
		return nil
	}
	out := string(s)
	return &out
}

// word is the name of an enum value.
func word[E ~string](s string) *E {
	if s == "" {
		return nil
	}
	out := E(strings.ToUpper(s))
	return &out
}

func day(d domain.Date) *domain.Date {
	if d.IsZero() {
		return nil
	}
	return &d
}
