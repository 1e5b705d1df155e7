package manifests

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A docker of the test: what it is asked goes into a file, what is sent to a
// server into another.
const docker = `#!/bin/sh
echo "ATOM_PUB=${ATOM_PUB:-false} $*" >>"$SEEN"
case "$*" in *" exec "*) cat >>"$SENT" ;; esac
`

// The user of the program gets his rights by documents that are whole, with no
// password where a list of processes shows it, and AtomPub is off in the end.
func TestTheUserOfKurrentDB(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	write("bin/docker", docker)
	write("secrets/kurrent", "probity:of-the-user\n")
	write("secrets/admin", "of-the-admin")
	write("kurrentdb-user", string(read(t, deploy, "compose", "kurrentdb-user")))
	cmd := exec.Command("bash", filepath.Join(dir, "kurrentdb-user"))
	cmd.Env = append(os.Environ(), "PATH="+filepath.Join(dir, "bin")+":"+os.Getenv("PATH"), "SEEN="+filepath.Join(dir, "seen"), "SENT="+filepath.Join(dir, "sent"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	seen := strings.Split(strings.TrimSpace(string(read(t, dir, "seen"))), "\n")
	if first, last := seen[0], seen[len(seen)-1]; !strings.HasPrefix(first, "ATOM_PUB=true ") || !strings.HasPrefix(last, "ATOM_PUB=false ") || !strings.Contains(last, " up ") {
		t.Errorf("AtomPub is not turned on and off: %q", seen)
	}
	if all := strings.Join(seen, "\n"); strings.Contains(all, "of-the-") {
		t.Errorf("a password is shown: %s", all)
	}
	var bodies []string
	for line := range strings.Lines(string(read(t, dir, "sent"))) {
		if quoted, ok := strings.CutPrefix(strings.TrimSpace(line), "data = "); ok {
			var body string
			if err := json.Unmarshal([]byte(quoted), &body); err != nil || !json.Valid([]byte(body)) {
				t.Errorf("no document: %s: %v", quoted, err)
			}
			bodies = append(bodies, body)
		}
	}
	if len(bodies) != 3 {
		t.Fatalf("%d documents: %q", len(bodies), bodies)
	}
	for i, want := range []string{`"loginName":"probity"`, `"$acl":{"$r":["$admins","probity"]}`, `"$w":["$admins","probity"],"$d":"$admins"`} {
		if !strings.Contains(bodies[i], want) {
			t.Errorf("%s lacks %s", bodies[i], want)
		}
	}
}
