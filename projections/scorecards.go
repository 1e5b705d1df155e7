package projections

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections/indicators"
	"github.com/probity-ledger/probity/projections/query"
)

// Scorecard shows how a unit, with everything below it, stands on the twenty
// articles in a period (记分卡), and from which facts. See package indicators for
// what counts when and for whom, and how a score is made.
type Scorecard struct {
	Unit domain.UnitID
	From domain.Date
	To   domain.Date
	// Until is the last day that counts: To, or the day of asking where the
	// period has not ended yet. Known is the last event that was known.
	Until domain.Date
	Known ledger.Position

	Articles []ScoredArticle
	// below are the unit and those below it, by which its facts are found;
	// asked is the day of asking.
	below []string
	asked domain.Date
	// quarters decide what of it is told; see veil.
	quarters []*Scorecard
	// standing: Known is all there is, so that the facts that stand are those
	// that count; they have an index of their own.
	standing bool
}

// ScoredArticle is one article on a scorecard.
type ScoredArticle struct {
	*indicators.Article
	Level indicators.Level
	// Score runs from 0 to 100; nil where nothing was there to be measured, or
	// where it is Suppressed: it rests on too few cases to be told.
	Score      *int
	Suppressed bool
	Values     []indicators.Value
}

// Warned counts the warning conditions that are met.
func (a *ScoredArticle) Warned() (n int) {
	for _, v := range a.Values {
		if v.Warning.Met {
			n++
		}
	}
	return n
}

// ScorecardOf asks for a scorecard.
type ScorecardOf struct {
	Unit domain.UnitID
	// From and To are the first and the last day of the period.
	From domain.Date
	To   domain.Date
	// Position and Recorded ask for what the ledger knew once that event was
	// recorded, or at that moment, of what had happened by then; the earlier
	// one of both. Zero fields ask for what is known now.
	Position ledger.Position
	Recorded time.Time
}

// Scorecard returns the scorecard; nil when there is no such unit, or none
// whose scorecard the principal may see.
func (r *Reader) Scorecard(ctx context.Context, of ScorecardOf) (*Scorecard, error) {
	found, err := r.Scorecards(ctx, []ScorecardOf{of})
	return found[of], err
}

// Scorecards returns those that are seen. It runs as many statements for many
// as for one, but for those that look back.
//
// HR and overseers, who may not see the objects behind some of the indicators,
// get no small counts of them. They ask for calendar quarters, half-years and
// years, or for the period of a cycle of the unit, and of what is known now;
// anything else is refused with CodeForbidden.
func (r *Reader) Scorecards(ctx context.Context, of []ScorecardOf) (map[ScorecardOf]*Scorecard, error) {
	for _, o := range of {
		if err := o.check(); err != nil {
			return nil, err
		}
	}
	if err := r.undivided(ctx, of); err != nil {
		return nil, err
	}
	return r.scorecards(ctx, of)
}

// scorecards are those of any period.
func (r *Reader) scorecards(ctx context.Context, of []ScorecardOf) (map[ScorecardOf]*Scorecard, error) {
	below, err := r.scored(ctx, of)
	if err != nil {
		return nil, err
	}
	out := map[ScorecardOf]*Scorecard{}
	var cards []*Scorecard
	for _, o := range of {
		if len(below[o.Unit]) == 0 || out[o] != nil {
			continue
		}
		c := &Scorecard{Unit: o.Unit, From: o.From, To: o.To, below: below[o.Unit]}
		if err := r.lookBack(ctx, o, c); err != nil {
			return nil, err
		}
		out[o], cards = c, append(cards, c)
	}
	if r.veils() {
		return out, r.fillVeiled(ctx, cards)
	}
	return out, r.fillSettled(ctx, cards)
}

// fillSettled sums up, and anew, as of what was known, where an event came in
// between.
func (r *Reader) fillSettled(ctx context.Context, cards []*Scorecard) error {
	if err := r.fill(ctx, cards); err != nil {
		return err
	}
	now, err := r.views.Position(ctx)
	if err != nil {
		return err
	}
	var again []*Scorecard
	for _, c := range cards {
		if c.standing = false; c.Known != now {
			c.Articles = nil
			again = append(again, c)
		}
	}
	return r.fill(ctx, again)
}

// check refuses a period that is none.
func (o ScorecardOf) check() error {
	switch {
	case o.From.IsZero():
		return domain.Refuse(domain.CodeInvalid, "from", "is required: the first day of the period")
	case o.To.IsZero():
		return domain.Refuse(domain.CodeInvalid, "to", "is required: the last day of the period")
	case o.To.Before(o.From):
		return domain.Refuse(domain.CodeInvalid, "to", "%s lies before the first day, %s", o.To, o.From)
	}
	return nil
}

