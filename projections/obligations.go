package projections

import (
	"fmt"

	"github.com/go-json-experiment/json"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/clocks"
	"github.com/probity-ledger/probity/domain/post"
	"github.com/probity-ledger/probity/domain/warning"
	"github.com/probity-ledger/probity/ledger"
)

// obligationRow is a clock as it lies in its table. Warning is what warns of
// it, Mark1 to Mark4 are the days on which it reaches clocks.Levels, and
// FirstMark is the first of them, "" once it is stopped, so that what is to
// be warned of is found without looking at the rest. BreachOn is the last
// day of an open clock whose breach is a command.
type obligationRow struct {
	Obligation
	Warning   domain.WarningID `db:"warning"`
	FirstMark domain.Date      `db:"first_mark"`
	Mark1     domain.Date      `db:"mark_1"`
	Mark2     domain.Date      `db:"mark_2"`
	Mark3     domain.Date      `db:"mark_3"`
	Mark4     domain.Date      `db:"mark_4"`
	BreachOn  domain.Date      `db:"breach_on"`
	Lapses    bool             `db:"lapses"`
	// Ends is the last day on which it is owed, so that what is owed is found
	// without looking at rights that are over: "" once it is stopped, and no day
	// of the calendar's where it is owed until it is done.
	Ends domain.Date `db:"ends"`
}

// endless is Ends of what is owed until it is done.
var endless = domain.MustDate("9999-12-31")

// matterRow keeps what the clocks of one aggregate know of it.
type matterRow struct {
	Stream string `db:"stream"`
	State  string `db:"state"` // clocks.Matter as JSON
}

// warnedSchema makes the table of how far clocks were warned of, by the id of
// the warning.
const warnedSchema = "CREATE TABLE clock_warnings (warning TEXT PRIMARY KEY, level INTEGER NOT NULL) WITHOUT ROWID"

var (
	// The index by first_mark holds all that WarningsDue looks at, so that
	// clocks warned of already are passed over without reading their rows. Those
	// that begin with ends and clock have what is owed in the order it is listed;
	// the first holds all that a count of it looks at.
	obligationTable = newTable[obligationRow]("obligations", "stopped, due, id", "ends, due, id, tolled_since, lapses, type, name", "clock, ends, due, id", "unit", "type, name",
		"first_mark, mark_4, mark_3, mark_2, tolled_since, warning", "breach_on")
	matterTable = newTable[matterRow]("clock_matters")
)

// obligations is the register of clocks. Unlike the others it is folded from
// the events of many rooms, by the rules of package clocks; without a
// rulebook it stays empty.
type obligations struct {
	conn   conn
	of     *registers
	keeper *clocks.Keeper

	matters map[domain.Ref]*heldMatter
	// changed clocks, and the order in which they are written.
	clocks map[string]*clocks.Clock
	order  []string
	dirty  []*heldMatter
	moves  []clockMove
	// moved: a clock has moved, or was warned of, since told was asked.
	moved bool
	err   error // of a question asked while folding
}

type heldMatter struct {
	clocks.Matter
	dirty bool
}

func newObligations(c conn, of *registers, keeper *clocks.Keeper) *obligations {
	return &obligations{conn: c, of: of, keeper: keeper, matters: map[domain.Ref]*heldMatter{}, clocks: map[string]*clocks.Clock{}}
}

// fold works one event into the clocks of its aggregate, and returns those
// that it moved.
func (o *obligations) fold(d *ledger.Decoded) ([]clocks.Clock, error) {
	kind := d.Event.Kind()
	if o.keeper == nil || !o.keeper.Cares(kind) && kind.Room() != warning.Room.Name {
		return nil, nil
	}
	if err := o.warned(d); err != nil || !o.keeper.Cares(kind) {
		return nil, err
	}
	m, err := o.matter(domain.Ref{Type: kind.Room(), ID: d.Act.Subject}, d.Revision > 0)
	if err != nil {
		return nil, err
	}
	moved := o.keeper.Apply(&m.Matter, d.Recorded, o)
	for i := range moved {
		id := moved[i].ID()
		if o.clocks[id] == nil {
			o.order = append(o.order, id)
		}
		o.clocks[id] = &moved[i]
		o.move(clockMove{d.Position, id, "", moveOf(&moved[i], d.ID)})
	}
	if !m.dirty {
		m.dirty = true
		o.dirty = append(o.dirty, m)
	}
	err, o.err = o.err, nil
	return moved, err
}

// warned notes how far a clock was warned of.
func (o *obligations) warned(d *ledger.Decoded) error {
	score := 0
	switch e := warning.Now(d.Event).(type) {
	case warning.Raised:
		score = e.Score
	case warning.Grouped:
		score = e.Score
	default:
		return nil
	}
	id, ok := clocks.WarningOf(d.Act.Subject)
	if !ok {
		return nil
	}
	o.move(moveOfWarning(d.Position, id, score))
	return o.of.exec("INSERT INTO clock_warnings (warning, level) VALUES (?, ?) "+
		"ON CONFLICT (warning) DO UPDATE SET level = CASE WHEN clock_warnings.level > excluded.level THEN clock_warnings.level ELSE excluded.level END", string(id), score)
}

