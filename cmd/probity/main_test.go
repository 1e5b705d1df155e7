package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ncruces/go-sqlite3"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/probity-ledger/probity/cmd/rulebooks"
	"github.com/probity-ledger/probity/ledger/kurrent/kurrenttest"
)

func TestMain(m *testing.M) {
	programs := map[string]func(){"probity": main, "sigstore-kms-paper": paperKMS, "probity-store": storeServer}
	if programs[filepath.Base(os.Args[0])] != nil { // a script runs it, and its flags are not those of a test
		testscript.Main(m, programs)
	}
	flag.Parse()
	if f := flag.Lookup("test.parallel"); f.Value.String() == strconv.Itoa(runtime.GOMAXPROCS(0)) {
		// Scripts wait for disks, servers and processes more than they compute.
		if err := f.Value.Set(strconv.Itoa(2 * runtime.GOMAXPROCS(0))); err != nil {
			panic(err)
		}
	}
	testscript.Main(m, programs)
}

// The scripts drive the real binary, one file per verb and one per article.
func TestScripts(t *testing.T) {
	t.Parallel()
	scripts, err := filepath.Glob("testdata/script/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	if testing.Short() { // these tell one command after the other, and the demo plays a whole district
		scripts = slices.DeleteFunc(scripts, func(path string) bool {
			name := strings.TrimSuffix(filepath.Base(path), ".txtar")
			return strings.HasPrefix(name, "article_") || slices.Contains([]string{"demo", "keydrill", "rotation", "rulebook", "runbook"}, name)
		})
	}
	runScripts(t, scripts, func(*testscript.Env) {})
}

// onServer are scripts that say nothing of where events are kept and have one
// ledger each, and cover the verbs.
var onServer = []string{"export", "import", "keydrill", "readings", "rulebook", "serve"}

// The same with the events on a server.
func TestScriptsOnAServer(t *testing.T) {
	if testing.Short() { // the two of a server's own, kurrentdb and migrate, are among the others
		t.Skip("the same scripts with their events on a server are for a full run")
	}
	t.Parallel()
	var scripts []string
	for _, name := range onServer {
		scripts = append(scripts, filepath.Join("testdata", "script", name+".txtar"))
	}
	runScripts(t, scripts, func(env *testscript.Env) { env.Setenv("PROBITY_STORE", env.Getenv("KURRENT")) })
}

func runScripts(t *testing.T, scripts []string, prepare func(*testscript.Env)) {
	t.Helper()
	agency, err := filepath.Abs(agencyFile)
	if err != nil {
		t.Fatal(err)
	}
	shipped, err := filepath.Abs("../rulebooks/cn-2024.yaml")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Files: scripts,
		Setup: func(env *testscript.Env) error {
			env.Setenv("PROBITY_PASSPHRASE", "correct horse")
			env.Setenv("PROBITY_DATA", filepath.Join(env.WorkDir, "data"))
			raw, err := rulebooks.Source("us-police-ia")
			if err != nil {
				return err
			}
			env.Setenv("US", rulebooks.Digest(raw))
			env.Setenv("AGENCY", agency)
			env.Setenv("CN", shipped)
			// An address that was free a moment ago.
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				return err
			}
			env.Setenv("ADDR", listener.Addr().String())
			second, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				return err
			}
			env.Setenv("ADDR2", second.Addr().String())
			// Two servers that keep events, which hold nothing yet.
			for _, name := range []string{"KURRENT", "KURRENT2"} {
				server, err := kurrenttest.Listen("127.0.0.1:0", kurrenttest.Options{})
				if err != nil {
					return err
				}
				env.Setenv(name, server.URL())
				env.Defer(func() { server.Close() })
			}
			prepare(env)
			return errors.Join(listener.Close(), second.Close())
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":        exits,
			"tamper":       tamper,
			"await-ready":  awaitReady,
			"http":         httpDo,
			"fill":         fill,
			"refused":      refused,
			"answers":      answers,
			"let-fall-due": letFallDue,
			"dated":        dated,
			"untold":       untold,
			"await-text":   awaitText,
			"serve-config": serveConfig,
			"oidc":         oidc,
			"expand":       expand,
			"glob":         globFiles,
			"cursor":       cursor,
			"same-records": sameRecords,
			"cluster":      startCluster,
			"made-up-for":  madeUpFor,
			"same-paper":   samePaper,
		},
	})
}

