package doctor

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

// oldestKurrent is the oldest year of a version that is tested.
const oldestKurrent = 23

// clusterNode is one node of a cluster, as the connection string names it.
type clusterNode struct {
	scheme, host   string
	client         *http.Client
	user, password string
}

func (n clusterNode) url(path string) string { return n.scheme + "://" + n.host + path }

// nodes asks each node by itself, over HTTP, for its version and whom it
// takes for the leader.
func nodes(ctx context.Context, p *Patient, f *Findings) {
	for _, n := range p.clusterNodes() {
		var info struct {
			Kurrent string `json:"dbVersion"`
			Event   string `json:"esVersion"` // of EventStoreDB; KurrentDB says both
		}
		err := n.get(ctx, "/info", &info)
		version := cmp.Or(info.Kurrent, info.Event)
		if err == nil && version == "" {
			err = fmt.Errorf("%w: it tells no version", errNoNode)
		}
		switch {
		case errors.Is(err, errNoNode):
			f.Fail("name the nodes in store by the address and port of their HTTP, and with tls=false only where they run without TLS (docs/kurrentdb.md)", fmt.Errorf("what answers at %s is %w", n.host, err))
			continue
		case errors.Is(err, errNoAnswer):
			f.NotRun("ask %s for its version: %v", n.host, err)
			continue
		case err != nil:
			f.Fail("look at the node and at the network between; the ledger goes on while a majority of the nodes is there", fmt.Errorf("%s is not reached: %w", n.host, err))
			continue
		}
		n.judge(ctx, f, version)
	}
}

// judge says what is wrong with a node that answers.
func (n clusterNode) judge(ctx context.Context, f *Findings, version string) {
	var gossip struct {
		Members []struct {
			State string `json:"state"`
			Alive bool   `json:"isAlive"`
		} `json:"members"`
	}
	if err := n.get(ctx, "/gossip", &gossip); err != nil {
		f.OK("%s: version %s", n.host, version)
		f.NotRun("ask %s for the other nodes: %v", n.host, err)
		return
	}
	leaders, alive := 0, 0
	for _, m := range gossip.Members {
		if m.Alive && m.State == "Leader" {
			leaders++
		}
		if m.Alive {
			alive++
		}
	}
	text := fmt.Sprintf("%s: version %s, sees %d of %d nodes", n.host, version, alive, len(gossip.Members))
	switch {
	case leaders == 0:
		f.Fail("nothing is recorded without a leader: see that a majority of the nodes runs and reaches each other", fmt.Errorf("%s, and none of them leads", text))
	case leaders > 1:
		f.Fail("the nodes do not agree who leads: look at the network between them", fmt.Errorf("%s, and %d of them lead", text, leaders))
	case alive < len(gossip.Members):
		f.Warn("bring the missing nodes back: with one more lost there may be no majority", "%s", text)
	default:
		f.OK("%s", text)
	}
	if year, _, _ := strings.Cut(version, "."); year != "" {
		if y, err := strconv.Atoi(year); err == nil && y < oldestKurrent {
			f.Warn("use EventStoreDB 23.10, KurrentDB 25 or newer", "%s: version %s is older than what is tested", n.host, version)
		}
	}
}

// What a node may have answered instead of what it was asked for.
var (
	errNoAnswer = errors.New("it does not say")
	errNoNode   = errors.New("no KurrentDB node")
)

// get asks a node over HTTP.
func (n clusterNode) get(ctx context.Context, path string, out any) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	connected := false
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connected = true }})
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, n.url(path), nil)
	if err != nil {
		return err
	}
	req.Header.Set("Accept", "application/json")
	if n.user != "" && n.scheme == "https" {
		req.SetBasicAuth(n.user, n.password)
	}
	res, err := n.client.Do(req)
	switch {
	case err != nil && connected && ctx.Err() == nil:
		// What http says of it depends on which bytes came when.
		return fmt.Errorf("%w: it does not speak HTTP/1.1", errNoNode)
	case err != nil:
		return err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	switch {
	case err != nil:
		return fmt.Errorf("read the answer: %w", err)
	case res.StatusCode == http.StatusNotFound:
		return fmt.Errorf("%w: it has no %s", errNoNode, path)
	case res.StatusCode != http.StatusOK:
		return fmt.Errorf("%w: status %d", errNoAnswer, res.StatusCode)
	case json.Unmarshal(raw, out) != nil:
		return fmt.Errorf("%w: its answer to %s is not the JSON of one", errNoNode, path)
	}
	return nil
}

// clusterNodes are the nodes that the connection string names; none where it
// cannot be read, which another check says.
func (p *Patient) clusterNodes() []clusterNode {
	if !p.inCluster() {
		return nil
	}
	_, rest, _ := strings.Cut(p.Store, "://")
	authority, query, _ := strings.Cut(rest, "?")
	authority = strings.TrimSuffix(authority[strings.LastIndex(authority, "@")+1:], "/")
	set := settingsOf(query)
	user, password := p.credentials()
	template := clusterNode{scheme: "https", user: user, password: password, client: clientFor(set)}
	if set["tls"] == "false" {
		template.scheme = "http"
	}
	var out []clusterNode
	for _, host := range strings.Split(authority, ",") {
		n := template
		if n.host = host; !strings.Contains(host, ":") {
			n.host += ":2113"
		}
		out = append(out, n)
	}
	return out
}

// settingsOf are those of a connection string, their names in small letters.
func settingsOf(query string) map[string]string {
	values, err := url.ParseQuery(query)
	out := map[string]string{}
	if err != nil {
		return out
	}
	for name, v := range values {
		out[strings.ToLower(name)] = v[0]
	}
	return out
}

func clientFor(set map[string]string) *http.Client {
	config := &tls.Config{InsecureSkipVerify: set["tlsverifycert"] == "false"} // as the connection string says
	if raw, err := os.ReadFile(set["tlscafile"]); err == nil {
		config.RootCAs = x509.NewCertPool()
		config.RootCAs.AppendCertsFromPEM(raw)
	}
	if c, err := tls.LoadX509KeyPair(set["usercertfile"], set["userkeyfile"]); err == nil {
		config.Certificates = []tls.Certificate{c}
	}
	return &http.Client{Transport: &http.Transport{TLSClientConfig: config, DisableKeepAlives: true}}
}

// credentials are user and password of the cluster, if they can be read.
func (p *Patient) credentials() (user, password string) {
	kind, name, _ := strings.Cut(p.Credentials, ":")
	var line string
	switch kind {
	case "file":
		raw, _ := os.ReadFile(name)
		line = strings.TrimRight(string(raw), "\r\n")
	case "env":
		line = os.Getenv(name)
	}
	user, password, _ = strings.Cut(line, ":")
	return user, password
}
