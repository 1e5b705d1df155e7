package projections

import (
	"fmt"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/ext/fts5"

	"github.com/probity-ledger/probity/projections/query"
	"github.com/probity-ledger/probity/projections/terms"
)

// fullTextSchema makes the index of texts in SQLite. To SQLite terms are words
// between spaces.
const fullTextSchema = "CREATE VIRTUAL TABLE texts USING fts5(title, body, content = '', contentless_delete = 1, tokenize = 'ascii')"

// indexMemory is what the index gathers of a bulk load before it writes.
const indexMemory = 8 << 20

// withTexts makes the index of texts usable on a connection.
func withTexts(c *sqlite3.Conn) error {
	return fts5.RegisterCustom(c, func(api *fts5.API) error { return api.CreateFunction("relevance", relevance) })
}

// relevance tells how well a document answers a query, as a whole number. It
// looks at that document alone, unlike bm25, which weighs a term by how many
// documents have it: the order of what somebody sees would then tell of what
// they may not see.
func relevance(fts fts5.Context, ctx sqlite3.Context, _ ...sqlite3.Value) {
	n, err := fts.InstCount()
	phrases := fts.PhraseCount()
	met := make([][2]int, phrases)
	for i := 0; i < n && err == nil; i++ {
		var phrase, column int
		if phrase, column, _, err = fts.Inst(i); err == nil && phrase < phrases && column < 2 {
			met[phrase][column]++
		}
	}
	length := 0
	if err == nil {
		length, err = fts.ColumnSize(1)
	}
	if err != nil {
		ctx.ResultError(err)
		return
	}
	score := 0.0
	for _, m := range met {
		score += weightOfTitle * often(m[0], 1) / float64(phrases)
		score += often(m[1], 1+float64(length)/200) / float64(phrases)
	}
	ctx.ResultInt64(int64(1000 * score))
}

// often rises from 0 to 1 with the count, the slower the longer the text.
func often(count int, slow float64) float64 { return float64(count) / (float64(count) + slow) }

const indexText = "INSERT OR REPLACE INTO texts (rowid, title, body) VALUES (?, ?, ?)"

func (f *sqliteFile) index(c conn, ref int64, w wording) error {
	return c.query(indexText, []any{ref, terms.Join(w.names, w.title), terms.Join(w.body)}, nil)
}

func (f *sqliteFile) indexAll(c conn) error {
	if err := gather(c, indexMemory); err != nil {
		return err
	}
	err := c.query("SELECT ref, title, body, names FROM documents ORDER BY ref", nil, func(st dbRow) error {
		return f.index(c, st.ColumnInt64(0), wording{st.ColumnText(1), st.ColumnText(2), st.ColumnText(3)})
	})
	if err != nil {
		return err
	}
	return gather(c, 1<<20)
}

// gather sets what the index gathers before it writes, in bytes.
func gather(c conn, memory int) error {
	if err := c.query(fmt.Sprintf("INSERT INTO texts (texts, rank) VALUES ('hashsize', %d)", memory), nil, nil); err != nil {
		return fmt.Errorf("make the index of texts: %w", err)
	}
	return nil
}

// match meets each document by its terms first; whether it is seen is tried
// then.
func (f *sqliteFile) match(sought terms.Query) (textMatch, error) {
	return textMatch{
		from:  query.C("texts CROSS JOIN refs s"),
		where: query.C("s.id = texts.rowid AND texts MATCH ?", sought.Match()),
		last:  "texts.rowid",
		score: "relevance(texts)",
	}, nil
}
