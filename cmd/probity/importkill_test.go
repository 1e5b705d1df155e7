package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"
)

const killedMap = `map: killed
inputs:
  - name: findings
    rows:
      - {command: unit.import, subject: "{unit}", once: true, fields: {name: {column: unit}}}
      - command: misconduct.import_finding
        subject: "{case}"
        fields: {unit: "{unit}", category: {column: what}, result: {value: sustained}}
`

// An import is killed while it records; the same command goes on where
// it ended, and nothing is recorded twice, not even of rows that are alike.
func TestAKilledImportGoesOnWithoutDoubling(t *testing.T) {
	if testing.Short() {
		t.Skip("kills a program and verifies what it left")
	}
	dir := t.TempDir()
	const rows, units = 1500, 10
	var csv bytes.Buffer
	csv.WriteString("case,unit,what\n")
	for i := range rows { // every row is there three times
		fmt.Fprintf(&csv, "C-%d,U-%d,late\n", i/3, i/3%units)
	}
	for name, text := range map[string][]byte{"m.yaml": []byte(killedMap), "f.csv": csv.Bytes()} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	program := func(args ...string) *exec.Cmd {
		cmd := exec.Command("probity", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "PROBITY_DATA="+filepath.Join(dir, "data"), "PROBITY_PASSPHRASE=", "PROBITY_PASSPHRASE_FILE=")
		return cmd
	}
	cmd := program("import", "--plain-key", "--map", "m.yaml", "f.csv")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Process.Kill()
	for deadline := time.Now().Add(30 * time.Second); size(t, filepath.Join(dir, "data")) < 400<<10; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the import recorded nothing for half a minute")
		}
	}
	cmd.Process.Kill()
	if err := cmd.Wait(); err == nil {
		t.Fatal("the import ended before it was killed: nothing is tried")
	}
	out, err := program("import", "--map", "m.yaml", "f.csv").CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	whole := regexp.MustCompile(fmt.Sprintf(`total +%d rows: (\d+) recorded, (\d+) on file already, 0 rejected`, rows)).FindSubmatch(out)
	if whole == nil || string(whole[2]) == "0" {
		t.Errorf("the second run says %s", out)
	} else {
		t.Logf("%s rows were recorded before the kill, %s after it", whole[2], whole[1])
	}
	report, err := program("verify", "--json").Output()
	if want := fmt.Sprintf(`"events": %d,`, rows+units); err != nil || !bytes.Contains(report, []byte(want)) {
		t.Errorf("%v, want %s in %s", err, want, report)
	}
}

// size of a file or folder with all that is in it; what is not there has none.
func size(t *testing.T, path string) (n int64) {
	t.Helper()
	_ = filepath.Walk(path, func(_ string, info os.FileInfo, err error) error {
		if err == nil && info.Mode().IsRegular() {
			n += info.Size()
		}
		return nil // it may be gone by now
	})
	return n
}
