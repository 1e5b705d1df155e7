package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/probity-ledger/probity/cmd/probity/spreadsheet"
	"github.com/probity-ledger/probity/ledger"
)

// bar shows progress on a terminal and is silent anywhere else.
type bar struct{ pb *progressbar.ProgressBar }

// progress starts a bar on standard error; total is -1 when unknown.
func (a *app) progress(what string, total int) bar {
	if !a.onTerminal() {
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

func (a *app) onTerminal() bool {
	f, ok := a.stderr.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
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

// rowsBar shows how far an import has come: rows, rows a second, the share of
// the files that is read and the time left. It is used by one goroutine.
type rowsBar struct {
	bar
	began, drawn time.Time
}

func newRowsBar(w io.Writer) *rowsBar {
	return &rowsBar{bar{progressbar.NewOptions64(1,
		progressbar.OptionSetWriter(w),
		progressbar.OptionSetPredictTime(true),
		progressbar.OptionClearOnFinish(),
	)}, time.Now(), time.Time{}}
}

func (b *rowsBar) show(p spreadsheet.Progress) {
	if b.pb == nil || time.Since(b.drawn) < 100*time.Millisecond {
		return
	}
	b.drawn = time.Now()
	perSecond := float64(p.Rows) / max(time.Since(b.began).Seconds(), 0.001)
	b.pb.ChangeMax64(max(p.Total, 1))
	b.pb.Set64(p.Bytes)
	b.pb.Describe(fmt.Sprintf("%d rows, %.0f rows/s", p.Rows, perSecond))
}

func (b bar) done() {
	if b.pb != nil {
		b.pb.Finish()
	}
}

// position shows how far a reader of the ledger has come.
func (b bar) position(p ledger.Position) { b.set(int(p)) }
