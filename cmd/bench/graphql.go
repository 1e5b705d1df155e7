package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// executorGoals are for the ratio to gqlgen, by what is asked in which way.
var executorGoals = map[string][]goal{
	"timeline of 200, in process":          {ratioAtLeast(5)},
	"timeline of 200, over HTTP":           {ratioAtLeast(4)},
	"record file of 30 fields, in process": {ratioAtLeast(1.5)},
	"record file of 30 fields, over HTTP":  {ratioAtLeast(1.5)},
}

// turn is what one side did in one round, as the module gqlgen prints it.
type turn struct {
	What, Side                        string
	Rate, CPU, P99, Allocations, Size float64
}

// graphql measures the product's executor beside code that gqlgen generated
// for the same part of the schema, over the same objects in memory. Both run in
// one program, which is a module of its own and built here.
func (s *suite) graphql(ctx context.Context) error {
	binary := filepath.Join(s.dir, "gqlgen")
	where, err := exec.CommandContext(ctx, "go", "list", "-f", "{{.Dir}}", "github.com/probity-ledger/probity/cmd/bench").Output()
	if err != nil {
		return fmt.Errorf("find the bench's own folder: %w", err)
	}
	module := filepath.Join(strings.TrimSpace(string(where)), "gqlgen")
	absolute, err := filepath.Abs(binary)
	if err != nil {
		return err
	}
	s.progress("building %s", module)
	build := exec.CommandContext(ctx, "go", "build", "-C", module, "-o", absolute, ".")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build the module of gqlgen: %w\n%s", err, out)
	}
	s.progress("probity and gqlgen take %d turns", s.turns())
	var said bytes.Buffer
	measured := exec.CommandContext(ctx, absolute, "--rounds", strconv.Itoa(s.turns()), "--burst", s.burst().String(), "--callers", strconv.Itoa(clients))
	measured.Stderr = &said
	out, err := measured.Output()
	if err != nil {
		return fmt.Errorf("measure beside gqlgen: %w\n%s", err, said.Bytes())
	}
	return s.beside(bytes.NewReader(out))
}

// beside reports the turns of the product beside those of gqlgen.
func (s *suite) beside(printed io.Reader) error {
	var order []string
	turns := map[string][]turn{}
	for d := json.NewDecoder(printed); ; {
		var t turn
		if err := d.Decode(&t); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return fmt.Errorf("read what was measured beside gqlgen: %w", err)
		}
		if turns[t.What+t.Side] == nil && t.Side == "probity" {
			order = append(order, t.What)
		}
		turns[t.What+t.Side] = append(turns[t.What+t.Side], t)
	}
	for _, what := range order {
		of := func(side string, figure func(turn) float64) (out []float64) {
			for _, t := range turns[what+side] {
				out = append(out, figure(t))
			}
			return out
		}
		for _, m := range []struct {
			name, unit string
			of         func(turn) float64
			goals      []goal
		}{
			{what, "answers/s", func(t turn) float64 { return t.Rate }, executorGoals[what]},
			{what + ", p99", "ms", func(t turn) float64 { return t.P99 }, nil},
			{what + ", processor time", "µs", func(t turn) float64 { return t.CPU }, nil},
			{what + ", allocated", "KiB", func(t turn) float64 { return t.Size / 1024 }, nil},
			{what + ", allocations", "", func(t turn) float64 { return t.Allocations }, nil},
		} {
			s.report.compare(m.name, m.unit, of("probity", m.of), "gqlgen", of("gqlgen", m.of), m.goals...)
		}
	}
	return nil
}
