package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// awaitText REGEXP URL|doctor: waits until what a server shows, or what
// 'probity doctor' says, matches.
func awaitText(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: await-text REGEXP URL|doctor")
	}
	want, err := regexp.Compile(args[0])
	ts.Check(err)
	client := &http.Client{Timeout: 5 * time.Second}
	var last string
	for deadline := time.Now().Add(60 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if args[1] == "doctor" {
			_ = ts.Exec("probity", "doctor") // what it says counts
			last = ts.ReadFile("stdout")
		} else if res, err := client.Get(args[1]); err == nil {
			raw, _ := io.ReadAll(res.Body)
			res.Body.Close()
			last = string(raw)
		}
		if want.MatchString(last) {
			return
		}
	}
	ts.Fatalf("%s never matched %s; last:\n%s", args[1], args[0], last)
}

// serveConfig FILE PUB URL: writes the settings of a server that asks the
// witness of that public key at that address.
func serveConfig(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: serve-config FILE PUB URL")
	}
	key := strings.TrimSpace(ts.ReadFile(args[1]))
	name, _, _ := strings.Cut(key, "+")
	text := fmt.Sprintf("log-level: debug\nquorum: 1\nwitnesses:\n  - name: %s\n    url: %s\n    key: %s\n", name, args[2], key)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o644))
}

// globFiles PATTERN: at least one file has such a name.
func globFiles(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: glob PATTERN")
	}
	found, err := filepath.Glob(ts.MkAbs(args[0]))
	ts.Check(err)
	if (len(found) > 0) == neg {
		ts.Fatalf("%s: %d files", args[0], len(found))
	}
}
