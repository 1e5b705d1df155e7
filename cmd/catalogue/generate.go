package main

import (
	"fmt"
	"maps"
	"strings"
)

// generate makes the whole catalogue of the checkout at root, by folder.
func generate(root string) (map[string]outputs, error) {
	h, err := survey(root)
	if err != nil {
		return nil, err
	}
	out, err := h.schemas()
	if err != nil {
		return nil, err
	}
	maps.Copy(out, h.pages())
	out[rulesPage] = h.warningRules()
	if out[tableName], err = h.refusalsFile(); err != nil {
		return nil, err
	}
	words, err := h.commandWords()
	return map[string]outputs{folder: out, wordsFolder: words}, err
}

// page is Markdown being written.
type page struct{ b strings.Builder }

func (p *page) line(format string, args ...any) {
	fmt.Fprintf(&p.b, format+"\n", args...)
}

// para writes a block of its own; an empty one is left out.
func (p *page) para(text string) {
	if text != "" {
		p.b.WriteString(text + "\n\n")
	}
}

// table writes a table; one without rows is left out.
func (p *page) table(head []string, rows [][]string) {
	if len(rows) == 0 {
		return
	}
	row := func(cells []string) {
		for _, c := range cells {
			p.b.WriteString(strings.TrimRight("| "+cell(c), " ") + " ")
		}
		p.b.WriteString("|\n")
	}
	row(head)
	row(strings.Split(strings.Repeat("---,", len(head)-1)+"---", ","))
	for _, r := range rows {
		row(r)
	}
	p.b.WriteByte('\n')
}

func (p *page) bytes() []byte { return []byte(strings.TrimRight(p.b.String(), "\n") + "\n") }

// cell makes text fit into one cell of a table.
func cell(text string) string {
	return strings.ReplaceAll(oneLine(text), "|", `\|`)
}

// code marks text as a name in the software; empty stays empty.
func code(text string) string {
	if text == "" {
		return ""
	}
	return "`" + text + "`"
}

func codes[T ~string](list []T) string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = code(string(s))
	}
	return strings.Join(out, ", ")
}

// anchor is the place of a heading in a page.
func anchor(heading string) string {
	return strings.ToLower(strings.NewReplacer(".", "", "`", "", " ", "-").Replace(heading))
}

// linkTo points at an event or command, from any page of the catalogue.
func linkTo(room, name string) string {
	return fmt.Sprintf("[`%s`](%s.md#%s)", name, room, anchor(name))
}
