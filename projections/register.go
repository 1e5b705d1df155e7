package projections

import (
	"fmt"

	"github.com/ncruces/go-sqlite3"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections/query"
	"github.com/probity-ledger/probity/projections/record"
)

// registerRows bounds the rows of all registers that are held in memory.
const registerRows = 20_000

// register holds rows of one table while events are folded into them. Rows
// are read when first needed and written when flushed.
type register[R any] struct {
	table *table[R]
	fresh func(id string) R
	// search fills in what the row is found by, before it is written.
	search func(*R)
	conn   *conn
	rows   map[string]*heldRow[R]

	selectOne, insert, upsert string
	// dirty lists the rows to write, in the order in which they were first
	// changed: equal histories write equal files.
	dirty []*heldRow[R]
}

type heldRow[R any] struct {
	row   R
	dirty bool
	// inserted: the table holds the row, if perhaps an older state of it.
	inserted bool
}

func newRegister[R any](c *conn, t *table[R], fresh func(id string) R, search func(*R)) *register[R] {
	return &register[R]{table: t, fresh: fresh, search: search, conn: c, rows: map[string]*heldRow[R]{},
		selectOne: "SELECT " + t.list("t") + " FROM " + t.name + " t WHERE t." + t.columns[0] + " = ?",
		insert:    t.insert(), upsert: t.upsert()}
}

// change returns the row of the event's subject to fold into: a fresh one
// for the first event of a stream.
func (g *register[R]) change(d *ledger.Decoded) (*R, error) {
	return g.at(d.Act.Subject, d.Revision > 0)
}

// at returns the row of the id to fold into; old tells that the table may
// hold it.
func (g *register[R]) at(id string, old bool) (*R, error) {
	h, ok := g.rows[id]
	if !ok {
		h = &heldRow[R]{row: g.fresh(id)}
		if old {
			if err := g.load(id, h); err != nil {
				return nil, err
			}
		}
		g.rows[id] = h
	}
	if !h.dirty {
		h.dirty = true
		g.dirty = append(g.dirty, h)
	}
	return &h.row, nil
}

func (g *register[R]) load(id string, h *heldRow[R]) error {
	t := g.table
	return g.conn.query(g.selectOne, []any{id}, func(s *sqlite3.Stmt) (err error) {
		h.inserted = true
		h.row, err = t.scan(s, 0)
		return err
	})
}

// size is how many rows are held, forget drops them once they are written.
func (g *register[R]) size() int { return len(g.rows) }
func (g *register[R]) forget()   { clear(g.rows) }

func (g *register[R]) flush() error {
	if len(g.dirty) == 0 {
		return nil
	}
	insert, err := g.conn.prepare(g.insert)
	if err != nil {
		return err
	}
	upsert, err := g.conn.prepare(g.upsert)
	if err != nil {
		return err
	}
	for _, h := range g.dirty {
		stmt := insert
		if h.inserted {
			stmt = upsert
		}
		g.search(&h.row)
		if err := g.table.bind(stmt, &h.row); err != nil {
			return err
		}
		if err := stmt.Exec(); err != nil {
			return fmt.Errorf("store a row of %s: %w", g.table.name, err)
		}
		h.dirty, h.inserted = false, true
	}
	g.dirty = g.dirty[:0]
	return nil
}

// registers are all of them, with the calendars that say on which day
// something happened.
type registers struct {
	conn *conn
	cal  record.Days

	units        *register[unitRow]
	posts        *register[postRow]
	officers     *register[officerRow]
	complaints   *register[complaintRow]
	cases        *register[caseRow]
	findings     findings
	sanctions    *register[sanctionRow]
	rewards      *register[rewardRow]
	plans        *register[planRow]
	tracebacks   *register[tracebackRow]
	enforcements *register[enforcementRow]
	norms        *register[normRow]
	disclosures  *register[disclosureRow]

	obligations *obligations
	facts       *facts

	warnings    *register[warningRow]
	inspections *register[inspectionRow]
	programmes  *register[programmeRow]
	accesses    *register[accessRow]
	activities  *register[activityRow]
	rulebooks   *register[rulebookRow]
	postRisks   *register[postRiskRow]
	keys        *register[keyRow]

	// all are the registers above, in the order in which they are written.
	all []interface {
		size() int
		forget()
		flush() error
	}
}

