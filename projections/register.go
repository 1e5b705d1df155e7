package projections

import (
	"fmt"

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
	// derive fills in what follows from the other columns, before the row is
	// written; text tells what it is found by, nil where it is not searched.
	derive func(*R)
	text   func(*R) document
	texts  *documents // nil: nothing is indexed
	conn   conn
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
	// wording is what it is found by, as the table has it.
	wording wording
}

func newRegister[R any](c conn, t *table[R], x *documents, fresh func(id string) R) *register[R] {
	return &register[R]{table: t, fresh: fresh, texts: x, conn: c, rows: map[string]*heldRow[R]{},
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
	h, err := g.hold(id, old)
	if err != nil {
		return nil, err
	}
	g.write(h)
	return &h.row, nil
}

// hold returns the row of the id; who changes it writes it.
func (g *register[R]) hold(id string, old bool) (*heldRow[R], error) {
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
	return h, nil
}

// write has the row written at the next flush.
func (g *register[R]) write(h *heldRow[R]) {
	if !h.dirty {
		h.dirty = true
		g.dirty = append(g.dirty, h)
	}
}

func (g *register[R]) load(id string, h *heldRow[R]) error {
	t := g.table
	return g.conn.query(g.selectOne, []any{id}, func(s dbRow) (err error) {
		h.inserted = true
		if h.row, err = t.scan(s, 0); err == nil && g.searched() {
			d := g.text(&h.row)
			h.wording = d.wording()
		}
		return err
	})
}

func (g *register[R]) searched() bool { return g.texts != nil && g.text != nil }

// document keeps what the row is found by, where that has changed.
func (g *register[R]) document(h *heldRow[R]) error {
	if !g.searched() {
		return nil
	}
	d := g.text(&h.row)
	w := d.wording()
	if h.inserted && w == h.wording {
		return nil
	}
	h.wording = w
	return g.texts.put(d.of, w)
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
		if g.derive != nil {
			g.derive(&h.row)
		}
		if err := g.document(h); err != nil {
			return err
		}
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
	conn  conn
	cal   record.Days
	texts *documents

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
	hits        *hits

	warnings    *register[warningRow]
	inspections *register[inspectionRow]
	programmes  *register[programmeRow]
	accesses    *register[accessRow]
	activities  *register[activityRow]
	rulebooks   *register[rulebookRow]
	postRisks   *register[postRiskRow]
	keys        *register[keyRow]
	compared    *register[comparedRow]
	remedies    *register[remedyRow]

	// all are the registers above, in the order in which they are written.
	all []interface {
		size() int
		forget()
		flush() error
	}
}

// newRegisters returns registers that write to c. x takes what their rows are
// found by; nil where nothing is to be searched.
func newRegisters(c conn, r *rules, x *documents) *registers {
	g := &registers{conn: c, cal: r.days, texts: x}
	g.units = newRegister(c, unitTable, x, func(id string) (r unitRow) { r.ID = domain.UnitID(id); return })
	g.posts = newRegister(c, postTable, x, func(id string) (r postRow) { r.ID = domain.PostID(id); return })
	g.officers = newRegister(c, officerTable, x, func(id string) (r officerRow) { r.ID = domain.OfficerID(id); return })
	g.complaints = newRegister(c, complaintTable, x, func(id string) (r complaintRow) { r.ID = domain.ComplaintID(id); return })
	g.cases = newRegister(c, caseTable, x, func(id string) (r caseRow) { r.ID = domain.CaseID(id); return })
	g.sanctions = newRegister(c, sanctionTable, x, func(id string) (r sanctionRow) { r.ID = domain.SanctionID(id); return })
	g.rewards = newRegister(c, rewardTable, x, func(id string) (r rewardRow) { r.ID = domain.RewardID(id); return })
	g.plans = newRegister(c, planTable, x, func(id string) (r planRow) { r.ID = domain.PlanID(id); return })
	g.tracebacks = newRegister(c, tracebackTable, x, func(id string) (r tracebackRow) { r.ID = domain.TracebackID(id); return })
	g.enforcements = newRegister(c, enforcementTable, x, func(id string) (r enforcementRow) { r.ID = domain.EnforcementID(id); return })
	g.norms = newRegister(c, normTable, x, func(id string) (r normRow) { r.ID = domain.NormID(id); return })
	g.disclosures = newRegister(c, disclosureTable, x, func(id string) (r disclosureRow) { r.ID = domain.DisclosureID(id); return })
	g.warnings = newRegister(c, warningTable, x, func(id string) (r warningRow) { r.ID = domain.WarningID(id); return })
	g.inspections = newRegister(c, inspectionTable, x, func(id string) (r inspectionRow) { r.ID = domain.InspectionID(id); return })
	g.programmes = newRegister(c, programmeTable, x, func(id string) (r programmeRow) { r.ID = domain.ProgrammeID(id); return })
	g.accesses = newRegister(c, accessTable, x, func(id string) (r accessRow) { r.ID = domain.FileID(id); return })
	g.activities = newRegister(c, activityTable, x, func(id string) (r activityRow) { r.ID = domain.ActivityID(id); return })
	g.rulebooks = newRegister(c, rulebookTable, x, func(id string) (r rulebookRow) { r.ID = domain.RulebookID(id); return })
	g.keys = newRegister(c, keyTable, x, func(id string) (r keyRow) { r.ID = domain.KeyID(id); return })
	g.postRisks = newRegister(c, postRiskTable, x, func(id string) (r postRiskRow) { r.ID = id; return })
	g.remedies = newRegister(c, remedyTable, x, func(id string) (r remedyRow) { r.ID = id; return })
	g.compared = newRegister(c, comparedTable, nil, func(id string) (r comparedRow) { r.ID = domain.EnforcementID(id); return })
	g.officers.derive = nameOfficer
	g.documenting()
	g.all = append(g.all, g.units, g.posts, g.officers, g.complaints, g.cases, g.sanctions, g.rewards, g.plans, g.tracebacks, g.enforcements, g.norms, g.disclosures, g.warnings, g.inspections, g.programmes, g.accesses, g.activities, g.rulebooks, g.postRisks, g.keys, g.remedies, g.compared)
	g.obligations = newObligations(c, g, r.keeper)
	g.facts = newFacts(c, g, r.keeper)
	g.hits = newHits(c, g, r.shelf)
	g.all = append(g.all, g.obligations, g.facts, g.hits)
	return g
}

// setRules changes by which rulebooks events are folded from now on.
func (g *registers) setRules(r *rules) {
	g.cal, g.obligations.keeper = r.days, r.keeper
	g.facts.setRules(r.keeper)
	g.hits.setRules(r.shelf)
}

// nameOfficer fills in by what an officer's name is filtered and sorted.
func nameOfficer(r *officerRow) {
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
	if err := g.findings.flush(g.conn, g.texts); err != nil {
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
