package settings

import (
	"fmt"
	"strings"
)

// parts are the headings of the documentation, each with the settings below
// it and a sentence.
var parts = []struct {
	title, text string
	list        func() []Setting
}{
	{"For every verb", "", general},
	{"Where events and views are kept", "", storage},
	{"How the server is reached", "More: [sign-in.md](sign-in.md#reached-from-other-machines).", reached},
	{"What may be asked", "More: [graphql.md](graphql.md).", asking},
	{"Who signs in", "In the file alone. More: [sign-in.md](sign-in.md).", signingIn},
	{"Who is told", "In the file alone. More: [webhooks.md](webhooks.md).", webhooks},
	{"Who confirms checkpoints", "More: [witness.md](witness.md).", witnesses},
	{"Settings of a witness", "`probity witness` has a file of its own.", witnessing},
}

// Tables is the list as tables in Markdown, one for each part.
func Tables() string {
	var b strings.Builder
	for _, p := range parts {
		fmt.Fprintf(&b, "### %s\n\n", p.title)
		if p.text != "" {
			fmt.Fprintf(&b, "%s\n\n", p.text)
		}
		b.WriteString("| setting | value | default | also | meaning |\n|---|---|---|---|---|\n")
		for _, s := range p.list() {
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", s.Name, s.values(), code(s.Default), s.also(), s.Doc)
		}
		b.WriteByte('\n')
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}

func (s Setting) values() string {
	if s.Kind == Choice {
		return "`" + strings.Join(s.choices, "`, `") + "`"
	}
	if s.Secret() {
		return "secret, not in the file"
	}
	return string(s.Kind)
}

// also is where it can be set besides the file.
func (s Setting) also() string {
	var out []string
	if name := s.Flag(); name != "" {
		out = append(out, code("--"+name))
	}
	if name := s.Variable(); name != "" {
		out = append(out, code(name))
	}
	return strings.Join(out, " ")
}

func code(text string) string {
	if text == "" {
		return ""
	}
	return "`" + text + "`"
}
