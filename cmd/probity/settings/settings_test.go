package settings

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"
)

// read reads a file of that text for the verb.
func read(t *testing.T, verb, text string, environ []string, args ...string) *Values {
	t.Helper()
	path := ""
	if text != "" {
		path = filepath.Join(t.TempDir(), "probity.yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	flags := pflag.NewFlagSet(verb, pflag.ContinueOnError)
	AddFlags(flags, verb)
	if err := flags.Parse(args); err != nil {
		t.Fatal(err)
	}
	return Read(Sources{Verb: verb, File: path, Environ: environ, Flags: flags})
}

// told are the mistakes, without the folder of the file.
func told(v *Values) []string {
	err := v.Err()
	if err == nil {
		return nil
	}
	var out []string
	for _, m := range err.(*Invalid).Mistakes {
		m.File = strings.TrimPrefix(m.File, filepath.Dir(m.File)+"/")
		out = append(out, m.String())
	}
	return out
}

func TestFlagsWeighMoreThanTheEnvironmentAndThatMoreThanTheFile(t *testing.T) {
	const file = "addr: 127.0.0.1:1\nquorum: 1\nlog-level: warn\nhosts: [a.example, b.example]\nproxies: 10.0.0.1\n"
	v := read(t, Serve, file, []string{"PROBITY_QUORUM=2", "PROBITY_LOG_LEVEL=debug", "PROBITY_HOSTS=c.example", "PROBITY_METRICS=10.1.0.0/16, 10.2.0.1", "PROBITY_ADDR="},
		"--log-level", "error")
	if err := v.Err(); err != nil {
		t.Fatal(err)
	}
	got := []any{v.Text("addr"), v.Whole("quorum"), v.Text("log-level"), v.Texts("hosts"), v.Networks("proxies")[0].String(), v.Networks("metrics")[1].String(), v.Text("log-format"), v.Duration("witness-timeout")}
	want := []any{"127.0.0.1:1", int64(2), "error", []string{"c.example"}, "10.0.0.1/32", "10.2.0.1/32", "text", 10 * time.Second}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for name, want := range map[string]Origin{
		"addr": {File: v.file, Line: 1}, "quorum": {Variable: "PROBITY_QUORUM"}, "log-level": {Flag: "log-level"}, "hosts[0]": {Variable: "PROBITY_HOSTS"}, "views": {File: v.file},
	} {
		if got := v.Origin(name); got != want {
			t.Errorf("%s was said at %+v, want %+v", name, got, want)
		}
	}
	if v.Said("hosts[1]") || v.Said("views") {
		t.Error("what nobody says is said")
	}
}

func TestFilesAreMeantFromWhereTheyAreNamed(t *testing.T) {
	v := read(t, Serve, "tls:\n  cert: tls.crt\n  key: /etc/tls.key\n", []string{"PROBITY_PASSPHRASE_FILE=secret"})
	if got, want := v.Path("tls.cert"), filepath.Join(filepath.Dir(v.file), "tls.crt"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if v.Path("tls.key") != "/etc/tls.key" || v.Path("passphrase-file") != "secret" || v.Path("graphql.trustedDocuments") != "" {
		t.Error("other paths are not left as they are")
	}
}

func TestEveryMistakeIsTold(t *testing.T) {
	for _, test := range []struct {
		name, verb, file string
		environ, args    []string
		want             []string
	}{
		{name: "an unknown name like another", file: "adr: x\n", want: []string{`probity.yaml:1: adr: there is no setting "adr"; do you mean addr?`}},
		{name: "two letters swapped in a section", file: "tls:\n  cetr: x\n", want: []string{`probity.yaml:2: tls.cetr: there is no setting "cetr"; do you mean cert?`}},
		{name: "an unknown name like none", file: "tls:\n  chain: x\n", want: []string{`probity.yaml:2: tls.chain: there is no setting "chain"; there are cert, key`}},
		{name: "in an entry", file: "witnesses:\n  - url: http://127.0.0.1\n    kye: x\n", want: []string{`probity.yaml:3: witnesses[0].kye: there is no setting "kye"; do you mean key?`}},
		{name: "many at once, in their order", file: "quorum: many\nproxies: [10.0.0.1, everywhere]\nlog-level: loud\nmax-streams: 0\nwitness-timeout: 1h\ngraphql: {strict: maybe}\n",
			environ: []string{"PROBITY_MAX_REQUESTS=-1"}, args: []string{"--on-timeout", "never"},
			want: []string{
				`probity.yaml:1: quorum: "many" is not a whole number`,
				`probity.yaml:2: proxies[1]: "everywhere" is not an address such as 10.0.0.2 or a network such as 10.0.0.0/24`,
				`probity.yaml:3: log-level: "loud": use debug, info, warn or error`,
				`probity.yaml:4: max-streams: "0" is not a whole number above nothing`,
				`probity.yaml:5: witness-timeout: "1h" is not a time from 1ns to 10m0s, such as 15m`,
				`probity.yaml:6: graphql.strict: is "maybe"; write true or false`,
				`PROBITY_MAX_REQUESTS: "-1" is not a whole number above nothing`,
				`--on-timeout: "never": use wait or publish`,
			}},
		{name: "a list for a value, and others", file: "addr: [a]\nissuers: x\ntls: x\nhosts:\n  a: b\norigins:\n", want: []string{
			"probity.yaml:1: addr: is a list where a plain value belongs",
			"probity.yaml:2: issuers: is a plain value where a list belongs: begin each entry with '- '",
			"probity.yaml:3: tls: is a plain value where settings with names belong",
			"probity.yaml:5: hosts: is a section where a list belongs: begin each entry with '- '",
			"probity.yaml:6: origins: says nothing: give a value, or leave it out",
		}},
		{name: "a secret in the file", file: "passphrase: s3cret\n", want: []string{
			"probity.yaml:1: passphrase: a secret does not stand in the settings: put it into a file of its own and name that in passphrase-file, or set PROBITY_PASSPHRASE"}},
		{name: "twice", file: "addr: 127.0.0.1:1\naddr: 127.0.0.1:2\n", want: []string{`probity.yaml:2: mapping key "addr" already defined at [1:1]`}},
		{name: "no YAML", file: "addr: [\n", want: []string{"probity.yaml:1: sequence end token ']' not found"}},
		{name: "anchors", file: "hosts: &h [a.example]\norigins: *h\n", want: []string{
			"probity.yaml:1: hosts: anchors and aliases are not understood here: write the value where it is meant",
			"probity.yaml:2: origins: anchors and aliases are not understood here: write the value where it is meant"}},
		{name: "two documents", file: "addr: 127.0.0.1:1\n---\naddr: 127.0.0.1:2\n", want: []string{"probity.yaml:3: settings are one document; leave the '---' out"}},
		{name: "a variable like another", environ: []string{"PROBITY_HOST=a.example", "PROBITY_LOGLEVEL=info", "PROBITY_TEST_POSTGRES=x", "PROBITY_SERVICE_HOST=10.0.0.1", "PROBITY_PORT=tcp://10.0.0.1:80"}, want: []string{
			"PROBITY_HOST: there is no such variable; do you mean PROBITY_HOSTS?", "PROBITY_LOGLEVEL: there is no such variable; do you mean PROBITY_LOG_LEVEL?"}},
		{name: "witnesses in the environment", environ: []string{"PROBITY_WITNESSES=nonsense"}, want: []string{`PROBITY_WITNESSES: "nonsense" is not a key and an address; give KEY URL, KEY URL…`}},
		{name: "of another verb", verb: Witness, file: "hosts: a.example\nrate: often\n", want: []string{
			`probity.yaml:1: hosts: there is no setting "hosts"; there are addr, data, key-passphrase-file, ledgers, log-format, log-level, name, passphrase-file, rate`,
			`probity.yaml:2: rate: "often" is not a number`}},
		{name: "a rate too high", verb: Witness, file: "rate: 1e6\n", want: []string{`probity.yaml:1: rate: "1e6" is not a number from 0.01 to 1000`}},
		{name: "an empty file", file: "# nothing\n"},
	} {
		verb := test.verb
		if verb == "" {
			verb = Serve
		}
		if diff := cmp.Diff(test.want, told(read(t, verb, test.file, test.environ, test.args...))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
	v := Read(Sources{Verb: Serve, File: "nowhere.yaml"})
	if err := v.Err(); err == nil || !strings.Contains(err.Error(), "read the settings: open nowhere.yaml") {
		t.Errorf("a file that is not there: %v", err)
	}
}

func TestMistakesOfWhoeverUsesTheValues(t *testing.T) {
	v := read(t, Serve, "issuers:\n  - audience: a\n  - issuer: https://x.example\n    roles: [hr]\n", nil)
	v.Wrong("issuers[0].issuer", "is missing")
	v.WrongBeside("issuers[1].roles", "issuers[1].claims.role", "is missing")
	v.WrongWithHint("addr", "choose another", "is %s", "taken")
	want := []string{
		"probity.yaml: addr: is taken",
		"probity.yaml:2: issuers[0].issuer: is missing",
		"probity.yaml:4: issuers[1].claims.role: is missing",
	}
	if diff := cmp.Diff(want, told(v)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if v.Good("issuers[0]") || v.Good("addr") || !v.Good("issuers[1].issuer") {
		t.Error("what is good is not known")
	}
	if text := v.Err().Error(); !strings.HasPrefix(text, "3 mistakes in the settings\n  ") || !strings.Contains(text, "\n    hint: choose another") {
		t.Errorf("all at once: %s", text)
	}
}

func TestTheListIsInOrder(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range All() {
		if len(s.Verbs) > 1 {
			t.Errorf("%s: write one entry for each verb", s.Name)
		}
		for _, verb := range append(s.Verbs, Everywhere)[:1] {
			if seen[verb+" "+s.Name] {
				t.Errorf("%s is there twice for %q", s.Name, verb)
			}
			seen[verb+" "+s.Name] = true
		}
		if s.Doc == "" || strings.HasSuffix(s.Doc, ".") || strings.Contains(s.Doc, "|") {
			t.Errorf("%s: %q is not the end of a sentence", s.Name, s.Doc)
		}
		if s.Default != "" && s.wrong(s.Default) != nil {
			t.Errorf("%s: its default: %v", s.Name, s.wrong(s.Default))
		}
		if s.Secret() {
			file := s.Name + "-file"
			if !has(file) {
				t.Errorf("%s is a secret, and there is no %s", s.Name, file)
			}
		}
		if (s.where != fileOnly) && strings.ContainsAny(s.Name, "[*") {
			t.Errorf("%s stands below names of the writer's own: it cannot be set from outside the file", s.Name)
		}
	}
}

func has(name string) bool {
	for _, s := range All() {
		if s.Name == name {
			return true
		}
	}
	return false
}
