package sealtest

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func traces(t *testing.T, dir string, words ...string) []string {
	t.Helper()
	found, err := Traces(dir, words...)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// The search would be silent if it were broken.
func TestTracesAreFoundInEverySpelling(t *testing.T) {
	const word = "林静雯"
	for how, s := range spellings(word) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "x"), append(append([]byte("before"), s...), "after"...), 0o600); err != nil {
			t.Fatal(err)
		}
		if len(traces(t, dir, word)) == 0 {
			t.Errorf("not found in %s", how)
		}
	}
	for lead := range 3 {
		for trail := range 3 {
			dir := t.TempDir()
			text := strings.Repeat("a", lead) + word + strings.Repeat("z", trail)
			once := base64.StdEncoding.EncodeToString([]byte(text))
			twice := base64.StdEncoding.EncodeToString([]byte("key" + once))
			for _, s := range []string{once, twice} {
				if err := os.WriteFile(filepath.Join(dir, "x"), []byte(s), 0o600); err != nil {
					t.Fatal(err)
				}
				if len(traces(t, dir, word)) == 0 {
					t.Errorf("not found in %s", s)
				}
			}
		}
	}
	if found := traces(t, t.TempDir(), word); len(found) > 0 {
		t.Errorf("found where nothing is: %v", found)
	}
}
