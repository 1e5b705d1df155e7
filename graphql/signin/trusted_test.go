package signin

import (
	"crypto"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql/denial"
	"github.com/probity-ledger/probity/graphql/signin/jwks"
	"github.com/probity-ledger/probity/graphql/signin/signintest"
)

// outside is an issuer with its source of keys, which has fetched once.
type outside struct {
	*signintest.Issuer
	source *jwks.Source
	keys   map[string]signintest.Key
}

var outsideMethods = []string{"EdDSA", "RS256", "ES256"}

func newOutside(t testing.TB, keys map[string]string, change func(*signintest.Issuer)) *outside {
	return newOutsideNamed(t, "https://sso.example/realms/customs", keys, change)
}

func newOutsideNamed(t testing.TB, name string, keys map[string]string, change func(*signintest.Issuer)) *outside {
	t.Helper()
	o := &outside{Issuer: signintest.NewOffline(name), keys: map[string]signintest.Key{}}
	for kid, algorithm := range keys {
		o.keys[kid] = o.Add(kid, algorithm)
	}
	// The paths of this issuer lie below its realm.
	config := jwks.Config{Issuer: name, JWKS: name + signintest.KeysPath, Algorithms: outsideMethods, Logger: slog.New(slog.DiscardHandler),
		Transport: http.RoundTripper(below{o.Issuer})}
	if change != nil {
		change(o.Issuer)
	}
	var err error
	if o.source, err = jwks.New(config); err != nil {
		t.Fatal(err)
	}
	o.source.Check(t.Context())
	return o
}

// below takes the realm out of the path.
type below struct{ *signintest.Issuer }

func (b below) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Path = strings.TrimPrefix(r.URL.Path, "/realms/customs")
	return b.Issuer.RoundTrip(r)
}

func (o *outside) private(kid string) crypto.Signer { return o.keys[kid].Private }

// trusted is the issuer with claims named as ours are.
func (o *outside) trusted() Trusted {
	return Trusted{
		Issuer: o.URL, Audience: "probity", Keys: o.source, Methods: outsideMethods,
		Mapping: Mapping{Role: "role", Units: []string{"unit", "units"}, Everywhere: true,
			Allowed: []domain.Role{domain.RoleAuditor, domain.RoleHR, domain.RoleInspector}},
	}
}

