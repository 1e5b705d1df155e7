package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/text/encoding/htmlindex"
)

// The tutorial of docs/import.md is run as it stands there: a block with the
// name of a file (and its encoding) writes it, one with "<" and a name shows
// how it begins, and a console runs its commands and shows what they print.
func TestTheTutorialOfTheImport(t *testing.T) {
	if testing.Short() {
		t.Skip("tells one command after the other")
	}
	raw, err := os.ReadFile("../../docs/import.md")
	if err != nil {
		t.Fatal(err)
	}
	_, page, _ := strings.Cut(string(raw), "\n## A strange CSV, step by step\n")
	page, _, _ = strings.Cut(page, "\n## ")
	var script, files strings.Builder
	commands := 0
	block := regexp.MustCompile("(?ms)^```(\\w+) ?(.*?)\n(.*?)^```$")
	for n, b := range block.FindAllStringSubmatch(page, -1) {
		kind, info, text := b[1], strings.Fields(b[2]), b[3]
		name := fmt.Sprintf("block%d", n)
		switch {
		case kind == "console":
			command, printed, _ := strings.Cut(strings.TrimPrefix(text, "$ "), "\n")
			command, into, redirected := strings.Cut(command, " > ")
			fmt.Fprintf(&script, "exec %s\n", command)
			if redirected {
				fmt.Fprintf(&script, "cp stdout %s\n", into)
			} else {
				fmt.Fprintf(&script, "begins stdout %s\n", name)
			}
			text = printed
			commands++
		case len(info) == 0:
			t.Errorf("block %d says neither what file it is nor what is run", n)
		case info[0][0] == '<':
			fmt.Fprintf(&script, "begins %s %s\n", info[0][1:], name)
		default:
			fmt.Fprintf(&script, "cp %s %s\n", name, info[0])
			if len(info) > 1 {
				fmt.Fprintf(&script, "encode %s %s\n", info[1], info[0])
			}
		}
		fmt.Fprintf(&files, "-- %s --\n%s", name, text)
	}
	if commands < 4 {
		t.Fatalf("only %d commands found in the tutorial", commands)
	}
	path := filepath.Join(t.TempDir(), "tutorial.txtar")
	if err := os.WriteFile(path, []byte(script.String()+files.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	runScripts(t, []string{path}, func(*testscript.Env) {})
}

// encode ENCODING FILE: writes the file anew in that encoding.
func encode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: encode ENCODING FILE")
	}
	enc, err := htmlindex.Get(args[0])
	ts.Check(err)
	text, err := enc.NewEncoder().String(ts.ReadFile(args[1]))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(text), 0o600))
}

var tookTime = regexp.MustCompile(`took \d+\.\d s`)

// begins FILE WITH: the file begins with what the other holds, but for how
// long something took.
func begins(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: begins FILE WITH")
	}
	got := tookTime.ReplaceAllString(ts.ReadFile(args[0]), "took 0.0 s")
	want := ts.ReadFile(args[1])
	if !strings.HasPrefix(got, want) {
		ts.Fatalf("%s is not as it is shown (-shown +got):\n%s", args[0], cmp.Diff(want, got))
	}
}
