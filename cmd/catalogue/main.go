// Command catalogue writes the event catalogue: what may happen in the
// ledger, who may make it happen and what is refused, as pages for people
// and as JSON Schema for programs.
//
//	go run ./cmd/catalogue          # writes docs/catalogue and graphql/words
//	go run ./cmd/catalogue -check   # exit 1, and names what is stale
//
// Nothing is written twice. The rooms, kinds, commands, roles and fields come
// from domain/catalog; meanings from the doc comments of the source;
// refusals from the calls of domain.Refuse that a command's Decide can reach;
// what follows from domain/reactions. A new room, event or command needs no
// change here. Numbers and sources of rules are those of cn-2024.
//
// It reads the source, so it runs inside a checkout alone, and it says the
// same of the same source. An event or command without a doc comment is an
// error; nothing is written then.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// folder is where the catalogue lies in the module.
const folder = "docs/catalogue"

func main() {
	err := run(os.Args[1:], os.Stdout)
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "catalogue:", err)
		os.Exit(1)
	}
}

func run(args []string, stdout io.Writer) error {
	flags := flag.NewFlagSet("catalogue", flag.ContinueOnError)
	check := flags.Bool("check", false, "write nothing; fail when a committed file is stale")
	if err := flags.Parse(args); err != nil {
		return err
	}
	root, err := moduleRoot()
	if err != nil {
		return err
	}
	files, err := generate(root)
	if err != nil {
		return err
	}
	var stale []string
	for _, name := range slices.Sorted(maps.Keys(files)) {
		dir := filepath.Join(root, filepath.FromSlash(name))
		if !*check {
			if err := write(dir, files[name]); err != nil {
				return err
			}
			continue
		}
		old, err := staleFiles(dir, files[name])
		if err != nil {
			return err
		}
		for _, file := range old {
			stale = append(stale, name+"/"+file)
		}
	}
	if len(stale) > 0 {
		fmt.Fprintln(stdout, strings.Join(stale, "\n"))
		return fmt.Errorf("%d files are stale; run: go run ./cmd/catalogue", len(stale))
	}
	return nil
}

// moduleRoot finds the checkout from the working folder upwards.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		if filepath.Dir(dir) == dir {
			return "", errors.New("there is no go.mod here or above: run it inside a checkout")
		}
		dir = filepath.Dir(dir)
	}
}