func (o *outside) verifier(t testing.TB, all ...Trusted) *Verifier {
	t.Helper()
	v, err := NewTrustedVerifier(func() time.Time { return noon }, all...)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// token is an honest token of noon, changed.
func (o *outside) token(kid string, changes map[string]any) string {
	c := jwt.MapClaims{"iss": o.URL, "aud": "probity", "sub": "o-7", "iat": noon.Unix(), "exp": noon.Add(time.Hour).Unix()}
	for name, value := range changes {
		c[name] = value
	}
	return o.keys[kid].Sign(c)
}

func reasonOf(err error) Reason {
	if refused, ok := errors.AsType[*TokenError](err); ok {
		return refused.Reason
	}
	return ""
}

type kv = map[string]any

func TestClaimsAreMappedByTheIssuersSettings(t *testing.T) {
	o := newOutside(t, map[string]string{"k": "EdDSA", "r": "RS256", "e": "ES256"}, nil)
	groups := func(change func(*Mapping)) Mapping {
		m := Mapping{
			Subject: "preferred_username", Role: "/realm_access/roles", Units: []string{"probity_units"},
			Names:   map[string]domain.Role{"/probity/audit": domain.RoleAuditor, "/probity/hr": domain.RoleHR},
			Allowed: []domain.Role{domain.RoleAuditor, domain.RoleHR},
		}
		if change != nil {
			change(&m)
		}
		return m
	}
	own := o.trusted().Mapping
	roles := func(names ...string) kv {
		return kv{"preferred_username": "zhou", "probity_units": "port", "realm_access": kv{"roles": append([]string{"offline_access"}, names...)}}
	}
	and := func(c kv, more kv) kv {
		for name, value := range more {
			c[name] = value
		}
		return c
	}
	port := []domain.UnitID{"port"}
	tests := []struct {
		name    string
		mapping Mapping
		claims  kv
		want    Principal // without issuer and expiry
		refused Reason
	}{
		{"our own names", own, kv{"role": "hr", "units": []string{"port", "office", "port"}}, Principal{Subject: "o-7", Role: domain.RoleHR, Unit: "port", Units: []domain.UnitID{"port", "office"}}, ""},
		{"a group of a nested claim", groups(nil), roles("/probity/audit"), Principal{Subject: "zhou", Role: domain.RoleAuditor, Unit: "port", Units: port}, ""},
		{"one group twice", groups(nil), roles("/probity/hr", "/probity/hr"), Principal{Subject: "zhou", Role: domain.RoleHR, Unit: "port", Units: port}, ""},
		{"a prefix before the subject", groups(func(m *Mapping) { m.SubjectPrefix = "east/" }), roles("/probity/hr"), Principal{Subject: "east/zhou", Role: domain.RoleHR, Unit: "port", Units: port}, ""},
		{"a scope", groups(func(m *Mapping) {
			m.Role, m.Names = "scope", map[string]domain.Role{"probity:hr": domain.RoleHR}
		}), and(roles(), kv{"scope": "openid probity:hr"}), Principal{Subject: "zhou", Role: domain.RoleHR, Unit: "port", Units: port}, ""},
		{"a claim whose name is an address", groups(func(m *Mapping) { m.Role = "https://probity.example/role" }), and(roles(), kv{"https://probity.example/role": "/probity/hr"}), Principal{Subject: "zhou", Role: domain.RoleHR, Unit: "port", Units: port}, ""},
		{"a slash in a pointer", groups(func(m *Mapping) { m.Role = "/resource_access/a~1b/roles" }), and(roles(), kv{"resource_access": kv{"a/b": kv{"roles": "/probity/hr"}}}), Principal{Subject: "zhou", Role: domain.RoleHR, Unit: "port", Units: port}, ""},
		{"a fixed role and scope", Mapping{Fixed: domain.RoleHR, Allowed: []domain.Role{domain.RoleHR}, FixedUnits: port}, kv{"role": "auditor", "units": []string{"all"}}, Principal{Subject: "o-7", Role: domain.RoleHR, Unit: "port", Units: port}, ""},
		{"the whole ledger where that may be given", groups(func(m *Mapping) { m.Everywhere = true }), and(roles("/probity/audit"), kv{"probity_units": "*"}), Principal{Subject: "zhou", Role: domain.RoleAuditor, Unit: "*", Units: []domain.UnitID{"*"}}, ""},
		{"no unit for a role that needs none", groups(nil), and(roles("/probity/hr"), kv{"probity_units": nil}), Principal{Subject: "zhou", Role: domain.RoleHR}, ""},

		{"no group", groups(nil), roles(), Principal{}, ReasonRole},
		{"a group by the name of a role", groups(nil), roles("auditor"), Principal{}, ReasonRole},
		{"two roles", groups(nil), roles("/probity/hr", "/probity/audit"), Principal{}, ReasonRole},
		{"a claim that is not there", groups(nil), kv{"preferred_username": "zhou"}, Principal{}, ReasonRole},
		{"a claim that is a number", groups(func(m *Mapping) { m.Role = "n" }), and(roles(), kv{"n": 7}), Principal{}, ReasonRole},
		{"a claim that is an object", groups(func(m *Mapping) { m.Role = "realm_access" }), roles("/probity/hr"), Principal{}, ReasonRole},
		{"a list of numbers", groups(func(m *Mapping) { m.Role = "n" }), and(roles(), kv{"n": []any{"/probity/hr", 7}}), Principal{}, ReasonRole},
		{"a role the issuer may not give", own, kv{"role": "leader", "unit": "port"}, Principal{}, ReasonRole},
		{"the system", own, kv{"role": "system", "unit": "port"}, Principal{}, ReasonRole},
		{"the public", own, kv{"role": "public", "unit": "port"}, Principal{}, ReasonRole},
		{"an importer", own, kv{"role": "importer", "unit": "port"}, Principal{}, ReasonRole},
		{"no subject claim", groups(nil), and(roles("/probity/hr"), kv{"preferred_username": nil}), Principal{}, ReasonClaims},
		{"a subject that is a list", groups(nil), and(roles("/probity/hr"), kv{"preferred_username": []string{"zhou"}}), Principal{}, ReasonClaims},
		{"a person who would be a machine", groups(nil), and(roles("/probity/hr"), kv{"preferred_username": "machine:hr-sync"}), Principal{}, ReasonClaims},
		{"a person who would be the system", groups(nil), and(roles("/probity/hr"), kv{"preferred_username": string(domain.ActorSystem)}), Principal{}, ReasonClaims},
		{"the whole ledger where it may not be given", groups(nil), and(roles("/probity/audit"), kv{"probity_units": "*"}), Principal{}, ReasonRole},
		{"the whole ledger by naming no unit", groups(nil), and(roles("/probity/audit"), kv{"probity_units": nil}), Principal{}, ReasonRole},
		{"the whole ledger by an empty list", groups(nil), and(roles("/probity/audit"), kv{"probity_units": []string{}}), Principal{}, ReasonRole},
		{"units that are a number", groups(nil), and(roles("/probity/hr"), kv{"probity_units": 7}), Principal{}, ReasonClaims},
		{"a token about a sign-in", own, kv{"role": "hr", "unit": "port", "typ": "ID"}, Principal{}, ReasonClaims},
		{"a token about a sign-in by its hash", own, kv{"role": "hr", "unit": "port", "at_hash": "x"}, Principal{}, ReasonClaims},
		{"a token bound to a key", own, kv{"role": "hr", "unit": "port", "cnf": kv{"jkt": "x"}}, Principal{}, ReasonClaims},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			trusted := o.trusted()
			trusted.Mapping = test.mapping
			verifier := o.verifier(t, trusted)
			for kid := range o.keys {
				got, err := verifier.Verify(o.token(kid, test.claims))
				if reasonOf(err) != test.refused {
					t.Fatalf("got %+v, %v; want reason %q", got, err, test.refused)
				}
				if err != nil {
					continue
				}
				test.want.Issuer, test.want.Expires = o.URL, noon.Add(time.Hour).Local()
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("principal (-want +got):\n%s", diff)
				}
			}
		})
	}
}

