package projections

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
)

const (
	// refCache bounds the references whose numbers are remembered; then all
	// are forgotten. A bulk load meets most again soon or never.
	refCache = 100_000

	// touchRows is how many touches one statement inserts.
	touchRows = 16
)

// prepared is an event ready to be stored.
type prepared struct {
	ledger.Decoded
	touches []fieldsTouch
}

// fieldsTouch is a reference and the fields that name it, comma-separated.
type fieldsTouch struct {
	ref    domain.Ref
	fields string
}

// mergeTouches brings touches of one reference together.
func mergeTouches(touches []domain.Touch) []fieldsTouch {
	out := make([]fieldsTouch, 0, len(touches))
next:
	for _, t := range touches {
		for i := range out {
			if out[i].ref == t.Ref {
				out[i].fields += "," + t.As
				continue next
			}
		}
		out = append(out, fieldsTouch{t.Ref, t.As})
	}
	return out
}

const insertTouchSQL = "INSERT INTO touches (ref, position, fields, occurred) VALUES"

// writer stores events and folds them, on one connection, by one goroutine.
type writer struct {
	conn      conn
	registers *registers
	documents *documents
	adoptions adoptions
	refs      map[domain.Ref]int64
	whole     bool // refs are all there are
	words     map[string]int64
	// touches wait for flush; in a bulk load sorter takes them.
	touches []touchRow
	sorter  *touchSorter
	// recorded is the time of the last event, in microseconds.
	recorded int64

	// nextRef and nextWord are the numbers given next: equal histories number
	// equally.
	nextRef, nextWord int64

	insertEvent, insertTouch, insertTouches, insertRef dbStmt
}

func newWriter(c conn, r *rules, a adoptions, x textIndex) (*writer, error) {
	w := &writer{conn: c, adoptions: a, refs: map[domain.Ref]int64{}, words: map[string]int64{}}
	w.documents = &documents{conn: c, texts: x, number: w.ref}
	w.registers = newRegisters(c, r, w.documents)
	var err error
	for _, p := range []struct {
		stmt *dbStmt
		sql  string
	}{
		{&w.insertEvent, "INSERT INTO events (position, id, kind, subject, revision, actor, role, occurred, recorded, rulebook, " +
			"cause, correlation, source, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
		{&w.insertTouch, insertTouchSQL + ", (?, ?, ?, ?)"[1:]},
		{&w.insertTouches, insertTouchSQL + strings.Repeat(", (?, ?, ?, ?)", touchRows)[1:]},
		{&w.insertRef, "INSERT INTO refs (id, name, type) VALUES (?, ?, ?)"},
	} {
		if *p.stmt, err = c.statement(p.sql); err != nil {
			return nil, err
		}
	}
	err = c.query("SELECT id, word FROM words", nil, func(s dbRow) error {
		w.words[s.ColumnText(1)] = s.ColumnInt64(0)
		w.nextWord = max(w.nextWord, s.ColumnInt64(0))
		return nil
	})
	if err != nil {
		return nil, err
	}
	if w.nextRef, err = queryInt(c, "SELECT coalesce(max(id), 0) FROM refs"); err != nil {
		return nil, err
	}
	w.whole = w.nextRef == 0
	w.nextRef, w.nextWord = w.nextRef+1, w.nextWord+1
	err = c.query("SELECT recorded FROM events ORDER BY position DESC LIMIT 1", nil, func(s dbRow) error {
		w.recorded = s.ColumnInt64(0)
		return nil
	})
	return w, err
}

// add stores one event. Touches and registers are held until flush.
func (w *writer) add(p *prepared) error {
	of, by := domain.Ref{Type: p.Event.Kind().Room(), ID: p.Act.Subject}, p.Act.Actor.Ref()
	occurred := p.Act.OccurredAt.UnixMicro()
	var subject, actor int64
	for _, t := range p.touches {
		ref, err := w.ref(t.ref)
		if err != nil {
			return err
		}
		fields, err := w.word(t.fields)
		if err != nil {
			return err
		}
		switch t.ref {
		case of:
			subject = ref
		case by:
			actor = ref
		}
		w.touches = append(w.touches, touchRow{ref, int64(p.Position), fields, occurred})
	}
	// An event touches its subject always, its actor unless it is the system.
	var err error
	if subject == 0 {
		subject, err = w.ref(of)
	}
	if actor == 0 && err == nil {
		actor, err = w.ref(by)
	}
	if err == nil {
		err = w.addEvent(p, subject, actor)
	}
	if err != nil {
		return fmt.Errorf("store event %s: %w", p.ID, err)
	}
	if err := w.registers.fold(&p.Decoded); err != nil {
		return err
	}
	moved, err := w.registers.obligations.fold(&p.Decoded)
	if err != nil {
		return err
	}
	if err := w.registers.facts.fold(&p.Decoded, moved); err != nil {
		return err
	}
	if err := w.registers.hits.fold(&p.Decoded); err != nil {
		return err
	}
	changed, err := w.adoptions.learn(p.Recorded)
	if changed != nil {
		w.registers.setRules(changed)
	}
	return err
}

func (w *writer) addEvent(p *prepared, subject, actor int64) error {
	kind, err1 := w.word(string(p.Event.Kind()))
	role, err2 := w.word(string(p.Act.Role))
	book, err3 := w.word(p.Act.Rulebook)
	id, err4 := uuid.Parse(string(p.ID))
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return err
	}
	recorded := p.Act.RecordedAt.UnixMicro()
	if recorded < w.recorded {
		if err := w.conn.query("INSERT INTO setbacks (position, recorded) VALUES (?, ?)", []any{int64(p.Position), recorded}, nil); err != nil {
			return err
		}
	}
	w.recorded = recorded
	s := w.insertEvent
	for i, n := range [...]int64{int64(p.Position), 0, kind, subject, p.Revision, actor, role,
		p.Act.OccurredAt.UnixMicro(), recorded, book} {
		if err := s.BindInt64(i+1, n); err != nil {
			return err
		}
	}
	if err := errors.Join(s.BindBlob(2, id[:]), bindEventID(s, 11, p.Act.Cause), bindEventID(s, 12, p.Act.Correlation)); err != nil {
		return err
	}
	if p.Act.Source == "" {
		err1 = s.BindNull(13)
	} else {
		err1 = s.BindText(13, p.Act.Source)
	}
	return errors.Join(err1, s.BindBlob(14, p.Data), s.Exec())
}

