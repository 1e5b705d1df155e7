package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"time"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/cmd/probity/settings"
	"github.com/probity-ledger/probity/graphql/edge"
)

// frontSettings are how the server is reached and who may sign in.
type frontSettings struct {
	house.Front
	// cert and key are the files of the TLS certificate, if there is one.
	cert, key string
	// onion is where Tor asks; empty where it does not.
	onion string
}

// frontFrom reads the front out of the settings.
func frontFrom(v *settings.Values) frontSettings {
	var s frontSettings
	s.Denials, s.NoConsole = v.Text("denials"), !v.On("console")
	s.Edge.MaxRequests, s.Edge.MaxStreams = int(v.Whole("max-requests")), int(v.Whole("max-streams"))
	s.Edge.Hosts, s.Edge.Origins = v.Texts("hosts"), v.Texts("origins")
	s.Edge.Proxies, s.Metrics = v.Networks("proxies"), v.Networks("metrics")
	s.cert, s.key = v.Path("tls.cert"), v.Path("tls.key")
	switch {
	case v.Said("tls.cert") && !v.Said("tls.key"):
		v.WrongBeside("tls.cert", "tls.key", "is missing: the file of the certificate's key")
	case v.Said("tls.key") && !v.Said("tls.cert"):
		v.WrongBeside("tls.key", "tls.cert", "is missing: the file of the certificate")
	}
	s.Issuers = issuersFrom(v)
	if v.Entries("issuers") == 0 {
		// What the laptop issuer signs is for this machine.
		for _, name := range []string{"hosts", "proxies"} {
			if v.Said(name) {
				v.Wrong(name, "need issuers: without any, this server signs its own tokens and is for this machine alone")
			}
		}
	}
	s.checkAddress(v)
	s.intakeFrom(v)
	return s
}

// intakeFrom reads how complaints of the public are taken.
func (s *frontSettings) intakeFrom(v *settings.Values) {
	s.Intake, s.onion, s.OnionHosts = v.On("intake"), v.Text("onion.addr"), v.Texts("onion.hosts")
	local, err := isLoopback(s.onion)
	switch {
	case !v.Said("onion.addr") && !v.Said("onion.hosts"):
	case !v.On("intake"):
		v.WrongBeside("onion", "intake", "is not on: an onion service serves nothing but the intake")
	case !v.Said("onion.addr"):
		v.WrongBeside("onion.hosts", "onion.addr", "is missing: the address of this machine that Tor hands requests on to")
	case !v.Said("onion.hosts"):
		v.WrongBeside("onion.addr", "onion.hosts", "is missing: the names of the onion service, as Tor wrote them to its file hostname")
	case v.Good("onion.addr") && (err != nil || !local):
		v.WrongWithHint("onion.addr", "name a loopback address, such as 127.0.0.1:8081", "%s can be reached without Tor, and nothing encrypts what is sent there", s.onion)
	}
}

// checkAddress holds the address to what is set.
func (s *frontSettings) checkAddress(v *settings.Values) {
	addr := v.Text("addr")
	local, err := isLoopback(addr)
	switch {
	case local || err != nil || !v.Good("addr"):
	case v.Entries("issuers") == 0:
		v.WrongWithHint("addr", ownTokensHint, "%s %s", addr, ownTokens)
	case !v.Said("hosts"):
		v.WrongWithHint("addr", "name in hosts the names by which this server is asked for", "%s can be reached from other machines, and hosts is not set", addr)
	case !v.Said("tls.cert") && !v.Said("proxies"):
		v.WrongWithHint("addr", "set tls.cert and tls.key, or name in proxies the reverse proxy that ends TLS",
			"%s can be reached from other machines, and nothing encrypts what they send", addr)
	}
}

// roots are the authorities in a PEM file.
func roots(path string) (*x509.CertPool, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(raw) {
		return nil, errors.New("holds no certificate in PEM form")
	}
	return pool, nil
}

// scheme is that of our addresses.
func (s *frontSettings) scheme() string {
	if s.cert != "" {
		return "https"
	}
	return "http"
}

// encrypt lets a listener speak TLS, where there is a certificate.
func (s *frontSettings) encrypt(l net.Listener, log *slog.Logger) (net.Listener, error) {
	if s.cert == "" {
		return l, nil
	}
	c, err := edge.LoadCertificate(s.cert, s.key, log)
	if err != nil {
		return nil, hinted{usagef("tls.cert and tls.key: %w", err), "the files hold the certificate chain and its key, in PEM form"}
	}
	if left := time.Until(c.Expires()); left < 14*24*time.Hour {
		log.Warn("the TLS certificate ends soon", "expires", c.Expires())
	}
	return tls.NewListener(l, c.TLS()), nil
}

// listenForTor opens the address that Tor hands requests on to; nil without
// one.
func (s *frontSettings) listenForTor() (net.Listener, error) {
	if s.onion == "" {
		return nil, nil
	}
	l, err := net.Listen("tcp", s.onion)
	if err != nil {
		return nil, hinted{fmt.Errorf("listen for Tor: %w", err), "another process may hold the address; choose another in onion.addr and in torrc"}
	}
	return l, nil
}

// announce says who may sign in, loudly where that is anybody with the key.
func (s *frontSettings) announce(log *slog.Logger) {
	if len(s.Issuers) == 0 {
		log.Warn("sign-in tokens are signed by this server's own key: fine on one machine, not for production")
		return
	}
	for _, o := range s.Issuers {
		log.Info("tokens of an issuer are taken", "issuer", o.Trusted.Issuer, "audience", o.Trusted.Audience, "roles", o.Trusted.Mapping.Allowed, "machines", o.Trusted.Machines != nil)
	}
	log.Info("this server's own key signs nobody in: tokens of 'probity token' are refused")
}