func TestMachines(t *testing.T) {
	o := newOutside(t, map[string]string{"k": "EdDSA"}, nil)
	hr := map[string]Machine{"hr-sync": {Role: domain.RoleHR, Units: []domain.UnitID{"hq"}}}
	plain, marked := &Machines{Clients: hr}, &Machines{Claim: "client_id", Clients: hr}
	valued := &Machines{Claim: "kind", Value: "robot", Client: "name", Clients: hr, MaxLifetime: 10 * time.Minute}
	good := Principal{Subject: "machine:hr-sync", Machine: true, Role: domain.RoleHR, Unit: "hq", Units: []domain.UnitID{"hq"}}
	short := noon.Add(10 * time.Minute).Unix()
	tests := []struct {
		name     string
		machines *Machines
		claims   kv
		want     Principal
		refused  Reason
	}{
		{"the subject is the client", plain, kv{"sub": "hr-sync", "azp": "hr-sync"}, good, ""},
		{"by RFC 9068", plain, kv{"sub": "hr-sync", "client_id": "hr-sync"}, good, ""},
		{"by its grant", plain, kv{"sub": "hr-sync@clients", "azp": "hr-sync", "gty": "client-credentials"}, good, ""},
		{"a service account with a subject of its own", marked, kv{"sub": "9b1f", "azp": "hr-sync", "client_id": "hr-sync"}, good, ""},
		{"by a value", valued, kv{"sub": "9b1f", "kind": "robot", "name": "hr-sync", "exp": short}, good, ""},
		{"what it says of roles and units counts for nothing", plain, kv{"sub": "hr-sync", "azp": "hr-sync", "role": "auditor", "units": []string{"*"}}, good, ""},
		{"a person beside", marked, kv{"sub": "o-7", "azp": "portal", "role": "hr", "unit": "port"}, Principal{Subject: "o-7", Role: domain.RoleHR, Unit: "port", Units: []domain.UnitID{"port"}}, ""},
		{"a person beside, by a value", valued, kv{"sub": "o-7", "kind": "person", "role": "hr", "unit": "port"}, Principal{Subject: "o-7", Role: domain.RoleHR, Unit: "port", Units: []domain.UnitID{"port"}}, ""},

		{"where no machine may", nil, kv{"sub": "hr-sync", "azp": "hr-sync", "role": "hr", "unit": "port"}, Principal{}, ReasonMachine},
		{"by its grant, where no machine may", nil, kv{"sub": "9b1f", "gty": "client-credentials", "role": "hr", "unit": "port"}, Principal{}, ReasonMachine},
		{"an app, where no machine may", nil, kv{"sub": "9b1f", "idtyp": "app", "role": "hr", "unit": "port"}, Principal{}, ReasonMachine},
		{"another machine", plain, kv{"sub": "ci", "azp": "ci", "role": "hr", "unit": "port"}, Principal{}, ReasonMachine},
		{"a machine without a name", marked, kv{"sub": "9b1f", "client_id": 7}, Principal{}, ReasonMachine},
		{"a longer life than machines have", plain, kv{"sub": "hr-sync", "azp": "hr-sync", "exp": noon.Add(2 * time.Hour).Unix()}, Principal{}, ReasonLifetime},
		{"a longer life than this one has", valued, kv{"sub": "9b1f", "kind": "robot", "name": "hr-sync"}, Principal{}, ReasonLifetime},
		{"no time of issue", plain, kv{"sub": "hr-sync", "azp": "hr-sync", "iat": nil}, Principal{}, ReasonClaims},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			trusted := o.trusted()
			trusted.Machines = test.machines
			got, err := o.verifier(t, trusted).Verify(o.token("k", test.claims))
			if reasonOf(err) != test.refused {
				t.Fatalf("got %+v, %v; want reason %q", got, err, test.refused)
			}
			if err == nil {
				test.want.Issuer, test.want.Expires = o.URL, got.Expires
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("principal (-want +got):\n%s", diff)
				}
			}
		})
	}
}

