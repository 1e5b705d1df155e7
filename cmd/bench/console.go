package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/console"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql/overhttp"
	"github.com/probity-ledger/probity/graphql/signin"
	"github.com/probity-ledger/probity/projections"
)

// The goals of a page: how long the server may take for it, in milliseconds,
// and how much it may weigh before it is packed, in KB.
var (
	pageGoal   = below(100)
	weightGoal = below(200)
)

// emptyPage asks nothing of the ledger, but is made as the others are.
const emptyPage = "/verify"

// pageRoles are those whose pages are measured: who sees everything, and who
// sees what lies in their scope.
var pageRoles = []domain.Role{domain.RoleAuditor, domain.RoleInspector}

// console measures the time in which the server makes each kind of page, on the
// demo's district and on a large ledger. Each request is another person's, so
// nothing that was answered before is answered again. The reference is a page
// that asks nothing.
func (s *suite) console(ctx context.Context) error {
	played, err := s.agency(ctx)
	if err != nil {
		return err
	}
	if err := played.store.Close(); err != nil {
		return err
	}
	if err := s.pagesOf(ctx, fmt.Sprintf("demo district, %s events", figure(float64(played.events))), played.dir); err != nil {
		return err
	}
	events := s.events
	if events == 0 && s.quick {
		s.report.note("console: --quick measures a large ledger only with --events N")
		return nil
	} else if events == 0 {
		events = million
	}
	s.events = events
	dir, _, err := s.bigLedger(ctx)
	if err != nil {
		return err
	}
	return s.pagesOf(ctx, figure(float64(events))+" events", dir)
}

// pagesOf measures the pages over a ledger.
func (s *suite) pagesOf(ctx context.Context, name, dir string) (err error) {
	h, err := house.Open(house.Config{Dir: dir, Write: true, PlainKey: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	if err := h.OpenViews(ctx, nil); err != nil {
		return err
	}
	if err := h.Views.CatchUp(ctx, h.Store, nil); err != nil {
		return err
	}
	start := time.Now()
	if err := h.Notary.CatchUp(ctx); err != nil {
		return err
	}
	s.progress("%s: the log is up to date after %.1f s", name, time.Since(start).Seconds())
	web, err := h.Web(slog.New(slog.DiscardHandler), "{ledger{origin}}")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, web.Close()) }()
	web.SetReady()
	house.TuneMemory() // as serve does
	running, end := context.WithCancel(ctx)
	g, running := errgroup.WithContext(running)
	for _, run := range []func(context.Context) error{func(ctx context.Context) error { return h.Views.Run(ctx, h.Store) }, h.Notary.Run} {
		g.Go(func() error { return run(running) })
	}
	err = s.pageRounds(running, h, web, name)
	end()
	if bad := g.Wait(); err == nil && !errors.Is(bad, context.Canceled) {
		err = bad
	}
	return err
}

// pageReader asks for pages as one role, each time as somebody else.
type pageReader struct {
	web   *house.Web
	role  domain.Role
	units []domain.UnitID
	asked int
}

// get asks for a page, and returns how long that took, what it weighs and its
// status.
func (p *pageReader) get(ctx context.Context, path string) (time.Duration, int, int, error) {
	p.asked++
	token, _, err := p.web.Issuer.Mint(signin.Grant{Subject: fmt.Sprintf("bench-%s-%d", p.role, p.asked), Role: p.role, Units: p.units})
	if err != nil {
		return 0, 0, 0, err
	}
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, "http://127.0.0.1:8080"+console.Path+path, nil)
	r.Header.Set("Accept-Language", "zh-CN")
	r.AddCookie(&http.Cookie{Name: "probity-console", Value: token})
	w := httptest.NewRecorder()
	start := time.Now()
	p.web.ServeHTTP(w, r)
	return time.Since(start), w.Body.Len(), w.Code, nil
}

// pageTimes are the times of a page in one round, and its weight.
type pageTimes struct {
	p50, p95 []float64 // of each round
	weight   int
}

func (s *suite) pageRounds(ctx context.Context, h *house.House, web *house.Web, name string) error {
	units, paths, err := pagesToAsk(ctx, h)
	if err != nil {
		return err
	}
	for _, role := range pageRoles {
		reader := &pageReader{web: web, role: role, units: units}
		if role == domain.RoleAuditor { // whose token names no unit, as the demo's
			reader.units = nil
		}
		times, order := map[string]*pageTimes{}, []string{}
		for _, path := range append([]string{emptyPage}, paths...) {
			took, weight, status, err := reader.get(ctx, path)
			if err != nil {
				return err
			}
			s.progress("%s, %s, %s: %d, %.1f ms, %d bytes", name, role, path, status, millis(took), weight)
			if status == http.StatusOK { // not every ledger has all, and not every role sees all
				times[path], order = &pageTimes{weight: weight}, append(order, path)
			}
		}
		for round := range s.turns() {
			s.progress("round %d/%d: pages of %s, %s", round+1, s.turns(), name, role)
			for _, path := range order {
				var took []time.Duration
				for range pick(s, 20, 10) {
					t, _, status, err := reader.get(ctx, path)
					if err != nil || status != http.StatusOK {
						return errors.Join(err, fmt.Errorf("%s is answered with %d", path, status))
					}
					took = append(took, t)
				}
				slices.Sort(took)
				times[path].p50 = append(times[path].p50, millis(percentile(took, 50)))
				times[path].p95 = append(times[path].p95, millis(percentile(took, 95)))
			}
		}
		s.reportPages(name, role, order, times)
	}
	return nil
}

