package settings

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/probity-ledger/probity/graphql/edge"
	"github.com/probity-ledger/probity/graphql/hooks"
	"github.com/probity-ledger/probity/graphql/signin"
	"github.com/probity-ledger/probity/ledger/notary"
)

// The verbs that have settings of their own; Everywhere stands for all others.
const (
	Everywhere = ""
	Serve      = "serve"
	Witness    = "witness"
)

// The longest times for the keys of an issuer, and the most requests of one
// ledger in a second that a witness can be told to answer.
const (
	maxRefresh  = 24 * time.Hour
	maxKeepKeys = 7 * 24 * time.Hour
	minRate     = 0.01
	maxRate     = 1000
)

// All are the settings, in the order of the documentation.
func All() []Setting {
	var out []Setting
	for _, p := range parts {
		out = append(out, p.list()...)
	}
	return out
}

var (
	serve   = []string{Serve}
	witness = []string{Witness}
)

func general() []Setting {
	return []Setting{
		{Name: "data", Kind: Text, Default: "./probity-data", where: flagged, Doc: "is the data folder; a relative one is meant from where the program runs"},
		{Name: "passphrase", Kind: Text, where: secretOnly, Doc: "is the passphrase of the signing key; better in a file"},
		{Name: "passphrase-file", Kind: Path, where: environ, Doc: "holds the passphrase of the signing key"},
		{Name: "key-passphrase", Kind: Text, where: secretOnly, Doc: "is the passphrase of a key file outside the data folder, where it differs"},
		{Name: "key-passphrase-file", Kind: Path, where: environ, Doc: "holds that passphrase"},
		{Name: "log-level", Kind: Choice, choices: []string{"debug", "info", "warn", "error"}, Default: "info", Verbs: serve, where: flagged, Doc: "says from which weight on log lines are written: debug, info, warn or error"},
		{Name: "log-format", Kind: Choice, choices: []string{"text", "json"}, Default: "text", Verbs: serve, where: flagged, Doc: "says how log lines are written: text or json"},
		{Name: "log-level", Kind: Choice, choices: []string{"debug", "info", "warn", "error"}, Default: "info", Verbs: witness, Doc: "the same for the witness"},
		{Name: "log-format", Kind: Choice, choices: []string{"text", "json"}, Default: "text", Verbs: witness, Doc: "the same for the witness"},
	}
}

func storage() []Setting {
	return []Setting{
		{Name: "store", Kind: Text, Default: "embedded", ledger: true, where: flagged, check: aStore, Doc: "is where events are kept: embedded (in the data folder), or a KurrentDB: esdb://NODE:2113,NODE:2113,NODE:2113, or esdb+discover://NAME:2113 where one DNS name stands for all nodes"},
		{Name: "store-credentials-file", Kind: Path, ledger: true, where: environ, Doc: "holds one line user:password for the KurrentDB"},
		{Name: "store-credentials", Kind: Text, ledger: true, where: flagged, check: aPlace, Doc: "says where that line is, if not so: file:PATH, or env:NAME for a variable of the environment"},
		{Name: "store-ca", Kind: Path, ledger: true, where: environ, Doc: "is the PEM file of the authorities that vouch for its nodes; by default those of the system"},
		{Name: "store-cert", Kind: Path, ledger: true, where: environ, Doc: "is the PEM file of a user certificate for it"},
		{Name: "store-key", Kind: Path, ledger: true, where: environ, Doc: "is the PEM file of the key of that certificate"},
		{Name: "views", Kind: Text, Default: "sqlite", ledger: true, where: flagged, check: someViews, Doc: "is where views are kept: sqlite (in the data folder), or a PostgreSQL: postgres://USER@HOST/DATABASE, with sslmode=verify-full&sslrootcert=FILE where it is another machine"},
		{Name: "views-password", Kind: Text, ledger: true, where: secretOnly, Doc: "is the password for the PostgreSQL; better in a file"},
		{Name: "views-password-file", Kind: Path, ledger: true, where: environ, Doc: "holds the password for the PostgreSQL"},
		{Name: "files", Kind: Path, ledger: true, where: environ, Doc: "is the folder for the files that reporters hand in, encrypted: one that all replicas share, or they take none; by default files/ in the data folder"},
		{Name: "files-limit", Kind: Whole, Default: "10240", ledger: true, where: environ, check: from(1, 1<<30), Doc: "is how much all of them take at most, in MiB"},
		{Name: "complaints-per-hour", Kind: Whole, Default: "600", Verbs: serve, where: environ, check: from(1, 1_000_000), Doc: "is how many complaints of the public are taken in an hour by one process, and how many messages of reporters"},
	}
}

