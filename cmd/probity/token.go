package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql/signin"
)

func (a *app) tokenCmd() *cobra.Command {
	var role, sub string
	var units []string
	var ttl time.Duration
	cmd := &cobra.Command{
		Use:   "token --role ROLE --sub ID [--unit U]",
		Short: "Mint a short sign-in token with the laptop issuer",
		Long: `Prints a JSON Web Token for a server on this machine, signed with issuer.pem in
the data folder (made when missing). Whoever can read that file can sign in as
anybody: this is for a laptop and for trying things out, not for production.

Roles: inspector, handler, intake, leader, hr, auditor, overseer, officer.
--unit gives the scope and may be repeated; '*' means the whole ledger.`,
		Example: example("probity token --role auditor --sub audit-sun",
			"curl -H \"Authorization: Bearer $(probity token --role hr --sub hr-li --unit hq)\" …"),
		Args: usageArgs(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			r, ok := domain.ParseRole(role)
			if !ok || sub == "" {
				return hinted{usagef("--role and --sub are required, and the role must be one of inspector, handler, intake, leader, hr, auditor, overseer, officer"), "see 'probity token --help'"}
			}
			if err := os.MkdirAll(a.data, 0o700); err != nil {
				return fmt.Errorf("make the data folder: %w", err)
			}
			issuer, err := signin.OpenIssuer(filepath.Join(a.data, house.IssuerFile))
			if err != nil {
				return err
			}
			grant := signin.Grant{Subject: sub, Role: r, Lifetime: ttl}
			for _, u := range units {
				grant.Units = append(grant.Units, domain.UnitID(u))
			}
			token, expires, err := issuer.Mint(grant)
			if _, ok := errors.AsType[*signin.TokenError](err); ok {
				return usageError{err}
			}
			if err != nil {
				return err
			}
			fmt.Fprintln(a.stdout, token)
			fmt.Fprintf(a.stderr, "expires %s\n", expires.Format(time.RFC3339))
			return nil
		},
	}
	cmd.Flags().StringVar(&role, "role", "", "role to sign in with")
	cmd.Flags().StringVar(&sub, "sub", "", "subject: an officer's id or another sign-in name")
	cmd.Flags().StringSliceVar(&units, "unit", nil, "unit in scope, with everything below it; '*' for all")
	cmd.Flags().DurationVar(&ttl, "ttl", signin.DefaultLifetime, "how long the token lives, such as 30m")
	return cmd
}
