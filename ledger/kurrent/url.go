package kurrent

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

// schemes are the names under which servers of this kind are reached.
var schemes = []string{"esdb", "kurrentdb", "kurrent", "kdb"}

// settings are what a connection string may set. The client takes more, but
// what it does not know it only writes to the console.
var settings = []string{
	"tls", "tlsverifycert", "tlscafile", "usercertfile", "userkeyfile", "nodepreference", "gossiptimeout",
	"keepaliveinterval", "keepalivetimeout",
}

const (
	defaultPort = 2113

	// gossipTimeout is for how many seconds a node may think about an answer
	// while the leader is looked for.
	gossipTimeout = 3

	// minKeepAlive is the shortest interval, in milliseconds, that servers
	// put up with.
	minKeepAlive = 10_000
)

// target is a connection string taken apart.
type target struct {
	discover bool
	user     *url.Userinfo
	hosts    []string
	query    string
}

// Redact returns a connection string without its password, for messages.
func Redact(s string) string {
	at := strings.LastIndex(s, "@")
	if at < 0 {
		return s
	}
	scheme, _, ok := strings.Cut(s[:at], "://")
	if !ok || strings.ContainsAny(scheme, ":/?#@,") {
		return "(not a connection string)"
	}
	return scheme + "://***@" + s[at+1:]
}

// split takes a connection string apart. Its errors show none of what may be
// a password.
func split(s string) (target, error) {
	scheme, rest, ok := strings.Cut(s, "://")
	base, discover := strings.CutSuffix(strings.ToLower(scheme), "+discover")
	if !ok || !slices.Contains(schemes, base) {
		return target{}, fmt.Errorf("%q does not begin with esdb://, esdb+discover:// or kurrentdb://", Redact(s))
	}
	t := target{discover: discover}
	authority, query, _ := strings.Cut(rest, "?")
	t.query = query
	if strings.Contains(query, "@") {
		return target{}, fmt.Errorf("an @ behind the first ? (in the name of a file it is %%40): %w", errNotEncoded)
	}
	if at := strings.LastIndex(authority, "@"); at >= 0 {
		name, password, _ := strings.Cut(authority[:at], ":")
		user, err1 := url.PathUnescape(name)
		secret, err2 := url.PathUnescape(password)
		if err1 != nil || err2 != nil || user == "" {
			return target{}, errNotEncoded
		}
		t.user = url.UserPassword(user, secret)
		authority = authority[at+1:]
	}
	for host := range strings.SplitSeq(strings.TrimSuffix(authority, "/"), ",") {
		h, err := endpoint(host)
		if err != nil {
			return target{}, err
		}
		t.hosts = append(t.hosts, h)
	}
	if t.discover && len(t.hosts) > 1 {
		return target{}, errors.New("+discover takes one DNS name that stands for all nodes; several nodes are listed without it")
	}
	return t, nil
}

// errNotEncoded: what stands there may be a part of a password, and is not
// shown.
var errNotEncoded = errors.New("user and password in the URL must be percent-encoded; better name a file in Credentials")

// endpoint reads a host. Where the host was forgotten, what stands in its
// place is user and password, so errors show no more than the name.
func endpoint(host string) (string, error) {
	name, port, hasPort := strings.Cut(host, ":")
	if strings.Contains(port, ":") || strings.ContainsAny(host, "[]") {
		return "", errors.New("a host with [ or several colons: the client takes no IPv6 address; give the node a name")
	}
	if name == "" || strings.ContainsAny(name, "/#% ") {
		return "", fmt.Errorf("host %q is not HOST or HOST:PORT", name)
	}
	if !hasPort {
		return fmt.Sprintf("%s:%d", name, defaultPort), nil
	}
	if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
		return "", fmt.Errorf("host %q: the port is a number from 1 to 65535", name)
	}
	return host, nil
}

// configure makes the client's configuration of the options.
func configure(o Options) (*esdb.Configuration, error) {
	t, err := split(o.URL)
	if err != nil {
		return nil, fmt.Errorf("kurrent: URL: %w", err)
	}
	if err := checkSettings(t.query); err != nil {
		return nil, fmt.Errorf("kurrent: URL: %w", err)
	}
	// The client reads the settings alone: its errors would show the rest.
	conf, err := esdb.ParseConnectionString("esdb://settings:1?" + t.query)
	if err != nil {
		return nil, fmt.Errorf("kurrent: URL: settings %q: %w", t.query, err)
	}
	conf.Address, conf.DnsDiscover = t.hosts[0], t.discover
	if len(t.hosts) > 1 {
		conf.Address = ""
		for _, h := range t.hosts {
			p, err := esdb.ParseEndPoint(h)
			if err != nil {
				return nil, fmt.Errorf("kurrent: URL: host %q: %w", h, err)
			}
			conf.GossipSeeds = append(conf.GossipSeeds, p)
		}
	}
	if !strings.Contains(strings.ToLower(t.query), "gossiptimeout") {
		conf.GossipTimeout = gossipTimeout
	}
	conf.MaxDiscoverAttempts = 1 // the store itself tries again
	if conf.NodePreference != esdb.NodePreferenceLeader {
		return nil, errors.New("kurrent: URL: nodePreference: a ledger is read from the leader; leave the setting out")
	}
	if err := conf.Validate(); err != nil {
		return nil, fmt.Errorf("kurrent: URL: %w", err)
	}
	if conf.UserCertFile != "" {
		if _, err := tls.LoadX509KeyPair(conf.UserCertFile, conf.UserKeyFile); err != nil {
			return nil, fmt.Errorf("kurrent: URL: userCertFile, userKeyFile: %w", err)
		}
	}
	return conf, authenticate(conf, t, o.Credentials)
}

// checkSettings refuses what the client would pass over in silence.
func checkSettings(query string) error {
	values, err := url.ParseQuery(query)
	if err != nil {
		return fmt.Errorf("settings %q are not NAME=VALUE&…", query)
	}
	for name, v := range values {
		key := strings.ToLower(name)
		if !slices.Contains(settings, key) {
			return fmt.Errorf("setting %q is unknown; there are %s", name, strings.Join(settings, ", "))
		}
		if len(v) != 1 {
			return fmt.Errorf("setting %q stands there %d times", name, len(v))
		}
		if n, err := strconv.Atoi(v[0]); key == "keepaliveinterval" && (err != nil || n != -1 && n < minKeepAlive) {
			return fmt.Errorf("keepAliveInterval is -1 or at least %d milliseconds", minKeepAlive)
		}
	}
	return nil
}
