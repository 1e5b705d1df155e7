package kurrent

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/kurrent/kurrenttest"
)

const secret = "c0rrect-horse"

// secured is a server that asks who is there; the folder holds certificates.
func secured(t *testing.T) (*kurrenttest.Server, string) {
	t.Helper()
	dir := t.TempDir()
	return kurrenttest.Start(t, kurrenttest.Options{TLS: dir, Users: map[string]kurrenttest.User{
		"admin":   {Password: secret, Roles: []string{"$admins"}},
		"probity": {Password: secret},
		"shop":    {Password: secret},
	}}), dir
}

// as names a user in a connection string.
func as(url, user, password string) string {
	return strings.Replace(url, "esdb://", "esdb://"+user+":"+password+"@", 1)
}

func TestALedgerOpensOnASecuredServer(t *testing.T) {
	server, dir := secured(t)
	file := filepath.Join(t.TempDir(), "credentials")
	if err := os.WriteFile(file, []byte("probity:"+secret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("LEDGER_CREDENTIALS", "probity:"+secret)
	if err := server.Admin().SetMetadata("$all", `{"$acl":{"$r":["$admins","probity"]}}`); err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]Options{
		"credentials in a file":            {URL: server.URL(), Credentials: "file:" + file},
		"credentials in the environment":   {URL: server.URL(), Credentials: "env:LEDGER_CREDENTIALS"},
		"credentials in the URL":           {URL: as(server.URL(), "probity", secret)},
		"another scheme":                   {URL: strings.Replace(as(server.URL(), "probity", secret), "esdb", "kurrentdb", 1)},
		"a certificate instead of a name":  {URL: server.URL() + "&userCertFile=" + dir + "/probity.pem&userKeyFile=" + dir + "/probity-key.pem"},
		"several nodes, found by gossip":   {URL: strings.Replace(server.ClusterURL(), "?", ","+server.Addr()+"?", 1), Credentials: "file:" + file},
		"nodes behind one name, by gossip": {URL: strings.Replace(server.URL(), "esdb", "esdb+discover", 1), Credentials: "file:" + file},
	} {
		t.Run(name, func(t *testing.T) {
			o.Prefix = newPrefix()
			s := start(t, o)
			mustAppend(t, s, "a", ledger.NoStream, entries(2)...)
			if got := mustRead(t, s.ReadAll(t.Context(), ledger.Start)); len(got) != 2 {
				t.Errorf("read %v", got)
			}
		})
	}
}

func TestALedgerDoesNotOpenWhereItCannotLive(t *testing.T) {
	server, _ := secured(t)
	admin := server.Admin()
	set := func(stream, metadata string) {
		if err := admin.SetMetadata(stream, metadata); err != nil {
			t.Fatal(err)
		}
	}
	refused := func(t *testing.T, url string, words ...string) {
		t.Helper()
		said := &record{}
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		s, err := Open(ctx, Options{URL: url, Logger: said.logger()})
		if err == nil {
			_ = s.Close()
			t.Fatal("it opened")
		}
		for _, w := range words {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%q does not stand in: %v", w, err)
			}
		}
		for _, text := range []string{err.Error(), said.String(), fmt.Sprintf("%v %+v %#v", Options{URL: url}, Options{URL: url}, Options{URL: url})} {
			if strings.Contains(text, secret) {
				t.Errorf("the password is shown: %s", text)
			}
		}
	}
	t.Run("nobody answers", func(t *testing.T) {
		t.Parallel() // it waits until its time is over
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		addr := l.Addr().String()
		_ = l.Close()
		refused(t, "esdb://probity:"+secret+"@"+addr, "no leader", "esdb://***@"+addr, "refused")
	})
	t.Run("who answers says nothing", func(t *testing.T) {
		t.Parallel() // it waits until its time is over
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		refused(t, "esdb://probity:"+secret+"@"+l.Addr().String(), "no leader")
	})
	t.Run("a wrong password", func(t *testing.T) {
		refused(t, as(server.URL(), "probity", secret+"x"), "does not accept user and password", "user: probity")
	})
	t.Run("no user at all", func(t *testing.T) { refused(t, server.URL(), "denies access", "names no user") })
	t.Run("it may not read everything", func(t *testing.T) {
		refused(t, as(server.URL(), "probity", secret), "denies access", `{"$acl":{"$r":["$admins","probity"]}}`)
	})
	t.Run("it may not write", func(t *testing.T) {
		set("$all", `{"$acl":{"$r":["$admins","probity"]}}`)
		set(DefaultPrefix+writeCheck, `{"$acl":{"$w":["shop"]}}`)
		refused(t, as(server.URL(), "probity", secret), "write streams that begin with "+DefaultPrefix, "denies access")
	})
	t.Run("the authority is unknown", func(t *testing.T) {
		t.Parallel() // it waits until its time is over
		refused(t, "esdb://probity:"+secret+"@"+server.Addr(), "no leader", "certificate")
	})
}

func TestWhoElseMayWriteIsToldAtOpen(t *testing.T) {
	for settings, want := range map[string]bool{
		"": true,
		`{"$userStreamAcl":{"$r":"$all","$w":"$all","$d":"$admins","$mw":"$admins"}}`:                  true,
		`{"$userStreamAcl":{"$r":"$all","$w":["$admins","probity"],"$d":"$admins","$mw":["$admins"]}}`: false,
	} {
		server, _ := secured(t)
		if settings != "" {
			if _, err := server.Admin().Append(settingsStream, "update-default-acl", []byte(settings)); err != nil {
				t.Fatal(err)
			}
		}
		said := &record{}
		start(t, Options{URL: as(server.URL(), "admin", secret), Logger: said.logger()})
		if got := strings.Contains(said.String(), "$userStreamAcl"); got != want {
			t.Errorf("%s: warned is %v, want %v: %s", settings, got, want, said)
		}
	}
}
