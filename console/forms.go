package console

import "strings"

// form is how a command is given: what it says, field by field. A test holds
// each against the input type of its mutation, so that none is missing,
// misspelt or of another kind.
type form struct {
	// command is its name in the catalogue, "complaint.receive".
	command string
	// begins tells that it is about something new, whose id is chosen.
	begins bool
	// when are the states in which it is usually next; other steps are listed
	// behind those. Whether it may be done the ledger says, not this list.
	when   []string
	fields []field
	// shows are the kinds of events whose last one is shown above the form,
	// such as the finding that is to be confirmed.
	shows []string
}

// fieldKind is how something is entered.
type fieldKind string

const (
	inLine   fieldKind = "line"     // a text of one line
	long     fieldKind = "long"     // a text
	day      fieldKind = "day"      // a date
	moment   fieldKind = "moment"   // a date and a time
	whole    fieldKind = "whole"    // a whole number
	yesNo    fieldKind = "yesno"    // nothing, yes or no
	choose   fieldKind = "choose"   // one of an enum
	word     fieldKind = "word"     // a word of the rulebook, such as a measure
	pick     fieldKind = "pick"     // the id of something on file
	several  fieldKind = "several"  // ids of things on file
	group    fieldKind = "group"    // several fields of one structure
	rows     fieldKind = "rows"     // structures, one below another
	evidence fieldKind = "evidence" // documents by their digests
)

// field is one member of what a command says.
type field struct {
	name     string // of the member
	kind     fieldKind
	required bool
	of       string   // what is picked, or the enum that is chosen from
	values   []string // of the enum, all that a person may choose
	fields   []field  // of a group or of rows
	seldom   bool     // worked out where it is empty: shown on demand
}

func seldom(f field) field {
	f.seldom = true
	return f
}

func must(f field) field {
	f.required = true
	return f
}

func aLine(name string) field   { return field{name: name, kind: inLine} }
func aText(name string) field   { return field{name: name, kind: long} }
func aDay(name string) field    { return field{name: name, kind: day} }
func aNumber(name string) field { return field{name: name, kind: whole} }
func aYesNo(name string) field  { return field{name: name, kind: yesNo} }
func aWord(name, of string) field {
	return field{name: name, kind: word, of: of}
}
func aPick(name, of string) field { return field{name: name, kind: pick, of: of} }
func picks(name, of string) field { return field{name: name, kind: several, of: of} }
func documents(name string) field { return field{name: name, kind: evidence, fields: evidenceFields} }
func aChoice(name, enum string, values ...string) field {
	return field{name: name, kind: choose, of: enum, values: values}
}

// evidenceFields are what is filed of a document: never the document.
var evidenceFields = []field{aLine("name"), must(aLine("digest")), must(aLine("mediaType")), must(aNumber("size"))}

// matter is a room of the ledger in which people do things here.
type matter struct {
	name string // of the room, as commands and events begin
	ref  string // its type of references
	page string // of one of it, below Path
	// asks is the member of the query that has one of it, and facts what is
	// shown of it above a form.
	asks, facts string
	// states is the enum of its status.
	states string
	// mark begins the ids that are suggested for new ones.
	mark  string
	forms []form
	// leads are what may be begun elsewhere because of one of it.
	leads []lead
}

// lead is a form elsewhere that goes on with what a page is about: its id
// stands in a member of it, beside others that are given.
type lead struct{ command, member, given string }

// matters are all of them; each has a file.
var matters = []*matter{&complaintMatter, &caseMatter, &sanctionMatter, &planMatter, &warningMatter, &disclosureMatter}

// findForm finds the form of a command, and its room.
func findForm(command string) (*form, *matter) {
	room, _, _ := strings.Cut(command, ".")
	if m := findMatter(room); m != nil {
		for i := range m.forms {
			if m.forms[i].command == command {
				return &m.forms[i], m
			}
		}
	}
	return nil, nil
}

func findMatter(room string) *matter {
	for _, m := range matters {
		if m.name == room {
			return m
		}
	}
	return nil
}

// pascal writes "complaint.seal_reporter" as the schema begins its input type,
// "ComplaintSealReporter".
func pascal(command string) string {
	var out strings.Builder
	for part := range strings.FieldsFuncSeq(command, func(r rune) bool { return r == '.' || r == '_' }) {
		out.WriteString(strings.ToUpper(part[:1]) + part[1:])
	}
	return out.String()
}

// mutation is the document that gives the command.
func (f *form) mutation() string {
	name := pascal(f.command)
	head, input := "", ""
	if len(f.fields) > 0 {
		head, input = ", $input: "+name+"Input!", ", input: $input"
	}
	return `mutation Do($subject: ID!, $id: ID!, $at: DateTime, $dry: Boolean, $prepare: Boolean` + head + `) {
  done: ` + strings.ToLower(name[:1]) + name[1:] + `(subject: $subject, id: $id, occurredAt: $at, dryRun: $dry, prepare: $prepare` + input + `) {
    id recorded repeated needsSignature position
    events { id kind event { id } }
    followed { id kind subject { type id } }
    prepared { prepared toSign }
  }
}`
}
