package projections

import (
	"fmt"

	"github.com/go-json-experiment/json"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections/alerts"
)

// hitsSchema makes the tables of what the rules of early warning find. A hit's
// seq holds the position of the event that established it, superseded that of
// the event that replaced it, 0 while it stands, as facts have it; told says
// that all it rests on was warned of, open that a warning of its rule and subject
// is open. The days begins and ends, 0 where there
// is no end, are counted from 1970. lost_warnings are the open warnings of
// rules that rest on no hit any more, since the position of the event that told
// otherwise.
const hitsSchema = `
CREATE TABLE hits (
	seq INTEGER PRIMARY KEY,
	rule TEXT NOT NULL,
	begins INTEGER NOT NULL,
	ends INTEGER NOT NULL,
	score INTEGER NOT NULL,
	subject TEXT NOT NULL,
	told INTEGER NOT NULL,
	open INTEGER NOT NULL,
	superseded INTEGER NOT NULL,
	body TEXT NOT NULL
);
CREATE TABLE lost_warnings (warning TEXT PRIMARY KEY, since INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE rule_matters (name TEXT PRIMARY KEY, state TEXT NOT NULL) WITHOUT ROWID`

const hitsIndexes = `
CREATE INDEX hits_due ON hits (open, rule, score DESC, begins, seq) WHERE superseded = 0 AND told = 0;
CREATE INDEX hits_rule ON hits (rule, begins)`

const (
	insertHit      = "INSERT INTO hits (seq, rule, begins, ends, score, subject, told, open, superseded, body) VALUES (?, ?, ?, ?, ?, ?, 0, 0, 0, ?)"
	supersedeHit   = "UPDATE hits SET superseded = ? WHERE seq = ?"
	tellHit        = "UPDATE hits SET told = ?, open = ? WHERE seq = ?"
	loseWarning    = "INSERT INTO lost_warnings (warning, since) VALUES (?, ?) ON CONFLICT (warning) DO NOTHING"
	findWarning    = "DELETE FROM lost_warnings WHERE warning = ?"
	upsertRulesOf  = "INSERT INTO rule_matters (name, state) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET state = excluded.state"
	selectRulesOf  = "SELECT state FROM rule_matters WHERE name = ?"
	rollOfOfficers = "roll" // the matter of facts that lists them
)

// hits is the register of what the rules of early warning find, folded from
// the events of many rooms by package alerts; without a rulebook it stays empty.
type hits struct {
	conn   conn
	of     *registers
	keeper *alerts.Keeper // nil without a rulebook

	matters map[string]*heldRules
	dirty   []*heldRules
	changes []hitChange
	// moved: something is to be raised or said, since told was asked.
	moved bool
	err   error // of a question asked while folding
}

type heldRules struct {
	alerts.Matter
	name  string
	dirty bool
}

type hitChange struct {
	alerts.Change
	by ledger.Position
}

func newHits(c conn, of *registers, shelf *domain.Shelf) *hits {
	h := &hits{conn: c, of: of, matters: map[string]*heldRules{}}
	h.setRules(shelf)
	return h
}

// setRules says by which rulebooks the next events are folded.
func (h *hits) setRules(shelf *domain.Shelf) {
	if shelf != nil {
		h.keeper = alerts.NewKeeper(shelf)
	}
}

// fold works one event into what the rules find. What facts know of it comes
// first.
func (h *hits) fold(d *ledger.Decoded) error {
	if h.keeper == nil {
		return nil
	}
	for _, c := range h.keeper.Fold(d.Recorded, d.Position, h) {
		h.changes = append(h.changes, hitChange{c, d.Position})
		h.moved = true
	}
	err := h.err
	h.err = nil
	return err
}

// told tells whether what is to be raised or said has changed since it was
// last asked.
func (h *hits) told() (moved bool) {
	moved, h.moved = h.moved, false
	return moved
}

// Matter, Look, UnitOf and Roll answer the keeper.

func (h *hits) Matter(name string) *alerts.Matter {
	m := h.held(name)
	if !m.dirty {
		m.dirty = true
		h.dirty = append(h.dirty, m)
	}
	return &m.Matter
}

func (h *hits) Look(name string) *alerts.Matter { return &h.held(name).Matter }

func (h *hits) held(name string) *heldRules {
	if m, ok := h.matters[name]; ok {
		return m
	}
	m := &heldRules{name: name}
	h.matters[name] = m
	err := h.conn.query(selectRulesOf, []any{name}, func(s dbRow) error {
		return json.Unmarshal(s.ColumnRawText(0), &m.Matter)
	})
	if err != nil && h.err == nil {
		h.err = fmt.Errorf("read what the rules know of %s: %w", name, err)
	}
	return m
}

func (h *hits) UnitOf(id domain.OfficerID) domain.UnitID { return h.of.obligations.UnitOf(id) }
func (h *hits) Roll() []domain.OfficerID                 { return h.of.facts.Look(rollOfOfficers).Roll }

func (h *hits) size() int { return len(h.matters) }

func (h *hits) forget() { clear(h.matters) }

func (h *hits) flush() error {
	for i := range h.changes {
		if err := h.write(&h.changes[i]); err != nil {
			return fmt.Errorf("store what the rules find: %w", err)
		}
	}
	h.changes = h.changes[:0]
	for _, m := range h.dirty {
		state, err := json.Marshal(&m.Matter, json.Deterministic(true))
		if err != nil {
			return fmt.Errorf("write what the rules know of %s: %w", m.name, err)
		}
		if err := h.conn.query(upsertRulesOf, []any{m.name, string(state)}, nil); err != nil {
			return err
		}
		m.dirty = false
	}
	h.dirty = h.dirty[:0]
	return nil
}

// write stores one change.
func (h *hits) write(c *hitChange) error {
	switch c.What {
	case alerts.Established:
		body, err := json.Marshal(&c.Hit, json.Deterministic(true))
		if err != nil {
			return err
		}
		return h.conn.query(insertHit, []any{c.Seq, c.Hit.Rule, int64(c.Hit.From), int64(c.Hit.Until), int64(c.Hit.Score), c.Hit.Subject(), string(body)}, nil)
	case alerts.Superseded:
		return h.conn.query(supersedeHit, []any{int64(c.by), c.Seq}, nil)
	case alerts.Warned:
		return h.conn.query(tellHit, []any{asNumber(c.Told), asNumber(c.Open), c.Seq}, nil)
	case alerts.Grounded:
		if c.Told {
			return h.conn.query(loseWarning, []any{string(c.Warning), int64(c.by)}, nil)
		}
		return h.conn.query(findWarning, []any{string(c.Warning)}, nil)
	}
	return nil
}

func asNumber(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}
