package kurrenttest_test

import (
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"github.com/probity-ledger/probity/ledger/kurrent/kurrenttest"
)

// secured is a server that asks who is there.
func secured(t *testing.T) (*kurrenttest.Server, string) {
	t.Helper()
	dir := t.TempDir()
	return kurrenttest.Start(t, kurrenttest.Options{TLS: dir, Users: map[string]kurrenttest.User{
		"admin": {Password: "changeit", Roles: []string{"$admins"}},
		"clerk": {Password: "secret"},
	}}), dir
}

// as names a user in a connection string.
func as(t *testing.T, s *kurrenttest.Server, name, password string) string {
	t.Helper()
	u, err := url.Parse(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword(name, password)
	return u.String()
}

func readAllErr(t *testing.T, c *esdb.Client) error {
	t.Helper()
	r, err := c.ReadAll(ctxOf(t), esdb.ReadAllOptions{From: esdb.Start{}}, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	_, err = r.Recv()
	return err
}

func TestWhoMayDoWhat(t *testing.T) {
	s, _ := secured(t)
	admin, clerk := dial(t, as(t, s, "admin", "changeit")), dial(t, as(t, s, "clerk", "secret"))
	if err := readAllErr(t, admin); err != nil {
		t.Fatal(err)
	}
	wantCode(t, readAllErr(t, clerk), esdb.ErrorCodeAccessDenied)
	mustAppend(t, clerk, "a", esdb.NoStream{}, event("1"))
	wantCode(t, appendTo(t, clerk, "$secret", esdb.Any{}, event("1")), esdb.ErrorCodeAccessDenied)
	if err := s.Admin().SetMetadata("$all", `{"$acl":{"$r":"clerk"}}`); err != nil {
		t.Fatal(err)
	}
	if err := readAllErr(t, clerk); err != nil {
		t.Errorf("with the right: %v", err)
	}
	if err := s.Admin().SetMetadata("a", `{"$acl":{"$r":["clerk"],"$w":["$admins"],"$mr":[],"$d":"$admins"}}`); err != nil {
		t.Fatal(err)
	}
	wantCode(t, appendTo(t, clerk, "a", esdb.Any{}, event("2")), esdb.ErrorCodeAccessDenied)
	if got := streamTexts(t, clerk, "a"); got != "1" {
		t.Errorf("read %q", got)
	}
	wantReadCode(t, clerk, "$$a", esdb.ErrorCodeAccessDenied)
	_, err := clerk.DeleteStream(ctxOf(t), "a", esdb.DeleteStreamOptions{ExpectedRevision: esdb.Any{}})
	wantCode(t, err, esdb.ErrorCodeAccessDenied)
	if _, err := s.Admin().Append("$settings", "settings", []byte(`{"$userStreamAcl":{"$w":"$admins"}}`)); err != nil {
		t.Fatal(err)
	}
	wantCode(t, appendTo(t, clerk, "b", esdb.Any{}, event("2")), esdb.ErrorCodeAccessDenied)
}

func TestWhoIsThere(t *testing.T) {
	s, dir := secured(t)
	wantCode(t, appendTo(t, dial(t, as(t, s, "clerk", "wrong")), "a", esdb.Any{}, event("1")), esdb.ErrorCodeUnauthenticated)
	wantCode(t, appendTo(t, dial(t, as(t, s, "nobody", "x")), "a", esdb.Any{}, event("1")), esdb.ErrorCodeUnauthenticated)
	wantCode(t, appendTo(t, dial(t, s.URL()), "a", esdb.Any{}, event("1")), esdb.ErrorCodeAccessDenied)
	cert := s.URL() + "&userCertFile=" + filepath.Join(dir, "admin.pem") + "&userKeyFile=" + filepath.Join(dir, "admin-key.pem")
	if err := readAllErr(t, dial(t, cert)); err != nil {
		t.Errorf("with a certificate: %v", err)
	}
	other := t.TempDir()
	kurrenttest.Start(t, kurrenttest.Options{TLS: other})
	wrongCA := strings.ReplaceAll(s.URL(), dir, other) + "&maxDiscoverAttempts=1"
	if err := appendTo(t, dial(t, wrongCA), "a", esdb.Any{}, event("1")); err == nil {
		t.Error("a client took a server of another authority")
	}
}