func reached() []Setting {
	return []Setting{
		{Name: "addr", Kind: Text, Default: "127.0.0.1:8080", Verbs: serve, where: flagged, check: address, Doc: "is the address to listen on"},
		{Name: "hosts", Kind: Texts, Verbs: serve, where: environ, check: quoted(edge.CheckHost), Doc: "are the names by which the server is asked for; any other is answered with 421"},
		{Name: "tls.cert", Kind: Path, Verbs: serve, where: environ, Doc: "is the PEM file of the certificate chain, read anew within half a minute of a change"},
		{Name: "tls.key", Kind: Path, Verbs: serve, where: environ, Doc: "is the PEM file of its key"},
		{Name: "proxies", Kind: Networks, Verbs: serve, where: environ, Doc: "are addresses or networks of reverse proxies that end TLS and whose X-Forwarded-For and X-Forwarded-Proto are believed"},
		{Name: "origins", Kind: Texts, Verbs: serve, where: environ, check: quoted(edge.CheckOrigin), Doc: "are origins, such as https://portal.example, whose pages may ask from a browser"},
		{Name: "metrics", Kind: Networks, Verbs: serve, where: environ, Doc: "are addresses or networks from which /metrics is read, besides this machine"},
		{Name: "denials", Kind: Text, Verbs: serve, where: environ, Doc: "is the file, within the data folder unless it begins with a slash, for what is refused; by default the server's log"},
		{Name: "max-requests", Kind: Whole, Default: fmt.Sprint(edge.DefaultMaxRequests), Verbs: serve, where: environ, check: from(1, 0), Doc: "is how many requests are answered at a time; one client has a quarter of them"},
		{Name: "max-streams", Kind: Whole, Default: fmt.Sprint(edge.DefaultMaxStreams), Verbs: serve, where: environ, check: from(1, 0), Doc: "is how many event streams and WebSockets are open at a time"},
		{Name: "console", Kind: Toggle, Default: "true", Verbs: serve, where: environ, Doc: "serves the pages for people at /console/"},
		{Name: "intake", Kind: Toggle, Default: "false", Verbs: serve, where: environ, Doc: "takes complaints of the public at /public/"},
		{Name: "onion.addr", Kind: Text, Verbs: serve, where: environ, check: address, Doc: "is an address of this machine to listen on besides, for Tor: nothing but /public/ is served there"},
		{Name: "onion.hosts", Kind: Texts, Verbs: serve, where: environ, check: quoted(edge.CheckHost), Doc: "are the names of the onion service"},
	}
}

func asking() []Setting {
	return []Setting{
		{Name: "graphql.trustedDocuments", Kind: Path, Verbs: serve, where: environ, Doc: "is a file or folder of documents that are asked for by their digest"},
		{Name: "graphql.strict", Kind: Toggle, Default: "false", Verbs: serve, where: environ, Doc: "lets trusted documents alone be asked"},
		{Name: "graphql.adHoc", Kind: Texts, Verbs: serve, where: environ, Doc: "are roles that may ask anything nevertheless"},
		{Name: "graphql.budgets", Kind: Named, Verbs: serve, Doc: "are what one subject may spend, by role; what is left out is the default"},
		{Name: "graphql.budgets.*.perSecond", Kind: Whole, Verbs: serve, Doc: "is the cost regained in a second"},
		{Name: "graphql.budgets.*.burst", Kind: Whole, Verbs: serve, Doc: "is the most that is saved up"},
		{Name: "graphql.budgets.*.perOperation", Kind: Whole, Verbs: serve, Doc: "is the largest cost of one operation"},
	}
}

