package kurrent

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/probity-ledger/probity/ledger"
)

func TestConnectionStrings(t *testing.T) {
	for _, c := range []struct {
		url                string
		address            string
		seeds              int
		discover, insecure bool
		user, password     string
	}{
		{url: "esdb://n1", address: "n1:2113"},
		{url: "kurrentdb://n1:1234/", address: "n1:1234"},
		{url: "kdb://n1?tls=false", address: "n1:2113", insecure: true},
		{url: "KurrentDB+discover://cluster.example:2114", address: "cluster.example:2114", discover: true},
		{url: "esdb://n1,n2:2115,n3?tlsVerifyCert=true", seeds: 3},
		{url: "esdb://u:p%40ss%2Fw%2C%3F@n1,n2", seeds: 2, user: "u", password: "p@ss/w,?"},
		{url: "esdb://u:p@ss/w#,:@n1", address: "n1:2113", user: "u", password: "p@ss/w#,:"},
	} {
		conf, err := configure(Options{URL: c.url})
		if err != nil {
			t.Errorf("%s: %v", c.url, err)
			continue
		}
		if conf.Address != c.address || len(conf.GossipSeeds) != c.seeds || conf.DnsDiscover != c.discover ||
			conf.DisableTLS != c.insecure || conf.Username != c.user || conf.Password != c.password || conf.MaxDiscoverAttempts != 1 {
			t.Errorf("%s gave %+v", c.url, conf)
		}
	}
}

func TestConnectionStringsThatAreRefused(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "missing.pem")
	for _, c := range []struct{ url, credentials, want string }{
		{"postgres://u:" + secret + "@n1", "", "does not begin with esdb://"},
		{"u:" + secret + "@n1", "", "does not begin with"},
		{"esdb://", "", "not HOST"},
		{"esdb://n1,,n2", "", "not HOST"},
		{"esdb://n1:port", "", "the port is a number"},
		{"esdb://n1:70000", "", "the port is a number"},
		{"esdb://[::1]:2113", "", "no IPv6"},
		{"esdb://n1/path", "", "not HOST"},
		{"esdb+discover://n1,n2", "", "one DNS name"},
		{"esdb://n1?colour=red", "", `"colour" is unknown`},
		{"esdb://n1?tls=perhaps", "", "tls"},
		{"esdb://n1?tls=false&tls=true", "", "2 times"},
		{"esdb://n1?nodePreference=follower", "", "nodePreference"},
		{"esdb://n1?keepAliveInterval=5", "", "keepAliveInterval"},
		{"esdb://n1?tlsCaFile=" + missing, "", "missing.pem"},
		{"esdb://n1?userCertFile=" + missing, "", "userKeyFile"},
		{"esdb://n1?userCertFile=" + missing + "&userKeyFile=" + missing, "", "missing.pem"},
		{"esdb://u:" + secret + "@n1?tls=false", "", "tls=false"},
		{"esdb://u:" + secret + "@n1", "env:X", "leave one of them out"},
		{"esdb://u@n1", "", "belong together"},
		{"esdb://u:%zz" + secret + "@n1", "", "percent-encoded"},
		{"esdb://u:" + secret + "?x@n1", "", "percent-encoded"},
		{"esdb://u:x?" + secret + "@n1", "", "percent-encoded"},
		{"esdb://u:x?" + secret + "=&y@n1?tls=false", "", "percent-encoded"},
		{"esdb://u:x@y?" + secret + "@n1", "", "percent-encoded"},
		{"esdb://n1?tlsCaFile=/etc/" + secret + "@n1", "", "percent-encoded"},
		{"u:" + secret + "://x@n1", "", "does not begin with"},
		{"esdb://u:" + secret, "", "the port is a number"},
		{"esdb://u:" + secret + "?x", "", "the port is a number"},
		{"esdb://u:" + secret + "/x#y", "", "the port is a number"},
		{"esdb://u:x:" + secret, "", "no IPv6"},
		{"esdb://u x:" + secret, "", "not HOST"},
		{"esdb://n1", "file:" + missing, "missing.pem"},
		{"esdb://n1", "env:PROBITY_NO_SUCH_VARIABLE", "PROBITY_NO_SUCH_VARIABLE"},
		{"esdb://n1", secret, "file:PATH or env:NAME"},
	} {
		if shown := (Options{URL: c.url}).String(); strings.Contains(c.url, "@") && strings.Contains(shown, secret) {
			t.Errorf("the password is shown in %s", shown)
		}
		_, err := configure(Options{URL: c.url, Credentials: c.credentials})
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: %v, want %q and no password", Redact(c.url), err, c.want)
		}
	}
}

func TestOptionsThatAreRefused(t *testing.T) {
	for want, o := range map[string]Options{
		"Deadline":        {Deadline: -time.Second},
		"MaxAppendBytes":  {MaxAppendBytes: ledger.MaxEnvelope},
		"begins with $":   {Prefix: "$ledger-"},
		"must be printab": {Prefix: "a\n"},
	} {
		if _, err := o.complete(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, want %q", o, err, want)
		}
	}
}
