package embedded

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"github.com/probity-ledger/probity/ledger"
)

// appendUntilKilled appends from several goroutines and prints each event once
// it is acknowledged: stream, revision, position, id.
func appendUntilKilled(dir string) error {
	s, err := Open(dir, Options{})
	if err != nil {
		return err
	}
	failed := make(chan error)
	for range 8 {
		go func() {
			stream := uuid.NewString()
			for at := ledger.NoStream; ; {
				batch := entries(1 + rand.IntN(3))
				done, err := s.Append(context.Background(), stream, at, batch)
				if err != nil {
					failed <- err
					return
				}
				var lines strings.Builder
				for i, e := range batch {
					before := len(batch) - 1 - i
					fmt.Fprintf(&lines, "%s %d %d %s\n", stream, int(done.Revision)-before, int(done.Position)-before, e.ID)
				}
				os.Stdout.WriteString(lines.String())
				at = done.Revision
			}
		}()
	}
	return <-failed
}

func TestNothingAcknowledgedIsLostWhenTheProcessIsKilled(t *testing.T) {
	rounds := 10
	if testing.Short() {
		rounds = 3
	}
	dir := t.TempDir()
	acknowledged := make(map[string]bool)
	for round := range rounds {
		for _, line := range killMidway(t, dir, 1+rand.IntN(2000)) {
			acknowledged[line] = true
		}
		found := recorded(t, dir)
		for line := range acknowledged {
			if !found[line] {
				t.Fatalf("round %d: acknowledged but not recorded: %s", round, line)
			}
		}
	}
	if len(acknowledged) < rounds {
		t.Fatalf("only %d events were acknowledged in %d rounds", len(acknowledged), rounds)
	}
}

// killMidway lets a child append in dir, kills it after some lines and
// returns all that it acknowledged.
func killMidway(t *testing.T, dir string, after int) (lines []string) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childVar+"=append "+dir)
	var complaints strings.Builder
	child.Stderr = &complaints
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	var kill sync.Once
	in := bufio.NewReader(out)
	for {
		line, err := in.ReadString('\n')
		if err == io.EOF {
			break // a torn last line was not read by anyone as acknowledged
		}
		if err != nil {
			t.Fatal(err)
		}
		if lines = append(lines, strings.TrimSpace(line)); len(lines) >= after {
			kill.Do(func() {
				if err := child.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			})
		}
	}
	if err := child.Wait(); err == nil || len(lines) < after {
		t.Fatalf("the child ended by itself: %v %s", err, complaints.String())
	}
	return lines
}

// recorded opens the ledger in dir, checks its order and returns its events
// in the child's words.
func recorded(t *testing.T, dir string) map[string]bool {
	t.Helper()
	s, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	found, next := make(map[string]bool), make(map[string]ledger.Revision)
	for e, err := range s.ReadAll(t.Context(), ledger.Start) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Revision != next[e.Stream] {
			t.Fatalf("position %s holds revision %d of %s, want %d", e.Position, e.Revision, e.Stream, next[e.Stream])
		}
		next[e.Stream]++
		found[fmt.Sprintf("%s %d %s %s", e.Stream, e.Revision, e.Position, e.ID)] = true
	}
	if err := s.CheckHead(t.Context()); err != nil {
		t.Fatal(err)
	}
	return found
}
