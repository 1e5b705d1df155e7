package hooks

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
	"github.com/probity-ledger/probity/projections/roster"
)

// play runs a test of hooks in its own time.
func play(t *testing.T, receivers map[string]*receiver, do func(t *testing.T, b *book, n *network)) {
	t.Helper()
	b := newBook(t) // its goroutines live longer
	synctest.Test(t, func(t *testing.T) {
		outer := b.t
		b.t = t
		defer func() { b.t = outer }()
		n, stop := newNetwork(t, receivers)
		defer stop()
		do(t, b, n)
	})
}

// What is sent is what the reader shows, once each and in order, signed, from
// where the ledger stood when the hook was new.
func TestEventsAreSent(t *testing.T) {
	r := &receiver{}
	play(t, map[string]*receiver{"pay.example": r}, func(t *testing.T, b *book, n *network) {
		b.enroll("before")
		s, stop := b.start(n, hook(t))
		for i := range 5 {
			b.enroll(p(i))
		}
		b.do("else", officer.Enroll{FullName: "Out of scope", Unit: "d2"})
		b.do("P0", officer.CompleteTraining{Course: "law", Hours: 4}) // of another kind
		synctest.Wait()
		if got := r.subjects(t); !slices.Equal(got, []string{"P0", "P1", "P2", "P3", "P4"}) {
			t.Fatalf("sent are %v", got)
		}
		first := r.got()[0]
		if got := first.header.Get("Content-Type"); got != "application/cloudevents+json; charset=utf-8" {
			t.Errorf("as %s", got)
		}
		var e map[string]any
		if err := json.Unmarshal(first.body, &e); err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]any{
			"specversion": "1.0", "source": "test.example/ledger", "type": "officer.enrolled.v1", "subject": "P0", "stream": "officer-P0",
			"revision": 0.0, "actor": "hr-li", "role": "hr", "position": "4", "id": first.id,
		} {
			if e[name] != want {
				t.Errorf("%s is %v, want %v", name, e[name], want)
			}
		}
		if data, _ := e["data"].(map[string]any); data["name"] != "张 P0" {
			t.Errorf("the data are %v", e["data"])
		}
		if got := b.notes(); !slices.Equal(got, []domain.OfficerID{"P0", "P1", "P2", "P3", "P4"}) {
			t.Errorf("noted as read are %v", got)
		}
		time.Sleep(2 * askEvery)
		if got, want := b.memory.state("pay").Position, b.head(); got != want {
			t.Errorf("the position is %s of %s", got, want)
		}
		if st := s.Status()[0]; st.Delivered != 5 || st.Failed != 0 || st.Lag != 0 {
			t.Errorf("the status is %+v", st)
		}
		stop()

		// What is recorded while nobody sends is sent by the next start.
		b.enroll("P5")
		_, stop = b.start(n, hook(t))
		defer stop()
		synctest.Wait()
		if got := r.subjects(t)[5:]; !slices.Equal(got, []string{"P5"}) {
			t.Errorf("after the start %v are sent", got)
		}
	})
}