func TestEachIssuersKeysVerifyItsOwnTokensAlone(t *testing.T) {
	a := newOutsideNamed(t, "https://a.example", map[string]string{"k": "EdDSA"}, nil)
	b := newOutsideNamed(t, "https://b.example", map[string]string{"k": "EdDSA", "b": "EdDSA"}, nil)
	trustA, trustB := a.trusted(), b.trusted()
	trustB.Mapping.Allowed = []domain.Role{domain.RoleHR}
	trustB.Audience = "probity-b"
	v := a.verifier(t, trustA, trustB)
	auditor, hr := kv{"role": "auditor"}, kv{"role": "hr"}
	with := func(c kv, more ...any) kv {
		out := kv{}
		for name, value := range c {
			out[name] = value
		}
		for i := 0; i+1 < len(more); i += 2 {
			out[more[i].(string)] = more[i+1]
		}
		return out
	}
	laptop, _, err := testIssuer(t).Mint(Grant{Subject: "o-7", Role: domain.RoleAuditor})
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		token string
		want  Reason
	}{
		"a's":                                 {a.token("k", auditor), ""},
		"b's":                                 {b.token("k", with(hr, "aud", "probity-b")), ""},
		"a's audience in b's token":           {b.token("k", hr), ReasonAudience},
		"b's role that only a may give":       {b.token("k", with(auditor, "aud", "probity-b")), ReasonRole},
		"b signs in a's name":                 {b.token("k", with(auditor, "iss", a.URL)), ReasonSignature},
		"b signs in a's name with b's key":    {b.token("b", with(auditor, "iss", a.URL)), ReasonKey},
		"a signs in b's name":                 {a.token("k", with(hr, "iss", b.URL, "aud", "probity-b")), ReasonSignature},
		"somebody else's":                     {a.token("k", with(auditor, "iss", "https://c.example")), ReasonIssuer},
		"a's name with a slash":               {a.token("k", with(auditor, "iss", a.URL+"/")), ReasonIssuer},
		"both names":                          {a.token("k", with(auditor, "iss", []string{a.URL, b.URL})), ReasonMalformed},
		"the laptop's, which is off":          {laptop, ReasonIssuer},
		"a's key in the name of the laptop's": {a.token("k", with(auditor, "iss", LaptopIssuer)), ReasonIssuer},
	} {
		for range 2 { // the second time by memory, if it was good
			if _, err := v.Verify(test.token); reasonOf(err) != test.want || (err == nil) != (test.want == "") {
				t.Errorf("%s: %v, want %q", name, err, test.want)
			}
		}
	}
}

