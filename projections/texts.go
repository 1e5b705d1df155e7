package projections

import (
	"fmt"
	"strings"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/ext/fts5"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections/terms"
)

// The texts by which objects are found. A document is what one object says,
// under the number of its reference: title what it is called, body the rest,
// names what else it may be called. The index beside it holds the terms of
// these and nothing else; it is
// searched together with the reference, so that what may not be seen is never
// met. Terms are cut by package terms; to SQLite they are words between
// spaces.
const textsSchema = `
CREATE TABLE documents (ref INTEGER PRIMARY KEY, title TEXT NOT NULL, body TEXT NOT NULL, names TEXT NOT NULL);
CREATE VIRTUAL TABLE texts USING fts5(title, body, content = '', contentless_delete = 1, tokenize = 'ascii')`

const (
	// maxBody is how much of an object's texts can be found, in bytes.
	maxBody = 64 << 10

	// indexMemory is what the index gathers of a bulk load before it writes.
	indexMemory = 8 << 20

	// weightOfTitle is how much more a title counts than a body.
	weightOfTitle = 4
)

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

// document is what an object is found by.
type document struct {
	of    domain.Ref
	title []string
	body  []string
	// names are found and not shown: ids, and other ways to write a title.
	names []string
}

func (d *document) say(texts ...string) { d.body = append(d.body, texts...) }

// wording is a document as it is kept.
type wording struct{ title, body, names string }

func (d *document) wording() wording {
	return wording{spoken(d.title, " · "), spoken(d.body, "\n"), spoken(d.names, "\n")}
}

// spoken joins what is not empty.
func spoken(texts []string, with string) string {
	var b strings.Builder
	for _, t := range texts {
		if t == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(with)
		}
		b.WriteString(t)
	}
	if b.Len() > maxBody {
		return strings.ToValidUTF8(b.String()[:maxBody], "")
	}
	return b.String()
}

// documents writes them. In a bulk load the index is made last.
type documents struct {
	conn   *conn
	number func(domain.Ref) (int64, error)
	bulk   bool
}

// reserve gives what is no aggregate its number, in the order of the ledger:
// equal histories number equally, in whatever pieces they are folded.
func (x *documents) reserve(of domain.Ref) error {
	if x == nil {
		return nil
	}
	_, err := x.number(of)
	return err
}

// put keeps a document, new or changed.
func (x *documents) put(of domain.Ref, w wording) error {
	ref, err := x.number(of)
	if err != nil {
		return err
	}
	err = x.conn.query("INSERT OR REPLACE INTO documents (ref, title, body, names) VALUES (?, ?, ?, ?)", []any{ref, w.title, w.body, w.names}, nil)
	if err != nil || x.bulk {
		return err
	}
	return x.index(ref, w)
}

const indexText = "INSERT OR REPLACE INTO texts (rowid, title, body) VALUES (?, ?, ?)"

func (x *documents) index(ref int64, w wording) error {
	return x.conn.query(indexText, []any{ref, terms.Join(w.names, w.title), terms.Join(w.body)}, nil)
}

// indexAll makes the index of every document, at the end of a bulk load.
func (x *documents) indexAll() error {
	if err := x.conn.Exec(fmt.Sprintf("INSERT INTO texts (texts, rank) VALUES ('hashsize', %d)", indexMemory)); err != nil {
		return fmt.Errorf("make the index of texts: %w", err)
	}
	err := x.conn.query("SELECT ref, title, body, names FROM documents ORDER BY ref", nil, func(st *sqlite3.Stmt) error {
		return x.index(st.ColumnInt64(0), wording{st.ColumnText(1), st.ColumnText(2), st.ColumnText(3)})
	})
	if err != nil {
		return err
	}
	if err := x.conn.Exec("INSERT INTO texts (texts, rank) VALUES ('hashsize', 1048576)"); err != nil {
		return fmt.Errorf("make the index of texts: %w", err)
	}
	return nil
}
