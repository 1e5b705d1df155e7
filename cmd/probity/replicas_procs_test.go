package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/probity-ledger/probity/ledger/kurrent/kurrenttest"
)

// storeServer is a store for replicas as a program: it keeps the events of a
// file and listens on an address.
func storeServer() {
	s, err := kurrenttest.Listen(os.Args[2], kurrenttest.Options{File: os.Args[1]})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(s.URL())
	select {} // until it is killed
}

// process is a program that runs until it is killed.
type process struct {
	*exec.Cmd
	ended chan struct{}
}

func begin(t *testing.T, cmd *exec.Cmd) *process {
	t.Helper()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := &process{Cmd: cmd, ended: make(chan struct{})}
	go func() { defer close(p.ended); _ = cmd.Wait() }()
	t.Cleanup(p.kill)
	return p
}

func (p *process) kill() { _ = p.Process.Kill(); <-p.ended }

// stop ends it cleanly and returns its exit code.
func (p *process) stop(t *testing.T) int {
	t.Helper()
	_ = p.Process.Signal(os.Interrupt)
	select {
	case <-p.ended:
	case <-time.After(30 * time.Second):
		t.Fatal("a replica did not end when it was asked to")
	}
	return p.ProcessState.ExitCode()
}

// freeAddr is an address that was free a moment ago.
func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// replicas are three processes over one store and one PostgreSQL.
type replicas struct {
	t        *testing.T
	postgres string
	store    struct {
		addr, file string
		process    *process
	}
	dirs, addrs [3]string
	logs        [3]*syncBuffer

	mu    sync.Mutex // guards procs
	procs [3]*process
}

// syncBuffer takes what several programs write one after the other.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// newReplicas begins a ledger and starts three replicas of it.
func newReplicas(t *testing.T, postgres string) *replicas {
	t.Helper()
	r := &replicas{t: t, postgres: postgres}
	dir := t.TempDir()
	r.store.addr, r.store.file = freeAddr(t), filepath.Join(dir, "events")
	r.startStore()
	for i := range r.dirs {
		r.dirs[i], r.addrs[i], r.logs[i] = filepath.Join(dir, fmt.Sprint("replica-", i)), freeAddr(t), &syncBuffer{}
	}
	t.Cleanup(func() {
		if t.Failed() {
			for i := range r.logs {
				t.Logf("replica %d at %s:\n%s", i, r.addrs[i], r.logs[i])
			}
		}
	})
	r.mustRun("", "submit", "--plain-key", "--data", r.dirs[0], "-")
	r.mustRun("", "token", "--data", r.dirs[0], "--role", "hr", "--sub", "hr-li") // makes the issuer's key
	for _, to := range r.dirs[1:] {                                               // each is given the folder in which the ledger began
		if out, err := exec.Command("cp", "-a", r.dirs[0], to).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	for i := range r.dirs {
		r.start(i)
	}
	for i := range r.dirs {
		r.awaitReady(i)
	}
	return r
}

func (r *replicas) storeURL() string { return "esdb://" + r.store.addr + "?tls=false" }

func (r *replicas) startStore() {
	r.t.Helper()
	r.store.process = begin(r.t, exec.Command("probity-store", r.store.file, r.store.addr))
	r.eventually(10*time.Second, "the store listens", func() bool {
		c, err := net.Dial("tcp", r.store.addr)
		if err == nil {
			c.Close()
		}
		return err == nil
	})
}

// program is a verb on the ledger; views names a PostgreSQL, or nothing.
func (r *replicas) program(views string, args ...string) *exec.Cmd {
	cmd := exec.Command("probity", args...)
	cmd.Env = append(os.Environ(), "PROBITY_PASSPHRASE=", "PROBITY_PASSPHRASE_FILE=", "PROBITY_STORE="+r.storeURL())
	if views != "" {
		cmd.Env = append(cmd.Env, "PROBITY_VIEWS="+views)
	}
	return cmd
}

func (r *replicas) mustRun(views string, args ...string) string {
	r.t.Helper()
	cmd := r.program(views, args...)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		r.t.Fatalf("probity %s: %v\n%s%s", strings.Join(args, " "), err, out, errs.String())
	}
	return string(out)
}

func (r *replicas) start(i int) {
	r.t.Helper()
	cmd := r.program(r.postgres, "serve", "--data", r.dirs[i], "--addr", r.addrs[i])
	cmd.Stderr = r.logs[i]
	p := begin(r.t, cmd)
	r.mu.Lock()
	r.procs[i] = p
	r.mu.Unlock()
}

func (r *replicas) process(i int) *process {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.procs[i]
}

func (r *replicas) eventually(long time.Duration, what string, done func() bool) time.Duration {
	r.t.Helper()
	began := time.Now()
	for !done() {
		if time.Since(began) > long {
			r.t.Fatalf("%s: not within %s", what, long)
		}
		time.Sleep(20 * time.Millisecond)
	}
	return time.Since(began)
}

// get asks a replica for a page; "" where it does not answer with one.
func (r *replicas) get(i int, path string) string {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+r.addrs[i]+path, nil)
	if err != nil {
		return ""
	}
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		return ""
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		return ""
	}
	return string(body)
}

func (r *replicas) awaitReady(i int) {
	r.t.Helper()
	r.eventually(60*time.Second, fmt.Sprintf("replica %d is ready", i), func() bool { return strings.HasPrefix(r.get(i, "/readyz"), "ready") })
}

// leader is the one that says so, -1 while nobody does.
func (r *replicas) leader() int {
	for i := range r.addrs {
		if strings.Contains(r.get(i, "/readyz"), " leads") {
			return i
		}
	}
	return -1
}

// signedTo is how many events the checkpoint covers that a replica shows.
func (r *replicas) signedTo(i int) (size int64) {
	lines := strings.SplitN(r.get(i, "/log/checkpoint"), "\n", 3)
	if len(lines) == 3 {
		fmt.Sscan(lines[1], &size)
	}
	return size
}
