package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// handedOver records events and returns a folder with what an auditor gets: a
// receipt, ledger.pub and keys.
func handedOver(t *testing.T) string {
	t.Helper()
	work := t.TempDir()
	program := func(stdin string, args ...string) []byte {
		cmd := exec.Command("probity", append(args, "--data", filepath.Join(work, "data"))...)
		cmd.Dir, cmd.Stdin = work, strings.NewReader(stdin)
		cmd.Env = append(os.Environ(), "PROBITY_PASSPHRASE=", "PROBITY_PASSPHRASE_FILE=")
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("probity %q: %v\n%s", args, err, out)
		}
		return out
	}
	var commands strings.Builder
	for i := range 11 {
		fmt.Fprintf(&commands, `{"id":"c%d","command":"unit.establish","subject":"u%d","actor":"hr-li","role":"hr","data":{"name":"海关","kind":"agency"}}`+"\n", i, i)
	}
	program(commands.String(), "submit", "--plain-key", "-")
	// Once more, for receipts under the checkpoint over all.
	program(commands.String(), "submit", "--proof", "receipts", "-")
	program("", "export", "log", "--out", filepath.Join(work, "copy"))
	fifth := program(strings.Split(commands.String(), "\n")[4], "submit", "--proof", "receipts", "-")
	name := regexp.MustCompile(`receipts/[0-9a-f-]+\.tlog-proof`).Find(fifth)
	for to, from := range map[string]string{"receipt.tlog-proof": string(name), "ledger.pub": "data/ledger.pub", "keys": "copy/keys"} {
		raw, err := os.ReadFile(filepath.Join(work, from))
		if err == nil {
			err = os.WriteFile(filepath.Join(work, to), raw, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return work
}

// damages are changes to a receipt that each outside check must refuse.
var damages = map[string]func(receipt []byte) []byte{
	"a bit of the event": func(r []byte) []byte {
		r = bytes.Clone(r)
		at := bytes.Index(r, []byte("extra ")) + 200
		if r[at]++; r[at] > 'z' {
			r[at] = 'A'
		}
		return r
	},
	"another size": func(r []byte) []byte { return bytes.Replace(r, []byte("\n11\n"), []byte("\n12\n"), 1) },
	"another place": func(r []byte) []byte {
		return bytes.Replace(r, []byte("index 4\n"), []byte("index 5\n"), 1)
	},
	"a hash of the proof less": func(r []byte) []byte {
		lines := bytes.SplitAfter(r, []byte("\n"))
		return bytes.Join(append(lines[:3:3], lines[4:]...), nil)
	},
}

// The commands of docs/verify-by-hand.md do what the page says.
func TestTheDocumentedCommandsVerifyAnEvent(t *testing.T) {
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("there is no openssl here to follow the document with")
	}
	page, err := os.ReadFile("../../docs/verify-by-hand.md")
	if err != nil {
		t.Fatal(err)
	}
	script := "set -e\n"
	blocks := regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllSubmatch(page, -1)
	for _, b := range blocks {
		script += string(b[1])
	}
	if len(blocks) != 4 {
		t.Fatalf("the page has %d blocks of commands", len(blocks))
	}
	work := handedOver(t)
	follow := func() (string, error) {
		cmd := exec.Command("sh", "-c", script)
		cmd.Dir = work
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	out, err := follow()
	if err != nil || strings.Count(out, "Signature Verified Successfully") != 2 || !strings.Contains(out, "the event is in the log") {
		t.Fatalf("following the page: %v\n%s", err, out)
	}
	eachDamage(t, work, follow)
}

// A script that knows WebCrypto alone agrees.
func TestWebCryptoVerifiesAReceipt(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("there is no node here to run the script with")
	}
	script, err := filepath.Abs("../../.ci/verify-receipt.mjs")
	if err != nil {
		t.Fatal(err)
	}
	work := handedOver(t)
	check := func() (string, error) {
		cmd := exec.Command(node, script, "receipt.tlog-proof", "keys")
		cmd.Dir = work
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	if out, err := check(); err != nil || !strings.Contains(out, "signed, and in the log of 11 events") {
		if strings.Contains(out, "Unrecognized algorithm name") {
			t.Skip("this node's WebCrypto knows no Ed25519")
		}
		t.Fatalf("%v\n%s", err, out)
	}
	eachDamage(t, work, check)
}

func eachDamage(t *testing.T, work string, check func() (string, error)) {
	t.Helper()
	path := filepath.Join(work, "receipt.tlog-proof")
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, damage := range damages {
		bad := damage(good)
		if bytes.Equal(bad, good) {
			t.Fatalf("%s: nothing was changed", name)
		}
		if err := os.WriteFile(path, bad, 0o644); err != nil {
			t.Fatal(err)
		}
		if out, err := check(); err == nil {
			t.Errorf("%s: accepted\n%s", name, out)
		}
	}
}
