package spreadsheet

import (
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

func (in *input) parseGroup(e entry) error {
	in.group = &grouping{}
	err := keyed(e.value, "group", map[string]func(entry) error{
		"by":     textOrTexts(&in.group.by),
		"sorted": flag(&in.group.sorted),
	})
	if err == nil && len(in.group.by) == 0 {
		err = wrong(e.at, `group needs "by", the columns that rows of one group share`)
	}
	return err
}

func (in *input) parseHeader(e entry) error {
	s, err := scalarOf(e.value, e.key)
	if err == nil {
		if in.header, err = strconv.Atoi(s.text); err != nil || in.header < 1 {
			err = wrong(s.at, "header: %q is not the number of a line, of which the first is 1", s.text)
		}
	}
	return err
}

func parseSkip(n ast.Node) (skipRule, error) {
	var s skipRule
	var reason scalar
	err := keyed(n, "skip", map[string]func(entry) error{
		"when":   conditions(&s.when),
		"reason": text(&reason),
	})
	if err == nil && (len(s.when) == 0 || strings.TrimSpace(reason.text) == "") {
		err = wrong(whereIs(n), `a skip needs "when" and "reason"`)
	}
	s.reason = reason.text
	return s, err
}

func parseInstruction(n ast.Node) (*instruction, error) {
	ins := &instruction{existing: "reject", at: whereIs(n)}
	err := keyed(n, "an instruction", map[string]func(entry) error{
		"command":    text(&ins.command),
		"subject":    fieldInto(&ins.subject),
		"occurredAt": fieldInto(&ins.occurred),
		"when":       conditions(&ins.when),
		"once":       flag(&ins.once),
		"existing":   oneOf(&ins.existing, "reject", "accept"),
		"fields":     fieldsInto(&ins.fields, "fields"),
	})
	switch {
	case err != nil:
	case ins.command.text == "":
		err = wrong(ins.at, `an instruction needs a "command"`)
	case ins.subject == nil:
		err = wrong(ins.at, `an instruction needs a "subject", the id of what it is about`)
	case ins.existing == "accept" && !ins.once:
		err = wrong(ins.at, `"existing: accept" goes with "once: true" only`)
	}
	return ins, err
}

func conditions(into *[]condition) func(entry) error {
	return list(func(n ast.Node) error {
		var c condition
		var present bool
		err := keyed(n, "a condition", map[string]func(entry) error{
			"column":  text(&c.column),
			"present": func(e entry) error { c.present = &present; return flag(&present)(e) },
			"is":      textOrTexts(&c.is),
			"not":     textOrTexts(&c.not),
		})
		if err == nil && (c.column.text == "" || c.present == nil && c.is == nil && c.not == nil) {
			err = wrong(whereIs(n), `a condition needs "column" and one of "present", "is", "not"`)
		}
		*into = append(*into, c)
		return err
	})
}
