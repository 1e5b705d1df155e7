package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql/signin"
)

// million is what 'serve' is measured with unless --events says otherwise.
const million = 1_000_000

// serve measures the real program: the time from its start to the moment
// /readyz says yes and to its first answer, and its resident memory then and after queries. The
// reference is the same program over an empty ledger.
func (s *suite) serve(ctx context.Context) error {
	if s.events == 0 {
		if s.quick {
			s.report.note("serve was left out: --quick measures it only with --events N")
			return nil
		}
		s.events = million
	}
	binary, err := s.program(ctx)
	if err != nil {
		return err
	}
	full, officers, err := s.bigLedger(ctx)
	if err != nil {
		return err
	}
	empty, err := s.dataFolder()
	if err != nil {
		return err
	}
	return s.serveRounds(ctx, binary, full, empty, officers)
}

// bigLedger makes the ledger with its views, and names some busy officers.
func (s *suite) bigLedger(ctx context.Context) (dir string, officers []domain.OfficerID, err error) {
	big, err := s.build(ctx, s.events, min(256, max(4, s.events/3000)))
	if err != nil {
		return "", nil, err
	}
	if err := big.store.Close(); err != nil {
		return "", nil, err
	}
	h, err := house.Open(house.Config{Dir: big.dir, Write: true})
	if err != nil {
		return "", nil, err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	for _, prepare := range []struct {
		name string
		do   func() error
	}{
		{"build the views", func() error { return h.OpenViews(ctx, nil) }},
		{"build the views", func() error { return h.Views.CatchUp(ctx, h.Store, nil) }},
		{"catch up with reactions", func() error { return h.CatchUpReactions(ctx) }},
	} {
		start := time.Now()
		if err := prepare.do(); err != nil {
			return "", nil, fmt.Errorf("%s: %w", prepare.name, err)
		}
		s.progress("%s: %.1f s", prepare.name, time.Since(start).Seconds())
	}
	officers, err = officersWith(ctx, h.Views.As(auditor), 50, 150)
	return big.dir, officers, err
}

// served is what one start of the program showed. answered is when the first
// query about an officer was; where there are no officers, when it was ready.
type served struct {
	ready, answered         time.Duration
	atReady, asked, highest float64 // MiB; 0 where /proc does not tell
}

func (s *suite) serveRounds(ctx context.Context, binary, full, empty string, officers []domain.OfficerID) error {
	name := fmt.Sprintf("serve with %s events", figure(float64(s.events)))
	const reference = "serve with an empty ledger"
	runs := map[string][]served{}
	for round := range s.turns() {
		for _, of := range []struct {
			name, dir string
			officers  []domain.OfficerID
		}{{reference, empty, nil}, {name, full, officers}} {
			s.progress("round %d/%d: %s", round+1, s.turns(), of.name)
			got, err := s.start(ctx, binary, of.dir, of.officers)
			if err != nil {
				return fmt.Errorf("%s: %w", of.name, err)
			}
			runs[of.name] = append(runs[of.name], got)
		}
	}
	figures := func(name string, f func(served) float64) []float64 {
		var out []float64
		for _, r := range runs[name] {
			out = append(out, f(r))
		}
		return out
	}
	for _, m := range []struct {
		name, unit string
		of         func(served) float64
		goals      []goal
	}{
		{"time to ready", "s", func(r served) float64 { return r.ready.Seconds() }, []goal{below(2)}},
		{"time to the first answer", "s", func(r served) float64 { return r.answered.Seconds() }, nil},
		{"resident when ready", "MiB", func(r served) float64 { return r.atReady }, []goal{below(200)}},
		{"resident after queries", "MiB", func(r served) float64 { return r.asked }, []goal{below(200)}},
		{"highest resident", "MiB", func(r served) float64 { return r.highest }, []goal{below(200)}},
	} {
		s.report.compare(name+", "+m.name, m.unit, figures(name, m.of), reference, figures(reference, m.of), m.goals...)
	}
	return nil
}

// start runs the program once: until ready, through some queries, to its
// clean end.
func (s *suite) start(ctx context.Context, binary, dir string, officers []domain.OfficerID) (got served, err error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary, "serve", "--data", dir, "--addr", "127.0.0.1:0")
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	stderr, err := cmd.StderrPipe()
	if err != nil {
		return got, err
	}
	begin := time.Now()
	if err := cmd.Start(); err != nil {
		return got, err
	}
	base, drained, err := findAddress(stderr)
	if err == nil {
		got, err = s.observe(ctx, begin, cmd.Process.Pid, base, dir, officers)
	}
	if err != nil {
		cancel()
		return got, errors.Join(err, waitFor(cmd, drained))
	}
	return got, errors.Join(cmd.Process.Signal(syscall.SIGTERM), waitFor(cmd, drained))
}

