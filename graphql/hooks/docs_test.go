package hooks

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// What the page says of making keys and verifying is what works.
func TestThePageVerifies(t *testing.T) {
	for _, tool := range []string{"sh", "openssl", "base64", "od"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(err)
		}
	}
	page, err := os.ReadFile("../../docs/webhooks.md")
	if err != nil {
		t.Fatal(err)
	}
	_, keys, _ := strings.Cut(string(page), "\n## Keys\n")
	blocks := regexp.MustCompile("(?s)```(sh|python|js)\n(.*?)```").FindAllStringSubmatch(keys, -1)
	if len(blocks) != 6 {
		t.Fatalf("%d blocks", len(blocks))
	}
	dir := t.TempDir()
	env := os.Environ()
	run := func(tool string, args ...string) (string, error) {
		cmd := exec.Command(tool, args...)
		cmd.Dir, cmd.Env = dir, env
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	var both Keys
	var secret string
	for i := range 2 { // make a key of each kind
		if out, err := run("sh", "-ec", blocks[i][2]); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		raw, err := os.ReadFile(filepath.Join(dir, "payroll-webhook"))
		if err != nil {
			t.Fatal(err)
		}
		k, err := ParseKeys(string(raw))
		if err != nil {
			t.Fatal(err)
		}
		if both = append(both, k...); i == 0 {
			secret = strings.TrimSpace(string(raw))
		}
	}
	body, now := []byte(`{"data":{"name":"张伟"}}`), time.Now()
	const id = "8d2f1c9e-58a5-5d0e-9a34-0d2b6a1b7f10"
	env = append(env, "secret="+secret, "webhook_id="+id, "webhook_timestamp="+strconv.FormatInt(now.Unix(), 10), "webhook_signature="+both.sign(id, now, body))
	const call = `(secret, {"webhook-id": id, "webhook-timestamp": at, "webhook-signature": sig}, body)`
	for _, b := range blocks[2:] {
		if testing.Short() && b[1] != "sh" { // they take long to start
			continue
		}
		tool, args := "sh", []string{"-ec", b[2]}
		switch b[1] {
		case "python":
			tool, args = "python3", []string{"-c", b[2] + "\nimport os\ne = os.environ\nsecret, id, at, sig, body = e['secret'], e['webhook_id'], e['webhook_timestamp'], e['webhook_signature'], open('body', 'rb').read()\nverify" + call}
		case "js":
			tool, args = "node", []string{"-e", b[2] + "\nconst e = process.env, secret = e.secret, id = e.webhook_id, at = e.webhook_timestamp, sig = e.webhook_signature, body = require('fs').readFileSync('body');\nverify" + call}
		}
		if _, err := exec.LookPath(tool); err != nil {
			t.Logf("%s is not here to be run", tool)
			continue
		}
		for content, good := range map[string]bool{string(body): true, strings.Replace(string(body), "伟", "威", 1): false} {
			if err := os.WriteFile(filepath.Join(dir, "body"), []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			if out, err := run(tool, args...); (err == nil) != good {
				t.Errorf("%s of %s: %v\n%s", b[1], content, err, out)
			}
		}
	}
}
