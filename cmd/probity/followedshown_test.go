package main

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// asShown compares what a command printed with what the page shows.
func asShown(shown, got string) bool {
	var pattern strings.Builder
	for line := range strings.Lines(shown) {
		text := strings.TrimRight(line, "\n")
		if strings.TrimSpace(text) == "…" {
			pattern.WriteString(`(?:.*\n)*?`)
			continue
		}
		parts := strings.Split(text, "…")
		for i := range parts {
			parts[i] = regexp.QuoteMeta(parts[i])
		}
		pattern.WriteString(strings.Join(parts, ".*") + "\n")
	}
	return regexp.MustCompile(`^` + strings.ToValidUTF8(pattern.String(), "�") + `$`).MatchString(strings.ToValidUTF8(got, "�"))
}

func TestAsShown(t *testing.T) {
	for _, c := range []struct {
		shown, got string
		want       bool
	}{
		{"", "", true},
		{"", "a\n", false},
		{"a\n…\nz\n", "a\nb\nc\nz\n", true},
		{"a\n…\n", "a\n", true},
		{"a\n…\nz\n", "a\nb\n", false},
		{"took … s\n", "took 1.5 s\n", true},
		{"took … s\n", "took 1.5 s\nmore\n", false},
		{"a.c\n", "abc\n", false},
	} {
		if got := asShown(c.shown, c.got); got != c.want {
			t.Errorf("%q shows %q: %v", c.shown, c.got, got)
		}
	}
}

// withCommands are the pages of docs that have blocks to be followed.
func withCommands(t *testing.T) []string {
	t.Helper()
	found := map[string]bool{}
	root := filepath.Join("..", "..")
	for _, pattern := range []string{"docs/*.md", "docs/*/*.md", "docs/*/*/*.md", "deploy/*.md", "README.md"} {
		files, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(raw, []byte("\n```console\n")) || bytes.Contains(raw, []byte("](http://"+demoAddress+"/")) {
				name, _ := filepath.Rel(root, file)
				found[filepath.ToSlash(name)] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}
