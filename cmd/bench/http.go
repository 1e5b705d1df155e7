package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/graphql"
	"github.com/probity-ledger/probity/graphql/overhttp"
	"github.com/probity-ledger/probity/graphql/signin"
	"github.com/probity-ledger/probity/projections"
)

// clients is how many ask at a time.
const clients = 16

// The ways to the same answer. Sixteen clients that ask without a pause keep
// every core busy, and most of what they wait for is each other; one client
// alone shows what an answer takes.
const (
	inProcess = ", in process, 16 callers"
	overHTTP  = ", over HTTP, 16 clients"
	alone     = ", over HTTP, 1 client"

	whileRecorded = ", over HTTP, 16 clients, 20 events/s recorded"
)

// recordEvery is how often something is recorded besides: what readers were
// told before is dropped then.
const recordEvery = 50 * time.Millisecond

// auditor sees everything.
var auditor = projections.Principal{Subject: "audit-sun", Role: domain.RoleAuditor, Units: []domain.UnitID{headOffice}}

// queries measures what a server answers: the officer file with its timeline
// of 50, and a timeline of 200, in process and over HTTP. The reference is
// the same client asking for /healthz.
func (s *suite) queries(ctx context.Context) (err error) {
	past, err := s.history(ctx)
	if err != nil {
		return err
	}
	h, err := house.Open(house.Config{Dir: past.dir})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	if err := h.OpenViews(ctx, nil); err != nil {
		return err
	}
	log := slog.New(slog.DiscardHandler)
	service, err := h.GraphQL(log)
	if err != nil {
		return err
	}
	house.TuneMemory() // as serve does
	web, err := h.Web(log, "{ledger{origin}}")
	if err != nil {
		return err
	}
	web.SetReady()
	token, _, err := web.Issuer.Mint(signin.Grant{Subject: auditor.Subject, Role: auditor.Role, Units: auditor.Units})
	if err != nil {
		return err
	}
	base, stop, err := listen(web)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	c := newClient(base, token, clients)
	defer c.close()
	record := func(ctx context.Context, id domain.OfficerID, i int) error {
		_, err := s.recorder(past.store).Record(ctx, domain.Instruction{
			ID:      fmt.Sprintf("%s-%d-%d", id, time.Now().UnixNano(), i),
			Command: officer.CompleteTraining{Course: "廉政教育 integrity", Hours: 1},
			Act:     domain.Act{Subject: string(id), Actor: "hr-li", Role: domain.RoleHR},
		})
		if err != nil {
			return err
		}
		return h.Views.CatchUp(ctx, h.Store, nil)
	}
	return s.askAll(ctx, c, service, h.Views.As(auditor), record)
}

// besides does something else every so often until stopped, and reports what
// went wrong.
func besides(ctx context.Context, every time.Duration, do func(ctx context.Context, i int) error) (stop func() error) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for i := 0; ; i++ {
			select {
			case <-tick.C:
			case <-ctx.Done():
				done <- nil
				return
			}
			if err := do(ctx, i); err != nil && ctx.Err() == nil {
				done <- err
				return
			}
		}
	}()
	return func() error {
		cancel()
		return <-done
	}
}

// inquiry is one kind of question, about officers who have enough on file.
type inquiry struct {
	name, query string
	first       int
	goals       []goal
	officers    []domain.OfficerID
}

