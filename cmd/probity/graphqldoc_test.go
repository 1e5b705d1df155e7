package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/probity-ledger/probity/cmd/probity/settings"
	"github.com/probity-ledger/probity/graphql/trusted"
)

// block is a fenced block of a page.
type block struct{ language, text string }

func blocks(page string) []block {
	var out []block
	for _, m := range regexp.MustCompile("(?ms)^```(\\w*)\n(.*?)^```$").FindAllStringSubmatch(page, -1) {
		out = append(out, block{m[1], m[2]})
	}
	return out
}

// checkClients runs the examples of docs/graphql.md as they stand against the
// served demo, which answers what the page says. Python goes with the token that
// the commands of the shell made.
func (d *servedDemo) checkClients(t *testing.T) {
	page, err := os.ReadFile("../../docs/graphql.md")
	if err != nil {
		t.Fatal(err)
	}
	run := map[string]func(text string) *exec.Cmd{
		"sh":     func(text string) *exec.Cmd { return exec.Command("sh", "-c", "set -e\n"+text) },
		"python": func(text string) *exec.Cmd { return exec.Command("python3", "-c", text) },
	}
	needs := map[string]string{"sh": "curl", "python": "python3"}
	token, err := exec.Command("probity", "token", "--data", d.dir, "--role", "auditor", "--sub", "audit-sun").Output()
	if err != nil {
		t.Fatal(err)
	}
	all := blocks(string(page))
	ran := 0
	for i, b := range all {
		if run[b.language] == nil || i+1 == len(all) || all[i+1].language != "json" {
			continue
		}
		t.Run(b.language, func(t *testing.T) {
			if _, err := exec.LookPath(needs[b.language]); err != nil {
				t.Skipf("there is no %s here to follow the page with", needs[b.language])
			}
			text := strings.NewReplacer(demoAddress, d.address, "demo-data", d.dir).Replace(b.text)
			cmd := run[b.language](text)
			cmd.Env = append(os.Environ(), "TOKEN="+strings.TrimSpace(string(token)))
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			out, err := cmd.Output()
			if err != nil {
				t.Fatalf("%v\n%s%s", err, out, stderr.Bytes())
			}
			var got, want any
			if json.Unmarshal(out, &got) != nil || json.Unmarshal([]byte(all[i+1].text), &want) != nil || !shows(got, want) {
				t.Errorf("answered %s\nthe page says %s", out, all[i+1].text)
			}
		})
		ran++
	}
	if ran != 2 {
		t.Errorf("%d examples with an answer, want 2", ran)
	}
}

// The settings on the page are ones that serve takes.
func TestTheDocumentedSettingsAreTaken(t *testing.T) {
	page, err := os.ReadFile("../../docs/graphql.md")
	if err != nil {
		t.Fatal(err)
	}
	read := 0
	for _, b := range blocks(string(page)) {
		if b.language != "yaml" {
			continue
		}
		dir := t.TempDir()
		const document = "{ me { role } }"
		files := map[string]string{"serve.yaml": b.text, "documents.json": fmt.Sprintf("{%q: %q}", trusted.ID(document), document)}
		for name, text := range files {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		v := settings.Read(settings.Sources{Verb: settings.Serve, File: filepath.Join(dir, "serve.yaml")})
		access, err := accessFrom(v), v.Err()
		if err != nil || reflect.DeepEqual(access, defaultAccess()) {
			t.Errorf("%v, %+v from\n%s", err, access, b.text)
		}
		read++
	}
	if read != 2 {
		t.Errorf("%d blocks of settings, want 2", read)
	}
}

// shows says whether a value is the one of the page, where "…" stands for
// any.
func shows(got, want any) bool {
	switch want := want.(type) {
	case map[string]any:
		object, ok := got.(map[string]any)
		if !ok || len(object) != len(want) {
			return false
		}
		for name, value := range want {
			if member, ok := object[name]; !ok || !shows(member, value) {
				return false
			}
		}
		return true
	case string:
		return want == "…" || got == want
	}
	return got == want
}
