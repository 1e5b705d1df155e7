package main

import (
	"fmt"
	"reflect"

	"github.com/probity-ledger/probity/domain"
)

// howToRead is the one text of the catalogue that no declaration holds.
const howToRead = `## How to read

- An **event** is what happened; its kind names the room, the event and the version of its form, and never changes. A
  **command** is a wish; it is addressed to one aggregate of its room and is either followed by events or refused.
- **Roles** at a command are those that may give it under %[1]s. ` + "`system`" + ` stands for reactions and clocks.
- **Optional** fields are left out when they are empty, never written as empty. A field without a meaning says it by its
  name, or is that of the command that decides the event. Type names link to the structure or enumeration below.
- A **date** is ` + "`2024-02-29`" + `; a **moment** is RFC 3339 with a zone; an **id** has at most %[2]d bytes of letters, digits and
  ` + "`- _ . : # + @`" + `, and a **code** is an id within its aggregate; a **text** has at most %[3]d bytes; a **digest** is
  ` + "`sha256:`" + ` and 64 hex digits. Amounts are whole numbers of the smallest unit.
- **Refusals** are read from the source: each line that a command can come to, whether or not a sequence of events leads
  there. What stands in ‹ › is filled in when it is said. In italics are checks of form. The source of a rule is that
  of %[1]s, with its place in the rulebook. [refusals.csv](refusals.csv) holds all of them in one table, for programs; a
  test of each room meets every one of them.
- **JSON Schema** (draft 2020-12) of each event's data and each command's data lies in [schema](schema), that of the whole
  signed payload in [schema/envelope.json](schema/envelope.json). Lengths count bytes in the ledger and characters in a
  schema, so a schema lets through what is longer in bytes. An absent field of a command is read as empty or zero;
  the schema asks for it, and the room decides. Optional fields that are empty must be left out for the schema.`

// index is the front page: the rooms, and every event and command in one
// line.
func (h *house) index() []byte {
	p := &page{}
	p.para(notice)
	p.para("# Event catalogue")
	p.para("What may happen in the ledger, who may make it happen, and what is refused.")
	p.para("## Rooms")
	p.table([]string{"room", "", "what it is", "events", "commands"}, h.roomRows())
	p.para(fmt.Sprintf(howToRead, h.book.ID, domain.MaxID, domain.MaxText))
	p.para("## Refusals that any command may meet")
	p.para("Before the room is asked:")
	refusalTable(p, h.always)
	p.para("The codes:")
	p.table([]string{"code", "meaning"}, h.valueRows(reflect.TypeFor[domain.Code]()))
	p.para("What the rules of early warning find: [" + rulesPage + "](" + rulesPage + ").")
	p.para("## Roles")
	p.table([]string{"role", "meaning"}, h.valueRows(reflect.TypeFor[domain.Role]()))
	p.para("## Every event")
	var rows [][]string
	for _, r := range h.rooms {
		for _, e := range r.events {
			rows = append(rows, []string{linkTo(r.Name, string(e.Kind)), sentence(meaning(e.Type.Name(), e.doc))})
		}
	}
	p.table([]string{"kind", "meaning"}, rows)
	p.para("## Every command")
	rows = nil
	for _, r := range h.rooms {
		for _, c := range r.commands {
			rows = append(rows, []string{linkTo(r.Name, string(c.Name)), sentence(meaning(c.Type.Name(), c.doc)), codes(c.may)})
		}
	}
	p.table([]string{"command", "meaning", "who may"}, rows)
	p.para("## Reactions")
	p.para("What the system does by itself, each effect naming its cause. Nothing follows from imported history.")
	rows = nil
	for _, f := range h.follows {
		rows = append(rows, h.reactionRow(f))
	}
	p.table(reactionHead, rows)
	return p.bytes()
}

func (h *house) roomRows() [][]string {
	var rows [][]string
	events, commands := 0, 0
	for _, r := range h.rooms {
		rows = append(rows, []string{
			h.roomLink(r.Name), r.Chinese, h.src.synopsis(r.path), fmt.Sprint(len(r.events)), fmt.Sprint(len(r.commands)),
		})
		events, commands = events+len(r.events), commands+len(r.commands)
	}
	return append(rows, []string{"**all**", "", "", fmt.Sprint(events), fmt.Sprint(commands)})
}

func (h *house) valueRows(t reflect.Type) [][]string {
	var rows [][]string
	for _, v := range h.src.values(t) {
		rows = append(rows, []string{code(v.Text), v.Meaning})
	}
	return rows
}
