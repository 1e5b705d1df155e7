package projections

import (
	"errors"
	"fmt"

	"github.com/go-json-experiment/json"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/clocks"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections/indicators"
)

// factsSchema makes the table of the facts that indicators count, and that of
// the matters they are derived from. seq holds the position of the event that
// established the fact (indicators.PerEvent), superseded that of the event
// that replaced it, 0 while it stands. Rows are never changed otherwise.
//
// Days are counted from 1970: begins and ends are those of indicators.Fact.
const factsSchema = `
CREATE TABLE facts (
	seq INTEGER PRIMARY KEY,
	indicator INTEGER NOT NULL,
	unit TEXT NOT NULL,
	begins INTEGER NOT NULL,
	ends INTEGER NOT NULL,
	hits INTEGER NOT NULL,
	exposure INTEGER NOT NULL,
	label TEXT NOT NULL,
	superseded INTEGER NOT NULL
);
CREATE TABLE fact_matters (name TEXT PRIMARY KEY, state TEXT NOT NULL) WITHOUT ROWID`

// factsIndexes hold all that a sum needs, so that the rows are not read: that
// of all facts, and that of those that stand.
const factsIndexes = `
CREATE INDEX facts_all ON facts (unit, indicator, begins, ends, superseded, hits, exposure, label);
CREATE INDEX facts_standing ON facts (unit, indicator, ends, begins, hits, exposure, label) WHERE superseded = 0`

const (
	insertFact      = "INSERT INTO facts (seq, indicator, unit, begins, ends, hits, exposure, label, superseded) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
	supersedeFact   = "UPDATE facts SET superseded = ? WHERE seq = ?"
	upsertFactsOf   = "INSERT INTO fact_matters (name, state) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET state = excluded.state"
	selectFactsOf   = "SELECT state FROM fact_matters WHERE name = ?"
	selectUnitAbove = "SELECT parent FROM units WHERE id = ?"
)

// facts is the register of what indicators count. Like that of the clocks it
// is folded from the events of many rooms, by the rules of package
// indicators; without a rulebook it stays empty.
type facts struct {
	conn  conn
	of    *registers
	shelf *domain.Shelf // nil without a rulebook

	matters map[string]*heldFacts
	dirty   []*heldFacts
	// fresh are the facts not written yet, in the order of their numbers, and
	// where each stands among them; ended are those written before.
	fresh []factRow
	at    map[int64]int
	ended []endedFact
	// newborn is the matter that the event begins: none is on file.
	newborn string
	err     error // of a question asked while folding
}

type heldFacts struct {
	indicators.Matter
	name  string
	dirty bool
}

type factRow struct {
	indicators.Standing
	superseded ledger.Position
}

type endedFact struct {
	seq int64
	by  ledger.Position
}

func newFacts(c conn, of *registers, keeper *clocks.Keeper) *facts {
	f := &facts{conn: c, of: of, matters: map[string]*heldFacts{}, at: map[int64]int{}}
	f.setRules(keeper)
	return f
}

// setRules says by which rulebooks the next events are folded.
func (f *facts) setRules(keeper *clocks.Keeper) {
	if keeper != nil {
		f.shelf = keeper.Shelf()
	}
}

// fold works one event, and the clocks it moved, into the facts.
func (f *facts) fold(d *ledger.Decoded, moved []clocks.Clock) error {
	if f.shelf == nil {
		return nil
	}
	// Other streams may speak of an officer before their own begins.
	f.newborn = ""
	if room := d.Event.Kind().Room(); d.Revision == 0 && room != officer.Room.Name {
		f.newborn = indicators.MatterOf(room, d.Act.Subject)
	}
	keeper := indicators.NewKeeper(f.shelf.At(d.Act.OccurredAt))
	for _, c := range keeper.Fold(d.Recorded, d.Position, moved, f) {
		if !c.Ended {
			f.at[c.Seq] = len(f.fresh)
			f.fresh = append(f.fresh, factRow{Standing: c.Standing})
		} else if i, waits := f.at[c.Seq]; waits {
			f.fresh[i].superseded = d.Position
		} else {
			f.ended = append(f.ended, endedFact{c.Seq, d.Position})
		}
	}
	err := f.err
	f.err = nil
	return err
}

// Matter, Look, UnitOf and Parent answer the keeper.

func (f *facts) Matter(name string) *indicators.Matter {
	m := f.held(name)
	if !m.dirty {
		m.dirty = true
		f.dirty = append(f.dirty, m)
	}
	return &m.Matter
}

func (f *facts) Look(name string) *indicators.Matter { return &f.held(name).Matter }

func (f *facts) held(name string) *heldFacts {
	if m, ok := f.matters[name]; ok {
		return m
	}
	m := &heldFacts{name: name}
	f.matters[name] = m
	if name == f.newborn {
		return m
	}
	err := f.conn.query(selectFactsOf, []any{name}, func(s dbRow) error {
		return json.Unmarshal(s.ColumnRawText(0), &m.Matter)
	})
	if err != nil && f.err == nil {
		f.err = fmt.Errorf("read the facts of %s: %w", name, err)
	}
	return m
}

func (f *facts) UnitOf(id domain.OfficerID) domain.UnitID { return f.of.obligations.UnitOf(id) }

func (f *facts) Parent(id domain.UnitID) (parent domain.UnitID) {
	if h, ok := f.of.units.rows[string(id)]; ok {
		return h.row.Parent
	}
	err := f.conn.query(selectUnitAbove, []any{string(id)}, func(s dbRow) error {
		parent = domain.UnitID(s.ColumnText(0))
		return nil
	})
	if err != nil && f.err == nil {
		f.err = err
	}
	return parent
}

func (f *facts) size() int { return len(f.matters) }

func (f *facts) forget() { clear(f.matters) }

func (f *facts) flush() error {
	if err := f.write(); err != nil {
		return fmt.Errorf("store the facts: %w", err)
	}
	for _, m := range f.dirty {
		state, err := json.Marshal(&m.Matter, json.Deterministic(true))
		if err != nil {
			return fmt.Errorf("write the facts of %s: %w", m.name, err)
		}
		if err := f.conn.query(upsertFactsOf, []any{m.name, string(state)}, nil); err != nil {
			return err
		}
		m.dirty = false
	}
	f.dirty = f.dirty[:0]
	return nil
}

// write stores the fresh facts, and marks those that were superseded.
func (f *facts) write() error {
	insert, err := f.conn.prepare(insertFact)
	if err != nil {
		return err
	}
	for i := range f.fresh {
		r := &f.fresh[i]
		for j, n := range [...]int64{r.Seq, indicators.Find(r.Indicator).Number(), 0, int64(r.From), int64(r.To), r.Hits, r.Of, 0, int64(r.superseded)} {
			if err := insert.BindInt64(j+1, n); err != nil {
				return err
			}
		}
		if err := errors.Join(insert.BindText(3, string(r.Unit)), insert.BindText(8, r.Label), insert.Exec()); err != nil {
			return err
		}
	}
	f.fresh = f.fresh[:0]
	clear(f.at)
	supersede, err := f.conn.prepare(supersedeFact)
	if err != nil {
		return err
	}
	for _, e := range f.ended {
		if err := errors.Join(supersede.BindInt64(1, int64(e.by)), supersede.BindInt64(2, e.seq), supersede.Exec()); err != nil {
			return err
		}
	}
	f.ended = f.ended[:0]
	return nil
}
