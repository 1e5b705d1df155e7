package house

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/kurrent/kurrenttest"
)

// onServer is how a plain folder with its events on the server is opened.
func onServer(t *testing.T, server *kurrenttest.Server) Config {
	t.Helper()
	return Config{Dir: t.TempDir(), Write: true, PlainKey: true, Store: server.URL()}
}

func opened(t *testing.T, cfg Config) *House {
	t.Helper()
	h, err := Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func closed(t *testing.T, h *House) {
	t.Helper()
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
}

// verified checks every event of a folder, and the log, as somebody does who
// opens it for reading.
func verified(t *testing.T, cfg Config, events int) {
	t.Helper()
	cfg.Write = false
	h := opened(t, cfg)
	defer closed(t, h)
	report, err := ledger.Verify(t.Context(), h.Store, ledger.VerifyConfig{Codec: h.Codec, Keys: h.Keys})
	if err != nil || report.Events != events {
		t.Fatalf("%d events, want %d: %v", report.Events, events, err)
	}
	if covered, err := h.Notary.Check(t.Context(), nil); err != nil || covered != int64(events) {
		t.Fatalf("the log covers %d of %d: %v", covered, events, err)
	}
}

func TestALedgerOnAServer(t *testing.T) {
	server := kurrenttest.Start(t, kurrenttest.Options{})
	cfg := onServer(t, server)
	h := opened(t, cfg)
	if !h.NewKey {
		t.Error("the first start made no key")
	}
	establish(t, h, "hq")
	establish(t, h, "d1")
	if _, err := Open(cfg); !errors.Is(err, ledger.ErrLocked) {
		t.Errorf("a second process in the same folder: %v", err)
	}
	closed(t, h)
	if _, err := os.Stat(filepath.Join(cfg.Dir, ledgerFile)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder has a store of its own: %v", err)
	}
	verified(t, cfg, 2)

	// It goes on, also after it was lost how far the server was looked through.
	h = opened(t, cfg)
	establish(t, h, "d2")
	closed(t, h)
	w, err := readWhereabouts(cfg.Dir)
	if err != nil || w.Kind != kindKurrent || w.Checked == 0 || w.Through == 0 {
		t.Fatalf("%+v, %v", w, err)
	}
	if err := (whereabouts{Kind: kindKurrent}).write(cfg.Dir); err != nil {
		t.Fatal(err)
	}
	h = opened(t, cfg)
	if n, err := h.Events(t.Context()); err != nil || n != 3 {
		t.Fatalf("%d events, %v", n, err)
	}
	closed(t, h)
	verified(t, cfg, 3)
}

func TestALedgerOnAServerIsNotTakenForAnother(t *testing.T) {
	server := kurrenttest.Start(t, kurrenttest.Options{})
	cfg := onServer(t, server)
	h := opened(t, cfg)
	establish(t, h, "hq")
	closed(t, h)
	h = opened(t, Config{Dir: cfg.Dir, Store: cfg.Store})
	head, err := h.Store.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	closed(t, h)

	empty := onServer(t, server)
	others := onServer(t, kurrenttest.Start(t, kurrenttest.Options{}))
	h = opened(t, others)
	establish(t, h, "hq")
	closed(t, h)
	others.Store = cfg.Store
	renamed := onServer(t, server)
	copyFiles(t, cfg.Dir, renamed.Dir, keyFile, pubFile)
	writeText(t, filepath.Join(renamed.Dir, originFile), "probity.local/other\n")
	nameless := onServer(t, server)
	copyFiles(t, cfg.Dir, nameless.Dir, keyFile, pubFile)
	inItself := Config{Dir: t.TempDir(), Write: true, PlainKey: true}
	h = opened(t, inItself)
	establish(t, h, "hq")
	closed(t, h)
	both := inItself
	both.Store = cfg.Store
	forgotten := cfg
	forgotten.Store = ""
	for _, tt := range []struct {
		name string
		cfg  Config
		is   error // nil: any
		says string
	}{
		{"an empty folder", empty, nil, "ledger.key is missing, but the ledger already holds signed events"},
		{"the folder of another ledger", others, nil, ""},
		{"another name", renamed, nil, ""},
		{"no name", nameless, nil, "read the ledger's name, which must be put back"},
		{"a folder with events of its own", both, ErrStore, "holds events of its own (ledger.db)"},
		{"the store forgotten", forgotten, ErrStore, "are in KurrentDB; name it with --store"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, write := range []bool{true, false} {
				tt.cfg.Write = write
				h, err := Open(tt.cfg)
				if err == nil {
					closed(t, h)
					t.Fatalf("opened (writing: %t)", write)
				}
				if tt.is != nil && !errors.Is(err, tt.is) || write && !strings.Contains(err.Error(), tt.says) {
					t.Errorf("writing %t: %v", write, err)
				}
			}
		})
	}
	h = opened(t, Config{Dir: cfg.Dir, Store: cfg.Store})
	defer closed(t, h)
	if now, err := h.Store.Head(t.Context()); err != nil || now != head {
		t.Errorf("something was written: %s, it was %s; %v", now, head, err)
	}
}

func copyFiles(t *testing.T, from, to string, names ...string) {
	t.Helper()
	for _, name := range names {
		raw, err := os.ReadFile(filepath.Join(from, name))
		if err != nil {
			t.Fatal(err)
		}
		writeText(t, filepath.Join(to, name), string(raw))
	}
}

func writeText(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Two folders with the same keys, on two machines: whoever meets an event of
// the other records no more.
func TestASecondProcessThatRecordsIsNoticed(t *testing.T) {
	server := kurrenttest.Start(t, kurrenttest.Options{})
	first := onServer(t, server)
	one := opened(t, first)
	establish(t, one, "hq")
	closed(t, one)
	second := onServer(t, server)
	copyFiles(t, first.Dir, second.Dir, keyFile, pubFile, originFile)

	one = opened(t, first)
	two := opened(t, second)
	establish(t, one, "d1")
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	err := two.WatchStore(ctx)
	if !errors.Is(err, ErrForeign) || !strings.Contains(err.Error(), "unit-d1") {
		t.Fatalf("the second goes on: %v", err)
	}
	if _, err := two.Store.Append(t.Context(), "unit-d2", ledger.NoStream, nil); !errors.Is(err, ErrForeign) {
		t.Errorf("the second still records: %v", err)
	}
	establish(t, one, "d3") // the first has met nothing foreign
	if err := one.Store.(*kurrentStore).alone.err(); err != nil {
		t.Errorf("the first stops: %v", err)
	}
	closed(t, one)
	if err := two.Close(); err != nil {
		t.Errorf("close the second: %v", err)
	}
	verified(t, first, 3)
	verified(t, second, 3)
}
