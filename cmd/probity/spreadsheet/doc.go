// Package spreadsheet brings old records in: it turns the rows of CSV files
// into instructions to the ledger, as a map says. docs/import.md shows a
// worked example.
//
// # Use
//
// Parse reads a map, Map.Plan binds it to the commands of a catalog and to
// files, Run records. What is wrong with a map is a *MapError with line and
// column; what does not fit between map and files is said before anything is
// recorded. What is wrong with a row rejects that row alone: it stands in the
// rejects with file, line, column, value and reason, and the run goes on. Any
// other error ends the run with a *StopError.
//
// # The map
//
// A map is plain YAML (no anchors, aliases, merge keys or tags; unknown keys
// are mistakes):
//
//	map: id of the map, part of the id of all it records; never change it
//	about: what it reads
//	actor: who acts; "import:" and the id of the map when absent
//	zone: IANA time zone of dates; UTC when absent
//	inputs: list of inputs, read in this order
//
// An input is one kind of file. A file belongs to the input whose pattern
// its name fits, otherwise to the one whose columns are exactly its columns.
// Each column must be used, ignored or withheld. A column without name is called by
// its place, "#3".
//
//	name:       name of the input, part of the ids too
//	file:       pattern of file names, or a list of them; case and .gz do not matter
//	encoding:   utf-8, gb18030, windows-1252…; utf-8 when absent
//	delimiter:  one character or tab; a comma when absent
//	absent:     texts that stand for nothing, as NA; the empty text always does
//	ignore:     columns that are not used, each with the reason
//	withhold:   columns that nobody is to see, each with the reason: emptied
//	            as they are read, and so in neither digest nor rejects
//	let:        values made once per row and used like columns; each may use earlier ones
//	skip:       list of {when, reason}: rows of no interest
//	group:      {by: columns, sorted: true|false}: rows that are one thing
//	occurredAt: field with the moment things happened, for all its instructions
//	rows:       list of instructions; an input that is only looked up has none
//
// An instruction is given for each row (each group, with group) where its
// conditions hold. A row for which none is given is rejected.
//
//	command:    name of a command that an importer may give
//	subject:    field with the id of what it is about
//	when:       list of conditions, all of which must hold:
//	            {column: c, present: true|false, is: value or list, not: value or list}
//	once:       true: it is the same for all rows with this subject. The first
//	            sound row gives it, before whatever else its rows give
//	existing:   accept: a once subject that is on file already, from elsewhere,
//	            is fine; otherwise (reject) its rows are refused
//	occurredAt: instead of that of the input
//	fields:     fields of the command by their JSON names
//
// A field has one source:
//
//	column: c                 the column, or let value
//	value: 5                  a constant; unquoted numbers and booleans keep their type
//	template: "p-{c}"         text with columns; absent if one of them is. A plain
//	                          text in place of a field is short for it
//	lookup: {in: input, key: column here, on: column there, take: column there,
//	         missing: reject|absent}
//	fields: {…}               several fields
//	list: [field, …]          a list, without what is absent
//	each: field               a list of the field over the rows of the group
//
// and any of these steps, always taken in this order:
//
//	trim: false       keep blanks at both ends
//	absent: texts     instead of those of the input
//	split: ";"        make a list; what follows is done to each element
//	match: pattern    reject what it does not match as a whole; keep its group, if it has one
//	fold: upper|lower
//	slug: true        lower-case letters and digits, one hyphen for all between
//	values: {from: to}, else: reject|keep|absent    reject when absent
//	date: form(s), at: "hh:mm", zone: z    a day; at and zone say when it began, for occurredAt
//	time: form(s), zone: z                 an instant
//	as: integer|boolean|text
//	required: true    reject the row when the value is absent
//
// Forms of dates are made of YYYY YY MM M MMM DD D hh mm ss and separators,
// and are strict. Whatever is absent is left out of the command; what a
// command cannot do without, it refuses. In a group, columns used outside of
// each must agree in all its rows.
//
// # Identity
//
// The source of every event is "sha256:" and the digest of its record:
// SHA-256 over the fields as netstrings, in the order of the file, decoded
// to UTF-8, unquoted, with LF as line end, not trimmed. For a group it is the
// digest of the sorted digests of its records. The id of an instruction
// derives from the map's id, the input's name, that digest, the number of
// records before it in the same file that are exactly alike, the command and
// its number among those of this command in the input. So importing a file
// again adds nothing, whatever it is called and however it is sorted, and
// rows that are alike stay as many as they are. The id of a once instruction
// derives from the map's id, the command and the subject. A looked-up value
// is no part of the digest.
//
// A row that was corrected in the source is another row: what it says is
// recorded beside the older, or refused where a subject can be imported only
// once.
//
// # Order, concurrency and failure
//
// Rows are read one after another and recorded by many workers. All that
// concerns one subject keeps the order of the files. Memory is bounded by
// the rows under way, the once subjects, the looked-up columns, some 40 bytes
// a row to count rows that are alike, and 256 MiB for groups that are not
// sorted.
//
// All instructions of a row are made and checked as to form before any is
// recorded, so a row that is rejected for what it says leaves nothing behind.
// A row that is refused for what the ledger holds may leave what it shares
// with others (once), and what it gave before the refused instruction; the
// reason says so.
//
// Parse, Plan and Run may be called by several goroutines; a Plan may be run
// several times.
package spreadsheet