// noUUID stands before an id that is none, as a text.
var noUUID [16]byte

// bindEventID stores an event id as its 16 bytes.
func bindEventID(s dbStmt, param int, id domain.EventID) error {
	if id == "" {
		return s.BindNull(param)
	}
	u, err := uuid.Parse(string(id))
	if err != nil {
		return s.BindBlob(param, slices.Concat(noUUID[:], []byte(id))) // not ours to judge
	}
	return s.BindBlob(param, u[:])
}

// ref returns the number of a reference, giving it one if it has none.
func (w *writer) ref(r domain.Ref) (int64, error) {
	if id, ok := w.refs[r]; ok {
		return id, nil
	}
	id := int64(0)
	if !w.whole {
		var err error
		if id, err = queryInt(w.conn, "SELECT id FROM refs WHERE name = ? AND type = ?", r.ID, r.Type); err != nil {
			return 0, fmt.Errorf("find a reference: %w", err)
		}
	}
	if id == 0 {
		id = w.nextRef
		if err := errors.Join(w.insertRef.BindInt64(1, id), w.insertRef.BindText(2, r.ID), w.insertRef.BindText(3, r.Type), w.insertRef.Exec()); err != nil {
			return 0, fmt.Errorf("number a reference: %w", err)
		}
		w.nextRef++
	}
	if len(w.refs) >= refCache {
		clear(w.refs)
		w.whole = false
	}
	w.refs[r] = id
	return id, nil
}

// word returns the number of a word: a kind, a role, a list of fields.
func (w *writer) word(s string) (int64, error) {
	if id, ok := w.words[s]; ok {
		return id, nil
	}
	id := w.nextWord
	if err := w.conn.query("INSERT INTO words (id, word) VALUES (?, ?)", []any{id, s}, nil); err != nil {
		return 0, err
	}
	w.words[s] = id
	w.nextWord++
	return id, nil
}

// flush writes what is held, at the end of a transaction.
func (w *writer) flush() error {
	slices.SortFunc(w.touches, touchRow.compare)
	for i := range w.touches {
		if err := w.writeTouches(w.insertTouch, w.touches[i:i+1]); err != nil {
			return err
		}
	}
	w.touches = w.touches[:0]
	return errors.Join(w.registers.flush(), w.registers.findings.settle(w.conn))
}

// spill bounds what a bulk load holds in memory: touches go to the sorter,
// registers into the file.
func (w *writer) spill() error {
	if len(w.touches) >= touchRun {
		if err := w.sorter.add(w.touches); err != nil {
			return err
		}
		w.touches = w.touches[:0]
	}
	if w.registers.full() {
		return w.registers.flush()
	}
	return nil
}

// finish ends a bulk load, but for what needs the indexes.
func (w *writer) finish() error {
	if err := w.sorter.add(w.touches); err != nil {
		return err
	}
	w.touches = nil
	err := w.sorter.merge(touchRows, func(rows []touchRow) error {
		if len(rows) == touchRows {
			return w.writeTouches(w.insertTouches, rows)
		}
		for i := range rows {
			if err := w.writeTouches(w.insertTouch, rows[i:i+1]); err != nil {
				return err
			}
		}
		return nil
	})
	return errors.Join(err, w.registers.flush())
}

// writeTouches runs a statement that inserts as many rows as it is given.
func (w *writer) writeTouches(stmt dbStmt, rows []touchRow) error {
	for i, t := range rows {
		for j, n := range [...]int64{t.ref, t.position, t.fields, t.occurred} {
			if err := stmt.BindInt64(4*i+j+1, n); err != nil {
				return fmt.Errorf("store a touch: %w", err)
			}
		}
	}
	if err := stmt.Exec(); err != nil {
		return fmt.Errorf("store a touch: %w", err)
	}
	return nil
}

// setPosition saves how far the projections have come.
func (w *writer) setPosition(at ledger.Position) error {
	return w.conn.query("UPDATE projections SET position = ?", []any{int64(at)}, nil)
}

// hasField tells whether the comma-separated list holds one of the names.
func hasField(fields string, names []string) bool {
	for f := range strings.SplitSeq(fields, ",") {
		if slices.Contains(names, f) {
			return true
		}
	}
	return false
}