func signingIn() []Setting {
	life := lasting(time.Second, signin.MaxLifetime)
	return []Setting{
		{Name: "issuers", Kind: Entries, Verbs: serve, Doc: "are the OpenID Connect issuers whose tokens sign in; without any the server signs its own, for this machine alone"},
		{Name: "issuers[].issuer", Kind: Text, Verbs: serve, Doc: "is its name as the tokens have it, an https address"},
		{Name: "issuers[].audience", Kind: Text, Verbs: serve, Doc: "must be one of the token's aud"},
		{Name: "issuers[].jwks", Kind: Text, Verbs: serve, Doc: "is where its keys are; by default as its discovery document says"},
		{Name: "issuers[].ca", Kind: Path, Verbs: serve, Doc: "is the PEM file of the authorities that vouch for its server; by default those of the system"},
		{Name: "issuers[].algorithms", Kind: Texts, Verbs: serve, Doc: "are the accepted methods; RS256 and ES256 by default, never symmetric ones"},
		{Name: "issuers[].claims.subject", Kind: Text, Verbs: serve, Doc: "is the claim that names the person; sub by default"},
		{Name: "issuers[].claims.role", Kind: Text, Verbs: serve, Doc: "is the claim that holds the role, or a list with it"},
		{Name: "issuers[].claims.units", Kind: Texts, Verbs: serve, Doc: "are the claims that hold the units in scope"},
		{Name: "issuers[].subject-prefix", Kind: Text, Verbs: serve, Doc: "is put before each subject, so that the names of two issuers differ"},
		{Name: "issuers[].role", Kind: Text, Verbs: serve, Doc: "is one role for all its tokens, in place of the claim"},
		{Name: "issuers[].role-map", Kind: Named, Verbs: serve, Doc: "leads from the issuer's names to roles; without it the claim holds ours"},
		{Name: "issuers[].role-map.*", Kind: Text, Verbs: serve, Doc: "is the role for that name"},
		{Name: "issuers[].roles", Kind: Texts, Verbs: serve, Doc: "are the roles that it may give; what is not listed is not given"},
		{Name: "issuers[].units", Kind: Texts, Verbs: serve, Doc: "are one scope for all its tokens, in place of the claims"},
		{Name: "issuers[].whole-ledger", Kind: Toggle, Default: "false", Verbs: serve, Doc: "lets it give the whole ledger as a scope"},
		{Name: "issuers[].max-lifetime", Kind: Duration, Verbs: serve, check: life, Doc: "is the longest life of a person's token; 24h by default"},
		{Name: "issuers[].refresh", Kind: Duration, Verbs: serve, check: lasting(time.Second, maxRefresh), Doc: "is how often its keys are fetched; 15m by default"},
		{Name: "issuers[].keep-keys", Kind: Duration, Verbs: serve, check: lasting(time.Second, maxKeepKeys), Doc: "is how long its keys go on while it is down; 24h by default"},
		{Name: "issuers[].machine.claim", Kind: Text, Verbs: serve, Doc: "is the claim by which a token is a machine's"},
		{Name: "issuers[].machine.value", Kind: Text, Verbs: serve, Doc: "is what that claim must be"},
		{Name: "issuers[].machine.client", Kind: Text, Verbs: serve, Doc: "is the claim that names the client; azp, client_id or cid by default"},
		{Name: "issuers[].machine.max-lifetime", Kind: Duration, Verbs: serve, check: life, Doc: "is the longest life of a machine's token; 1h by default"},
		{Name: "issuers[].machine.clients", Kind: Named, Verbs: serve, Doc: "are the machines that may sign in, by their client"},
		{Name: "issuers[].machine.clients.*.role", Kind: Text, Verbs: serve, Doc: "is the role of that machine"},
		{Name: "issuers[].machine.clients.*.units", Kind: Texts, Verbs: serve, Doc: "are the units of that machine"},
	}
}

func webhooks() []Setting {
	return []Setting{
		{Name: "webhooks", Kind: Entries, Verbs: serve, Doc: "are the receivers that are told of what is recorded"},
		{Name: "webhooks[].name", Kind: Text, Verbs: serve, Doc: "tells it from others, in small letters, digits and hyphens; under another name it begins anew"},
		{Name: "webhooks[].url", Kind: Text, Verbs: serve, Doc: "is the address of the receiver, https"},
		{Name: "webhooks[].secret-file", Kind: Path, Verbs: serve, Doc: "holds the key that signs, whsec_… or whsk_…; several, a line each, while one takes another's place"},
		{Name: "webhooks[].secret-env", Kind: Text, Verbs: serve, Doc: "is the variable of the environment that holds it, if no file does"},
		{Name: "webhooks[].role", Kind: Text, Default: "hr", Verbs: serve, Doc: "is the role by which is decided what is told: hr or auditor"},
		{Name: "webhooks[].units", Kind: Texts, Verbs: serve, Doc: "are the units that it is told of, with all below them; '*' is the whole ledger"},
		{Name: "webhooks[].kinds", Kind: Texts, Verbs: serve, Doc: "are the kinds of events that are sent; sanction.* stands for all that begin so"},
		{Name: "webhooks[].records", Kind: Toggle, Default: "false", Verbs: serve, Doc: "sends in place of events that /hr/records has something new, and from which cursor"},
		{Name: "webhooks[].attempts", Kind: Whole, Default: fmt.Sprint(hooks.MaxAttempts), Verbs: serve, check: from(1, hooks.MaxAttempts), Doc: "is how often a message is tried before it is given up"},
		{Name: "webhooks[].networks", Kind: Networks, Verbs: serve, Doc: "are networks inside that may be sent to; without them the open Internet alone"},
		{Name: "webhooks[].ca", Kind: Path, Verbs: serve, Doc: "is the PEM file of the authorities that vouch for the receiver; by default those of the system"},
		{Name: "webhooks[].allow-plain", Kind: Toggle, Default: "false", Verbs: serve, Doc: "lets a receiver on this machine be an http address"},
	}
}

