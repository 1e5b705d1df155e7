package manifests

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/linter"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

// The image is the static binary alone, of a user without a name.
func TestTheContainerFile(t *testing.T) {
	text := read(t, deploy, "Containerfile")
	parsed, err := parser.Parse(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range parsed.Warnings {
		t.Errorf("%s (%v)", w.Short, w.Location)
	}
	stages, _, err := instructions.Parse(parsed.AST, linter.New(&linter.Config{
		Warn: func(rule, description, _, message string, location []parser.Range) {
			t.Errorf("%s: %s: %s (%v)", rule, description, message, location)
		}}))
	if err != nil {
		t.Fatal(err)
	}
	if len(stages) != 2 || stages[1].BaseName != "scratch" {
		t.Fatalf("%d stages, the last from %s", len(stages), stages[len(stages)-1].BaseName)
	}
	if !strings.Contains(string(text), "CGO_ENABLED=0") || !strings.Contains(string(text), "-trimpath") {
		t.Error("the binary is not static, or not the same everywhere")
	}
	user, entry, labels := "", false, map[string]string{}
	for _, c := range stages[1].Commands {
		switch c := c.(type) {
		case *instructions.UserCommand:
			user = c.User
		case *instructions.EntrypointCommand:
			entry = !c.PrependShell
		case *instructions.CmdCommand:
			if c.PrependShell {
				t.Error("there is no shell for CMD")
			}
		case *instructions.RunCommand:
			t.Errorf("there is nothing to run %v with", c.CmdLine)
		case *instructions.LabelCommand:
			for _, l := range c.Labels {
				labels[l.Key] = l.Value
			}
		}
	}
	if !regexp.MustCompile(`^[1-9]\d*:[1-9]\d*$`).MatchString(user) {
		t.Errorf("the user is %q, not numbers above 0", user)
	}
	if !entry {
		t.Error("the entry point is no program")
	}
	for _, name := range []string{"title", "source", "version", "revision", "licenses"} {
		if labels["org.opencontainers.image."+name] == "" {
			t.Errorf("the label %s is missing", name)
		}
	}
}
