package thirdparty

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"filippo.io/torchwood"
	fnote "github.com/transparency-dev/formats/note"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

const liteName = "witness.test/lite"

// freeAddr is an address that was free a moment ago.
func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// start runs a program until the test, or stop, ends it. What it says is kept.
func start(t *testing.T, name string, args ...string) (stop func(), said *lines) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), "PROBITY_PASSPHRASE=correct horse")
	said = &lines{}
	cmd.Stdout, cmd.Stderr = said, said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := false
	stop = func() {
		if ended {
			return
		}
		ended = true
		_ = cmd.Process.Signal(os.Interrupt)
		killer := time.AfterFunc(20*time.Second, func() { _ = cmd.Process.Kill() })
		_ = cmd.Wait()
		killer.Stop()
	}
	t.Cleanup(func() {
		stop()
		if t.Failed() {
			t.Logf("%s said:\n%s", filepath.Base(name), said.String())
		}
	})
	return stop, said
}

// lines keeps what a program says.
type lines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// await polls an address until its answer matches.
func await(t *testing.T, url, want string) string {
	t.Helper()
	re := regexp.MustCompile(want)
	var last string
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		if res, err := http.DefaultClient.Do(req); err == nil {
			raw, _ := io.ReadAll(res.Body)
			res.Body.Close()
			last = string(raw)
		}
		cancel()
		if re.MatchString(last) {
			return last
		}
	}
	t.Fatalf("%s never matched %s; last:\n%s", url, want, last)
	return ""
}

// litewitness runs filippo.io/torchwood's witness for one log, and returns its
// key and address.
func litewitness(t *testing.T, work, origin, vkey string) (key, url string) {
	t.Helper()
	program := filepath.Join(work, "litewitness")
	run(t, "", "go", "build", "-o", program, "filippo.io/torchwood/cmd/litewitness")

	// Its key lies in an SSH agent.
	_, priv, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ring := agent.NewKeyring()
	if err := ring.Add(agent.AddedKey{PrivateKey: priv}); err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(work, "agent")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() { defer conn.Close(); _ = agent.ServeAgent(ring, conn) }()
		}
	}()
	public, err := ssh.NewPublicKey(priv.Public())
	if err != nil {
		t.Fatal(err)
	}

	// Its list of logs is a table of its database, which it makes itself.
	db := filepath.Join(work, "lite.db")
	addr := freeAddr(t)
	args := []string{"-name", liteName, "-db", db, "-ssh-agent", socket, "-key", ssh.FingerprintSHA256(public), "-listen", addr}
	stop, _ := start(t, program, args...)
	await(t, "http://"+addr+"/", liteName)
	stop()
	conn, err := sqlite.OpenConn(db, sqlite.OpenReadWrite)
	if err != nil {
		t.Fatal(err)
	}
	empty, err := tlog.TreeHash(0, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []struct {
		sql  string
		args []any
	}{
		{"INSERT INTO log (origin, tree_size, tree_hash) VALUES (?, 0, ?)", []any{origin, empty.String()}},
		{"INSERT INTO key (origin, key) VALUES (?, ?)", []any{origin, vkey}},
	} {
		if err := sqlitex.Execute(conn, q.sql, &sqlitex.ExecOptions{Args: q.args}); err != nil {
			t.Fatal(err)
		}
	}
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	start(t, program, args...)
	await(t, "http://"+addr+"/", liteName)
	signer, err := torchwood.NewCosignatureSigner(liteName, priv)
	if err != nil {
		t.Fatal(err)
	}
	return signer.Verifier().String(), "http://" + addr
}

// Our notary is cosigned by a witness that is not ours, beside one that is;
// and what ours signs is accepted by the code of others.
// verifierKey is a line with name, key hash and key, which those of PEM are not,
// though some have as many plus signs.
var verifierKey = regexp.MustCompile(`^[^#+ ]+\+[0-9a-f]{8}\+`)

