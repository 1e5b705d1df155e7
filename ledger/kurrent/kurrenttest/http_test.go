package kurrenttest_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"github.com/probity-ledger/probity/ledger/kurrent/kurrenttest"
)

// ask gets a page of a server, over a connection that it leaves open.
func ask(t *testing.T, client *http.Client, url string, out any) {
	t.Helper()
	res, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK || res.ProtoMajor != 1 {
		t.Fatalf("%s: %s in %s", url, res.Status, res.Proto)
	}
	if err := json.NewDecoder(res.Body).Decode(out); err != nil {
		t.Fatalf("%s: %v", url, err)
	}
}

// One port for HTTP/1.1 and for gRPC, in plain text and with TLS.
func TestAServerAnswersHTTPOnTheSamePort(t *testing.T) {
	folder := t.TempDir()
	for scheme, s := range map[string]*kurrenttest.Server{
		"http":  kurrenttest.Start(t, kurrenttest.Options{}),
		"https": kurrenttest.Start(t, kurrenttest.Options{Version: "25.1.0", TLS: folder}),
	} {
		follower := s.Follower(t)
		transport := &http.Transport{}
		if scheme == "https" {
			authority, err := os.ReadFile(filepath.Join(folder, "ca.pem"))
			if err != nil {
				t.Fatal(err)
			}
			transport.TLSClientConfig = &tls.Config{RootCAs: x509.NewCertPool()}
			transport.TLSClientConfig.RootCAs.AppendCertsFromPEM(authority)
		}
		defer transport.CloseIdleConnections()
		client := &http.Client{Transport: transport}
		c := dial(t, s.URL())
		for range 3 { // the two in turn
			mustAppend(t, c, "a", esdb.Any{}, event("x"))
			var info struct{ DBVersion, State string }
			ask(t, client, scheme+"://"+s.Addr()+"/info", &info)
			want := "24.10.0"
			if scheme == "https" {
				want = "25.1.0"
			}
			if info.DBVersion != want || info.State != "leader" {
				t.Errorf("%s: %+v", scheme, info)
			}
		}
		s.Kill()
		if res, err := client.Get(scheme + "://" + s.Addr() + "/info"); err == nil {
			res.Body.Close()
			t.Errorf("%s: a killed server answers", scheme)
		}
		var gossip struct {
			Members []struct {
				State            string
				IsAlive          bool
				HTTPEndPointIP   string
				HTTPEndPointPort int
			}
		}
		ask(t, client, scheme+"://"+follower.Addr()+"/gossip", &gossip)
		if m := gossip.Members; len(m) != 2 || m[0].State != "Leader" || m[0].IsAlive || m[1].State != "Follower" || !m[1].IsAlive || m[1].HTTPEndPointIP != "127.0.0.1" || m[1].HTTPEndPointPort == 0 {
			t.Errorf("%s: %+v", scheme, m)
		}
		if err := s.Restart(); err != nil {
			t.Fatal(err)
		}
		ask(t, client, scheme+"://"+s.Addr()+"/info", new(any))
	}
}
