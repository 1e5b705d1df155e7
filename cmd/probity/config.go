package main

import (
	"net"

	"github.com/spf13/cobra"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/cmd/probity/settings"
	"github.com/probity-ledger/probity/graphql"
	"github.com/probity-ledger/probity/graphql/hooks"
)

// serverSettings are what a server can be told.
type serverSettings struct {
	Addr string
	// Witnesses are asked to confirm checkpoints.
	Witnesses witnessSettings
	// Access is what may be asked in GraphQL.
	Access graphql.Access
	// Front is how the server is reached and who may sign in.
	Front frontSettings
	// Hooks tell other systems what is recorded.
	Hooks []hooks.Hook
}

// verbOf is the verb a command belongs to: its own name, or that of the
// command above it.
func verbOf(cmd *cobra.Command) string {
	for cmd.HasParent() && cmd.Parent().HasParent() {
		cmd = cmd.Parent()
	}
	return cmd.Name()
}

// unset are the verbs that no setting can keep from running.
var unset = map[string]bool{"probity": true, "version": true, "help": true, "completion": true, cobra.ShellCompRequestCmd: true, cobra.ShellCompNoDescRequestCmd: true}

// readSettings reads the settings of the verb that is to run, and takes from
// them what all verbs share. Those with more of their own look for mistakes
// once they have read it all.
func (a *app) readSettings(cmd *cobra.Command) error {
	verb := verbOf(cmd)
	if unset[verb] {
		return nil
	}
	if verb == "doctor" || verb == "webhook" { // they look at what the server is told
		verb = settings.Serve
	}
	a.settings = settings.Read(settings.Sources{Verb: verb, File: a.config, Environ: a.environ, Flags: cmd.Flags()})
	a.data, a.passphraseFile = a.settings.Text("data"), a.settings.Path("passphrase-file")
	if verb != settings.Witness {
		a.whereItLies()
	}
	if settings.HasOwn(verb) {
		return nil
	}
	return wrongSettings(a.settings)
}

// whereItLies takes from the settings where events and views are kept.
func (a *app) whereItLies() {
	a.store, a.storeCredentials = storeFrom(a.settings)
	a.views = viewsFrom(a.settings)
	a.files = house.FilesConfig{Dir: a.settings.Path("files"), MiB: a.settings.Whole("files-limit")}
	a.perHour = int(a.settings.Whole("complaints-per-hour"))
}

// wrongSettings tells all that is wrong with settings, as wrong usage.
func wrongSettings(v *settings.Values) error {
	if err := v.Err(); err != nil {
		return usageError{err}
	}
	return nil
}

// serverSettings makes out of the settings what a server is told, and tells
// every mistake in them.
func (a *app) serverSettings() (*serverSettings, error) {
	v := a.settings
	s := &serverSettings{
		Addr:  v.Text("addr"),
		Front: frontFrom(v), Witnesses: witnessesFrom(v), Access: accessFrom(v), Hooks: a.hooksFrom(v),
	}
	return s, wrongSettings(v)
}

// isLoopback tells whether only this machine can reach an address.
func isLoopback(addr string) (bool, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false, usagef("--addr %s: %w", addr, err)
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback(), nil
}

// checkLoopback refuses an address other machines could reach: without outside
// issuers a server signs its own sign-in tokens, and whoever reads the issuer's
// key is anybody.
func checkLoopback(addr string) error {
	local, err := isLoopback(addr)
	if local || err != nil {
		return err
	}
	return hinted{usagef("--addr %s %s", addr, ownTokens), ownTokensHint}
}

const (
	ownTokens     = "can be reached from other machines, and this server signs its own sign-in tokens"
	ownTokensHint = "listen on 127.0.0.1 or [::1], or name the issuers of your tokens in the settings (docs/sign-in.md)"
)
