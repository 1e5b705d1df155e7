package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/cmd/probity/settings"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql/signin"
)

// wholeFront uses every setting.
const wholeFront = `addr: 0.0.0.0:8443
hosts: [ledger.example, 2001:db8::7]
origins:
  - https://portal.example
tls:
  cert: tls.crt
  key: /etc/tls.key
proxies: 10.0.0.2
metrics: [10.1.0.0/16]
denials: denials.log
max-requests: 500
max-streams: 2000
issuers:
  - issuer: https://sso.example/realms/customs
    audience: probity
    jwks: https://sso.example/keys
    algorithms: [PS256]
    claims:
      subject: preferred_username
      role: /realm_access/roles
      units: [unit, units]
    subject-prefix: east/
    role-map:
      /probity/auditors: auditor
      /probity/personnel: hr
    roles: [auditor, hr]
    whole-ledger: true
    max-lifetime: 1h
    refresh: 5m
    keep-keys: 48h
    machine:
      claim: gty
      value: client-credentials
      client: azp
      max-lifetime: 10m
      clients:
        hr-sync:
          role: hr
          units: ["*"]
intake: true
onion:
  addr: 127.0.0.1:8081
  hosts: [probityexample.onion]
`

func frontOf(t *testing.T, text string, environ ...string) (frontSettings, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "serve.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	v := settings.Read(settings.Sources{Verb: settings.Serve, File: path, Environ: environ})
	s := frontFrom(v)
	s.cert = strings.TrimPrefix(s.cert, filepath.Dir(path)+"/")
	return s, v.Err()
}

func TestTheFrontIsReadFromTheFile(t *testing.T) {
	s, err := frontOf(t, wholeFront)
	if err != nil {
		t.Fatal(err)
	}
	want := signin.Trusted{
		Issuer: "https://sso.example/realms/customs", Audience: "probity", Methods: []string{"PS256"}, MaxLifetime: time.Hour,
		Mapping: signin.Mapping{
			Subject: "preferred_username", SubjectPrefix: "east/", Role: "/realm_access/roles", Units: []string{"unit", "units"}, Everywhere: true,
			Names:   map[string]domain.Role{"/probity/auditors": domain.RoleAuditor, "/probity/personnel": domain.RoleHR},
			Allowed: []domain.Role{domain.RoleAuditor, domain.RoleHR},
		},
		Machines: &signin.Machines{Claim: "gty", Value: "client-credentials", Client: "azp", MaxLifetime: 10 * time.Minute,
			Clients: map[string]signin.Machine{"hr-sync": {Role: domain.RoleHR, Units: []domain.UnitID{"*"}}}},
	}
	if diff := cmp.Diff(want, s.Issuers[0].Trusted); diff != "" {
		t.Errorf("issuer (-want +got):\n%s", diff)
	}
	keys := s.Issuers[0].Keys
	if keys.JWKS != "https://sso.example/keys" || keys.Refresh != 5*time.Minute || keys.Keep != 48*time.Hour {
		t.Errorf("keys %+v", keys)
	}
	if s.cert != "tls.crt" || s.key != "/etc/tls.key" || s.Denials != "denials.log" || s.Edge.MaxRequests != 500 || s.Edge.MaxStreams != 2000 ||
		len(s.Edge.Hosts) != 2 || len(s.Edge.Origins) != 1 || s.Edge.Proxies[0].String() != "10.0.0.2/32" || s.Metrics[0].String() != "10.1.0.0/16" {
		t.Errorf("front %+v", s)
	}
	for text, none := range map[string]bool{wholeFront: false, "console: true\n": false, "console: false\n": true} {
		if s, err := frontOf(t, text); err != nil || s.NoConsole != none {
			t.Errorf("%.20q leaves the console out: %v, %v", text, s.NoConsole, err)
		}
	}
}

func TestComplaintsAreTakenWhereThatIsSaid(t *testing.T) {
	for text, want := range map[string]bool{wholeFront: true, "console: true\n": false, "intake: true\n": true} {
		s, err := frontOf(t, text)
		if err != nil || s.Intake != want || (s.onion == "127.0.0.1:8081") != (text == wholeFront) || (len(s.OnionHosts) == 1) != (text == wholeFront) {
			t.Errorf("%.20q: %v %q %v, %v", text, s.Intake, s.onion, s.OnionHosts, err)
		}
	}
}

