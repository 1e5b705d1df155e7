package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/ncruces/go-sqlite3"

	"github.com/probity-ledger/probity/ledger"
)

// entries makes n events of a few bytes.
func entries(n int) []ledger.Entry {
	out := make([]ledger.Entry, n)
	for i := range out {
		out[i] = ledger.Entry{ID: uuid.New(), Envelope: fmt.Appendf(nil, "event %d", i)}
	}
	return out
}

// made makes a closed ledger of n events in one stream and returns its folder.
func made(t *testing.T, n int) string {
	t.Helper()
	dir := t.TempDir()
	s := open(t, dir, Options{})
	if n > 0 {
		if _, err := s.Append(t.Context(), "officer-1", ledger.NoStream, entries(n)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

// plain runs SQL on the ledger in dir as any other program would.
func plain(t *testing.T, dir, sql string) error {
	t.Helper()
	conn, err := sqlite3.Open(filepath.Join(dir, dataFile))
	if err != nil {
		t.Fatal(err)
	}
	defer closeConn(conn)
	return conn.Exec(sql)
}

func count(s *Store, after ledger.Position) (n int, err error) {
	for _, err := range s.ReadAll(context.Background(), after) {
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

func TestOtherProgramsCannotChangeWhatIsRecorded(t *testing.T) {
	dir := made(t, 5)
	s := open(t, dir, Options{}) // also while it is in use
	for _, sql := range []string{
		"UPDATE events SET envelope = x'00' WHERE position = 3",
		"UPDATE events SET position = 9 WHERE position = 5",
		"DELETE FROM events WHERE position = 5",
		"DELETE FROM events",
		"INSERT OR REPLACE INTO events VALUES (3, 1, 2, x'00', x'00')",
		"INSERT OR REPLACE INTO events VALUES (6, 1, 2, x'00', x'00')",
		"INSERT OR IGNORE INTO events VALUES (2, 1, 9, x'00', x'00')",
		"UPDATE streams SET name = 'officer-2'",
		"DELETE FROM streams",
		"INSERT OR REPLACE INTO streams VALUES (1, 'officer-2')",
		"INSERT OR REPLACE INTO streams VALUES (2, 'officer-1')",
		"UPDATE head SET position = 4",
		"UPDATE head SET events = 4",
		"DELETE FROM head",
		"INSERT OR REPLACE INTO head VALUES (1, 4, 4)",
	} {
		t.Run(sql, func(t *testing.T) {
			if err := plain(t, dir, sql); err == nil || !strings.Contains(err.Error(), "append-only") {
				t.Fatalf("got error %v, want the trigger's", err)
			}
		})
	}
	if n, err := count(s, ledger.Start); n != 5 || err != nil {
		t.Fatalf("read %d events, %v", n, err)
	}
	if err := s.CheckHead(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// tampered holds what someone does to the tables after dropping the triggers
// and before putting them back, and where it must be noticed.
var tampered = []struct {
	name   string
	sql    string
	atOpen bool
	first  ledger.Position
}{
	{"the last event removed", "DELETE FROM events WHERE position = 5", true, 5},
	{"the last two events removed", "DELETE FROM events WHERE position > 3", true, 4},
	{"every event removed", "DELETE FROM events", true, 1},
	{"an event removed from the middle", "DELETE FROM events WHERE position = 3", false, 3},
	{"the first event removed", "DELETE FROM events WHERE position = 1", false, 1},
	{"an event slipped in behind the end", "INSERT INTO events VALUES (6, 1, 5, x'00', x'00')", true, 6},
	{"an event moved behind the end", "UPDATE events SET position = 9 WHERE position = 5", true, 6},
}

func TestATamperedTableIsNoticed(t *testing.T) {
	for _, c := range tampered {
		t.Run(c.name, func(t *testing.T) {
			dir := made(t, 5)
			tamper(t, dir, c.sql)
			for _, opts := range []Options{{}, {ReadOnly: true}} {
				s, err := Open(dir, opts)
				if c.atOpen {
					wantDamage(t, err, c.first)
					continue
				}
				if err != nil {
					t.Fatal(err)
				}
				wantDamage(t, s.CheckHead(t.Context()), c.first)
				n, err := count(s, ledger.Start)
				wantDamage(t, err, c.first)
				if n != int(c.first)-1 {
					t.Errorf("%d events were given before the missing one, want %d", n, c.first-1)
				}
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

func TestAnEventRemovedBehindARunningStoreIsNoticed(t *testing.T) {
	dir := made(t, 5)
	s := open(t, dir, Options{})
	tamper(t, dir, "DELETE FROM events WHERE position = 5")
	_, err := count(s, ledger.Start)
	wantDamage(t, err, 5)
	_, err = count(s, 4)
	wantDamage(t, err, 5)
	wantDamage(t, s.CheckHead(t.Context()), 5)
}

func TestAHoleInAStreamIsNoticed(t *testing.T) {
	dir := made(t, 5)
	tamper(t, dir, "UPDATE events SET revision = 7 WHERE position = 3")
	s := open(t, dir, Options{})
	var damage *ledger.IntegrityError
	n := 0
	for _, err := range s.ReadStream(t.Context(), "officer-1", 0) {
		if err == nil {
			n++
			continue
		}
		if !errors.As(err, &damage) || damage.Stream != "officer-1" {
			t.Fatalf("got error %v", err)
		}
	}
	if n != 2 || damage == nil {
		t.Fatalf("%d events were given, then %v", n, damage)
	}
}

func TestAChangedSchemaIsNoticed(t *testing.T) {
	for _, sql := range []string{
		"DROP TRIGGER events_delete",
		"DROP TRIGGER events_update; CREATE TRIGGER events_update BEFORE UPDATE ON events BEGIN SELECT 1; END",
		"CREATE TABLE notes (text TEXT)",
		"CREATE TRIGGER more AFTER INSERT ON events BEGIN SELECT 1; END",
		"DROP TABLE head",
	} {
		t.Run(sql, func(t *testing.T) {
			dir := made(t, 1)
			if strings.HasPrefix(sql, "DROP TABLE") {
				sql = "DROP TRIGGER head_delete; " + sql
			}
			if err := plain(t, dir, sql); err != nil {
				t.Fatal(err)
			}
			_, err := Open(dir, Options{})
			wantDamage(t, err, ledger.Start)
		})
	}
}

func TestOpenRefusesWhatIsNotALedgerItKnows(t *testing.T) {
	t.Run("a newer format", func(t *testing.T) {
		dir := made(t, 1)
		if err := plain(t, dir, "PRAGMA user_version = 2"); err != nil {
			t.Fatal(err)
		}
		_, err := Open(dir, Options{})
		if !errors.Is(err, ErrFormat) || !strings.Contains(err.Error(), "newer release") {
			t.Fatalf("got error %v", err)
		}
	})
	t.Run("the file of another program", func(t *testing.T) {
		dir := t.TempDir()
		if err := plain(t, dir, "PRAGMA application_id = 7; CREATE TABLE bookmarks (url TEXT)"); err != nil {
			t.Fatal(err)
		}
		for _, opts := range []Options{{}, {ReadOnly: true}} {
			if _, err := Open(dir, opts); !errors.Is(err, ErrFormat) || !strings.Contains(err.Error(), "another program") {
				t.Fatalf("got error %v", err)
			}
		}
	})
	t.Run("a ledger whose mark was changed", func(t *testing.T) {
		dir := made(t, 1)
		if err := plain(t, dir, "PRAGMA application_id = 7"); err != nil {
			t.Fatal(err)
		}
		_, err := Open(dir, Options{})
		wantDamage(t, err, ledger.Start)
	})
	t.Run("an impossible format", func(t *testing.T) {
		dir := made(t, 1)
		if err := plain(t, dir, "PRAGMA user_version = 0"); err != nil {
			t.Fatal(err)
		}
		_, err := Open(dir, Options{})
		wantDamage(t, err, ledger.Start)
	})
}

func TestOpenNoticesADamagedFile(t *testing.T) {
	for name, damage := range map[string]func(t *testing.T, path string){
		"a header overwritten": func(t *testing.T, path string) { overwrite(t, path, 0, 16) },
		"the file emptied": func(t *testing.T, path string) {
			if err := os.Truncate(path, 0); err != nil {
				t.Fatal(err)
			}
		},
		"the file cut off": func(t *testing.T, path string) {
			if err := os.Truncate(path, 3*pageSize); err != nil {
				t.Fatal(err)
			}
		},
		"the schema page overwritten": func(t *testing.T, path string) { overwrite(t, path, 100, 12) },
		"the file removed beside its log": func(t *testing.T, path string) {
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := made(t, 100)
			damage(t, filepath.Join(dir, dataFile))
			_, err := Open(dir, Options{})
			var integrity *ledger.IntegrityError
			if !errors.As(err, &integrity) {
				t.Fatalf("got error %v, want an IntegrityError", err)
			}
		})
	}
}

// tamper drops the triggers, runs sql and puts the triggers back.
func tamper(t *testing.T, dir, sql string) {
	t.Helper()
	var drop, restore strings.Builder
	for _, object := range schema {
		if strings.HasPrefix(object.sql, "CREATE TRIGGER") {
			drop.WriteString("DROP TRIGGER " + object.name + ";")
			restore.WriteString(object.sql + ";")
		}
	}
	if err := plain(t, dir, drop.String()+sql+";"+restore.String()); err != nil {
		t.Fatal(err)
	}
}

// overwrite puts n bytes of 0xA5 at an offset of a file.
func overwrite(t *testing.T, path string, at int64, n int) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt([]byte(strings.Repeat("\xa5", n)), at); err != nil {
		t.Fatal(err)
	}
}

// wantDamage fails unless err is an IntegrityError at a position.
func wantDamage(t *testing.T, err error, at ledger.Position) {
	t.Helper()
	var damage *ledger.IntegrityError
	if !errors.As(err, &damage) {
		t.Fatalf("got error %v, want an IntegrityError", err)
	}
	if damage.Position != at {
		t.Errorf("got position %s, want %s: %v", damage.Position, at, err)
	}
}