func TestWitnessesOfOthers(t *testing.T) {
	work := t.TempDir()
	program := filepath.Join(work, "probity")
	run(t, "", "go", "build", "-C", "../..", "-o", program, "./cmd/probity")
	data, copied := filepath.Join(work, "data"), filepath.Join(work, "copy")
	submit := func(from, to int) {
		var commands bytes.Buffer
		for i := from; i < to; i++ {
			fmt.Fprintf(&commands, `{"id":"c%d","command":"unit.establish","subject":"u%d","actor":"hr-li","role":"hr","data":{"name":"海关","kind":"agency"}}`+"\n", i, i)
		}
		run(t, commands.String(), program, "submit", "--plain-key", "--data", data, "-")
	}
	submit(0, 300)
	run(t, "", program, "export", "log", "--data", data, "--out", copied)
	keysFile := filepath.Join(work, "keys")
	raw, err := os.ReadFile(filepath.Join(copied, "keys"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, keysFile, raw)
	vkey := ""
	for lines := bufio.NewScanner(bytes.NewReader(raw)); lines.Scan(); {
		if line := lines.Text(); verifierKey.MatchString(line) {
			vkey = line
		}
	}
	origin, _, _ := strings.Cut(vkey, "+")

	liteKey, liteURL := litewitness(t, work, origin, vkey)
	ownData, ownAddr := filepath.Join(work, "witness"), freeAddr(t)
	ownConfig := filepath.Join(work, "witness.yaml")
	write(t, ownConfig, []byte("name: witness.test/own\nrate: 100\nledgers:\n  - keys-file: keys\n"))
	start(t, program, "witness", "--config", ownConfig, "--data", ownData, "--addr", ownAddr)
	await(t, "http://"+ownAddr+"/healthz", "ok")
	ownKey, err := os.ReadFile(filepath.Join(ownData, "witness.pub"))
	if err != nil {
		t.Fatal(err)
	}

	config := filepath.Join(work, "serve.yaml")
	write(t, config, fmt.Appendf(nil, "quorum: 2\nwitnesses:\n  - url: %s\n    key: %s\n  - url: http://%s/\n    key: %s", liteURL, liteKey, ownAddr, ownKey))
	both := func(size int) {
		t.Helper()
		addr := freeAddr(t)
		stop, _ := start(t, program, "serve", "--data", data, "--config", config, "--addr", addr)
		await(t, "http://"+addr+"/log/checkpoint", fmt.Sprintf(`(?s)\n%d\n.*— witness.test/lite .*— witness.test/own `, size))
		stop()
	}
	both(300)
	submit(300, 321)
	both(321) // with a consistency proof
	run(t, "", program, "export", "log", "--data", data, "--out", copied)
	signed, err := os.ReadFile(filepath.Join(copied, "checkpoint"))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("cosigned by both:\n%s", signed)

	// Ours verifies theirs, by their key alone.
	liteFile := filepath.Join(work, "lite.pub")
	write(t, liteFile, []byte(liteKey+"\n"))
	run(t, "", program, "verify", "--log", copied, "--key", keysFile, "--witness-key", liteFile, "--witness-key", filepath.Join(ownData, "witness.pub"), "--quorum", "2")

	// The code of others verifies ours: transparency-dev/formats.
	verifier, err := fnote.NewVerifierForCosignatureV1(strings.TrimSpace(string(ownKey)))
	if err != nil {
		t.Fatal(err)
	}
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil || len(opened.Sigs) != 1 {
		t.Fatalf("formats/note rejects our cosignature: %v", err)
	}
	at, err := fnote.CoSigV1Timestamp(opened.Sigs[0])
	if err != nil || time.Since(at) > time.Hour || time.Since(at) < -time.Minute {
		t.Errorf("formats/note reads the time %s, %v", at, err)
	}
	if theirs, err := torchwood.CosignatureTimestamp(opened.Sigs[0]); err != nil || theirs != at.Unix() {
		t.Errorf("torchwood reads the time %d, %v", theirs, err)
	}
	c, err := torchwood.ParseCheckpoint(opened.Text)
	if err != nil || c.N != 321 || c.Origin != origin {
		t.Errorf("torchwood reads %+v, %v", c, err)
	}
	t.Logf("formats/note accepts our cosignature of %d events, made at %s", c.N, at)
	bad := bytes.Replace(signed, []byte("\n321\n"), []byte("\n322\n"), 1)
	if _, err := note.Open(bad, note.VerifierList(verifier)); err == nil {
		t.Error("formats/note accepts our cosignature under another size")
	} else {
		t.Logf("formats/note rejects it under another size: %v", err)
	}

	// A ledger that forks is refused by both.
	forked := filepath.Join(work, "forked")
	for _, name := range []string{"ledger.key", "ledger.pub", "origin"} {
		raw, err := os.ReadFile(filepath.Join(data, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(forked, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(forked, name), raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	data = forked
	submit(1000, 1400)
	addr := freeAddr(t)
	stop, said := start(t, program, "serve", "--data", forked, "--config", config, "--addr", addr)
	await(t, "http://"+addr+"/metrics", `(?s)probity_log_witness_up\{witness="witness.test/lite"\} 0.*witness_up\{witness="witness.test/own"\} 0`)
	stop()
	for _, name := range []string{liteName, "witness.test/own"} {
		if !regexp.MustCompile(`witness=` + name + `[^\n]*confirmed another history[^\n]*422`).MatchString(said.String()) {
			t.Errorf("%s did not refuse the fork", name)
		}
	}
	t.Log("both witnesses refuse the forked ledger")
}
