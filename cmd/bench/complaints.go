package main

import (
	"context"
	"fmt"
	"iter"
	"sync"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/ledger"
)

// life is the whole life of one complaint that proves unfounded, in seven
// instructions of one event each: nothing follows from them.
func life(id string, n int) []domain.Instruction {
	handler := domain.ActorID(fmt.Sprintf("handler-%02d", n%40))
	steps := []struct {
		actor domain.ActorID
		role  domain.Role
		do    domain.Command
	}{
		{"intake-zhou", domain.RoleIntake, complaint.Receive{
			Channel: complaint.ChannelHotline, Category: "窗口服务 window service",
			Summary: "申报人反映窗口等候两小时无人受理。The declarant waited two hours at the window and nobody took the papers.",
			Unit:    domain.UnitID(fmt.Sprintf("U-%03d", n%200)), Officers: []domain.OfficerID{domain.OfficerID(fmt.Sprintf("P-%05d", n%5000))},
			RealName: n%2 == 0,
		}},
		{"intake-zhou", domain.RoleIntake, complaint.Acknowledge{}},
		{"intake-zhou", domain.RoleIntake, complaint.Screen{Admissible: true, Ground: "属于本机关管辖 within our remit"}},
		{"intake-zhou", domain.RoleIntake, complaint.Accept{}},
		{"leader-chen", domain.RoleLeader, complaint.AssignHandler{Handler: handler}},
		{handler, domain.RoleHandler, complaint.Conclude{Result: complaint.ResultUnfounded,
			Opinion: "监控显示窗口当时正常受理。The recording shows that the window was open and served throughout."}},
		{handler, domain.RoleHandler, complaint.Answer{Answer: "经查，反映的情况不属实。The matter was looked into and is not borne out."}},
	}
	out := make([]domain.Instruction, len(steps))
	for i, st := range steps {
		out[i] = domain.Instruction{
			ID: fmt.Sprintf("%s/%d", id, i), Command: st.do,
			Act: domain.Act{Subject: id, Actor: st.actor, Role: st.role},
		}
	}
	return out
}

const lifeEvents = 7

func complaintID(n int) string { return fmt.Sprintf("K-%07d", n) }

// readyStream is a stream with its events, decided and signed beforehand.
type readyStream struct {
	name    string
	entries []ledger.Entry
}

// ready decides and signs the lives of as many complaints as make up the
// number of events.
func (s *suite) ready(ctx context.Context, events int) ([]readyStream, error) {
	signer, err := s.key()
	if err != nil {
		return nil, err
	}
	t := &tape{streams: map[string]int{}}
	rec := ledger.NewRecorder(ledger.RecorderConfig{
		Store: t, Signer: signer, Codec: s.codec, Book: domain.CN2024(), Now: time.Now, CachedEvents: 1000,
	})
	for n := range (events + lifeEvents - 1) / lifeEvents {
		for _, in := range life(complaintID(n), n) {
			if _, err := rec.Record(ctx, in); err != nil {
				return nil, fmt.Errorf("make events ready: %w", err)
			}
		}
	}
	return t.recorded, nil
}

// tape is a store in memory that keeps what is appended for playing it back.
// Its streams are appended to one after another and never read.
type tape struct {
	mu       sync.Mutex // guards all below
	recorded []readyStream
	streams  map[string]int
	events   ledger.Position
}

var _ ledger.Store = (*tape)(nil)

func (t *tape) Append(_ context.Context, stream string, expected ledger.Revision, entries []ledger.Entry) (ledger.Appended, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	i, ok := t.streams[stream]
	if !ok {
		i = len(t.recorded)
		t.streams[stream] = i
		t.recorded = append(t.recorded, readyStream{name: stream})
	}
	r := &t.recorded[i]
	if expected != ledger.Revision(len(r.entries))-1 {
		return ledger.Appended{}, ledger.ErrWrongRevision
	}
	r.entries = append(r.entries, entries...)
	t.events += ledger.Position(len(entries))
	return ledger.Appended{Revision: ledger.Revision(len(r.entries)) - 1, Position: t.events}, nil
}

func nothing(func(ledger.Stored, error) bool) {}

func (t *tape) ReadStream(context.Context, string, ledger.Revision) iter.Seq2[ledger.Stored, error] {
	return nothing
}

func (t *tape) ReadAll(context.Context, ledger.Position) iter.Seq2[ledger.Stored, error] {
	return nothing
}

func (t *tape) Subscribe(context.Context, ledger.Position) iter.Seq2[ledger.Stored, error] {
	return nothing
}

func (t *tape) Close() error { return nil }