// exits CODE COMMAND…: the command must end with that very exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		got = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// tamper FILE SQL: changes a database behind the ledger's back, as an
// administrator of the machine could, triggers and all.
func tamper(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: tamper FILE SQL")
	}
	conn, err := sqlite3.Open(ts.MkAbs(args[0]))
	ts.Check(err)
	defer conn.Close()
	var triggers []string
	stmt, _, err := conn.Prepare(`SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'`)
	ts.Check(err)
	var restore []string
	for stmt.Step() {
		triggers, restore = append(triggers, stmt.ColumnText(0)), append(restore, stmt.ColumnText(1))
	}
	ts.Check(stmt.Close())
	for _, name := range triggers {
		ts.Check(conn.Exec("DROP TRIGGER " + name))
	}
	ts.Check(conn.Exec(args[1]))
	for _, sql := range restore {
		ts.Check(conn.Exec(sql))
	}
}

// fill FILE [BOOK]: writes into FILE the digest of the rulebook file BOOK for
// $DIGEST, of us-police-ia for $US, and the day it is in California, where
// that one has its days, for $TODAY.
func fill(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: fill FILE [BOOK]")
	}
	zone, err := time.LoadLocation("America/Los_Angeles")
	ts.Check(err)
	words := []string{"$US", ts.Getenv("US"), "$TODAY", time.Now().In(zone).Format(time.DateOnly)}
	if len(args) == 2 {
		words = append(words, "$DIGEST", rulebooks.Digest([]byte(ts.ReadFile(args[1]))))
	}
	text := strings.NewReplacer(words...).Replace(ts.ReadFile(args[0]))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}

// awaitReady URL: waits until the server there says it is ready.
func awaitReady(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: await-ready URL")
	}
	client := scriptClient(ts, time.Second)
	for deadline := time.Now().Add(60 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if res, err := client.Get(args[0]); err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return
			}
		}
	}
	ts.Fatalf("%s was never ready", args[0])
}

// http STATUS METHOD URL [TOKENFILE|- [BODY]]: asks a server and prints the
// answer, after its headers where $HEADERS is set; the token is the first line
// of the file. $HOST and $ORIGIN are sent where they are set.
func httpDo(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: http STATUS METHOD URL [TOKENFILE|- [BODY]]")
	}
	var body io.Reader
	if len(args) > 4 {
		body = strings.NewReader(args[4])
	}
	req, err := http.NewRequestWithContext(context.Background(), args[1], args[2], body)
	ts.Check(err)
	req.Header.Set("Accept", "application/graphql-response+json, */*;q=0.5")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if len(args) > 3 && args[3] != "-" {
		token, _, _ := strings.Cut(ts.ReadFile(args[3]), "\n")
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if host := ts.Getenv("HOST"); host != "" {
		req.Host = host
	}
	if origin := ts.Getenv("ORIGIN"); origin != "" {
		req.Header.Set("Origin", origin)
	}
	client := scriptClient(ts, 20*time.Second)
	res, err := client.Do(req)
	ts.Check(err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	ts.Check(err)
	if ts.Getenv("HEADERS") != "" {
		ts.Check(res.Header.Write(ts.Stdout()))
	}
	fmt.Fprintf(ts.Stdout(), "%s\n", raw)
	if want := args[0]; strconv.Itoa(res.StatusCode) != want {
		ts.Fatalf("status %d, want %s: %s", res.StatusCode, want, raw)
	}
}
