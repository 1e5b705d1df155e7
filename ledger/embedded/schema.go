package embedded

import (
	"errors"
	"fmt"
	"strings"

	"github.com/ncruces/go-sqlite3"

	"github.com/probity-ledger/probity/ledger"
)

const (
	// applicationID marks the file as a ledger ("PRBL"), where file(1) and
	// SQLite itself look for it.
	applicationID = 0x5052424c

	// formatVersion is the layout this program writes and reads. A change of
	// the tables below is a new version with a migration of its own.
	formatVersion = 1

	// pageSize in bytes. A signed event has about 900, so four share a page.
	pageSize = 4096
)

// ErrFormat says that a file is not a ledger, or is one of a format this
// program does not know. The file is left as it was.
var ErrFormat = errors.New("not a ledger this program can read")

// schema holds each object with the very text SQLite keeps of it, so that
// checkSchema can compare them.
//
// The streams table interns names: an event row carries a small number
// instead of up to 160 bytes, twice. The head row is written once per commit;
// it is what makes a missing last event noticeable. The insert trigger stands
// against INSERT OR REPLACE, which deletes without firing a delete trigger.
var schema = []struct{ name, sql string }{
	{"streams", `CREATE TABLE streams (
	id   INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE
) STRICT`},
	{"events", `CREATE TABLE events (
	position INTEGER PRIMARY KEY,
	stream   INTEGER NOT NULL REFERENCES streams (id),
	revision INTEGER NOT NULL,
	id       BLOB NOT NULL,
	envelope BLOB NOT NULL,
	UNIQUE (stream, revision)
) STRICT`},
	{"head", `CREATE TABLE head (
	row      INTEGER PRIMARY KEY CHECK (row = 1),
	position INTEGER NOT NULL,
	events   INTEGER NOT NULL
) STRICT`},
	{"events_insert", `CREATE TRIGGER events_insert BEFORE INSERT ON events
WHEN NEW.position <= (SELECT position FROM head)
	OR EXISTS (SELECT 1 FROM events WHERE stream = NEW.stream AND revision = NEW.revision)
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END`},
	{"events_update", `CREATE TRIGGER events_update BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END`},
	{"events_delete", `CREATE TRIGGER events_delete BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END`},
	{"streams_insert", `CREATE TRIGGER streams_insert BEFORE INSERT ON streams
WHEN EXISTS (SELECT 1 FROM streams WHERE id = NEW.id OR name = NEW.name)
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END`},
	{"streams_update", `CREATE TRIGGER streams_update BEFORE UPDATE ON streams
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END`},
	{"streams_delete", `CREATE TRIGGER streams_delete BEFORE DELETE ON streams
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END`},
	{"head_insert", `CREATE TRIGGER head_insert BEFORE INSERT ON head
WHEN EXISTS (SELECT 1 FROM head)
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END`},
	{"head_update", `CREATE TRIGGER head_update BEFORE UPDATE ON head
WHEN NEW.row <> 1 OR NEW.position < OLD.position OR NEW.events < OLD.events
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END`},
	{"head_delete", `CREATE TRIGGER head_delete BEFORE DELETE ON head
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END`},
}

// createSchema turns the new, empty file behind conn into an empty ledger.
func createSchema(conn *sqlite3.Conn) error {
	var sql strings.Builder
	fmt.Fprintf(&sql, "PRAGMA page_size = %d; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; BEGIN IMMEDIATE;", pageSize)
	fmt.Fprintf(&sql, "PRAGMA application_id = %d; PRAGMA user_version = %d;\n", applicationID, formatVersion)
	for _, object := range schema {
		sql.WriteString(object.sql + ";\n")
	}
	sql.WriteString("INSERT INTO head (row, position, events) VALUES (1, 0, 0); COMMIT;")
	return storeError("create the ledger", conn.Exec(sql.String()))
}

// checkSchema refuses a file that is not a ledger of a known format, and
// reports a ledger whose tables or triggers were tampered with.
func checkSchema(conn *sqlite3.Conn, file string) error {
	id, err := queryInt(conn, "PRAGMA application_id")
	if err != nil {
		return err
	}
	if pages, err := queryInt(conn, "PRAGMA page_count"); err != nil {
		return err
	} else if pages == 0 {
		return &ledger.IntegrityError{What: file + " is empty"}
	}
	found, err := queryObjects(conn)
	if err != nil {
		return err
	}
	if id != applicationID && found[schema[1].name] == schema[1].sql {
		return &ledger.IntegrityError{What: fmt.Sprintf("%s holds a ledger but its mark was changed to %#x", file, uint32(id))}
	}
	if id != applicationID {
		return fmt.Errorf("%s: %w: it belongs to another program (application id %#x)", file, ErrFormat, uint32(id))
	}
	version, err := queryInt(conn, "PRAGMA user_version")
	if err != nil {
		return err
	}
	switch {
	case version > formatVersion:
		return fmt.Errorf("%s: %w: it has format %d, this program knows up to %d; use a newer release", file, ErrFormat, version, formatVersion)
	case version < 1:
		return &ledger.IntegrityError{What: fmt.Sprintf("%s carries the impossible format version %d", file, version)}
	}
	return checkObjects(found, file)
}

// checkObjects compares tables and triggers with what they must be.
func checkObjects(found map[string]string, file string) error {
	for _, object := range schema {
		switch sql, ok := found[object.name]; {
		case !ok:
			return &ledger.IntegrityError{What: fmt.Sprintf("%s has lost its table or trigger %s", file, object.name)}
		case sql != object.sql:
			return &ledger.IntegrityError{What: fmt.Sprintf("in %s the table or trigger %s was changed", file, object.name)}
		}
		delete(found, object.name)
	}
	for name := range found {
		return &ledger.IntegrityError{What: fmt.Sprintf("%s holds %s, which is no part of a ledger", file, name)}
	}
	return nil
}

// queryObjects returns the text of every table, trigger, view and index that
// someone declared; what SQLite makes for itself has no text.
func queryObjects(conn *sqlite3.Conn) (map[string]string, error) {
	stmt, _, err := conn.Prepare("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
	if err != nil {
		return nil, storeError("read the schema", err)
	}
	defer stmt.Close()
	found := make(map[string]string)
	for stmt.Step() {
		found[stmt.ColumnText(0)] = stmt.ColumnText(1)
	}
	return found, storeError("read the schema", stmt.Err())
}

// queryInt returns the single number that sql yields.
func queryInt(conn *sqlite3.Conn, sql string) (int64, error) {
	stmt, _, err := conn.Prepare(sql)
	if err != nil {
		return 0, storeError("read the ledger's header", err)
	}
	defer stmt.Close()
	if !stmt.Step() {
		if err := stmt.Err(); err != nil {
			return 0, storeError("read the ledger's header", err)
		}
		return 0, &ledger.IntegrityError{What: "the ledger's header is incomplete"}
	}
	return stmt.ColumnInt64(0), nil
}
