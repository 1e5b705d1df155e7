package projections

import "strings"

// The projections in the file. Raise a version when its rows, or what is
// folded into them, change; the file is then rebuilt.
const (
	projectionEvents    = "events"
	projectionRegisters = "registers"

	versionEvents    = 3
	versionRegisters = 28
)

// What is stored of a register row beside what its readers are given.
type (
	unitRow struct{ Unit }
	postRow struct {
		Post
		State string `db:"state"` // of the room, as JSON
	}
	officerRow struct {
		Officer
		HighRisk  bool   `db:"high_risk"`
		Inquiries string `db:"inquiries"` // open cases, one a line
		SortName  string `db:"sort_name"`
		Search    string `db:"search"` // the names and numbers, folded
	}
	complaintRow struct{ Complaint }
	caseRow      struct {
		Case
		kept[caseBody]
	}
	findingRow struct {
		Seq int64 `db:"seq"` // see findingSeq
		Finding
	}
	sanctionRow struct{ Sanction }
	rewardRow   struct{ Reward }
)

var (
	unitTable      = newTable[unitRow]("units", "parent")
	postTable      = newTable[postRow]("posts", "unit")
	officerTable   = newTable[officerRow]("officers", "unit", "post", "sort_name, id")
	complaintTable = newTable[complaintRow]("complaints", "received_on, id", "unit", "handler", "category", "status", "post")
	caseTable      = newTable[caseRow]("cases", "opened_on, id", "complaint", "inspection", "unit")
	findingTable   = newTable[findingRow]("findings", "case_id, officer", "officer", "complaint", "unit", "id")
	sanctionTable  = newTable[sanctionRow]("sanctions", "officer", "case_id", "status, effect_until")
	rewardTable    = newTable[rewardRow]("rewards", "officer", "unit")
)

// Tables that are needed as they are, without a row type of their own.
//
// Names are interned: an event row carries small numbers for its aggregate,
// actor, kind, role and rulebook, a touch for its reference and fields. A
// touch is one reference in one event; "fields" is the list of the fields
// that name it. The table is clustered by reference and position, which is
// the order of the ledger; the index beside it has the order of occurrence.
// Setbacks are the events recorded at an earlier time than the one before them:
// from each to the next the times rise.
const coreSchema = `
CREATE TABLE projections (name TEXT PRIMARY KEY, version INTEGER NOT NULL, position INTEGER NOT NULL);
CREATE TABLE basis (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE words (id INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE);
CREATE TABLE refs (id INTEGER PRIMARY KEY, name TEXT NOT NULL, type TEXT NOT NULL, UNIQUE (name, type));
CREATE TABLE events (
	position INTEGER PRIMARY KEY,
	id BLOB NOT NULL,
	kind INTEGER NOT NULL,
	subject INTEGER NOT NULL,
	revision INTEGER NOT NULL,
	actor INTEGER NOT NULL,
	role INTEGER NOT NULL,
	occurred INTEGER NOT NULL,
	recorded INTEGER NOT NULL,
	rulebook INTEGER NOT NULL,
	cause BLOB,
	correlation BLOB,
	source TEXT,
	data BLOB NOT NULL
);
CREATE TABLE setbacks (position INTEGER PRIMARY KEY, recorded INTEGER NOT NULL);
CREATE TABLE touches (
	ref INTEGER NOT NULL,
	position INTEGER NOT NULL,
	fields INTEGER NOT NULL,
	occurred INTEGER NOT NULL,
	PRIMARY KEY (ref, position)
) WITHOUT ROWID;
CREATE TABLE complaint_officers (complaint TEXT NOT NULL, officer TEXT NOT NULL, PRIMARY KEY (complaint, officer)) WITHOUT ROWID;
CREATE TABLE receipts (hash TEXT PRIMARY KEY, complaint TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE case_officers (case_id TEXT NOT NULL, officer TEXT NOT NULL, PRIMARY KEY (case_id, officer)) WITHOUT ROWID;
CREATE TABLE concerned (room TEXT NOT NULL, object TEXT NOT NULL, officer TEXT NOT NULL, PRIMARY KEY (room, object, officer)) WITHOUT ROWID;
CREATE TABLE acknowledgements (norm TEXT NOT NULL, officer TEXT NOT NULL, version INTEGER NOT NULL, PRIMARY KEY (norm, officer)) WITHOUT ROWID;
CREATE TABLE interests (
	officer TEXT NOT NULL,
	nature TEXT NOT NULL,
	party TEXT NOT NULL,
	unit TEXT NOT NULL,
	other TEXT NOT NULL,
	until TEXT NOT NULL,
	PRIMARY KEY (officer, nature, party, unit, other)
) WITHOUT ROWID;
`

// coreIndexes are made last in a bulk load, like those of the registers.
const coreIndexes = `
CREATE UNIQUE INDEX events_id ON events (id);
CREATE INDEX events_kind ON events (kind, position);
CREATE INDEX events_occurred ON events (occurred, position);
CREATE INDEX events_correlation ON events (correlation, position) WHERE correlation IS NOT NULL;
CREATE INDEX events_cause ON events (cause, position) WHERE cause IS NOT NULL;
CREATE INDEX touches_occurred ON touches (ref, occurred);
CREATE INDEX complaint_officers_officer ON complaint_officers (officer, complaint);
CREATE INDEX case_officers_officer ON case_officers (officer, case_id);
CREATE INDEX concerned_officer ON concerned (officer, room, object);
CREATE INDEX interests_other ON interests (other) WHERE other <> '';
`

// roomTables are the tables of the registers.
var roomTables = []interface {
	schema() string
	indexSchemas() []string
}{
	unitTable, postTable, officerTable, complaintTable, caseTable, findingTable, sanctionTable, rewardTable, planTable, tracebackTable, enforcementTable, normTable, disclosureTable,
	obligationTable, matterTable, warningTable, inspectionTable, programmeTable, accessTable, activityTable, rulebookTable, postRiskTable, keyTable, remedyTable, comparedTable,
}

// schemaSQL makes the empty tables, indexSQL their indexes.
func schemaSQL() string {
	all := []string{coreSchema, documentsSchema, warnedSchema, movesSchema, factsSchema, hitsSchema, protectedSchema}
	for _, t := range roomTables {
		all = append(all, t.schema())
	}
	return strings.Join(all, ";\n")
}

func indexSQL() string {
	all := []string{coreIndexes, factsIndexes, hitsIndexes}
	for _, t := range roomTables {
		all = append(all, t.indexSchemas()...)
	}
	return strings.Join(all, ";\n")
}
