package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/cmd/probity/settings"
	"github.com/probity-ledger/probity/graphql/signin/signintest"
	"github.com/probity-ledger/probity/graphql/trusted"
)

// The example is taken, once the files are there that it names.
func TestTheExampleIsTaken(t *testing.T) {
	raw, err := os.ReadFile("../../docs/settings.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	issuer := signintest.Start(true)
	defer issuer.Close()
	const document = "{ me { role } }"
	dir := t.TempDir()
	for name, text := range map[string]string{
		"settings.yaml":  strings.ReplaceAll(string(raw), "/run/secrets/", ""),
		"documents.json": fmt.Sprintf("{%q: %q}", trusted.ID(document), document),
		"sso-ca.pem":     string(issuer.RootsPEM()),
		"agency-ca.pem":  string(issuer.RootsPEM()), "payroll-webhook": "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDk8Ly9nZgZqU=\n",
		"kurrent-ca.pem": "", "probity.crt": "", "probity.key": "", "kurrent": "ops:secret", "postgres": "secret",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	a := &app{environ: []string{"HR_SYNC_SECRET=whsk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}, settings: settings.Read(settings.Sources{Verb: settings.Serve, File: filepath.Join(dir, "settings.yaml")})}
	s, err := a.serverSettings()
	if err != nil {
		t.Fatal(err)
	}
	storeFrom(a.settings)
	viewsFrom(a.settings)
	if err := a.settings.Err(); err != nil {
		t.Fatal(err)
	}
	if len(s.Front.Issuers) != 2 || !s.Access.Strict || s.Witnesses.Quorum != 1 || s.Front.Edge.MaxStreams != 20_000 || len(s.Hooks) != 2 || len(s.Hooks[0].Kinds) < 10 || !s.Hooks[1].Records {
		t.Errorf("got %+v", s)
	}
}

// The settings say by default what the house takes by itself.
func TestDefaultsOfTheIntakeAreThoseOfTheHouse(t *testing.T) {
	v := settings.Read(settings.Sources{Verb: settings.Serve})
	if v.Whole("files-limit") != house.DefaultFilesMiB || v.Whole("complaints-per-hour") != house.DefaultPublicPerHour || v.Text("files") != "" {
		t.Errorf("got %d MiB, %d an hour, %q", v.Whole("files-limit"), v.Whole("complaints-per-hour"), v.Text("files"))
	}
}
