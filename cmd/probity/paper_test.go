package main

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

var (
	heldAt     = regexp.MustCompile(`<code>at</code></dt><dd><code><bdi>([^<]+)`)
	heldAnswer = regexp.MustCompile(`<code>answer</code></dt><dd><code><bdi>(sha256:[0-9a-f]{64})`)
)

// same-paper FILE: the paper of P1 as of the moment of the one in the file
// must have the digest of its answer.
func samePaper(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: same-paper FILE")
	}
	page := ts.ReadFile(args[0])
	at, want := heldAt.FindStringSubmatch(page), heldAnswer.FindStringSubmatch(page)
	if at == nil || want == nil {
		ts.Fatalf("%s does not say what it shows", args[0])
	}
	ts.Check(ts.Exec("probity", "export", "paper", "--officer", "P1", "--as-of", at[1], "--format", "html"))
	got := heldAnswer.FindStringSubmatch(ts.ReadFile("stdout"))
	if got == nil || got[1] != want[1] {
		ts.Fatalf("asked again: %v, want %s", got, want[1])
	}
}

const paperCommands = `{"id":"1","command":"unit.establish","subject":"hq","actor":"hr-li","role":"hr","data":{"name":"海关","kind":"agency"}}
{"id":"2","command":"officer.enroll","subject":"P1","actor":"hr-li","role":"hr","data":{"name":"王芳","unit":"hq"}}
`

func TestPapersThatCannotBe(t *testing.T) {
	for _, x := range []paperExport{
		{}, {officer: "P1", matter: "K1"}, {officer: "P1", format: "docx"}, {officer: "P1", lang: "fr"}, {matter: "K1", asOf: "2024-01-01"},
		{officer: "P1", address: "ledger.example"}, {officer: "P1", as: "nobody:x"},
	} {
		if x.lang == "" {
			x.lang = "en"
		}
		if x.as == "" {
			x.as = "auditor:sun"
		}
		if err := x.check(); exitCodeOf(err) != exitUsage {
			t.Errorf("%+v: %v", x, err)
		}
	}
	x := paperExport{complaint: "C1", out: "c.html", lang: "zh", as: "intake:li@hq", address: "https://ledger.example/"}
	if err := x.check(); err != nil || x.format != "html" || x.order.Kind != "complaints" || x.order.ID != "C1" || x.order.Address != "https://ledger.example" {
		t.Errorf("%+v: %v", x, err)
	}
}

// Without Chromium the paper is HTML, and says so.
func TestPapersWithoutChromium(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	dir := t.TempDir()
	data, out := filepath.Join(dir, "data"), filepath.Join(dir, "P1.pdf")
	probity(t, data, paperCommands, exitFine, "submit", "--plain-key", "-")
	var stdout, stderr strings.Builder
	if code := run(t.Context(), []string{"export", "paper", "--officer", "P1", "-o", out, "--data", data}, strings.NewReader(""), &stdout, &stderr, nil); code != exitFine {
		t.Fatalf("%d: %s", code, stderr.String())
	}
	raw, err := os.ReadFile(filepath.Join(dir, "P1.html"))
	if err != nil || !strings.HasPrefix(string(raw), "<!doctype html>") {
		t.Errorf("%.100s, %v", raw, err)
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("there is a file .pdf that is none")
	}
	if !strings.Contains(stderr.String(), "no Chromium on the PATH") || !strings.Contains(stderr.String(), "P1.html") {
		t.Errorf("it says %q", stderr.String())
	}
	if page := probity(t, data, "", exitFine, "export", "paper", "--officer", "P1"); !strings.HasPrefix(page, "<!doctype html>") {
		t.Errorf("to standard output: %.100s", page)
	}
}

// A Chromium that hangs is stopped, and leaves nothing behind.
func TestPrintingEnds(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	hangs := filepath.Join(t.TempDir(), "chromium")
	if err := os.WriteFile(hangs, []byte("#!/bin/sh\nexec sleep 60\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	_, err := printPDF(context.Background(), hangs, []byte("x"), 50*time.Millisecond)
	if err == nil || !strings.Contains(err.Error(), "did not end within 50ms") || time.Since(begun) > 20*time.Second {
		t.Errorf("%v, after %s", err, time.Since(begun))
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// A real Chromium prints a paper in pages that are counted.
func TestChromiumPrintsAPaper(t *testing.T) {
	if testing.Short() {
		t.Skip("a browser is for a full run")
	}
	if findChromium() == "" {
		t.Skip("no Chromium here")
	}
	dir := filepath.Join(t.TempDir(), "data")
	probity(t, dir, paperCommands, exitFine, "submit", "--plain-key", "-")
	pdf := probity(t, dir, "", exitFine, "export", "paper", "--officer", "P1", "--lang", "zh")
	if !strings.HasPrefix(pdf, "%PDF-") || !regexp.MustCompile(`/Count [2-9]`).MatchString(pdf) || strings.Contains(pdf, "/URI") {
		t.Errorf("%d bytes: %.200q", len(pdf), pdf)
	}
}