// waitFor ends with the program, once its messages are read.
func waitFor(cmd *exec.Cmd, drained <-chan struct{}) error {
	<-drained
	return cmd.Wait()
}

var addressForm = regexp.MustCompile(`url=(http://\S+?)/?(\s|$)`)

// findAddress reads the program's messages up to the one that says where it
// listens, and the rest in the background.
func findAddress(messages io.Reader) (base string, drained <-chan struct{}, err error) {
	done := make(chan struct{})
	lines := bufio.NewScanner(messages)
	var said []string
	for lines.Scan() {
		if m := addressForm.FindStringSubmatch(lines.Text()); m != nil {
			go func() {
				defer close(done)
				// What cannot be read any more is nothing to measure.
				_, _ = io.Copy(io.Discard, messages)
			}()
			return m[1], done, nil
		}
		said = append(said, lines.Text())
	}
	close(done)
	return "", done, fmt.Errorf("the program did not say where it listens: %s", strings.Join(said, "\n"))
}

// observe waits until the server is ready, asks, and looks at its memory.
func (s *suite) observe(ctx context.Context, begin time.Time, pid int, base, dir string, officers []domain.OfficerID) (got served, err error) {
	token, err := mint(dir)
	if err != nil {
		return got, err
	}
	c := newClient(base, token, clients)
	defer c.close()
	for {
		if status, err := c.get(ctx, "/readyz"); err != nil {
			return got, err
		} else if status == 200 {
			break
		}
		time.Sleep(2 * time.Millisecond)
	}
	got.ready = time.Since(begin)
	if len(officers) > 0 {
		if _, err := c.ask(ctx, fileQuery, officers[0], 50); err != nil {
			return got, err
		}
	}
	got.answered = time.Since(begin)
	got.atReady = resident(pid, "VmRSS")
	if len(officers) > 0 {
		if _, err := driveFor(ctx, clients, pick(s, 3*time.Second, time.Second), func(ctx context.Context, i int) error {
			_, err := c.ask(ctx, fileQuery, officers[i%len(officers)], 50)
			return err
		}); err != nil {
			return got, err
		}
	}
	got.asked, got.highest = resident(pid, "VmRSS"), resident(pid, "VmHWM")
	return got, nil
}

// mint makes a token of the server's own issuer.
func mint(dir string) (string, error) {
	issuer, err := signin.OpenIssuer(filepath.Join(dir, house.IssuerFile))
	if err != nil {
		return "", err
	}
	token, _, err := issuer.Mint(signin.Grant{Subject: auditor.Subject, Role: auditor.Role, Units: auditor.Units})
	return token, err
}

// resident reads a line of /proc/PID/status, in MiB; 0 where there is none.
func resident(pid int, line string) float64 {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for l := range strings.Lines(string(raw)) {
		if name, value, ok := strings.Cut(l, ":"); ok && name == line {
			kib, _ := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 64)
			return kib / 1024
		}
	}
	return 0
}
