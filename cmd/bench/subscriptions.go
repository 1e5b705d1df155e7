package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/coder/websocket"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql/signin"
)

// idle is how many subscriptions stay open, perSubject how many of them one
// person has, perSocket how many one WebSocket carries.
const (
	idle       = 10_000
	perSubject = 50
	perSocket  = 50
)

// idleQuery follows an officer about whom nothing happens.
const idleQuery = `subscription($id: ID!) { timeline(ref: {type: OFFICER, id: $id}) { position entry { as event { id kind occurredAt } } } }`

// subscriptions measures the real program with many subscriptions that wait:
// its resident memory and its goroutines over server-sent events and over
// WebSocket. The reference is the same program before.
func (s *suite) subscriptions(ctx context.Context) error {
	binary := filepath.Join(s.dir, "probity")
	build := exec.CommandContext(ctx, "go", "build", "-o", binary, "github.com/probity-ledger/probity/cmd/probity")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build the program: %w\n%s", err, out)
	}
	made, err := s.build(ctx, pick(s, 60_000, 6_000), 4)
	if err != nil {
		return err
	}
	if err := made.store.Close(); err != nil {
		return err
	}
	for _, way := range []struct {
		name string
		open func(ctx context.Context, base, dir string) (io.Closer, error)
	}{{"server-sent events", openEvents}, {"WebSocket, 50 on each", openSockets}} {
		s.progress("%d subscriptions over %s", idle, way.name)
		before, after, err := s.holdOpen(ctx, binary, made.dir, way.open)
		if err != nil {
			return fmt.Errorf("%s: %w", way.name, err)
		}
		name := fmt.Sprintf("%s idle subscriptions over %s", figure(idle), way.name)
		s.report.compare(name+", resident", "MiB", []float64{after.resident}, "before", []float64{before.resident}, below(500))
		s.report.add(name+", goroutines", "", []float64{after.goroutines - before.goroutines})
		s.report.add(name+", heap in use", "MiB", []float64{after.heap})
		s.report.add(name+", KiB each", "KiB", []float64{(after.resident - before.resident) * 1024 / idle})
	}
	return nil
}

// state is how a running server stands.
type state struct{ resident, goroutines, heap float64 }

// holdOpen starts the program, opens subscriptions, and looks at it before and
// after.
func (s *suite) holdOpen(ctx context.Context, binary, dir string, open func(ctx context.Context, base, dir string) (io.Closer, error)) (before, after state, err error) {
	ctx, cancel := context.WithTimeout(ctx, 4*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary, "serve", "--data", dir, "--addr", "127.0.0.1:0")
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 15 * time.Second
	stderr, err := cmd.StderrPipe()
	if err != nil {
		return before, after, err
	}
	if err := cmd.Start(); err != nil {
		return before, after, err
	}
	base, drained, err := findAddress(stderr)
	if err == nil {
		before, after, err = observeIdle(ctx, cmd.Process.Pid, base, dir, open)
	}
	return before, after, errors.Join(err, cmd.Process.Signal(syscall.SIGTERM), waitFor(cmd, drained))
}

func observeIdle(ctx context.Context, pid int, base, dir string, open func(ctx context.Context, base, dir string) (io.Closer, error)) (before, after state, err error) {
	c := newClient(base, "", 1)
	defer c.close()
	for status := 0; status != http.StatusOK; time.Sleep(20 * time.Millisecond) {
		if status, err = c.get(ctx, "/readyz"); err != nil {
			return before, after, err
		}
	}
	if before, err = look(ctx, c, pid); err != nil {
		return before, after, err
	}
	streams, err := open(ctx, base, dir)
	if err != nil {
		return before, after, err
	}
	select { // beyond the first signs of life
	case <-time.After(20 * time.Second):
	case <-ctx.Done():
		return before, after, errors.Join(ctx.Err(), streams.Close())
	}
	after, err = look(ctx, c, pid)
	return before, after, errors.Join(err, streams.Close())
}

var metricForm = regexp.MustCompile(`(?m)^(go_goroutines|go_memstats_heap_inuse_bytes) (\S+)$`)

