package doctor

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/ledger/kurrent/kurrenttest"
	"github.com/probity-ledger/probity/projections/pgtest"
)

// node is a node of a cluster as far as HTTP goes.
func node(t *testing.T, version, gossip string, date time.Time) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !date.IsZero() {
			w.Header().Set("Date", date.UTC().Format(http.TimeFormat))
		}
		switch {
		case r.URL.Path == "/info":
			fmt.Fprintf(w, `{"dbVersion":%[1]q,"esVersion":%[1]q}`, version)
		case r.URL.Path == "/gossip" && gossip != "":
			fmt.Fprintf(w, `{"members":[%s]}`, gossip)
		default:
			http.Error(w, "not for you", http.StatusUnauthorized)
		}
	}))
	t.Cleanup(s.Close)
	return strings.TrimPrefix(s.URL, "http://")
}

// page is a web server that answers everything alike.
func page(t *testing.T, status int, body string) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}))
	t.Cleanup(s.Close)
	return strings.TrimPrefix(s.URL, "http://")
}

// silent sends something at once, as a gRPC server does, and hangs up when it
// is spoken to.
func silent(t *testing.T, greeting string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = c.Write([]byte(greeting)) // the other side says what it got
			_, _ = c.Read(make([]byte, 1))
			_ = c.Close()
		}
	}()
	return l.Addr().String()
}

const (
	leads   = `{"state":"Leader","isAlive":true}`
	follows = `{"state":"Follower","isAlive":true}`
	gone    = `{"state":"Leader","isAlive":false}`
)

func TestEachNodeIsAsked(t *testing.T) {
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	nobody := strings.TrimPrefix(closed.URL, "http://")
	for _, test := range []struct {
		name, host string
		want       []string
	}{
		{"three well", node(t, "24.10.0", leads+","+follows+","+follows, time.Time{}), []string{": version 24.10.0, sees 3 of 3 nodes"}},
		{"one gone", node(t, "24.10.0", leads+","+follows+","+gone, time.Time{}), []string{"warn nodes: "}},
		{"no leader", node(t, "24.10.0", follows+","+follows+","+gone, time.Time{}), []string{"and none of them leads"}},
		{"two leaders", node(t, "24.10.0", leads+","+leads+","+follows, time.Time{}), []string{"and 2 of them lead"}},
		{"old", node(t, "22.10.5", leads, time.Time{}), []string{"ok nodes", "warn nodes: "}},
		{"tells its version alone", node(t, "25.0.0", "", time.Time{}), []string{"ok nodes", "for the other nodes: it does not say: status 401"}},
		{"nobody there", nobody, []string{"fail nodes: " + nobody + " is not reached"}},
		{"in the process", kurrenttest.Start(t, kurrenttest.Options{}).Addr(), []string{": version 24.10.0, sees 1 of 1 nodes\n"}},
		{"gRPC of another kind", silent(t, "\x00\x00\x00\x04\x00\x00\x00\x00\x00"), []string{"is no KurrentDB node: it does not speak HTTP/1.1"}},
		{"hangs up", silent(t, ""), []string{"is no KurrentDB node: it does not speak HTTP/1.1"}},
		{"another web server", page(t, http.StatusNotFound, "nothing here"), []string{"is no KurrentDB node: it has no /info"}},
		{"a web page", page(t, http.StatusOK, "<html>"), []string{"is no KurrentDB node: its answer to /info is not the JSON of one"}},
		{"another JSON", page(t, http.StatusOK, `{"version":"1"}`), []string{"is no KurrentDB node: it tells no version"}},
		{"not ready", page(t, http.StatusServiceUnavailable, ""), []string{"for its version: it does not say: status 503"}},
	} {
		has(t, test.name, findings(t, &Patient{Store: "esdb://" + test.host + "?tls=false"}, "nodes", nodes), test.want...)
	}
	p := &Patient{Store: "esdb://ops:secret@a,b:2114,c?tlsVerifyCert=false"}
	var hosts []string
	for _, n := range p.clusterNodes() {
		hosts = append(hosts, n.url(""))
	}
	if got := strings.Join(hosts, " "); got != "https://a:2113 https://b:2114 https://c:2113" {
		t.Errorf("nodes %s", got)
	}
	if (&Patient{Store: house.StoreEmbedded}).clusterNodes() != nil {
		t.Error("the embedded store has nodes")
	}
}

