package console

import (
	"net/url"
	"slices"
)

// able is a command that a page offers.
type able struct{ Command, Href string }

// abilities are what a visitor's role may do about something: what is usually
// next, and the rest.
type abilities struct{ Next, Other []able }

// Any tells whether there is anything.
func (a abilities) Any() bool { return len(a.Next)+len(a.Other) > 0 }

// Can returns what the visitor may do about something of a room, which stands
// at a status. Whether the ledger takes it is decided when it is checked.
func (v *view) Can(room string, id, status any) abilities {
	var out abilities
	m := findMatter(room)
	for _, f := range m.forms {
		if f.begins || !v.Visitor.may(f.command) {
			continue
		}
		one := able{f.command, pathTo("do", f.command, asText(id))}
		if slices.Contains(f.when, asText(status)) {
			out.Next = append(out.Next, one)
		} else {
			out.Other = append(out.Other, one)
		}
	}
	for _, l := range m.leads {
		if v.Visitor.may(l.command) {
			out.Other = append(out.Other, able{l.command, pathTo("do", l.command) + "?" + l.member + "=" + url.QueryEscape(asText(id)) + l.given})
		}
	}
	return out
}

// Begin returns what the visitor may begin in a room, or in all of them.
func (v *view) Begin(room string) []able {
	var out []able
	for _, m := range matters {
		for _, f := range m.forms {
			if f.begins && (room == "" || room == m.name) && v.Visitor.may(f.command) {
				out = append(out, able{f.command, pathTo("do", f.command)})
			}
		}
	}
	return out
}