func witnesses() []Setting {
	return []Setting{
		{Name: "witnesses", Kind: Entries, Verbs: serve, where: environ, split: keysAndURLs, Doc: "are asked to confirm checkpoints before they are published; in the environment KEY URL, KEY URL…"},
		{Name: "witnesses[].name", Kind: Text, Verbs: serve, Doc: "is its name, which must be that of its key; may be left out"},
		{Name: "witnesses[].url", Kind: Text, Verbs: serve, check: notary.CheckWitnessURL, Doc: "is the address of the witness"},
		{Name: "witnesses[].key", Kind: Text, Verbs: serve, Doc: "is its public key, from its witness.pub or its status page"},
		{Name: "quorum", Kind: Whole, Default: "0", Verbs: serve, where: flagged, check: from(0, 0), Doc: "is how many witnesses must confirm a checkpoint before it is published; more than half when 0"},
		{Name: "on-timeout", Kind: Choice, choices: []string{"wait", "publish"}, Default: "wait", Verbs: serve, where: flagged, Doc: "says what to do without the quorum: wait (the earlier checkpoint stays published) or publish"},
		{Name: "witness-timeout", Kind: Duration, Default: notary.DefaultWitnessTimeout.String(), Verbs: serve, where: flagged, check: lasting(time.Nanosecond, notary.MaxWitnessTimeout), Doc: "is how long a witness, and the quorum, is waited for"},
	}
}

func witnessing() []Setting {
	return []Setting{
		{Name: "name", Kind: Text, Verbs: witness, Doc: "is the name of the witness, by custom an address without https://; it never changes afterwards"},
		{Name: "addr", Kind: Text, Default: "127.0.0.1:8090", Verbs: witness, where: flagged, check: address, Doc: "is the address the witness listens on"},
		{Name: "rate", Kind: Number, Verbs: witness, check: aRate, Doc: "is how many requests of one ledger are answered in a second; 20 by default"},
		{Name: "ledgers", Kind: Entries, Verbs: witness, Doc: "are the ledgers whose checkpoints are confirmed"},
		{Name: "ledgers[].name", Kind: Text, Verbs: witness, Doc: "is what people call it"},
		{Name: "ledgers[].origin", Kind: Text, Verbs: witness, Doc: "is the name in its checkpoints; by default that of its keys"},
		{Name: "ledgers[].keys", Kind: Texts, Verbs: witness, Doc: "are the keys of its checkpoints, of the form name+hash+key"},
		{Name: "ledgers[].keys-file", Kind: Path, Verbs: witness, Doc: "is the keys file of its export, or what was verified of it"},
	}
}

// aStore checks the name of a store. What may hold a password is not shown.
func aStore(text string) error {
	scheme, rest, ok := strings.Cut(text, "://")
	base := strings.TrimSuffix(scheme, "+discover")
	if text == "embedded" || ok && rest != "" && (base == "esdb" || base == "kurrentdb") {
		return nil
	}
	return errors.New("use embedded, esdb://NODE:2113,NODE:2113… or esdb+discover://NAME:2113")
}

// aPlace checks where a secret is found. What was meant to be the secret
// itself is not shown.
func aPlace(text string) error {
	if kind, name, _ := strings.Cut(text, ":"); name == "" || kind != "file" && kind != "env" {
		return errors.New("use file:PATH or env:NAME; the secret itself does not stand here")
	}
	return nil
}

// someViews checks the name of a place for views.
func someViews(text string) error {
	if text == "sqlite" {
		return nil
	}
	if u, err := url.Parse(text); err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" || u.Host == "" {
		return errors.New("use sqlite or postgres://USER@HOST/DATABASE")
	}
	return nil
}

// address checks an address to listen on.
func address(text string) error {
	if _, _, err := net.SplitHostPort(text); err != nil {
		return fmt.Errorf("%q is not an address such as 127.0.0.1:8080", text)
	}
	return nil
}

func aRate(text string) error {
	var n float64
	if _, err := fmt.Sscan(text, &n); err != nil || !(n >= minRate && n <= maxRate) {
		return fmt.Errorf("%q is not a number from %v to %v", text, minRate, maxRate)
	}
	return nil
}

// keysAndURLs reads a key and an address for each witness, with a comma
// between them.
func keysAndURLs(text string) ([]map[string]string, error) {
	var out []map[string]string
	for _, one := range strings.Split(text, ",") {
		words := strings.Fields(one)
		if len(words) != 2 {
			return nil, fmt.Errorf("%q is not a key and an address; give KEY URL, KEY URL…", strings.TrimSpace(one))
		}
		if strings.Contains(words[0], "://") {
			return nil, errors.New("the key comes before the address: give KEY URL, KEY URL…")
		}
		out = append(out, map[string]string{"key": words[0], "url": words[1]})
	}
	return out, nil
}