// matter returns what is known of the aggregate, which has a past where old.
func (o *obligations) matter(ref domain.Ref, old bool) (*heldMatter, error) {
	if m, ok := o.matters[ref]; ok {
		return m, nil
	}
	m := &heldMatter{}
	if old {
		err := o.conn.query("SELECT state FROM clock_matters WHERE stream = ?", []any{ref.Stream()}, func(s dbRow) error {
			return json.Unmarshal(s.ColumnRawText(0), &m.Matter)
		})
		if err != nil {
			return nil, fmt.Errorf("read the clocks of %s: %w", ref, err)
		}
	}
	o.matters[ref] = m
	return m, nil
}

// UnitOf and RotationYears answer the keeper from the registers.

func (o *obligations) UnitOf(id domain.OfficerID) (unit domain.UnitID) {
	if h, ok := o.of.officers.rows[string(id)]; ok {
		return h.row.Unit
	}
	o.ask("SELECT unit FROM officers WHERE id = ?", string(id), func(s dbRow) error {
		unit = domain.UnitID(s.ColumnText(0))
		return nil
	})
	return unit
}

func (o *obligations) RotationYears(id domain.PostID) int {
	state := ""
	if h, ok := o.of.posts.rows[string(id)]; ok {
		state = h.row.State
	} else {
		o.ask("SELECT state FROM posts WHERE id = ?", string(id), func(s dbRow) error {
			state = s.ColumnText(0)
			return nil
		})
	}
	var p post.Post
	if state != "" {
		if err := json.Unmarshal([]byte(state), &p); err != nil && o.err == nil {
			o.err = fmt.Errorf("read the state of post %s: %w", id, err)
		}
	}
	return p.RotationYears
}

func (o *obligations) ask(sql, id string, each func(dbRow) error) {
	if err := o.conn.query(sql, []any{id}, each); err != nil && o.err == nil {
		o.err = err
	}
}

func (o *obligations) size() int { return len(o.matters) }

func (o *obligations) forget() { clear(o.matters) }

func (o *obligations) flush() error {
	for _, id := range o.order {
		row := o.row(o.clocks[id])
		if err := store(o.conn, obligationTable, &row); err != nil {
			return err
		}
	}
	clear(o.clocks)
	o.order = o.order[:0]
	if err := o.flushMoves(); err != nil {
		return err
	}
	for _, m := range o.dirty {
		state, err := json.Marshal(&m.Matter, json.Deterministic(true))
		if err != nil {
			return fmt.Errorf("write the clocks of %s: %w", m.Ref, err)
		}
		if err := store(o.conn, matterTable, &matterRow{m.Ref.Stream(), string(state)}); err != nil {
			return err
		}
		m.dirty = false
	}
	o.dirty = o.dirty[:0]
	return nil
}

// store writes a row, new or changed.
func store[R any](c conn, t *table[R], row *R) error {
	stmt, err := c.prepare(t.upserted)
	if err != nil {
		return err
	}
	if err := t.bind(stmt, row); err != nil {
		return err
	}
	if err := stmt.Exec(); err != nil {
		return fmt.Errorf("store a row of %s: %w", t.name, err)
	}
	return nil
}

// row turns a clock into its row.
func (o *obligations) row(c *clocks.Clock) obligationRow {
	row := obligationRow{Obligation: Obligation{
		ID: c.ID(), Clock: c.Name, SubjectType: c.Subject.Type, SubjectID: c.Subject.ID, Part: c.Key,
		Who: c.Who, Role: c.Role, Unit: c.Unit, Post: c.Post, Officer: c.Officer,
		Start: c.Start, Started: c.Started, Due: c.Due, Workdays: c.Workdays, Extended: c.Extended,
		Tolled: c.Tolled, TolledSince: c.TolledSince, Stopped: c.Stopped, StoppedBy: c.Stop, Late: c.Late, From: c.From, Length: c.Length, Rulebook: c.Rulebook,
	}}
	rule := o.keeper.Rule(c.Name)
	row.Lapses = rule.Breach == clocks.Lapses
	if c.Open() {
		row.Ends = endless
		// A pause that began in time holds a right.
		if row.Lapses && (c.TolledSince.IsZero() || c.Due.Before(c.TolledSince)) {
			row.Ends = c.Due
		}
	}
	reached := o.keeper.Reaches(c)
	if len(reached) > 0 {
		row.Warning = c.WarningID()
	}
	for _, r := range reached {
		if c.Open() && (row.FirstMark.IsZero() || r.On.Before(row.FirstMark)) {
			row.FirstMark = r.On
		}
		switch r.Level {
		case clocks.First:
			row.Mark1 = r.On
		case clocks.Second:
			row.Mark2 = r.On
		case clocks.Third:
			row.Mark3 = r.On
		case clocks.Last:
			row.Mark4 = r.On
		}
	}
	if c.Open() && rule.Breach == clocks.Commands {
		row.BreachOn = c.Due
	}
	return row
}

// clock turns a row back into its clock.
func (row *Obligation) clock() clocks.Clock {
	return clocks.Clock{
		Name: row.Clock, Subject: domain.Ref{Type: row.SubjectType, ID: row.SubjectID}, Key: row.Part,
		Who: row.Who, Role: row.Role, Unit: row.Unit, Post: row.Post, Officer: row.Officer,
		Start: row.Start, Started: row.Started, Due: row.Due, Workdays: row.Workdays, Extended: row.Extended,
		Tolled: row.Tolled, TolledSince: row.TolledSince, Stopped: row.Stopped, Stop: row.StoppedBy, Late: row.Late, From: row.From, Length: row.Length, Rulebook: row.Rulebook,
	}
}