func newRegisters(c *conn, r *rules) *registers {
	g := &registers{
		conn: c, cal: r.days,
		units: newRegister(c, unitTable, func(id string) (r unitRow) { r.ID = domain.UnitID(id); return },
			func(r *unitRow) { r.Search = query.Fold(string(r.ID), r.Name, r.NameEn) }),
		posts: newRegister(c, postTable, func(id string) (r postRow) { r.ID = domain.PostID(id); return },
			func(r *postRow) { r.Search = query.Fold(string(r.ID), r.Name, r.NameEn) }),
		officers: newRegister(c, officerTable, func(id string) (r officerRow) { r.ID = domain.OfficerID(id); return },
			searchOfficer),
		complaints: newRegister(c, complaintTable, func(id string) (r complaintRow) { r.ID = domain.ComplaintID(id); return },
			func(r *complaintRow) { r.Search = query.Fold(string(r.ID), r.Category, r.Place, r.Summary) }),
		cases: newRegister(c, caseTable, func(id string) (r caseRow) { r.ID = domain.CaseID(id); return },
			func(r *caseRow) { r.Search = query.Fold(string(r.ID), r.Summary) }),
		sanctions: newRegister(c, sanctionTable, func(id string) (r sanctionRow) { r.ID = domain.SanctionID(id); return },
			func(*sanctionRow) {}),
		rewards: newRegister(c, rewardTable, func(id string) (r rewardRow) { r.ID = domain.RewardID(id); return },
			func(*rewardRow) {}),
		plans: newRegister(c, planTable, func(id string) (r planRow) { r.ID = domain.PlanID(id); return }, unsearched),
	}
	g.tracebacks = newRegister(c, tracebackTable, func(id string) (r tracebackRow) { r.ID = domain.TracebackID(id); return }, unsearched)
	g.enforcements = newRegister(c, enforcementTable, func(id string) (r enforcementRow) { r.ID = domain.EnforcementID(id); return }, unsearched)
	g.norms = newRegister(c, normTable, func(id string) (r normRow) { r.ID = domain.NormID(id); return }, unsearched)
	g.disclosures = newRegister(c, disclosureTable, func(id string) (r disclosureRow) { r.ID = domain.DisclosureID(id); return }, unsearched)
	g.warnings = newRegister(c, warningTable, func(id string) (r warningRow) { r.ID = domain.WarningID(id); return }, unsearched)
	g.inspections = newRegister(c, inspectionTable, func(id string) (r inspectionRow) { r.ID = domain.InspectionID(id); return }, unsearched)
	g.programmes = newRegister(c, programmeTable, func(id string) (r programmeRow) { r.ID = domain.ProgrammeID(id); return }, unsearched)
	g.accesses = newRegister(c, accessTable, func(id string) (r accessRow) { r.ID = domain.FileID(id); return }, unsearched)
	g.activities = newRegister(c, activityTable, func(id string) (r activityRow) { r.ID = domain.ActivityID(id); return }, unsearched)
	g.rulebooks = newRegister(c, rulebookTable, func(id string) (r rulebookRow) { r.ID = domain.RulebookID(id); return }, unsearched)
	g.postRisks = newRegister(c, postRiskTable, func(id string) (r postRiskRow) { r.ID = id; return }, unsearched)
	g.keys = newRegister(c, keyTable, func(id string) (r keyRow) { r.ID = domain.KeyID(id); return }, unsearched)
	g.all = append(g.all, g.units, g.posts, g.officers, g.complaints, g.cases, g.sanctions, g.rewards, g.plans, g.tracebacks, g.enforcements, g.norms, g.disclosures, g.warnings, g.inspections, g.programmes, g.accesses, g.activities, g.rulebooks, g.postRisks, g.keys)
	g.obligations = newObligations(c, g, r.keeper)
	g.facts = newFacts(c, g, r.keeper)
	g.all = append(g.all, g.obligations, g.facts)
	return g
}

// setRules changes by which rulebooks events are folded from now on.
func (g *registers) setRules(r *rules) {
	g.cal, g.obligations.keeper = r.days, r.keeper
	g.facts.setRules(r.keeper)
}

// unsearched is for registers that no search looks through.
func unsearched[R any](*R) {}

func searchOfficer(r *officerRow) {
	r.Search = query.Fold(string(r.ID), r.Name, r.LatinName, r.StaffNumber)
	r.SortName = query.Fold(r.LatinName)
	if r.SortName == "" {
		r.SortName = query.Fold(r.Name)
	}
}

// full tells whether so much is held that it should be flushed.
func (g *registers) full() bool {
	held := len(g.findings.rows)
	for _, r := range g.all {
		held += r.size()
	}
	return held > registerRows
}

func (g *registers) flush() error {
	if err := g.findings.flush(g.conn); err != nil {
		return err
	}
	for _, r := range g.all {
		if err := r.flush(); err != nil {
			return err
		}
	}
	if g.full() {
		for _, r := range g.all {
			r.forget()
		}
	}
	return nil
}

func (g *registers) exec(sql string, args ...any) error { return g.conn.query(sql, args, nil) }