// scored returns, for each unit whose scorecard is seen, the unit itself and
// those below it. UNION ends rings, as in subtree.
func (r *Reader) scored(ctx context.Context, of []ScorecardOf) (map[domain.UnitID][]string, error) {
	s, err := r.scoped(ctx)
	if err != nil || len(of) == 0 {
		return nil, err
	}
	var roots []domain.UnitID
	for _, o := range of {
		roots = append(roots, o.Unit)
	}
	seen := query.And(query.In("x.id", roots), s.scorecard("x"))
	out := map[domain.UnitID][]string{}
	err = r.ask(ctx, "WITH RECURSIVE below (root, id) AS (SELECT x.id, x.id FROM units x"+seen.Where()+
		" UNION SELECT below.root, u.id FROM below JOIN units u ON u.parent = below.id) SELECT root, id FROM below ORDER BY root, id", seen.Args,
		func(st dbRow) error {
			root := domain.UnitID(st.ColumnText(0))
			out[root] = append(out[root], st.ColumnText(1))
			return nil
		})
	return out, err
}

// lookBack finds what was known, and up to which day things had happened.
func (r *Reader) lookBack(ctx context.Context, o ScorecardOf, c *Scorecard) error {
	last, err := r.views.Position(ctx)
	if err != nil {
		return err
	}
	known, today := last, r.views.today()
	if !o.Recorded.IsZero() {
		at, err := r.recordedBy(ctx, o.Recorded, known)
		if err != nil {
			return err
		}
		known, today = min(known, at), earlier(today, r.views.rules().days.Day(o.Recorded))
	}
	if o.Position != 0 && o.Position <= known {
		known = o.Position
		at, err := r.askInt(ctx, "SELECT recorded FROM events WHERE position <= ? ORDER BY position DESC LIMIT 1", []any{int64(known)})
		if err != nil {
			return err
		}
		today = earlier(today, r.views.rules().days.Day(time.UnixMicro(at)))
	}
	c.Known, c.Until, c.asked, c.standing = known, earlier(o.To, today), today, known == last
	return nil
}

func earlier(a, b domain.Date) domain.Date {
	if b.Before(a) {
		return b
	}
	return a
}

// recordedBy returns the last event recorded by the moment, and with it all
// that lie before: their order is that of the ledger, whatever the clock said.
// Where the clock was never set back it is found by halving, else by halving
// the last stretch of rising times that begins by the moment.
func (r *Reader) recordedBy(ctx context.Context, moment time.Time, last ledger.Position) (ledger.Position, error) {
	begins, err := r.askInt(ctx, "SELECT position FROM setbacks WHERE recorded <= ? AND position <= ? ORDER BY position DESC LIMIT 1", []any{moment.UnixMicro(), int64(last)})
	if err != nil {
		return 0, err
	}
	next, err := r.askInt(ctx, "SELECT position FROM setbacks WHERE position > ? AND position <= ? ORDER BY position LIMIT 1", []any{begins, int64(last)})
	if err != nil {
		return 0, err
	}
	low, high := ledger.Position(begins), last
	if next > 0 {
		high = ledger.Position(next) - 1
	}
	for low < high {
		middle := low + (high-low+1)/2
		recorded, at := int64(0), int64(0)
		err := r.ask(ctx, "SELECT recorded, position FROM events WHERE position >= ? ORDER BY position LIMIT 1", []any{int64(middle)},
			func(s dbRow) error {
				recorded, at = s.ColumnInt64(0), s.ColumnInt64(1)
				return nil
			})
		switch {
		case err != nil:
			return 0, err
		case at == 0 || recorded > moment.UnixMicro():
			high = middle - 1
		default:
			low = ledger.Position(at)
		}
	}
	return low, nil
}

// counted is the condition over facts f that count on the scorecard, of the
// flows or of the stocks.
func (c *Scorecard) counted(stocks bool) query.Cond {
	from, until, asked := int64(indicators.DayOf(c.From)), int64(indicators.DayOf(c.Until)), int64(indicators.DayOf(c.asked))
	// A flow ends on its day or the next: that it ends from the first day on
	// says nothing new, and lets the index of what stands find it.
	when := query.C("f.begins BETWEEN ? AND ? AND f.ends BETWEEN ? AND ?", from, until, from, asked)
	if stocks {
		when = query.C("f.begins <= ? AND f.ends > ?", until, until)
		if until < from {
			when = query.Never // the period has not begun
		}
	}
	known := query.C("f.superseded = 0")
	if !c.standing {
		known = query.C("(f.superseded = 0 OR f.superseded > ?) AND f.seq < ?", int64(c.Known), (int64(c.Known)+1)*indicators.PerEvent)
	}
	return query.And(query.In("f.unit", c.below), when, known)
}

// numbers are the indicators that a statement is about, as they are stored.
func numbers(which func(*indicators.Definition) bool) string {
	var out []string
	for _, a := range indicators.Articles() {
		for _, d := range a.Indicators {
			if which(d) {
				out = append(out, fmt.Sprint(d.Number()))
			}
		}
	}
	return "f.indicator IN (" + strings.Join(out, ", ") + ")"
}

