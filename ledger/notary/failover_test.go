package notary_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/probity-ledger/probity/ledger/notary"
)

// What may become of a put.
const (
	putWell = iota
	putUnknown
	putNotUnknown
	putAndKilled
)

var errCut = errors.New("the connection was cut")

// machine is one replica that starts, stops, dies and comes back.
type machine struct {
	c     *cluster
	name  string
	log   *notary.Notary
	line  *line
	fault atomic.Int32 // what becomes of the next put

	run   context.CancelFunc
	ended chan error // of what runs
	saw   chan struct{}
	old   string // a copy of its folder
}

func (m *machine) start(t testing.TB) {
	m.line = &line{place: m.c.place, c: m.c}
	m.line.fail(func(do func() error) error {
		switch m.fault.Swap(putWell) {
		case putUnknown:
			if err := do(); err != nil {
				return err
			}
			return errCut
		case putNotUnknown:
			return errCut
		case putAndKilled:
			err := do()
			m.run()
			return errors.Join(err, context.Canceled)
		}
		return do()
	})
	m.log = m.c.open(t, m.name, func(cfg *notary.Config) { cfg.Shared = m.line })
}

// does runs or follows; what it did before must have ended.
func (m *machine) does(t testing.TB, run func(context.Context) error) {
	var ctx context.Context
	ctx, m.run = context.WithCancel(context.Background())
	m.ended, m.saw = make(chan error, 1), make(chan struct{})
	ended, saw := m.ended, m.saw
	go func() { ended <- run(ctx) }()
	go func() { m.c.watch(t, ctx, m.log); close(saw) }()
}

// stops ends what it does. It must not have failed by itself, unless the lead
// was lost, or what it was to share.
func (m *machine) stops(t testing.TB) {
	if m.run == nil {
		return
	}
	m.run()
	err := <-m.ended
	<-m.saw
	m.run = nil
	if !errors.Is(err, context.Canceled) && !errors.Is(err, notary.ErrLostLead) && !errors.Is(err, errCut) {
		t.Errorf("%s ended with %v", m.name, err)
	}
}

func (m *machine) folder() string { return filepath.Join(m.c.dir, m.name) }

// dies ends the process where it is, and leaves the files as they are, as they
// were at some earlier time, or not at all.
func (m *machine) dies(t testing.TB, files string) {
	m.stops(t)
	left := m.copied(t)
	if err := m.log.Close(); err != nil {
		t.Errorf("close %s: %v", m.name, err)
	}
	if err := os.RemoveAll(m.folder()); err != nil {
		t.Fatal(err)
	}
	switch files {
	case "older":
		if m.old != "" {
			left = m.old
		}
	case "gone":
		return
	}
	if err := os.CopyFS(m.folder(), os.DirFS(left)); err != nil {
		t.Fatal(err)
	}
}

// copied returns a copy of the folder as it is.
func (m *machine) copied(t testing.TB) string {
	dir, err := os.MkdirTemp(m.c.dir, "copy-")
	if err == nil {
		err = os.CopyFS(dir, os.DirFS(m.folder()))
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// However the lead goes from one replica to another, with two that think they
// have it, killed between sharing and showing, with puts of which nobody knows
// whether they were done, with files that are older or gone: whatever was ever
// shared or shown is of one history, nothing was shown that was not shared, and
// in the end all show the same over the same files.
func TestTheLeadGoesRound(t *testing.T) {
	t.Parallel() // it takes long, and mostly waits
	rapid.Check(t, func(rt *rapid.T) {
		c := newCluster(t)
		defer c.store.Close()
		var all []*machine
		for i := range 3 {
			m := &machine{c: c, name: fmt.Sprint("replica-", i)}
			m.start(t)
			all = append(all, m)
		}
		one := func() *machine { return all[rapid.IntRange(0, 2).Draw(rt, "replica")] }
		rt.Repeat(map[string]func(*rapid.T){
			"record": func(rt *rapid.T) { c.record(t, rapid.IntRange(1, 300).Draw(rt, "events")) },
			"lead":   func(rt *rapid.T) { m := one(); m.stops(t); m.does(t, m.log.Run) },
			"follow": func(rt *rapid.T) { m := one(); m.stops(t); m.does(t, m.log.Follow) },
			"stop":   func(rt *rapid.T) { one().stops(t) },
			"keep":   func(rt *rapid.T) { m := one(); m.stops(t); m.old = m.copied(t) },
			"fail": func(rt *rapid.T) {
				m := one()
				if m.run != nil {
					m.fault.Store(int32(rapid.IntRange(putUnknown, putAndKilled).Draw(rt, "fault")))
				}
			},
			"die": func(rt *rapid.T) {
				m := one()
				m.dies(t, rapid.SampledFrom([]string{"kept", "older", "gone"}).Draw(rt, "files"))
				m.start(t)
			},
			"pass time": func(rt *rapid.T) { time.Sleep(time.Duration(rapid.IntRange(0, 3).Draw(rt, "ms")) * time.Millisecond) },
		})
		for _, m := range all {
			m.stops(t)
			m.fault.Store(putWell)
		}
		last := one()
		at := c.record(t, 1)
		for _, m := range all {
			if m == last {
				m.does(t, m.log.Run)
			} else {
				m.does(t, m.log.Follow)
			}
		}
		want := waitFor(t, last.log, at)
		for _, m := range all {
			if h := waitFor(t, m.log, at); !bytes.Equal(h.Note, want.Note) {
				rt.Errorf("%s shows the checkpoint over %d events, the leader that over %d", m.name, h.Size, want.Size)
			}
		}
		for _, m := range all {
			m.stops(t)
			if n, err := m.log.Check(t.Context(), nil); err != nil || n != want.Size {
				rt.Errorf("%s: %d events checked, %v", m.name, n, err)
			}
		}
		for _, m := range all {
			c.close(t, m.log)
			c.sameFiles(t, all[0].name, m.name)
		}
		c.judge(t)
		if err := os.RemoveAll(c.dir); err != nil {
			t.Fatal(err)
		}
	})
}