func (s *suite) askAll(ctx context.Context, c *client, service *graphql.Service, reader *projections.Reader,
	record func(context.Context, domain.OfficerID, int) error) (err error) {
	while := pick(s, 2*time.Second, time.Second)
	const health = "GET /healthz over HTTP, 16 clients"
	asked := []workload{{health, func(ctx context.Context) (sample, error) {
		return driveFor(ctx, clients, while, func(ctx context.Context, _ int) error {
			_, err := c.get(ctx, "/healthz")
			return err
		})
	}}}
	kinds := []inquiry{
		{name: "officer file and timeline of 50", query: fileQuery, first: 50, goals: []goal{below(10)}},
		{name: "timeline of 200", query: timelineQuery, first: 200},
	}
	for _, k := range kinds {
		if k.officers, err = officersWith(ctx, reader, k.first, 3*k.first); err != nil {
			return err
		}
		s.progress("%s: of %d officers", k.name, len(k.officers))
		asked = append(asked,
			workload{k.name + inProcess, func(ctx context.Context) (sample, error) {
				return driveFor(ctx, clients, while, func(ctx context.Context, i int) error {
					return askService(ctx, service, k.query, k.officers[i%len(k.officers)], k.first)
				})
			}},
			workload{k.name + overHTTP, func(ctx context.Context) (sample, error) {
				return driveFor(ctx, clients, while, func(ctx context.Context, i int) error {
					_, err := c.ask(ctx, k.query, k.officers[i%len(k.officers)], k.first)
					return err
				})
			}},
			workload{k.name + whileRecorded, func(ctx context.Context) (_ sample, err error) {
				stop := besides(ctx, recordEvery, func(ctx context.Context, i int) error {
					return record(ctx, k.officers[i%len(k.officers)], i)
				})
				defer func() { err = errors.Join(err, stop()) }()
				return driveFor(ctx, clients, while, func(ctx context.Context, i int) error {
					_, err := c.ask(ctx, k.query, k.officers[i%len(k.officers)], k.first)
					return err
				})
			}},
			workload{k.name + alone, func(ctx context.Context) (sample, error) {
				return driveFor(ctx, 1, while, func(ctx context.Context, i int) error {
					_, err := c.ask(ctx, k.query, k.officers[i%len(k.officers)], k.first)
					return err
				})
			}})
	}
	got, err := s.rounds(ctx, s.turns(), asked...)
	if err != nil {
		return err
	}
	s.report.add(health, "requests/s", got.rates(health))
	s.latencies(got, health)
	for _, k := range kinds {
		s.report.compare(k.name+inProcess, "requests/s", got.rates(k.name+inProcess), health, got.rates(health))
		s.latencies(got, k.name+inProcess)
		s.report.compare(k.name+overHTTP, "requests/s", got.rates(k.name+overHTTP), health, got.rates(health))
		s.latencies(got, k.name+overHTTP, k.goals...)
		s.report.compare(k.name+whileRecorded, "requests/s", got.rates(k.name+whileRecorded), health, got.rates(health))
		s.latencies(got, k.name+whileRecorded)
		s.report.compare(k.name+alone, "requests/s", got.rates(k.name+alone), health, got.rates(health))
		s.latencies(got, k.name+alone)
	}
	return nil
}

// askService asks in process, as the auditor. The answer is written out, as
// it would be for a client.
func askService(ctx context.Context, service *graphql.Service, query string, id domain.OfficerID, first int) error {
	answer := service.Do(ctx, auditor, overhttp.Request{Query: query, Variables: map[string]any{
		"id": string(id), "first": json.Number(fmt.Sprint(first)),
	}})
	if answer.Release != nil {
		defer answer.Release()
	}
	if len(answer.Errors) > 0 {
		return fmt.Errorf("answered with an error: %s", answer.Errors[0].Message)
	}
	data, ok := answer.Data.(json.RawMessage)
	if !ok {
		return fmt.Errorf("the data is a %T, not JSON", answer.Data)
	}
	return checkAnswer(data, first)
}

// officersWith lists officers whose timeline holds at least and at most so
// many events.
func officersWith(ctx context.Context, r *projections.Reader, least, most int) ([]domain.OfficerID, error) {
	all, err := r.Officers(ctx, projections.OfficerFilter{}, projections.Page{First: projections.MaxPage})
	if err != nil {
		return nil, err
	}
	var out []domain.OfficerID
	for _, o := range all.Items {
		timeline, err := r.Timeline(ctx, o.ID.Ref(), projections.EventFilter{}, projections.Page{First: least})
		if err != nil {
			return nil, err
		}
		count, err := timeline.TotalCount(ctx)
		if err != nil {
			return nil, err
		}
		if count >= least && count <= most {
			out = append(out, o.ID)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("no officer has a timeline of %d to %d events", least, most)
	}
	return out, nil
}

// listen serves on a free port of this machine until stopped.
func listen(handler http.Handler) (base string, stop func() error, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second}
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	return "http://" + l.Addr().String(), func() error {
		err := server.Close()
		if ended := <-done; !errors.Is(ended, http.ErrServerClosed) {
			err = errors.Join(err, ended)
		}
		return err
	}, nil
}