func TestWhileAnIssuerIsDownOthersGoOn(t *testing.T) {
	up := newOutsideNamed(t, "https://up.example", map[string]string{"k": "EdDSA"}, nil)
	down := newOutsideNamed(t, "https://down.example", map[string]string{"k": "EdDSA"}, func(i *signintest.Issuer) {
		i.Answer(signintest.KeysPath, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) })
	})
	log := denial.New(denial.Config{Logger: slog.New(slog.DiscardHandler)})
	h := log.Watch(Require(up.verifier(t, up.trusted(), down.trusted()))(who))
	get := func(token string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", "/graphql", nil)
		r.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	if w := get(up.token("k", kv{"role": "hr"})); w.Code != 200 {
		t.Errorf("the issuer that is up: %d %s", w.Code, w.Body)
	}
	w := get(down.token("k", kv{"role": "hr"}))
	if w.Code != 503 || w.Header().Get("Retry-After") == "" || w.Header().Get("WWW-Authenticate") != "" || !strings.Contains(w.Body.String(), `"reason":"issuer_unavailable"`) {
		t.Errorf("the issuer that is down: %d %v %s", w.Code, w.Header(), w.Body)
	}
	if got := log.Counts(); got["issuer_unavailable"] != 1 || len(got) != 1 {
		t.Errorf("denials: %v", got)
	}
}

func TestARememberedTokenGoesWithItsKey(t *testing.T) {
	o := newOutside(t, map[string]string{"k": "EdDSA", "other": "EdDSA"}, nil)
	v := o.verifier(t, o.trusted())
	token := o.token("k", kv{"role": "hr"})
	for range 2 {
		if _, err := v.Verify(token); err != nil {
			t.Fatal(err)
		}
	}
	o.Remove("k")
	o.source.Check(t.Context())
	if _, err := v.Verify(token); reasonOf(err) != ReasonKey {
		t.Errorf("got %v, want an unknown key", err)
	}
}

