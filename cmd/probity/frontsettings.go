package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/graphql/edge"
)

// frontNames are the settings of how the server is reached and who may sign
// in. They stand in the file alone.
var frontNames = []string{"issuers", "hosts", "origins", "tls", "proxies", "metrics", "denials", "max-requests", "max-streams"}

// frontSettings is what they amount to.
type frontSettings struct {
	house.Front
	// cert and key are the files of the TLS certificate, if there is one.
	cert, key string
}

// several are some values of a settings file; one may stand for itself.
type several []said

// UnmarshalYAML implements [yaml.NodeUnmarshaler].
func (s *several) UnmarshalYAML(n ast.Node) error {
	list, ok := n.(*ast.SequenceNode)
	if !ok {
		list = &ast.SequenceNode{Values: []ast.Node{n}}
	}
	for _, value := range list.Values {
		var one said
		if err := one.UnmarshalYAML(value); err != nil {
			return err
		}
		*s = append(*s, one)
	}
	return nil
}

func (s several) texts() []string {
	var out []string
	for _, one := range s {
		out = append(out, one.text)
	}
	return out
}

// toggle is a true or false of a settings file.
type toggle struct{ on bool }

// UnmarshalYAML implements [yaml.NodeUnmarshaler].
func (t *toggle) UnmarshalYAML(n ast.Node) error {
	b, ok := n.(*ast.BoolNode)
	if !ok {
		return &yaml.UnexpectedNodeTypeError{Actual: n.Type(), Expected: ast.BoolType, Token: n.GetToken()}
	}
	t.on = b.Value
	return nil
}

// frontFile is how the front stands in a settings file.
type frontFile struct {
	issuers                          []issuerEntry
	hosts, origins, proxies, metrics several
	denials, maxRequests, maxStreams said
	tls                              struct {
		Cert said `yaml:"cert"`
		Key  said `yaml:"key"`
	}
}

func (f *frontFile) read(file settingsFile) error {
	sections := map[string]any{
		"issuers": &f.issuers, "hosts": &f.hosts, "origins": &f.origins, "tls": &f.tls, "proxies": &f.proxies,
		"metrics": &f.metrics, "denials": &f.denials, "max-requests": &f.maxRequests, "max-streams": &f.maxStreams,
	}
	for _, name := range frontNames {
		if err := file.decodeAt(name, sections[name]); err != nil {
			return err
		}
	}
	return nil
}

// fromFile reads the front out of a settings file.
func (s *frontSettings) fromFile(file settingsFile) error {
	var f frontFile
	if err := f.read(file); err != nil {
		return err
	}
	for i, e := range f.issuers {
		o, err := e.check(file, fmt.Sprintf("issuers[%d]", i))
		if err != nil {
			return err
		}
		for _, other := range s.Issuers {
			if other.Trusted.Issuer == o.Trusted.Issuer {
				return file.wrong(e.Issuer.line, fmt.Sprintf("issuers[%d].issuer", i), "%q stands there twice", o.Trusted.Issuer)
			}
		}
		s.Issuers = append(s.Issuers, o)
	}
	s.Denials = f.denials.text
	var err error
	if s.Edge.MaxRequests, err = file.number("max-requests", f.maxRequests); err != nil {
		return err
	}
	if s.Edge.MaxStreams, err = file.number("max-streams", f.maxStreams); err != nil {
		return err
	}
	if err := s.reached(file, f); err != nil {
		return err
	}
	s.cert, s.key = file.beside(f.tls.Cert.text), file.beside(f.tls.Key.text)
	switch {
	case s.cert != "" && s.key == "":
		return file.wrong(f.tls.Cert.line, "tls.key", "is missing: the file of the certificate's key")
	case s.cert == "" && s.key != "":
		return file.wrong(f.tls.Key.line, "tls.cert", "is missing: the file of the certificate")
	}
	return nil
}

// reached checks names, origins and networks.
func (s *frontSettings) reached(file settingsFile, f frontFile) error {
	for i, h := range f.hosts {
		if err := edge.CheckHost(h.text); err != nil {
			return file.wrong(h.line, fmt.Sprintf("hosts[%d]", i), "%q %w", h.text, err)
		}
	}
	for i, o := range f.origins {
		if err := edge.CheckOrigin(o.text); err != nil {
			return file.wrong(o.line, fmt.Sprintf("origins[%d]", i), "%q %w", o.text, err)
		}
	}
	s.Edge.Hosts, s.Edge.Origins = f.hosts.texts(), f.origins.texts()
	var err error
	if s.Edge.Proxies, err = file.networks("proxies", f.proxies); err != nil {
		return err
	}
	if s.Metrics, err = file.networks("metrics", f.metrics); err != nil {
		return err
	}
	if len(s.Issuers) > 0 {
		return nil
	}
	// What the laptop issuer signs is for this machine.
	for name, list := range map[string]several{"hosts": f.hosts, "proxies": f.proxies} {
		if len(list) > 0 {
			return file.wrong(list[0].line, name, "need issuers: without any, this server signs its own tokens and is for this machine alone")
		}
	}
	return nil
}

// check holds the address to what is set.
func (s *frontSettings) check(addr string) error {
	if len(s.Issuers) == 0 {
		return checkLoopback(addr)
	}
	local, err := isLoopback(addr)
	switch {
	case local || err != nil:
		return err
	case len(s.Edge.Hosts) == 0:
		return hinted{usagef("--addr %s can be reached from other machines, and hosts is not set", addr), "name in hosts the names by which this server is asked for"}
	case s.cert == "" && len(s.Edge.Proxies) == 0:
		return hinted{usagef("--addr %s can be reached from other machines, and nothing encrypts what they send", addr),
			"set tls.cert and tls.key, or name in proxies the reverse proxy that ends TLS"}
	}
	return nil
}

// number is a whole number above nothing, or 0 where it is not said.
func (f settingsFile) number(field string, s said) (int, error) {
	if s.text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(s.text)
	if err != nil || n < 1 {
		return 0, f.wrong(s.line, field, "%q is not a whole number above nothing", s.text)
	}
	return n, nil
}

// networks are addresses, or ranges of them.
func (f settingsFile) networks(field string, list several) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for i, one := range list {
		p, err := netip.ParsePrefix(one.text)
		if a, e := netip.ParseAddr(one.text); e == nil {
			p, err = netip.PrefixFrom(a, a.BitLen()), nil
		}
		if err != nil || p.Bits() == 0 {
			return nil, f.wrong(one.line, fmt.Sprintf("%s[%d]", field, i), "%q is not an address such as 10.0.0.2 or a network such as 10.0.0.0/24", one.text)
		}
		out = append(out, p.Masked())
	}
	return out, nil
}

// duration is a length of time, or zero where it is not said.
func (f settingsFile) duration(field string, s said, longest time.Duration) (time.Duration, error) {
	if s.text == "" {
		return 0, nil
	}
	d, err := time.ParseDuration(s.text)
	if err != nil || d < time.Second || d > longest {
		return 0, f.wrong(s.line, field, "%q is not a time from 1s to %s, such as 15m", s.text, longest)
	}
	return d, nil
}

// beside is a path as it is meant in the file: from its folder.
func (f settingsFile) beside(path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(f.path), path)
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
