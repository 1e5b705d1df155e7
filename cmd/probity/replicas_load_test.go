package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// wish is a command that was acknowledged.
type wish struct {
	id, stream string
	events     []string
	position   string
	followed   int // how many events have to follow by reaction
}

// load records and asks through all replicas at once, until it is stopped.
type load struct {
	r      *replicas
	tokens map[string]string // by role
	run    string            // tells the ids of this load from others'

	mu       sync.Mutex // guards what follows
	done     []wish
	notes    map[string]string // checkpoints shown, by size and root
	waits    []time.Duration   // for views to show what another replica recorded
	retried  int
	failures []string

	stop context.CancelFunc
	over sync.WaitGroup
}

// begin lets workers record; each command is asked again, through any replica,
// until it is acknowledged.
func (r *replicas) load(run string, workers int) *load {
	r.t.Helper()
	l := &load{r: r, run: run, tokens: map[string]string{}, notes: map[string]string{}}
	for _, role := range []string{"hr", "inspector", "auditor"} {
		l.tokens[role] = strings.TrimSpace(r.mustRun("", "token", "--data", r.dirs[0], "--role", role, "--sub", role+"-1", "--unit", "*", "--ttl", "8h"))
	}
	ctx, cancel := context.WithCancel(context.Background())
	l.stop = cancel
	for w := range workers {
		l.over.Go(func() { l.work(ctx, w) })
	}
	r.t.Cleanup(func() {
		l.end()
		if r.t.Failed() {
			r.t.Logf("%d commands were acknowledged; %q", len(l.done), l.failures)
		}
	})
	return l
}

func (l *load) end() { l.stop(); l.over.Wait() }

func (l *load) work(ctx context.Context, w int) {
	for n := 0; ctx.Err() == nil; n++ {
		name := fmt.Sprintf("%s-%d-%d", l.run, w, n)
		unit, a, b := "u-"+name, "a-"+name, "b-"+name
		for _, c := range []struct {
			role, mutation string
			followed       int
		}{
			{"hr", fmt.Sprintf(`unitEstablish(subject: %q, id: %q, input: {name: "海关", kind: AGENCY})`, unit, "u"+name), 0},
			{"hr", fmt.Sprintf(`officerEnroll(subject: %q, id: %q, input: {name: "王", unit: %q})`, a, "a"+name, unit), 0},
			{"hr", fmt.Sprintf(`officerEnroll(subject: %q, id: %q, input: {name: "李", unit: %q})`, b, "b"+name, unit), 0},
			{"inspector", fmt.Sprintf(`misconductOpen(subject: %q, id: %q, input: {origin: SELF_REPORT, officers: [%q, %q], conduct: "gifts"})`, "x-"+name, "x"+name, a, b), 2},
		} {
			if !l.record(ctx, c.role, c.mutation, c.followed) {
				return
			}
		}
		l.look(ctx, unit)
	}
}

// record asks until the command is acknowledged; false when the load ends, or
// what came is not what it must be.
func (l *load) record(ctx context.Context, role, mutation string, followed int) bool {
	document := "mutation { c: " + mutation + " { stream recorded repeated position followed { id } events { event { id } } } }"
	began := time.Now()
	for tries := 0; ctx.Err() == nil; tries++ {
		var out struct {
			Data struct {
				C *struct {
					Stream             string
					Recorded, Repeated bool
					Position           string
					Events             []struct{ Event struct{ ID string } }
				}
			}
			Errors []struct {
				Message    string
				Extensions struct{ Code string }
			}
		}
		// Ending the load does not end what is asked: the answer is wanted.
		err := l.ask(context.WithoutCancel(ctx), rand.IntN(3), role, document, "", &out)
		if err == nil && len(out.Errors) > 0 {
			switch e := out.Errors[0]; e.Extensions.Code {
			case "INTERNAL", "UNAVAILABLE", "TIMEOUT", "CANCELLED", "STATE": // a server is away
				err = errors.New(e.Message)
			default:
				l.fail("%s: %s %s", mutation, e.Extensions.Code, e.Message)
				return false
			}
		}
		if err == nil && (out.Data.C == nil || !out.Data.C.Recorded) {
			err = errors.New("no outcome")
		}
		if err != nil {
			if time.Since(began) > time.Minute {
				l.fail("%s is not acknowledged for a minute: %v", mutation, err)
				return false
			}
			time.Sleep(time.Duration(10+rand.IntN(90)) * time.Millisecond)
			continue
		}
		c := out.Data.C
		x := wish{id: mutation, stream: c.Stream, position: c.Position, followed: followed}
		for _, e := range c.Events {
			x.events = append(x.events, e.Event.ID)
		}
		l.mu.Lock()
		l.done = append(l.done, x)
		if tries > 0 {
			l.retried++
		}
		l.mu.Unlock()
		return true
	}
	return false
}

// look reads through another replica what was recorded last, and keeps the
// checkpoint that one shows.
func (l *load) look(ctx context.Context, unit string) {
	l.mu.Lock()
	at := l.done[len(l.done)-1].position
	l.mu.Unlock()
	i := rand.IntN(3)
	var out struct {
		Data   struct{ Unit *struct{ ID string } }
		Errors []json.RawMessage
	}
	began := time.Now()
	err := l.ask(ctx, i, "auditor", fmt.Sprintf("{ unit(id: %q) { id } }", unit), at, &out)
	took := time.Since(began)
	if err == nil && len(out.Errors) == 0 {
		if out.Data.Unit == nil {
			l.fail("%s is not shown at position %s", unit, at)
		}
		l.mu.Lock()
		l.waits = append(l.waits, took)
		l.mu.Unlock()
	}
	note := l.r.get(i, "/log/checkpoint")
	if lines := strings.SplitN(note, "\n", 4); len(lines) == 4 {
		l.mu.Lock()
		if was, known := l.notes[lines[1]]; known && strings.SplitN(was, "\n", 4)[2] != lines[2] {
			l.failures = append(l.failures, "two checkpoints over "+lines[1]+" events")
		}
		l.notes[lines[1]] = note
		l.mu.Unlock()
	}
}

// ask posts a document to a replica.
func (l *load) ask(ctx context.Context, i int, role, document, minPosition string, into any) error {
	ctx, cancel := context.WithTimeout(ctx, 6*time.Second)
	defer cancel()
	request := map[string]any{"query": document}
	if minPosition != "" {
		request["extensions"] = map[string]any{"probity": map[string]any{"minPosition": minPosition}}
	}
	raw, err := json.Marshal(request)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+l.r.addrs[i]+"/graphql", bytes.NewReader(raw))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+l.tokens[role])
	req.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("%s: %s", answer.Status, body)
	}
	return nil
}

func (l *load) fail(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.failures = append(l.failures, fmt.Sprintf(format, args...))
}

// acknowledged returns what was, and fails the test for what must not be.
func (l *load) acknowledged(t *testing.T) []wish {
	t.Helper()
	l.end()
	for _, f := range l.failures {
		t.Error(f)
	}
	if len(l.done) == 0 {
		t.Fatal("nothing was acknowledged")
	}
	slices.Sort(l.waits)
	t.Logf("%d commands acknowledged, %d of them asked more than once, %d checkpoints seen; reading through any replica what was just recorded took %s in the median, %s at the 99th percentile",
		len(l.done), l.retried, len(l.notes), percentile(l.waits, 50), percentile(l.waits, 99))
	return l.done
}

func percentile(sorted []time.Duration, p int) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)-1, len(sorted)*p/100)].Round(time.Microsecond)
}
