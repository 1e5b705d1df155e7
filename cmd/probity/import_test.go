package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// An import that ends early says that what it recorded stays; a dry run, which
// records nothing, does not.
func TestAnImportThatStopsSaysWhatStays(t *testing.T) {
	dir := t.TempDir()
	var rows bytes.Buffer
	z := gzip.NewWriter(&rows)
	fmt.Fprintln(z, "case,unit,what\nC-1,U-1,late")
	if err := z.Flush(); err != nil { // and no end
		t.Fatal(err)
	}
	table, killed := filepath.Join(dir, "f.csv.gz"), filepath.Join(dir, "m.yaml")
	for name, content := range map[string][]byte{table: rows.Bytes(), killed: []byte(killedMap)} {
		if err := os.WriteFile(name, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, tc := range []struct {
		how   string
		stays bool
	}{{"--dry-run", false}, {"--plain-key", true}} {
		var out, errs strings.Builder
		args := []string{"import", tc.how, "--map", killed, "--rejects", filepath.Join(dir, "bad.csv"), "--data", filepath.Join(dir, "data"), table}
		code := run(t.Context(), args, strings.NewReader(""), &out, &errs, nil)
		if code != exitFailed || !strings.Contains(errs.String(), "unexpected EOF") || strings.Contains(errs.String(), "what was recorded stays") != tc.stays {
			t.Errorf("%s: ended with %d and says\n%s", tc.how, code, errs.String())
		}
	}
}