func TestAnIssuerThatCannotBeTrusted(t *testing.T) {
	o := newOutside(t, map[string]string{"k": "EdDSA"}, nil)
	machines := func(m Machines) func(*Trusted) { return func(t *Trusted) { t.Machines = &m } }
	for want, change := range map[string]func(*Trusted){
		"issuer: is missing":                 func(t *Trusted) { t.Issuer = "" },
		"audience: is missing":               func(t *Trusted) { t.Audience = "" },
		"algorithms: are missing":            func(t *Trusted) { t.Methods = nil },
		`algorithms: "HS256" is not`:         func(t *Trusted) { t.Methods = []string{"RS256", "HS256"} },
		`algorithms: "none" is not`:          func(t *Trusted) { t.Methods = []string{"none"} },
		"max-lifetime: must be":              func(t *Trusted) { t.MaxLifetime = 25 * time.Hour },
		"roles: are missing":                 func(t *Trusted) { t.Mapping.Allowed = nil },
		`roles: nobody signs in as "system"`: func(t *Trusted) { t.Mapping.Allowed = []domain.Role{"hr", "system"} },
		`roles: nobody signs in as "public"`: func(t *Trusted) { t.Mapping.Allowed = []domain.Role{"public"} },
		`roles: there is no role "emperor"`:  func(t *Trusted) { t.Mapping.Allowed = []domain.Role{"emperor"} },
		"claims.role: is missing":            func(t *Trusted) { t.Mapping.Role = "" },
		"role: is fixed":                     func(t *Trusted) { t.Mapping.Fixed = "hr" },
		`role: "leader" is not one of`:       func(t *Trusted) { t.Mapping.Role, t.Mapping.Fixed = "", "leader" },
		`role-map: "x" leads to "leader"`:    func(t *Trusted) { t.Mapping.Names = map[string]domain.Role{"x": "leader"} },
		"units: are fixed":                   func(t *Trusted) { t.Mapping.FixedUnits = []domain.UnitID{"port"} },
		`units: "*" needs whole-ledger`: func(t *Trusted) {
			t.Mapping.Units, t.Mapping.FixedUnits, t.Mapping.Everywhere = nil, []domain.UnitID{"*"}, false
		},
		`units: "" is not the id`:                            func(t *Trusted) { t.Mapping.Units, t.Mapping.FixedUnits = nil, []domain.UnitID{""} },
		"subject-prefix":                                     func(t *Trusted) { t.Mapping.SubjectPrefix = "machine:x" },
		"machine.clients: are missing":                       machines(Machines{}),
		"machine.value: needs":                               machines(Machines{Value: "x"}),
		"machine.max-lifetime":                               machines(Machines{Clients: map[string]Machine{"x": {"hr", []domain.UnitID{"u"}}}, MaxLifetime: -1}),
		`machine.clients.x.role: "leader" is`:                machines(Machines{Clients: map[string]Machine{"x": {"leader", []domain.UnitID{"u"}}}}),
		`machine.clients.x.role: "inspector" is for persons`: machines(Machines{Clients: map[string]Machine{"x": {"inspector", []domain.UnitID{"u"}}}}),
		"machine.clients.x.units: are missing":               machines(Machines{Clients: map[string]Machine{"x": {"hr", nil}}}),
	} {
		trusted := o.trusted()
		change(&trusted)
		if _, err := NewTrustedVerifier(nil, trusted); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	laptop := o.trusted()
	laptop.Issuer = LaptopIssuer
	for _, all := range [][]Trusted{nil, {laptop}, {o.trusted(), o.trusted()}} {
		if _, err := NewTrustedVerifier(nil, all...); err == nil {
			t.Errorf("%d issuers are trusted that cannot be", len(all))
		}
	}
}

func FuzzVerifyOutside(f *testing.F) {
	o := newOutside(f, map[string]string{"k": "EdDSA"}, nil)
	trusted := o.trusted()
	trusted.Mapping.Everywhere = false
	trusted.Machines = &Machines{Claim: "/m/kind", Clients: map[string]Machine{"x": {domain.RoleHR, []domain.UnitID{"u"}}}}
	v := o.verifier(f, trusted)
	body := func(c kv) string {
		for name, value := range (kv{"iss": o.URL, "aud": "probity", "sub": "o-7", "iat": noon.Unix(), "exp": noon.Add(time.Hour).Unix()}) {
			if _, ok := c[name]; !ok {
				c[name] = value
			}
		}
		raw, err := json.Marshal(c)
		if err != nil {
			f.Fatal(err)
		}
		return string(raw)
	}
	f.Add(`{"alg":"EdDSA","kid":"k"}`, body(kv{"role": []string{"hr", "x"}, "units": []string{"u"}}))
	f.Add(`{"alg":"EdDSA","kid":"k","typ":"at+jwt"}`, body(kv{"sub": "x", "azp": "x", "m": kv{"kind": 1}}))
	f.Add(`{"alg":"EdDSA","kid":"k"}`, body(kv{"role": "system", "units": "*"}))
	key := o.private("k").(ed25519.PrivateKey)
	f.Fuzz(func(t *testing.T, head, body string) {
		p, err := v.Verify(sign(key, head, body))
		switch {
		case err != nil && reasonOf(err) == "":
			t.Errorf("refused with a foreign error %v", err)
		case err == nil && (!slices.Contains(trusted.Mapping.Allowed, p.Role) || p.Issuer != o.URL || slices.Contains(p.Units, everywhere) ||
			p.Machine != strings.HasPrefix(p.Subject, MachinePrefix) || p.Machine && (p.Subject != "machine:x" || p.Role != domain.RoleHR || fmt.Sprint(p.Units) != "[u]")):
			t.Errorf("accepted %+v", p)
		}
	})
}
