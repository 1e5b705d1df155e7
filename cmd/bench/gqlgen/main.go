// Command gqlgen serves the same objects in memory through the product's
// GraphQL and through code that gqlgen generated, and measures both in turns.
// It is run by the bench:
//
//	go run ./cmd/bench --only graphql
//
// It is a module of its own, so that nobody else downloads gqlgen. It prints
// its samples as JSON, which the bench forms ratios of.
//
// # What is compared
//
// Two questions with a variable: an officer's timeline of 200 events with
// twelve fields each, and a record file of thirty fields with its lists. Both
// sides answer from objects that are in memory before the first question, and
// with the same bytes of data; main_test.go holds them to it.
//
// In process, from the text of the query and the map of its variables to the
// bytes of the answer: the product's guard, plan and executor; gqlgen's
// executor. Over HTTP on the loopback with connections kept open: the product's
// overhttp handler; gqlgen's handler.Server. Neither side asks who is asking.
//
// # gqlgen's settings
//
// Those of production that are fastest: documents parsed and validated once
// (handler/lru, 1,000 documents, as its own default server has it), the POST
// transport alone, no extension (no introspection, complexity limit or
// tracing), pooled buffers (use_buffer_pooling). Its resolvers return models of
// its own generation that were filled beforehand, so that it converts nothing.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "gqlgen:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("gqlgen", flag.ContinueOnError)
	turns := flags.Int("rounds", 7, "how many rounds")
	while := flags.Duration("burst", 500*time.Millisecond, "how long each side runs in a round")
	callers := flags.Int("callers", 16, "how many ask at a time")
	if err := flags.Parse(args); err != nil {
		return err
	}
	workloads, stop, err := prepare(*callers)
	if err != nil {
		return err
	}
	defer stop()
	out := json.NewEncoder(os.Stdout)
	for round := range *turns {
		for _, w := range workloads {
			got, err := measure(ctx, *callers, *while, w.ask)
			if err != nil {
				return fmt.Errorf("%s, %s: %w", w.What, w.Side, err)
			}
			got.Round, got.What, got.Side = round, w.What, w.Side
			if err := out.Encode(got); err != nil {
				return err
			}
		}
	}
	return nil
}
