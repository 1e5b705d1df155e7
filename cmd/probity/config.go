package main

import (
	"fmt"
	"net"
	"slices"
	"strings"

	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/v2"
	"github.com/spf13/pflag"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/graphql"
)

// settings are what a server can be told, by flag, environment
// (PROBITY_ADDR, PROBITY_LOG_LEVEL…) or YAML file, in this order of weight.
type settings struct {
	Addr     string
	Views    string
	LogLevel string
	LogForm  string
	// Witnesses are asked to confirm checkpoints.
	Witnesses witnessSettings
	// Access is what may be asked in GraphQL.
	Access graphql.Access
	// Front is how the server is reached and who may sign in.
	Front frontSettings
}

// The settings by the name they have in the file.
var settingNames = []string{"data", "addr", "store", "store-credentials", "views", "log-level", "log-format", "witnesses", "quorum", "on-timeout", "witness-timeout"}

func serverFlags(flags *pflag.FlagSet, s *settings) *string {
	flags.StringVar(&s.Addr, "addr", "127.0.0.1:8080", "address to listen on")
	flags.StringVar(&s.Views, "views", "sqlite", "where projections are kept: sqlite")
	flags.StringVar(&s.LogLevel, "log-level", "info", "debug, info, warn or error")
	flags.StringVar(&s.LogForm, "log-format", "text", "text or json")
	witnessFlags(flags, &s.Witnesses)
	return flags.String("config", "", "YAML file with these settings")
}

// resolve fills in what no flag said from the environment and the file.
func (a *app) resolve(s *settings, flags *pflag.FlagSet, path string) error {
	k := koanf.New(".")
	if path != "" {
		if err := k.Load(file.Provider(path), yaml.Parser()); err != nil {
			return usagef("read the settings in %s: %w", path, err)
		}
		for _, key := range k.Keys() {
			if !knownSetting(key) {
				return usagef("%s: there is no setting %q; the settings are %s", path, key, strings.Join(slices.Concat(settingNames, frontNames, []string{graphqlSettings}), ", "))
			}
		}
	}
	environ := env.Provider(".", env.Opt{
		Prefix: "PROBITY_",
		TransformFunc: func(key, value string) (string, any) {
			return strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(key, "PROBITY_")), "_", "-"), value
		},
		EnvironFunc: func() []string { return a.environ() },
	})
	if err := k.Load(environ, nil); err != nil {
		return fmt.Errorf("read the environment: %w", err)
	}
	for _, name := range settingNames {
		if f := flags.Lookup(name); f != nil && !f.Changed && k.Exists(name) {
			if err := flags.Set(name, k.String(name)); err != nil {
				return usagef("setting %s: %w", name, err)
			}
		}
	}
	if err := a.resolveWitnesses(s, path); err != nil {
		return err
	}
	if err := s.resolveFront(path); err != nil {
		return err
	}
	var err error
	if s.Access, err = accessFrom(path); err != nil {
		return err
	}
	if err := a.checkStore(); err != nil {
		return err
	}
	return s.check()
}

// checkStore refuses what names no store.
func (a *app) checkStore() error {
	if err := house.CheckStore(a.store); err != nil {
		return hinted{usagef("--store: %w", err), "see docs/kurrentdb.md"}
	}
	return nil
}

// resolveWitnesses reads whom to ask from the environment, else the file.
func (a *app) resolveWitnesses(s *settings, path string) error {
	if v, ok := a.env("PROBITY_WITNESSES"); ok && v != "" {
		return s.Witnesses.fromEnvironment(v)
	}
	if path == "" {
		return nil
	}
	return s.Witnesses.fromFile(path)
}

// resolveFront reads the front, which stands in the file alone.
func (s *settings) resolveFront(path string) error {
	if path == "" {
		return nil
	}
	file, err := readSettings(path)
	if err != nil {
		return err
	}
	return s.Front.fromFile(file)
}

// environ lists the settings found in the environment.
func (a *app) environ() []string {
	var out []string
	for _, name := range settingNames {
		key := "PROBITY_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
		if v, ok := a.env(key); ok && v != "" {
			out = append(out, key+"="+v)
		}
	}
	return out
}

// knownSetting knows a setting by its name, and what lies below it.
func knownSetting(key string) bool {
	name, _, below := strings.Cut(key, ".")
	return name == graphqlSettings || slices.Contains(frontNames, name) || !below && slices.Contains(settingNames, name)
}

func (s *settings) check() error {
	if s.Views != "sqlite" {
		return hinted{usagef("--views %s is not supported by this version", redactURL(s.Views)), "use --views sqlite"}
	}
	return s.Front.check(s.Addr)
}

// redactURL keeps passwords in connection strings out of messages.
func redactURL(s string) string {
	scheme, _, ok := strings.Cut(s, "://")
	if !ok {
		return fmt.Sprintf("%q", s)
	}
	return scheme + "://…"
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
	return hinted{
		usagef("--addr %s can be reached from other machines, and this server signs its own sign-in tokens", addr),
		"listen on 127.0.0.1 or [::1], or name the issuers of your tokens in the settings (docs/sign-in.md)",
	}
}