var (
	ofFlows   = numbers(func(d *indicators.Definition) bool { return !d.Stock && !d.Spread })
	ofStocks  = numbers(func(d *indicators.Definition) bool { return d.Stock })
	ofSpreads = numbers(func(d *indicators.Definition) bool { return d.Spread })
)

// compound is how many selects go into one statement; SQLite takes 500.
const compound = 400

// fill sums the facts of all cards up.
func (r *Reader) fill(ctx context.Context, cards []*Scorecard) error {
	for len(cards) > compound/2 { // flows and stocks
		if err := r.fill(ctx, cards[:compound/2]); err != nil {
			return err
		}
		cards = cards[compound/2:]
	}
	sums, spreads := make([]map[int64]indicators.Sum, len(cards)), make([]spread, len(cards))
	// Grouped in the order of the index, nothing has to be sorted.
	var ofSums, ofAmounts union
	for i, c := range cards {
		sums[i] = map[int64]indicators.Sum{}
		for _, where := range []query.Cond{query.And(query.C(ofFlows), c.counted(false)), query.And(query.C(ofStocks), c.counted(true))} {
			ofSums.add(fmt.Sprintf("SELECT %d, f.indicator, CAST(sum(f.hits) AS BIGINT), CAST(sum(f.exposure) AS BIGINT) FROM facts f%s GROUP BY f.unit, f.indicator", i, where.Where()), where.Args)
		}
		where := query.And(query.C(ofSpreads), c.counted(false))
		ofAmounts.add(fmt.Sprintf("SELECT %d, f.indicator, f.label, f.hits FROM facts f%s", i, where.Where()), where.Args)
	}
	err := ofSums.ask(ctx, r, func(s dbRow) error {
		of, d := sums[s.ColumnInt(0)], s.ColumnInt64(1)
		of[d] = indicators.Sum{Hits: of[d].Hits + s.ColumnInt64(2), Of: of[d].Of + s.ColumnInt64(3)}
		return nil
	})
	if err != nil {
		return err
	}
	err = ofAmounts.ask(ctx, r, func(s dbRow) error {
		spreads[s.ColumnInt(0)].add(s.ColumnInt64(1), s.ColumnText(2), s.ColumnInt64(3))
		return nil
	})
	if err != nil {
		return err
	}
	for i, c := range cards {
		spreads[i].into(sums[i])
		c.score(sums[i], r.book(c.Until))
	}
	return nil
}

// union is one statement of several selects.
type union struct {
	selects []string
	args    []any
}

func (u *union) add(sql string, args []any) {
	u.selects, u.args = append(u.selects, sql), append(u.args, args...)
}

func (u *union) ask(ctx context.Context, r *Reader, each func(dbRow) error) error {
	if len(u.selects) == 0 {
		return nil
	}
	sql, args := u.statement()
	return r.ask(ctx, sql, args, each)
}

func (u *union) statement() (sql string, args []any) {
	return strings.Join(u.selects, " UNION ALL "), u.args
}

// spread gathers the amounts of like cases.
type spread struct {
	amounts map[int64]map[string][]int64
}

func (p *spread) add(indicator int64, like string, amount int64) {
	if p.amounts == nil {
		p.amounts = map[int64]map[string][]int64{}
	}
	if p.amounts[indicator] == nil {
		p.amounts[indicator] = map[string][]int64{}
	}
	p.amounts[indicator][like] = append(p.amounts[indicator][like], amount)
}

// into adds up how far the amounts lie from the mean of their like, each in
// hundredths of a per cent of it.
func (p *spread) into(sums map[int64]indicators.Sum) {
	for indicator, likes := range p.amounts {
		sum := indicators.Sum{}
		for _, amounts := range likes {
			total := int64(0)
			for _, a := range amounts {
				total += a
			}
			if len(amounts) < 2 || total <= 0 {
				continue
			}
			mean := float64(total) / float64(len(amounts))
			for _, a := range amounts {
				sum.Hits += int64(max(float64(a)-mean, mean-float64(a))/mean*10_000 + 0.5)
				sum.Of += 10_000
			}
		}
		sums[indicator] = sum
	}
}

// book is the rulebook whose limits hold on the day; one without limits where
// the views have none.
func (r *Reader) book(day domain.Date) *domain.Rulebook {
	if k := r.views.rules().keeper; k != nil {
		return k.Shelf().On(day)
	}
	return &domain.Rulebook{}
}

// score evaluates every article by the sums of its indicators.
func (c *Scorecard) score(sums map[int64]indicators.Sum, book *domain.Rulebook) {
	for _, a := range indicators.Articles() {
		s := ScoredArticle{Article: a, Level: indicators.LevelOf(a.ID, book)}
		for _, d := range a.Indicators {
			s.Values = append(s.Values, d.Evaluate(sums[d.Number()], book))
		}
		if score, ok := indicators.Score(s.Values); ok {
			s.Score = &score
		}
		c.Articles = append(c.Articles, s)
	}
}
