package kurrenttest

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// What the environment tells a copy of a test binary that is to be a server.
const (
	processAddr = "PROBITY_KURRENTTEST_ADDR"
	processFile = "PROBITY_KURRENTTEST_FILE"
)

// Main makes a test binary ready for [StartProcess]: a TestMain calls it
// before all else. In a copy that is to be a server it never returns.
func Main() {
	addr := os.Getenv(processAddr)
	if addr == "" {
		return
	}
	if err := runProcess(addr, os.Getenv(processFile)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// runProcess serves until nobody holds the other end of the standard input.
func runProcess(addr, file string) error {
	s, err := Listen(addr, Options{File: file})
	if err != nil {
		return err
	}
	fmt.Println(s.Addr())
	_, err = io.Copy(io.Discard, os.Stdin)
	return errors.Join(err, s.Close())
}

// Process is a server that runs as a process of its own, so that it can be
// killed with -9.
type Process struct {
	t     testing.TB
	addr  string
	file  string
	under []string
	cmd   *exec.Cmd
	stdin io.Closer
}

// StartProcess runs a copy of this test binary as a server until the test
// ends: on an address such as "127.0.0.1:0", with its events in a file, and
// under a command such as "ip netns exec NAME", or none.
func StartProcess(t testing.TB, addr, file string, under ...string) *Process {
	t.Helper()
	p := &Process{t: t, addr: addr, file: file, under: under}
	t.Cleanup(p.Kill)
	p.Start()
	return p
}

// Start starts a killed process again, on the same port.
func (p *Process) Start() {
	p.t.Helper()
	self, err := os.Executable()
	if err != nil {
		p.t.Fatal(err)
	}
	line := append(append([]string{}, p.under...), self)
	cmd := exec.Command(line[0], line[1:]...)
	cmd.Env = append(os.Environ(), processAddr+"="+p.addr, processFile+"="+p.file)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		p.t.Fatal(err)
	}
	if p.stdin, err = cmd.StdinPipe(); err != nil {
		p.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		p.t.Fatalf("start the server's process: %v", err)
	}
	p.cmd = cmd
	text, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		p.t.Fatalf("the server's process did not say where it listens: %v", err)
	}
	p.addr = strings.TrimSpace(text)
}

// Kill ends the process with SIGKILL.
func (p *Process) Kill() {
	if p.cmd == nil {
		return
	}
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait() // it was killed
	_ = p.stdin.Close()
	p.cmd = nil
}

// URL is the server's connection string.
func (p *Process) URL() string { return "esdb://" + p.addr + "?tls=false" }