func TestMistakesInTheFrontAreNamed(t *testing.T) {
	for _, test := range []struct{ from, to, want string }{
		{"- issuer: https://sso.example/realms/customs", "- issuer: http://sso.example", "serve.yaml:14: issuers[0]: issuer is not an https address"},
		{"- issuer: https://sso.example/realms/customs", "- x-issuer: 7", "x-issuer"},
		{"    audience: probity\n", "", "serve.yaml:14: issuers[0].audience: is missing"},
		{"keys\n", "keys#x\n", "jwks has a fragment"},
		{"[PS256]", "[PS256, HS256]", `serve.yaml:17: issuers[0].algorithms: "HS256" is not an asymmetric signing method`},
		{"      role: /realm_access/roles\n", "", "issuers[0].claims.role: is missing"},
		{"auditors: auditor", "auditors: leader", `issuers[0].role-map: "/probity/auditors" leads to "leader"`},
		{"roles: [auditor, hr]", "roles: [auditor, hr, system]", `serve.yaml:26: issuers[0].roles: nobody signs in as "system"`},
		{"    roles: [auditor, hr]\n", "", "issuers[0].roles: are missing"},
		{"whole-ledger: true", "whole-ledger: maybe", "serve.yaml:27"},
		{"whole-ledger: true", "role: hr", "serve.yaml:27: issuers[0].role: is fixed, so claims.role and role-map must not be set"},
		{"max-lifetime: 1h", "max-lifetime: 25h", `serve.yaml:28: issuers[0].max-lifetime: "25h" is not a time from 1s to 24h0m0s`},
		{"refresh: 5m", "refresh: often", `serve.yaml:29: issuers[0].refresh: "often"`},
		{"keep-keys: 48h", "keep-keys: 1000h", `issuers[0].keep-keys: "1000h"`},
		{"      claim: gty\n", "", "issuers[0].machine.value: needs machine.claim"},
		{"          role: hr\n", "          role: leader\n", `issuers[0].machine.clients.hr-sync.role: "leader" is not one of the roles`},
		{`          units: ["*"]`, "", "issuers[0].machine.clients.hr-sync.units: are missing"},
		{"          role: hr\n", "          role: hr\n          colour: red\n", "colour"},
		{"    machine:\n", "    ca: nowhere.pem\n    machine:\n", "issuers[0].ca"},
		{"[ledger.example, 2001:db8::7]", "[https://ledger.example]", `serve.yaml:2: hosts[0]: "https://ledger.example" is not a host name`},
		{"https://portal.example", `"*"`, `serve.yaml:4: origins[0]: "*" is not an origin`},
		{"https://portal.example", "https://portal.example/", "is not an origin"},
		{"  key: /etc/tls.key\n", "", "serve.yaml:6: tls.key: is missing"},
		{"  cert: tls.crt\n", "", "tls.cert: is missing"},
		{"  cert: tls.crt\n", "  cert: tls.crt\n  chain: x\n", "chain"},
		{"10.0.0.2", "proxy.example", `serve.yaml:8: proxies[0]: "proxy.example" is not an address`},
		{"10.0.0.2", "0.0.0.0/0", `proxies[0]: "0.0.0.0/0" is not an address`},
		{"[10.1.0.0/16]", "{a: b}", "serve.yaml:9"},
		{"max-requests: 500", "max-requests: 0", `serve.yaml:11: max-requests: "0" is not a whole number above nothing`},
		{"max-streams: 2000", "max-streams: -1", `max-streams: "-1"`},
		{"intake: true\n", "", "intake: is not on"},
		{"  addr: 127.0.0.1:8081\n", "", "onion.addr: is missing"},
		{"  hosts: [probityexample.onion]\n", "", "onion.hosts: is missing"},
		{"127.0.0.1:8081", "0.0.0.0:8081", "onion.addr: 0.0.0.0:8081 can be reached without Tor"},
		{"[probityexample.onion]", "[http://probityexample.onion]", `onion.hosts[0]: "http://probityexample.onion" is not a host name`},
		{wholeFront[strings.Index(wholeFront, "issuers:"):], "", "serve.yaml:"},
	} {
		text := strings.Replace(wholeFront, test.from, test.to, 1)
		if text == wholeFront {
			t.Fatalf("nothing like %q in the settings", test.from)
		}
		if _, err := frontOf(t, text); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s for %s:\ngot  %v\nwant %s", test.to, test.from, err, test.want)
		}
	}
	_, issuers, _ := strings.Cut(wholeFront, "issuers:\n")
	issuers, _, _ = strings.Cut(issuers, "intake:")
	twice := strings.Replace(wholeFront, issuers, issuers+issuers, 1)
	if _, err := frontOf(t, twice); err == nil || !strings.Contains(err.Error(), "serve.yaml:40: issuers[1].issuer: \"https://sso.example/realms/customs\" stands there twice") {
		t.Errorf("an issuer twice: %v", err)
	}
}

func TestWhichAddressesAreServed(t *testing.T) {
	without := func(parts ...string) string {
		text := wholeFront
		for _, p := range parts {
			if !strings.Contains(text, p) {
				t.Fatalf("nothing like %q", p)
			}
			text = strings.Replace(text, p, "", 1)
		}
		return text
	}
	const hosts, tls, proxies = "hosts: [ledger.example, 2001:db8::7]\n", "tls:\n  cert: tls.crt\n  key: /etc/tls.key\n", "proxies: 10.0.0.2\n"
	for _, test := range []struct{ name, text, addr, want string }{
		{"nothing set, this machine", "", "127.0.0.1:1", ""},
		{"nothing set, elsewhere", "", "10.0.0.7:1", "signs its own sign-in tokens"},
		{"nothing set, everywhere", "", ":1", "signs its own sign-in tokens"},
		{"all set", wholeFront, "10.0.0.7:1", ""},
		{"no address", wholeFront, "somewhere", `PROBITY_ADDR: "somewhere" is not an address`},
		{"no proxy", without(proxies), ":1", ""},
		{"no certificate", without(tls), ":1", ""},
		{"neither", without(tls, proxies), ":1", "nothing encrypts"},
		{"neither, this machine", without(tls, proxies), "[::1]:1", ""},
		{"no names", without(hosts), ":1", "hosts is not set"},
		{"no names, this machine", without(hosts), "localhost:1", ""},
	} {
		_, err := frontOf(t, test.text, "PROBITY_ADDR="+test.addr)
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %q", test.name, err, test.want)
		}
	}
}

// The settings shown in docs/sign-in.md are ones that are accepted.
func TestTheSettingsInTheDocsAreAccepted(t *testing.T) {
	raw, err := os.ReadFile("../../docs/sign-in.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(raw), "```yaml\n")[1:]
	if len(blocks) != 2 {
		t.Fatalf("%d examples of settings", len(blocks))
	}
	for _, block := range blocks {
		text, _, _ := strings.Cut(block, "```")
		path := filepath.Join(t.TempDir(), "serve.yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		a := &app{settings: settings.Read(settings.Sources{Verb: settings.Serve, File: path})}
		if _, err := a.serverSettings(); err != nil {
			t.Error(err)
		}
	}
}
