package main

import (
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/probity-ledger/probity/ledger"
)

// bar shows progress on a terminal and is silent anywhere else.
type bar struct{ pb *progressbar.ProgressBar }

// progress starts a bar on standard error; total is -1 when unknown.
func (a *app) progress(what string, total int) bar {
	f, ok := a.stderr.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return bar{}
	}
	return bar{progressbar.NewOptions(total,
		progressbar.OptionSetDescription(what),
		progressbar.OptionSetWriter(a.stderr),
		progressbar.OptionShowCount(),
		progressbar.OptionShowIts(),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionClearOnFinish(),
	)}
}

func (b bar) set(n int) {
	if b.pb != nil {
		b.pb.Set(n)
	}
}

// bytes shows how much of a known size is done.
func (b bar) bytes(done, total int64) {
	if b.pb != nil {
		b.pb.ChangeMax64(total)
		b.pb.Set64(done)
	}
}

func (b bar) done() {
	if b.pb != nil {
		b.pb.Finish()
	}
}

// position shows how far a reader of the ledger has come.
func (b bar) position(p ledger.Position) { b.set(int(p)) }
