package house

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"
)

// spellings are the forms in which a word may lie in a file.
func spellings(word string) map[string][]byte {
	out := map[string][]byte{
		"plain":          []byte(word),
		"hex":            []byte(hex.EncodeToString([]byte(word))),
		"HEX":            []byte(strings.ToUpper(hex.EncodeToString([]byte(word)))),
		"percent":        []byte(url.QueryEscape(word)),
		"UTF-16LE":       nil,
		"UTF-16BE":       nil,
		"escaped \\u":    nil,
		"reversed bytes": nil,
	}
	for _, u := range utf16.Encode([]rune(word)) {
		out["UTF-16LE"] = append(out["UTF-16LE"], byte(u), byte(u>>8))
		out["UTF-16BE"] = append(out["UTF-16BE"], byte(u>>8), byte(u))
		out["escaped \\u"] = fmt.Appendf(out["escaped \\u"], `\u%04x`, u)
	}
	for _, b := range []byte(word) {
		out["reversed bytes"] = append([]byte{b}, out["reversed bytes"]...)
	}
	for i, once := range inBase64([]byte(word)) {
		out[fmt.Sprintf("base64 at %d", i)] = once
		for j, twice := range inBase64(once) {
			out[fmt.Sprintf("base64 at %d of base64 at %d", j, i)] = twice
		}
	}
	return out
}

// inBase64 returns what a word looks like within longer base64, at each of
// the three places where it may begin; without the characters that its
// neighbours have a share in.
func inBase64(word []byte) [][]byte {
	var out [][]byte
	for lead := range 3 {
		text := base64.StdEncoding.EncodeToString(append(make([]byte, lead), word...))
		first := (lead*8 + 5) / 6
		whole := (lead + len(word)) * 8 / 6
		out = append(out, []byte(text[first:whole]))
	}
	return out
}

// traces lists where in a folder one of the words lies, in any spelling.
func traces(t *testing.T, dir string, words ...string) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(dir, path)
		for _, word := range words {
			for how, s := range spellings(word) {
				if bytes.Contains(raw, s) || strings.Contains(name, string(s)) {
					found = append(found, fmt.Sprintf("%s: %s in %s", name, word, how))
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// The search itself would be silent if it were broken.
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