// reportPages makes a row of the p95 of each page, and one of the heaviest.
func (s *suite) reportPages(name string, role domain.Role, order []string, times map[string]*pageTimes) {
	empty := times[emptyPage]
	heaviest := emptyPage
	for _, path := range order {
		t := times[path]
		if t.weight > times[heaviest].weight {
			heaviest = path
		}
		row := fmt.Sprintf("%s, %s: %s", name, role, strings.SplitN(path, "?", 2)[0])
		s.report.compare(row+", p95", "ms", t.p95, "an empty page", empty.p95, pageGoal)
		s.report.compare(row+", p50", "ms", t.p50, "an empty page", empty.p50)
	}
	s.report.add(fmt.Sprintf("%s, %s: the heaviest page, %s", name, role, strings.SplitN(heaviest, "?", 2)[0]), "KB", []float64{float64(times[heaviest].weight) / 1000}, weightGoal)
}

// pagesToAsk names an address of each kind of page, about objects that there
// are: of officers, the first, who is the busiest of the departments.
func pagesToAsk(ctx context.Context, h *house.House) (units []domain.UnitID, paths []string, err error) {
	service, err := h.GraphQL(slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, nil, err
	}
	var found struct {
		Agencies                                                                                          struct{ Nodes []struct{ ID string } }
		Officers, Posts, Complaints, Cases, Plans, Programmes, Enforcements, Warnings, Tracebacks, Events struct{ Nodes []struct{ ID string } }
	}
	const one = `(first: 1) { nodes { id } } `
	answer := service.Do(ctx, projections.Principal{Subject: "bench", Role: domain.RoleAuditor}, overhttp.Request{Query: `{ agencies: units(filter: {kind: AGENCY}, first: 20) { nodes { id } } officers` + one + `posts` + one + `complaints` + one + `cases` + one +
		`plans` + one + `programmes` + one + `enforcements` + one + `warnings` + one + `tracebacks` + one + `events(first: 1, order: RECORDED_DESC) { nodes { id } } }`})
	if len(answer.Errors) > 0 {
		return nil, nil, errors.New(answer.Errors[0].Message)
	}
	data, _ := answer.Data.(json.RawMessage)
	if err := json.Unmarshal(data, &found); err != nil {
		return nil, nil, err
	}
	if answer.Release != nil {
		answer.Release()
	}
	for _, unit := range found.Agencies.Nodes {
		units = append(units, domain.UnitID(unit.ID))
	}
	paths = []string{"/", "/officers", "/complaints", "/cases", "/clocks", "/enforcements", "/warnings", "/obligations", "/obligations?state=OPEN", "/posts", "/discretion", "/discretion?by=post", "/plans", "/scorecards",
		"/agencies?period=2025", "/programmes", "/disclosures", "/search?q=" + url.QueryEscape("窗口 window"), "/officers?name=" + url.QueryEscape("王")}
	for _, kind := range []struct {
		of    struct{ Nodes []struct{ ID string } }
		pages []string
	}{
		{found.Officers, []string{"/officers/%s", "/officers/%s/timeline", "/officers/%s/compare?from=2017-01-01&to=2026-01-01", "/officers/%s/print"}},
		{found.Posts, []string{"/posts/%s"}}, {found.Complaints, []string{"/complaints/%s", "/complaints/%s/print"}}, {found.Cases, []string{"/cases/%s", "/cases/%s/print"}},
		{found.Plans, []string{"/plans/%s"}}, {found.Programmes, []string{"/programmes/%s"}}, {found.Enforcements, []string{"/enforcements/%s"}}, {found.Warnings, []string{"/warnings/%s"}},
		{found.Tracebacks, []string{"/tracebacks/%s"}}, {found.Events, []string{"/events/%s"}},
		{found.Agencies, []string{"/scorecards/%s?period=2025", "/scorecards/%s/I3?period=2025", "/history/unit/%s"}},
	} {
		for _, page := range kind.pages {
			if len(kind.of.Nodes) > 0 {
				paths = append(paths, fmt.Sprintf(page, url.PathEscape(kind.of.Nodes[0].ID)))
			}
		}
	}
	return units, paths, nil
}