func TestTheClusterIsConnectedTo(t *testing.T) {
	s := kurrenttest.Start(t, kurrenttest.Options{})
	has(t, "well, in plain text", findings(t, &Patient{Store: s.URL()}, "store", cluster), "ok store: "+s.URL()+" has a leader", "warn store: the connection to KurrentDB has neither TLS nor a user")
	if _, err := s.Admin().Append("probity-unit-hq", "x", []byte("{}")); err != nil {
		t.Fatal(err)
	}
	if err := s.Admin().SetMetadata("probity-unit-hq", `{"$maxCount":1}`); err != nil {
		t.Fatal(err)
	}
	found := findings(t, &Patient{Store: s.URL()}, "store", cluster)
	has(t, "a stream that forgets", found, "$maxCount")
	if _, _, integrity := Worst(found); !integrity {
		t.Errorf("a stream that forgets is no integrity failure: %s", told(found))
	}
	s.Kill()
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	f := &Findings{subject: "store"}
	cluster(ctx, &Patient{Store: s.URL()}, f)
	has(t, "gone", f.all, "fail store: ")
	has(t, "embedded", findings(t, &Patient{Store: house.StoreEmbedded}, "store", cluster))
}

func TestThePostgresIsConnectedTo(t *testing.T) {
	good := pgtest.Database(t)
	has(t, "well", findings(t, &Patient{Views: good}, "postgres", postgres), "ok postgres: version ")
	has(t, "not used", findings(t, &Patient{Views: "sqlite"}, "postgres", postgres))
	u, err := url.Parse(good)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword(u.User.Username(), "s3cret")
	u.Path = "/nowhere"
	found := findings(t, &Patient{Views: u.String()}, "postgres", postgres)
	has(t, "no database", found, `database "nowhere" does not exist`)
	if !strings.Contains(found[0].Mend, "CREATE DATABASE") {
		t.Errorf("mend it by %q", found[0].Mend)
	}
	u.Host = "127.0.0.1:1"
	if found = findings(t, &Patient{Views: u.String()}, "postgres", postgres); strings.Contains(told(found), "s3cret") || found[0].Level != Fail {
		t.Errorf("nobody there: %s", told(found))
	}
	has(t, "the clock", findings(t, &Patient{Views: good}, "clock", clock), "ok clock: agrees with the PostgreSQL")
	has(t, "a clock that is wrong", findings(t, &Patient{Views: good, Now: func() time.Time { return time.Now().Add(-time.Hour) }}, "clock", clock), "fail clock: this machine's clock is 1h0m0s behind that of the PostgreSQL")
	has(t, "no right", findings(t, &Patient{Views: stranger(t, good)}, "postgres", postgres), "ok postgres", "fail postgres: probity_doctor_stranger may not make schemas")
}

// stranger is the same database for a role that may make nothing in it.
func stranger(t *testing.T, database string) string {
	t.Helper()
	c, err := pgx.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	const role = "probity_doctor_stranger"
	for _, sql := range []string{"DROP ROLE IF EXISTS " + role, "CREATE ROLE " + role + " LOGIN PASSWORD 's3cret'"} {
		if _, err := c.Exec(t.Context(), sql); err != nil {
			t.Skip("roles cannot be made here: ", err)
		}
	}
	t.Cleanup(func() {
		_, err := c.Exec(context.Background(), "DROP ROLE "+role)
		if err != nil {
			t.Error(err)
		}
		c.Close(context.Background())
	})
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword(role, "s3cret")
	return u.String()
}

func TestClocksAreCompared(t *testing.T) {
	has(t, "nobody to ask", findings(t, &Patient{Store: house.StoreEmbedded, Views: "sqlite"}, "clock", clock), "not run clock: compare it")
	for _, test := range []struct {
		name string
		date time.Time
		want string
	}{
		{"agrees", time.Time{}, "ok clock: agrees with node"},
		{"some seconds", time.Now().Add(-10 * time.Second), "warn clock: "},
		{"far away", time.Now().Add(time.Hour), "fail clock: "},
	} {
		p := &Patient{Store: "esdb://" + node(t, "24.10.0", leads, test.date) + "?tls=false"}
		has(t, test.name, findings(t, p, "clock", clock), test.want)
	}
}
