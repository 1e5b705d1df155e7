package doctor

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// The clocks may differ by some seconds; beyond tooFar tokens are refused for
// what is not wrong with them.
const (
	tolerable = 3 * time.Second
	tooFar    = 30 * time.Second
)

// other is the clock of somebody else.
type other struct {
	name string
	ask  func(context.Context) (date time.Time, within time.Duration, err error)
}

// clock compares this machine's clock with those of others. No time server is
// needed: it matters that they agree.
func clock(ctx context.Context, p *Patient, f *Findings) {
	asked := 0
	for _, o := range p.clocks() {
		date, within, err := o.ask(ctx)
		if err != nil || date.IsZero() {
			continue // whether it is reached another check tells
		}
		asked++
		// The date was said before it came here; what that took is in it.
		judgeClock(f, o.name, p.Now().Sub(date), within)
	}
	if asked == 0 {
		f.NotRun("compare it: no PostgreSQL, node, issuer or witness of the settings tells its time")
	}
}

func judgeClock(f *Findings, name string, ahead, within time.Duration) {
	apart := ahead.Abs() - within
	word := "ahead of"
	if ahead < 0 {
		word = "behind"
	}
	text := fmt.Sprintf("this machine's clock is %s %s that of %s", ahead.Abs().Round(100*time.Millisecond), word, name)
	const mend = "let all machines follow one time server (chrony, systemd-timesyncd)"
	switch {
	case apart > tooFar:
		f.Fail(mend, fmt.Errorf("%s: tokens are refused, and events get a wrong time", text))
	case apart > tolerable:
		f.Warn(mend, "%s", text)
	default:
		f.OK("agrees with %s", name)
	}
}

// clocks are those that can be asked.
func (p *Patient) clocks() []other {
	var out []other
	overHTTP := func(name, url string, client *http.Client) {
		out = append(out, other{name, func(ctx context.Context) (time.Time, time.Duration, error) { return dateOf(ctx, client, url) }})
	}
	if inPostgres(p.Views) {
		out = append(out, other{"the PostgreSQL", p.postgresTime})
	}
	for _, n := range p.clusterNodes() {
		overHTTP("node "+n.host, n.url("/info"), n.client)
	}
	for _, o := range p.Issuers {
		client := http.DefaultClient
		if o.Keys.Roots != nil {
			transport := http.DefaultTransport.(*http.Transport).Clone()
			transport.TLSClientConfig = &tls.Config{RootCAs: o.Keys.Roots}
			transport.DisableKeepAlives = true
			client = &http.Client{Transport: transport}
		}
		overHTTP("issuer "+o.Trusted.Issuer, strings.TrimSuffix(o.Trusted.Issuer, "/")+"/.well-known/openid-configuration", client)
	}
	for _, w := range p.Witnesses {
		overHTTP("witness "+w.Key.Name(), w.URL, http.DefaultClient)
	}
	return out
}

// postgresTime is the clock of the PostgreSQL.
func (p *Patient) postgresTime(ctx context.Context) (date time.Time, within time.Duration, err error) {
	c, err := pgx.Connect(ctx, p.Views)
	if err != nil {
		return date, 0, err
	}
	defer c.Close(context.WithoutCancel(ctx))
	start := time.Now()
	err = c.QueryRow(ctx, "SELECT clock_timestamp()").Scan(&date)
	half := time.Since(start) / 2
	return date.Add(half), half, err
}
