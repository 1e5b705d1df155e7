package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"

	"github.com/spf13/cobra"

	"github.com/probity-ledger/probity/graphql/overhttp"
)

// maxQuery bounds a query read from a file, as the server bounds a request.
const maxQuery = overhttp.DefaultMaxBody

func (a *app) queryCmd() *cobra.Command {
	var as, operation, variables string
	cmd := &cobra.Command{
		Use:   "query FILE|-",
		Short: "Ask in GraphQL from the shell, JSON out",
		Long: `Answers a GraphQL query from the data folder, without a server and beside a
running one. The answer goes to standard output as JSON; the exit code is 1 when
it holds errors.

--as shows what a role would see: ROLE:SUBJECT, with units in scope after an @.
Nothing is recorded: who reads a record file this way is not noted, as it is by a
server. Whoever holds the folder holds the ledger.`,
		Example: example(`echo '{officers(first:3){totalCount nodes{id name}}}' | probity query -`,
			`probity query --as hr:li@hq --variables '{"id":"HG-0007"}' record.graphql`),
		Args: usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			who, err := asPrincipal(as)
			if err != nil {
				return err
			}
			req := overhttp.Request{OperationName: operation}
			if req.Variables, err = parseVariables(variables); err != nil {
				return err
			}
			if req.Query, err = a.readQuery(args[0]); err != nil {
				return err
			}
			h, err := a.openReading()
			if err != nil {
				return err
			}
			defer h.Close()
			bar := a.progress("reading the ledger", -1)
			if err := h.OpenViews(cmd.Context(), bar.position); err != nil {
				return err
			}
			bar.done()
			service, err := h.GraphQL(slog.New(slog.NewTextHandler(a.stderr, nil)))
			if err != nil {
				return err
			}
			return printResponse(a.stdout, service.Do(cmd.Context(), who, req))
		},
	}
	cmd.Flags().StringVar(&as, "as", "auditor:local", "who asks: ROLE:SUBJECT[@UNIT,…]")
	cmd.Flags().StringVar(&operation, "operation", "", "operation to run, when the document holds several")
	cmd.Flags().StringVar(&variables, "variables", "", "variables as a JSON object")
	return cmd
}

func parseVariables(s string) (map[string]any, error) {
	if s == "" {
		return nil, nil
	}
	dec := json.NewDecoder(bytes.NewReader([]byte(s)))
	dec.UseNumber()
	var v map[string]any
	if err := dec.Decode(&v); err != nil {
		return nil, usagef("--variables is not a JSON object: %w", err)
	}
	return v, nil
}

func (a *app) readQuery(name string) (string, error) {
	in, err := a.input(name)
	if err != nil {
		return "", err
	}
	defer in.Close()
	raw, err := io.ReadAll(io.LimitReader(in, maxQuery+1))
	if err != nil {
		return "", fmt.Errorf("read the query: %w", err)
	}
	if len(raw) > maxQuery {
		return "", usagef("the query is longer than %d bytes", maxQuery)
	}
	return string(raw), nil
}

// printResponse prints an answer in the shape GraphQL has over HTTP.
func printResponse(w io.Writer, r *overhttp.Response) error {
	out := map[string]any{}
	if len(r.Errors) > 0 {
		out["errors"] = r.Errors
	}
	if r.HasData {
		out["data"] = r.Data
	}
	if len(r.Extensions) > 0 {
		out["extensions"] = r.Extensions
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(out); err != nil {
		return fmt.Errorf("print the answer: %w", err)
	}
	if n := len(r.Errors); n > 0 {
		return fmt.Errorf("the query ended with %d errors; the first: %s", n, r.Errors[0].Message)
	}
	return nil
}