// look asks the system and the program itself.
func look(ctx context.Context, c *client, pid int) (state, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+"/metrics", nil)
	if err != nil {
		return state{}, err
	}
	res, err := c.http.Do(req)
	if err != nil {
		return state{}, err
	}
	raw, err := io.ReadAll(res.Body)
	if err := firstError(err, res.Body.Close()); err != nil {
		return state{}, err
	}
	out := state{resident: resident(pid, "VmRSS")}
	for _, m := range metricForm.FindAllStringSubmatch(string(raw), -1) {
		x, err := strconv.ParseFloat(m[2], 64)
		if err != nil {
			return state{}, fmt.Errorf("read %s: %w", m[0], err)
		}
		if m[1] == "go_goroutines" {
			out.goroutines = x
		} else {
			out.heap = x / (1 << 20)
		}
	}
	return out, nil
}

// several are closed together.
type several []io.Closer

func (s several) Close() error {
	for _, c := range s {
		_ = c.Close() // the server is stopped next
	}
	return nil
}

// tokenOf mints a token of the server's own issuer for the nth person.
func tokenOf(dir string, n int) (string, error) {
	issuer, err := signin.OpenIssuer(filepath.Join(dir, house.IssuerFile))
	if err != nil {
		return "", err
	}
	token, _, err := issuer.Mint(signin.Grant{Subject: fmt.Sprintf("audit-%d", n), Role: domain.RoleAuditor, Units: auditor.Units})
	return token, err
}

func subscriptionBody(n int) ([]byte, error) {
	return json.Marshal(map[string]any{"query": idleQuery, "variables": map[string]string{"id": fmt.Sprintf("nobody-%d", n)}})
}

// openEvents opens a connection for each subscription, and reads up to the
// first sign of life.
func openEvents(ctx context.Context, base, dir string) (io.Closer, error) {
	address := strings.TrimPrefix(base, "http://")
	var all several
	token := ""
	for i := range idle {
		var err error
		if i%perSubject == 0 {
			if token, err = tokenOf(dir, i/perSubject); err != nil {
				return all, err
			}
		}
		conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
		if err != nil {
			return all, errors.Join(err, all.Close())
		}
		all = append(all, conn)
		body, err := subscriptionBody(i)
		if err != nil {
			return all, err
		}
		if _, err := fmt.Fprintf(conn, "POST /graphql HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nAccept: text/event-stream\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
			address, token, len(body), body); err != nil {
			return all, errors.Join(err, all.Close())
		}
		in := bufio.NewReaderSize(conn, 1024)
		status, err := in.ReadString('\n')
		if err != nil || !strings.Contains(status, " 200 ") {
			return all, errors.Join(fmt.Errorf("subscription %d: %q", i, status), err, all.Close())
		}
	}
	return all, nil
}

// openSockets opens sockets with several subscriptions on each.
func openSockets(ctx context.Context, base, dir string) (io.Closer, error) {
	var all several
	for i := range idle / perSocket {
		token, err := tokenOf(dir, i)
		if err != nil {
			return all, err
		}
		conn, _, err := websocket.Dial(ctx, strings.Replace(base, "http", "ws", 1)+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
		if err != nil {
			return all, errors.Join(err, all.Close())
		}
		all = append(all, socket{conn})
		messages := []string{fmt.Sprintf(`{"type":"connection_init","payload":{"Authorization":"Bearer %s"}}`, token)}
		for n := range perSocket {
			body, err := subscriptionBody(i*perSocket + n)
			if err != nil {
				return all, err
			}
			messages = append(messages, fmt.Sprintf(`{"type":"subscribe","id":"%d","payload":%s}`, n, body))
		}
		for _, m := range messages {
			if err := conn.Write(ctx, websocket.MessageText, []byte(m)); err != nil {
				return all, errors.Join(err, all.Close())
			}
		}
		_, said, err := conn.Read(ctx)
		if err != nil || !strings.Contains(string(said), "connection_ack") {
			return all, errors.Join(fmt.Errorf("socket %d: %q", i, said), err, all.Close())
		}
		conn.CloseRead(ctx) // answers pings
	}
	return all, nil
}

type socket struct{ *websocket.Conn }

func (s socket) Close() error { return s.CloseNow() }
