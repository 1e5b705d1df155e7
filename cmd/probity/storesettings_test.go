package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/probity-ledger/probity/cmd/probity/settings"
)

func TestWhereEventsAndViewsAreKept(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"ca.pem": "x", "user.crt": "x", "user.key": "x", "kurrent": "ops:changeit\n", "pg": "pass/word\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const cluster, postgres = "store: esdb://a:2113,b:2113,c:2113\n", "views: postgres://probity@db/views?sslmode=verify-full\n"
	for _, test := range []struct {
		name, file                string
		environ                   []string
		store, credentials, views string
		wrong                     []string
	}{
		{name: "nothing said", store: "embedded", views: "sqlite"},
		{name: "a cluster of three and its files", file: cluster + postgres + "store-ca: ca.pem\nstore-cert: user.crt\nstore-key: user.key\nstore-credentials-file: kurrent\nviews-password-file: pg\n",
			store:       "esdb://a:2113,b:2113,c:2113?tlsCAFile=DIR%2Fca.pem&userCertFile=DIR%2Fuser.crt&userKeyFile=DIR%2Fuser.key",
			credentials: "file:DIR/kurrent", views: "postgres://probity:pass%2Fword@db/views?sslmode=verify-full"},
		{name: "by DNS, secrets in the environment", file: "store: esdb+discover://kurrent.example:2113?tls=true\nstore-ca: ca.pem\n" + postgres,
			environ: []string{"PROBITY_STORE_CREDENTIALS=env:KURRENT", "PROBITY_VIEWS_PASSWORD=s3cret"},
			store:   "esdb+discover://kurrent.example:2113?tls=true&tlsCAFile=DIR%2Fca.pem", credentials: "env:KURRENT", views: "postgres://probity:s3cret@db/views?sslmode=verify-full"},
		{name: "passwords in the environment's URLs", environ: []string{"PROBITY_STORE=esdb://ops:s3cret@a", "PROBITY_VIEWS=postgres://p:s3cret@db/v"},
			store: "esdb://ops:s3cret@a", views: "postgres://p:s3cret@db/v"},
		{name: "passwords in the file's URLs", file: "store: esdb://ops:s3cret@a\nviews: postgres://p:s3cret@db/v\n", wrong: []string{
			"probity.yaml:1: store: has a password in it: leave it out and name the file that holds it in store-credentials-file",
			"probity.yaml:2: views: has a password in it: leave it out and name the file that holds it in views-password-file"}},
		{name: "no such places", file: "store: mysql://ops:s3cret@a\nviews: oracle://p:s3cret@b\n", wrong: []string{
			"probity.yaml:1: store: use embedded, esdb://", "probity.yaml:2: views: use sqlite or postgres://"}},
		{name: "files that are not there", file: cluster + postgres + "store-ca: no.pem\nstore-credentials-file: none\nviews-password-file: none\n", wrong: []string{
			"probity.yaml:3: store-ca: open ", "probity.yaml:4: store-credentials-file: open ", "probity.yaml:5: views-password-file: open "}},
		{name: "a secret where its place belongs", file: cluster, environ: []string{"PROBITY_STORE_CREDENTIALS=ops:s3cret"}, wrong: []string{"PROBITY_STORE_CREDENTIALS: use file:PATH or env:NAME"}},
		{name: "two places", file: cluster + "store-credentials-file: kurrent\nstore-credentials: env:KURRENT\n", wrong: []string{"probity.yaml:2: store-credentials-file: says where"}},
		{name: "half a certificate", file: cluster + "store-cert: user.crt\n", wrong: []string{"probity.yaml:2: store-key: is missing: the file of the key of the user certificate"}},
		{name: "for what is not used", file: "store-ca: ca.pem\nviews-password-file: pg\n", wrong: []string{
			"probity.yaml:1: store-ca: is for a KurrentDB, and store is embedded", "probity.yaml:2: views-password-file: is for a PostgreSQL, and views is sqlite"}},
		{name: "a password for nobody", file: "views: postgres://db/v\nviews-password-file: pg\n", wrong: []string{"probity.yaml:1: views: names no user"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(dir, "probity.yaml")
			if err := os.WriteFile(path, []byte(test.file), 0o600); err != nil {
				t.Fatal(err)
			}
			v := settings.Read(settings.Sources{Verb: "query", File: path, Environ: test.environ})
			store, credentials := storeFrom(v)
			views := viewsFrom(v)
			if err := v.Err(); err != nil {
				text := err.Error()
				for _, want := range test.wrong {
					if !strings.Contains(text, want) {
						t.Errorf("got %s, want %s", text, want)
					}
				}
				if len(err.(*settings.Invalid).Mistakes) != len(test.wrong) || strings.Contains(text, "s3cret") {
					t.Errorf("%d mistakes wanted: %s", len(test.wrong), text)
				}
				return
			}
			if test.wrong != nil {
				t.Fatalf("no mistake was found, want %q", test.wrong)
			}
			escaped := strings.ReplaceAll(dir, "/", "%2F")
			want := strings.ReplaceAll(strings.ReplaceAll(test.store, "DIR%2F", escaped+"%2F"), "DIR", dir)
			if store != want || credentials != strings.ReplaceAll(test.credentials, "DIR", dir) || views != test.views {
				t.Errorf("got %q, %q, %q", store, credentials, views)
			}
		})
	}
}

func TestAPasswordInAConnectionStringIsSeen(t *testing.T) {
	for connection, want := range map[string]bool{
		"embedded": false,
		"esdb://n1:2113,n2:2113?tlsCAFile=/etc/a@b":  false,
		"esdb://n1:2113?tlsCAFile=/etc/a@b":          false,
		"esdb://ops@n1:2113":                         false,
		"postgres://p@db:5432/v?sslmode=require":     false,
		"esdb://ops:s3cret@n1:2113":                  true,
		"esdb://ops:s3?cret@n1:2113":                 true,
		"esdb://ops:1234?x@n1":                       true,
		"esdb://ops:pa?ss=x@n1:2113":                 true,
		"postgres://p:s3cret@db/v":                   true,
		"postgres://p@db/v?password=s3cret":          true,
		"postgres://p@db/v?sslmode=x&sslpassword=s3": true,
	} {
		if got := hasPassword(connection); got != want {
			t.Errorf("%s: %t", connection, got)
		}
	}
}
