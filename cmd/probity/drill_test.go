package main

import (
	"os"
	"strings"
	"testing"
)

// Whoever follows the drill in a bad hour must find it true: each of its
// commands is run by the script, in the same order.
func TestTheDrillIsWhatTheDocumentSays(t *testing.T) {
	read := func(name string) string {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	_, drill, found := strings.Cut(read("../../docs/keys.md"), "## Be ready: a standby")
	if !found {
		t.Fatal("docs/keys.md has no section on the standby")
	}
	script := strings.ReplaceAll(read("testdata/script/keydrill.txtar"), "'", `"`)
	commands := 0
	for line := range strings.Lines(drill) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "probity ") {
			continue
		}
		commands++
		_, after, found := strings.Cut(script, line)
		if !found {
			t.Fatalf("the script does not run, after what comes before it in the document:\n%s", line)
		}
		script = after
	}
	if commands < 8 {
		t.Errorf("only %d commands found in the drill", commands)
	}
}
