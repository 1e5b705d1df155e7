package kurrenttest_test

import (
	"errors"
	"io"
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

// wantRefused fails unless an append is refused with the code. The client
// may only see that its call has ended, since the server does not wait for
// the events; then it is asked again.
func wantRefused(t *testing.T, code esdb.ErrorCode, appendOne func() error) {
	t.Helper()
	err := appendOne()
	for range 100 {
		if !errors.Is(err, io.EOF) {
			break
		}
		err = appendOne()
	}
	wantCode(t, err, code)
}

func TestWhoMayDoWhat(t *testing.T) {
	s, _ := secured(t)
	admin, clerk := dial(t, as(t, s, "admin", "changeit")), dial(t, as(t, s, "clerk", "secret"))
	if err := readAllErr(t, admin); err != nil {
		t.Fatal(err)
	}
	wantCode(t, readAllErr(t, clerk), esdb.ErrorCodeAccessDenied)
	mustAppend(t, clerk, "a", esdb.NoStream{}, event("1"))
	wantRefused(t, esdb.ErrorCodeAccessDenied, func() error { return appendTo(t, clerk, "$secret", esdb.Any{}, event("1")) })
	if err := s.Admin().SetMetadata("$all", `{"$acl":{"$r":"clerk"}}`); err != nil {
		t.Fatal(err)
	}
	if err := readAllErr(t, clerk); err != nil {
		t.Errorf("with the right: %v", err)
	}
	if err := s.Admin().SetMetadata("a", `{"$acl":{"$r":["clerk"],"$w":["$admins"],"$mr":[],"$d":"$admins"}}`); err != nil {
		t.Fatal(err)
	}
	wantRefused(t, esdb.ErrorCodeAccessDenied, func() error { return appendTo(t, clerk, "a", esdb.Any{}, event("2")) })
	if got := streamTexts(t, clerk, "a"); got != "1" {
		t.Errorf("read %q", got)
	}
	wantReadCode(t, clerk, "$$a", esdb.ErrorCodeAccessDenied)
	_, err := clerk.DeleteStream(ctxOf(t), "a", esdb.DeleteStreamOptions{ExpectedRevision: esdb.Any{}})
	wantCode(t, err, esdb.ErrorCodeAccessDenied)
	if _, err := s.Admin().Append("$settings", "settings", []byte(`{"$userStreamAcl":{"$w":"$admins"}}`)); err != nil {
		t.Fatal(err)
	}
	wantRefused(t, esdb.ErrorCodeAccessDenied, func() error { return appendTo(t, clerk, "b", esdb.Any{}, event("2")) })
}

func TestWhoIsThere(t *testing.T) {
	s, dir := secured(t)
	wantRefused(t, esdb.ErrorCodeUnauthenticated, func() error { return appendTo(t, dial(t, as(t, s, "clerk", "wrong")), "a", esdb.Any{}, event("1")) })
	wantRefused(t, esdb.ErrorCodeUnauthenticated, func() error { return appendTo(t, dial(t, as(t, s, "nobody", "x")), "a", esdb.Any{}, event("1")) })
	wantRefused(t, esdb.ErrorCodeAccessDenied, func() error { return appendTo(t, dial(t, s.URL()), "a", esdb.Any{}, event("1")) })
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
