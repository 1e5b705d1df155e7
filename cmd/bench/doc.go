// Command bench measures the ledger beside what it is built on: raw Ed25519,
// a raw fsync, a raw SQLite insert, an empty HTTP request. It prints a table
// and, on request, JSON; it asserts nothing, and a missed goal is no failure.
//
//	go run ./cmd/bench                      # everything, some minutes
//	go run ./cmd/bench --quick              # smaller ledgers, fewer rounds
//	go run ./cmd/bench --only append,verify --json bench.json
//	go run ./cmd/bench graphql              # as --only graphql
//
// Absolute figures depend on the machine and on what else it does. So every
// workload takes turns with its reference (A B A B…), the ratio is formed
// within each turn, and the table shows medians over all turns. A ratio is
// what to compare between machines.
//
// Everything lies in a temporary folder below --dir (the current folder by
// default), which must be on a real disk: in memory, fsync costs nothing and
// every ratio to it is meaningless. The folder is removed at the end.
package main