func (b *book) head() ledger.Position {
	p, err := b.views.Position(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	return p
}

// A receiver that does not take a message is tried by the schedule, others go
// on meanwhile; then the message is dead, and the next has its turn.
func TestAPoisonedMessageIsGivenUp(t *testing.T) {
	bad := &receiver{handle: func(w http.ResponseWriter, r *http.Request, n int) {
		if n <= MaxAttempts {
			http.Error(w, "no", 500)
		}
	}}
	good := &receiver{}
	play(t, map[string]*receiver{"pay.example": bad, "good.example": good}, func(t *testing.T, b *book, n *network) {
		other := hook(t)
		other.Name, other.URL = "other", "https://good.example/"
		_, stop := b.startUnnoted(n, hook(t), other)
		defer func() { stop() }()
		b.enroll("P0")
		b.enroll("P1")
		synctest.Wait()
		if got := good.subjects(t); len(got) != 2 {
			t.Errorf("the other is told of %v", got)
		}
		if got := bad.got(); len(got) != 1 {
			t.Fatalf("%d attempts at once", len(got))
		}
		// The end of the process makes no attempt forgotten.
		time.Sleep(time.Hour)
		tried := len(bad.got())
		stop()
		_, stop = b.startUnnoted(n, hook(t), other)
		if len(bad.got()) != tried {
			t.Errorf("a new start tries at once")
		}
		time.Sleep(4 * 24 * time.Hour)
		got := bad.got()
		if len(got) != MaxAttempts+1 || got[MaxAttempts].id == got[0].id {
			t.Fatalf("%d attempts", len(got))
		}
		for i := 1; i < MaxAttempts; i++ {
			if got[i].id != got[0].id {
				t.Errorf("attempt %d is of %s", i, got[i].id)
			}
			if wait, least := got[i].at.Sub(got[i-1].at), schedule[i-1]; wait < least || wait > least+least/5+rarely {
				t.Errorf("attempt %d comes after %s, want %s", i, wait, least)
			}
		}
		state := b.memory.state("pay")
		if len(state.Dead) != 1 || state.Dead[0].ID != got[0].id || state.Dead[0].Attempts != MaxAttempts || state.Dead[0].Why != "answered with status 500" || state.Dead[0].Kind != "officer.enrolled.v1" {
			t.Errorf("dead are %+v", state.Dead)
		}
		// And is sent again when somebody asks.
		if err := b.memory.Ask(t.Context(), "pay", Ask{Retry: true}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * rarely)
		if all := bad.got(); len(all) != MaxAttempts+2 || all[MaxAttempts+1].id != got[0].id || len(b.memory.state("pay").Dead) != 0 {
			t.Errorf("%d attempts, dead %v", len(all), b.memory.state("pay").Dead)
		}
	})
}

func TestReplayFromAPosition(t *testing.T) {
	r := &receiver{}
	play(t, map[string]*receiver{"pay.example": r}, func(t *testing.T, b *book, n *network) {
		_, stop := b.start(n, hook(t))
		defer stop()
		for i := range 4 {
			b.enroll(p(i))
		}
		synctest.Wait()
		first := r.got()
		var second struct{ Position ledger.Position }
		if _, err := fmt.Sscanf(string(first[1].body[strings.Index(string(first[1].body), `"position":"`):]), `"position":"%d"`, &second.Position); err != nil {
			t.Fatal(err)
		}
		for _, ask := range []ledger.Position{second.Position, 1 << 40} {
			if err := b.memory.Ask(t.Context(), "pay", Ask{Replay: &ask}); err != nil {
				t.Fatal(err)
			}
			time.Sleep(2 * askEvery)
		}
		got := r.subjects(t)[4:]
		if !slices.Equal(got, []string{"P2", "P3"}) {
			t.Errorf("again are sent %v", got)
		}
		if again := r.got(); again[4].id != first[2].id {
			t.Errorf("the same event has another id")
		}
		b.enroll("P4") // a position beyond the end skips nothing
		synctest.Wait()
		if got := r.subjects(t)[6:]; !slices.Equal(got, []string{"P4"}) {
			t.Errorf("then are sent %v", got)
		}
	})
}

func TestWhatAReceiverSays(t *testing.T) {
	says := func(status int, retryAfter string) func(http.ResponseWriter, *http.Request, int) {
		return func(w http.ResponseWriter, _ *http.Request, _ int) {
			if retryAfter != "" {
				w.Header().Set("Retry-After", retryAfter)
			}
			w.WriteHeader(status)
		}
	}
	cases := []struct {
		name   string
		handle func(w http.ResponseWriter, r *http.Request, n int)
		second time.Duration // when the second attempt comes; 0 for never
		least  time.Duration
	}{
		{"no content", says(204, ""), 0, 0},
		{"gone", says(410, ""), 0, 0},
		{"fails", says(500, ""), 8 * time.Second, 5 * time.Second},
		{"fails with nonsense", says(503, "soon"), 8 * time.Second, 5 * time.Second},
		{"wants a rest", says(429, "3600"), 3602 * time.Second, 3600 * time.Second},
		{"wants a rest until", says(503, "Sat, 01 Jan 2000 02:00:00 GMT"), 2*time.Hour + 2*time.Second, 7190 * time.Second},
		{"wants a rest for ever", says(503, "2000000000"), 24*time.Hour + 2*time.Second, 24 * time.Hour},
		{"redirects inside", func(w http.ResponseWriter, r *http.Request, _ int) {
			http.Redirect(w, r, "http://127.0.0.1/latest/meta-data", http.StatusTemporaryRedirect)
		}, 8 * time.Second, 5 * time.Second},
	}
	inside := &receiver{}
	receivers := map[string]*receiver{"127.0.0.1": inside}
	var hooks []Hook
	for i, c := range cases {
		h := hook(t)
		h.Name = fmt.Sprintf("case-%d", i)
		h.URL = "https://" + h.Name + ".example"
		hooks, receivers[h.Name+".example"] = append(hooks, h), &receiver{handle: c.handle}
	}
	play(t, receivers, func(t *testing.T, b *book, n *network) {
		_, stop := b.startUnnoted(n, hooks...)
		defer stop()
		b.enroll("P0")
		time.Sleep(25 * time.Hour)
		for i, c := range cases {
			got := receivers[hooks[i].Name+".example"].got()
			switch {
			case len(got) == 0:
				t.Errorf("%s: nothing was sent", c.name)
			case c.second == 0 && len(got) > 1:
				t.Errorf("%s: %d attempts", c.name, len(got))
			case c.second == 0:
			case len(got) < 2:
				t.Errorf("%s: no second attempt", c.name)
			default:
				if wait := got[1].at.Sub(got[0].at); wait < c.least || wait > c.second {
					t.Errorf("%s: the second attempt comes after %s", c.name, wait)
				}
			}
		}
		if len(inside.got()) > 0 {
			t.Error("a redirect was followed")
		}
		// Who wants nothing more can be asked again.
		if b.memory.state("case-0").Stopped != "" || b.memory.state("case-1").Stopped == "" {
			t.Errorf("stopped: %+v", b.memory.state("case-1"))
		}
		gone := receivers["case-1.example"]
		gone.handle = nil
		if err := b.memory.Ask(t.Context(), "case-1", Ask{Retry: true}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * rarely)
		if got := len(gone.got()); got != 2 || b.memory.state("case-1").Stopped != "" {
			t.Errorf("asked to go on it has %d attempts", got)
		}
	})
}

// A hostile receiver costs an attempt and no more, and other hooks nothing.
func TestHostileReceivers(t *testing.T) {
	drip := func(c net.Conn, text string) {
		for i := range text {
			if _, err := c.Write([]byte{text[i]}); err != nil {
				return
			}
			time.Sleep(time.Second)
		}
	}
	flood := func(c net.Conn, head, more string) {
		if _, err := c.Write([]byte(head)); err != nil {
			return
		}
		for {
			if _, err := c.Write([]byte(more)); err != nil {
				return
			}
		}
	}
	cases := []struct {
		name string
		deaf bool // the request is not read
		raw  func(net.Conn)
		why  string // empty where the message counts as taken
	}{
		{"never answers", false, func(c net.Conn) { io.Copy(io.Discard, c) }, "did not answer in time"},
		{"never reads", true, func(c net.Conn) { time.Sleep(time.Minute) }, "did not answer in time"},
		{"drips its headers", false, func(c net.Conn) { drip(c, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") }, "did not answer in time"},
		{"drips its body", false, func(c net.Conn) {
			fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n")
			drip(c, strings.Repeat("x", 4000))
		}, ""},
		{"has a body without end", false, func(c net.Conn) { flood(c, "HTTP/1.1 200 OK\r\n\r\n", strings.Repeat("x", 1<<16)) }, ""},
		{"has headers without end", false, func(c net.Conn) { flood(c, "HTTP/1.1 200 OK\r\n", "X-More: "+strings.Repeat("x", 4000)+"\r\n") }, "exceeded"},
		{"hangs up", false, func(net.Conn) {}, "EOF"},
		{"speaks something else", false, func(c net.Conn) { fmt.Fprintf(c, "\x00\x1b[2J220 mail\r\n\r\n") }, "malformed"},
	}
	good := &receiver{}
	receivers := map[string]*receiver{"good.example": good}
	other := hook(t)
	other.Name, other.URL = "other", "https://good.example/"
	hooks := []Hook{other}
	for i, c := range cases {
		h := hook(t)
		h.Name = fmt.Sprintf("case-%d", i)
		h.URL = "https://" + h.Name + ".example/secret-path"
		hooks = append(hooks, h)
		receivers[h.Name+".example"] = &receiver{raw: func(conn net.Conn) {
			defer conn.Close()
			if !c.deaf {
				r, err := http.ReadRequest(bufio.NewReader(conn))
				if err != nil {
					return
				}
				io.Copy(io.Discard, r.Body)
			}
			c.raw(conn)
		}}
	}
	play(t, receivers, func(t *testing.T, b *book, n *network) {
		s, stop := b.startUnnoted(n, hooks...)
		b.enroll("P0")
		synctest.Wait()
		if len(good.got()) != 1 {
			t.Errorf("the other hook sent %d messages", len(good.got()))
		}
		time.Sleep(postTime)
		synctest.Wait()
		stop()
		for i, c := range cases {
			name := hooks[i+1].Name
			if st := s.Status()[i+1]; st.Delivered+st.Failed == 0 {
				t.Errorf("%s: it holds up its hook", c.name)
			}
			a := b.memory.state(name).Attempt
			if (a.Count == 0) != (c.why == "") || !strings.Contains(a.Why, c.why) {
				t.Errorf("%s: %d attempts, %q, want %q", c.name, a.Count, a.Why, c.why)
			}
			if strings.ContainsAny(a.Why, "\x00\x1b") || strings.Contains(a.Why, "secret-path") {
				t.Errorf("%s: %q is for nobody to see", c.name, a.Why)
			}
		}
		time.Sleep(2 * time.Minute) // until all are gone
	})
}

// Why an attempt failed steers no terminal, and has no address in it.
func TestWhyIsPlainText(t *testing.T) {
	err := &url.Error{Op: "Post", URL: "https://pay.example/secret", Err: errors.New("海关\x1b[2J\u009b\u202e\u2066\u200b\u2028\ufeff\xff said " + strings.Repeat("é", 200))}
	got := reason(err)
	if rest, ok := strings.CutPrefix(got, "海关 [2J        said éé"); !ok || strings.Trim(rest, "é") != "…" || len(got) > maxWhy+len("…") {
		t.Errorf("it is %q, of %d bytes", got, len(got))
	}
}

// What cannot be noted is not sent, and what cannot be kept is no loss.
func TestNothingIsSentUnnoted(t *testing.T) {
	r := &receiver{}
	play(t, map[string]*receiver{"pay.example": r}, func(t *testing.T, b *book, n *network) {
		_, stop := b.start(n, hook(t))
		defer stop()
		b.mu.Lock()
		b.fails = errors.New("the disk is full")
		b.mu.Unlock()
		b.enroll("P0")
		time.Sleep(time.Minute)
		if got := len(r.got()); got != 0 {
			t.Errorf("%d were sent", got)
		}
		if b.memory.state("pay").Attempt.Count != 0 {
			t.Errorf("that was counted against the receiver")
		}
		b.mu.Lock()
		b.fails = nil
		b.mu.Unlock()
		time.Sleep(2 * againAfter)
		if got := len(r.got()); got != 1 {
			t.Errorf("%d were sent then", got)
		}
	})
}

// damaged cannot read one message again.
type damaged struct {
	source
	id string
}

func (s damaged) again(ctx context.Context, r *projections.Reader, d Dead) (message, bool, error) {
	if d.ID == s.id {
		return message{}, false, errors.New("it is of no kind that is known")
	}
	return s.source.again(ctx, r, d)
}

// What is asked and cannot be read, or be done for one message, is said and
// keeps nothing else from being sent.
func TestWhatCannotBeReadHoldsNothingUp(t *testing.T) {
	r := &receiver{handle: func(w http.ResponseWriter, _ *http.Request, n int) {
		if n <= 2 {
			http.Error(w, "no", 500)
		}
	}}
	play(t, map[string]*receiver{"pay.example": r}, func(t *testing.T, b *book, n *network) {
		h, said := hook(t), &strings.Builder{}
		h.Attempts = 1
		s, err := New(Config{Hooks: []Hook{h}, Views: b.views, Codec: b.codec, Keeper: b.memory, Log: slog.New(slog.NewTextHandler(said, nil)), dial: n.dial})
		if err != nil {
			t.Fatal(err)
		}
		bad := &damaged{source: s.runners[0].source}
		s.runners[0].source = bad
		b.memory.unread = errors.New("permission denied")
		_, stop := b.run(s)
		defer func() { stop() }()
		b.enroll("P0")
		b.enroll("P1")
		time.Sleep(10 * askEvery)
		b.enroll("P2")
		synctest.Wait()
		if got := r.subjects(t); !slices.Equal(got, []string{"P0", "P1", "P2"}) {
			t.Errorf("while asks cannot be read %v are sent", got)
		}
		stop()
		if n := strings.Count(said.String(), "permission denied"); n != 1 {
			t.Errorf("that was said %d times", n)
		}
		dead := b.memory.state("pay").Dead
		if len(dead) != 2 {
			t.Fatalf("dead are %v", dead)
		}

		bad.id, b.memory.unread = dead[0].ID, nil
		from := dead[1].Position
		if err := b.memory.Ask(t.Context(), "pay", Ask{Retry: true, Replay: &from}); err != nil {
			t.Fatal(err)
		}
		_, stop = b.run(s)
		time.Sleep(10 * askEvery)
		b.enroll("P3")
		synctest.Wait()
		if got := r.subjects(t)[3:]; !slices.Equal(got, []string{"P1", "P2", "P3"}) {
			t.Errorf("asked again %v are sent", got)
		}
		if diff := cmp.Diff(dead[:1], b.memory.state("pay").Dead); diff != "" {
			t.Errorf("dead are (-want +got):\n%s", diff)
		}
		if n := strings.Count(said.String(), "stays so"); n != 1 {
			t.Errorf("that it stays was said %d times", n)
		}
	})
}

// What had come further than the ledger goes, as after a restore, misses
// nothing that is recorded from then on.
func TestAPositionBeyondTheLedgerIsNotKept(t *testing.T) {
	r := &receiver{}
	play(t, map[string]*receiver{"pay.example": r}, func(t *testing.T, b *book, n *network) {
		b.enroll("before")
		was := State{Position: b.head() + 5, Attempt: Attempt{ID: "lost", Count: 3, Next: time.Now().Add(time.Hour)}, Dead: []Dead{{ID: "dead"}}}
		if err := b.memory.Save(t.Context(), "pay", was); err != nil {
			t.Fatal(err)
		}
		_, stop := b.start(n, hook(t))
		defer stop()
		if diff := cmp.Diff(State{Position: b.head(), Dead: was.Dead}, b.memory.state("pay")); diff != "" {
			t.Errorf("what is kept (-want +got):\n%s", diff)
		}
		b.enroll("P0")
		synctest.Wait()
		if got := r.subjects(t); !slices.Equal(got, []string{"P0"}) {
			t.Errorf("sent are %v", got)
		}
	})
}

// A notice says where the feed goes on, and nothing of anybody.
func TestNoticesOfRecords(t *testing.T) {
	r := &receiver{}
	play(t, map[string]*receiver{"pay.example": r}, func(t *testing.T, b *book, n *network) {
		h := hook(t)
		h.Kinds, h.Records = nil, true
		b.enroll("before")
		from := b.head()
		_, stop := b.start(n, h)
		defer stop()
		b.do("else", officer.Enroll{FullName: "Out of scope", Unit: "d2"})
		b.do("sec", unit.Establish{UnitName: "科", UnitKind: "section", Parent: "d2"})
		time.Sleep(5 * time.Second)
		if got := len(r.got()); got != 0 {
			t.Fatalf("%d notices of nothing: %s", got, r.got()[0].body)
		}
		for i := range 3 {
			b.enroll(p(i))
		}
		time.Sleep(5 * time.Second)
		got := r.got()
		if len(got) == 0 || len(got) > 2 {
			t.Fatalf("%d notices", len(got))
		}
		var e struct {
			Type, Subject string
			Data          map[string]string
		}
		if err := json.Unmarshal(got[0].body, &e); err != nil {
			t.Fatal(err)
		}
		cursor, err := roster.ParseCursor(e.Data["cursor"])
		if err != nil || cursor.Since < from || e.Type != NoticeType || e.Subject != "" {
			t.Errorf("%s: %v", got[0].body, err)
		}
		if diff := cmp.Diff(map[string]string{"cursor": cursor.String(), "feed": "/hr/records?cursor=" + cursor.String()}, e.Data); diff != "" {
			t.Error(diff)
		}
		if len(b.notes()) != 0 {
			t.Errorf("noted as read are %v", b.notes())
		}
	})
}

// A notice that was not taken, or whose answer was lost, is the same again
// though more is recorded meanwhile; what is more has a notice of its own.
func TestANoticeTellsOfNoMoreThanItsID(t *testing.T) {
	r := &receiver{handle: func(w http.ResponseWriter, _ *http.Request, n int) {
		if n == 1 {
			http.Error(w, "no", 500)
		}
	}}
	play(t, map[string]*receiver{"pay.example": r}, func(t *testing.T, b *book, n *network) {
		h := hook(t)
		h.Kinds, h.Records = nil, true
		from := b.head()
		_, stop := b.start(n, h)
		b.enroll("P0")
		through := b.head()
		synctest.Wait()
		b.enroll("P1")
		stop()
		time.Sleep(3 * time.Second)
		s, stop := b.start(n, h)
		defer stop()
		if lag := s.Status()[0].Lag; lag != 3*time.Second {
			t.Errorf("what waits since before the start waits for %s", lag)
		}
		time.Sleep(10 * time.Second)
		if lag := s.Status()[0].Lag; lag != 0 {
			t.Errorf("when all is sent something waits for %s", lag)
		}
		if err := b.memory.Ask(t.Context(), "pay", Ask{Replay: &from}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * askEvery)
		type notice struct{ after, through ledger.Position }
		var got []notice
		ids := map[string]notice{}
		for _, a := range r.got() {
			var e struct {
				ID       string
				Position ledger.Position `json:",string"`
				Data     struct{ Cursor string }
			}
			if err := json.Unmarshal(a.body, &e); err != nil {
				t.Fatal(err)
			}
			cursor, err := roster.ParseCursor(e.Data.Cursor)
			if err != nil {
				t.Fatal(err)
			}
			is := notice{cursor.Since, e.Position}
			if was, known := ids[a.id]; a.id != e.ID || known && was != is {
				t.Errorf("%s is of %v and of %v", a.id, was, is)
			}
			ids[a.id], got = is, append(got, is)
		}
		head := b.head()
		if want := []notice{{from, through}, {from, through}, {through, head}, {from, head}}; !slices.Equal(got, want) || len(ids) != 3 {
			t.Errorf("notices are of %v by %d ids, want %v", got, len(ids), want)
		}
	})
}
