package projections

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgtype"

	"github.com/probity-ledger/probity/projections/query"
	"github.com/probity-ledger/probity/projections/terms"
)

// pgTextsSQL makes the index of texts in PostgreSQL. Which documents may be met
// is told by the set of their terms, in lexemes, without places: PostgreSQL
// keeps no more than 256 places of a term, none past the 16,383rd, and a document
// may have more. Which are met, and how well, is then told by the terms in their
// order, each between two blanks; size is how many the body has.
const pgTextsSQL = "CREATE TABLE texts (ref INTEGER PRIMARY KEY, title TEXT NOT NULL, body TEXT NOT NULL, size INTEGER NOT NULL, lexemes TSVECTOR NOT NULL);" +
	"CREATE INDEX texts_lexemes ON texts USING gin (lexemes)"

const (
	// maxLexeme is how much of a term the set holds, in bytes; PostgreSQL takes
	// 2,046.
	maxLexeme = 1000
	// maxLexemes is how many bytes of terms the set holds; PostgreSQL takes 1 MiB.
	// A document of more terms is tried by each query.
	maxLexemes = 900 << 10
	// anyLexeme stands for all terms of such a document. It is no term.
	anyLexeme = "*"
)

// pgWording is a document as it is indexed.
type pgWording struct {
	title, body string
	size        int
	lexemes     []byte // a tsvector in its binary form
}

func pgWordingOf(w wording) pgWording {
	title, body := terms.Join(w.names, w.title), terms.Join(w.body)
	return pgWording{between(title), between(body), len(strings.Fields(body)), lexemes(title, body)}
}

// between puts each term between two blanks.
func between(joined string) string {
	if joined == "" {
		return ""
	}
	return " " + strings.ReplaceAll(joined, " ", "  ") + " "
}

// lexemes is the set of the terms.
func lexemes(texts ...string) []byte {
	var all []string
	for _, t := range texts {
		for term := range strings.FieldsSeq(t) {
			all = append(all, lexeme(term))
		}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	bytes := 0
	for _, x := range all {
		bytes += len(x)
	}
	if bytes > maxLexemes {
		all = []string{anyLexeme}
	}
	b := binary.BigEndian.AppendUint32(nil, uint32(len(all)))
	for _, x := range all {
		b = append(append(b, x...), 0, 0, 0) // its end, and no places
	}
	return b
}

// lexeme is as much of a term as the set holds.
func lexeme(term string) string {
	if len(term) > maxLexeme {
		return strings.ToValidUTF8(term[:maxLexeme], "")
	}
	return term
}

const pgIndexText = "INSERT INTO texts (ref, title, body, size, lexemes) VALUES (?, ?, ?, ?, ?) ON CONFLICT (ref) DO UPDATE " +
	"SET title = excluded.title, body = excluded.body, size = excluded.size, lexemes = excluded.lexemes"

func (p *postgres) index(c conn, ref int64, w wording) error {
	x := pgWordingOf(w)
	s := &pgStmt{conn: c.(*pgConn), sql: pgIndexText}
	if err := bind(s, []any{ref, x.title, x.body, x.size}); err != nil {
		return err
	}
	return errors.Join(s.bind(5, pgtype.TSVectorOID, x.lexemes), s.Exec())
}

// indexAll has nothing to do: see loadTexts.
func (p *postgres) indexAll(conn) error { return nil }

// loadTexts is loadAsItLies for the index, from the documents of a rebuild.
func (p *postgres) loadTexts(ctx context.Context, l *pgLoader, name string, from *sqliteConn) error {
	if err := l.begin(ctx, name, true); err != nil {
		return err
	}
	err := from.query("SELECT ref, title, body, names FROM documents ORDER BY ref", nil, func(r dbRow) error {
		x := pgWordingOf(wording{r.ColumnText(1), r.ColumnText(2), r.ColumnText(3)})
		return errors.Join(l.BindInt64(1, r.ColumnInt64(0)), l.BindText(2, x.title), l.BindText(3, x.body), l.BindInt(4, x.size), l.BindBlob(5, x.lexemes), l.Exec())
	})
	if err != nil {
		l.give()
	}
	return err
}

// match meets the documents that have all terms, and of these the ones in which
// each phrase stands, in the title or in the body. The score is that of
// relevance, figure by figure: it looks at the document alone.
func (p *postgres) match(sought terms.Query) (textMatch, error) {
	counts, args := make([]string, 0, 2*len(sought)), []any{}
	where := []query.Cond{query.C("s.id = x.ref AND x.lexemes @@ CAST(? AS tsquery)", tsquery(sought))}
	score := "CAST(0 AS float8)"
	for i, phrase := range sought {
		for j, column := range []string{"x.title", "x.body"} {
			n := times(phrase, column)
			counts = append(counts, fmt.Sprintf("CAST(%s AS float8) AS n%d_%d", n.SQL, i, j))
			args = append(args, n.Args...)
		}
		where = append(where, query.C(fmt.Sprintf("m.n%d_0 + m.n%d_1 > 0", i, i)))
		score += fmt.Sprintf(" + %d * (m.n%d_0 / (m.n%d_0 + 1)) / %d + m.n%d_1 / (m.n%d_1 + (1 + CAST(x.size AS float8) / 200)) / %d",
			weightOfTitle, i, i, len(sought), i, i, len(sought))
	}
	return textMatch{
		from:  query.C("texts x CROSS JOIN refs s CROSS JOIN LATERAL (SELECT "+strings.Join(counts, ", ")+query.Apart+") m", args...),
		where: query.And(where...),
		last:  "x.ref",
		score: "CAST(trunc(1000 * (" + score + ")) AS bigint)",
	}, nil
}

// tsquery asks for all terms, in the language of PostgreSQL; what is between
// quotes is taken as it stands.
func tsquery(q terms.Query) string {
	var all []string
	for _, p := range q {
		for i, term := range p.Terms {
			quoted := "'" + strings.NewReplacer(`\`, `\\`, "'", "''").Replace(lexeme(term)) + "'"
			if p.Open && i == len(p.Terms)-1 {
				quoted += ":*"
			}
			all = append(all, quoted)
		}
	}
	return "(" + strings.Join(all, " & ") + ") | '" + anyLexeme + "'"
}

// times counts how often a phrase stands in a column.
func times(p terms.Phrase, column string) query.Cond {
	pattern := between(strings.Join(p.Terms, " "))
	if p.Open {
		pattern = strings.TrimSuffix(pattern, " ")
	}
	if overlaps(p) { // places are counted, not stretches; there are no signs in it
		return query.C("(SELECT count(*) FROM regexp_matches("+column+", ?, 'g'))", "(?="+pattern+")")
	}
	return query.C("(length("+column+") - length(replace("+column+", ?, ''))) / "+strconv.Itoa(len([]rune(pattern))), pattern)
}

// overlaps tells whether a phrase may begin within itself, as 海海 does in 海海海.
func overlaps(p terms.Phrase) bool {
	n := len(p.Terms)
	for k := 1; k < n; k++ { // the last k terms are the first k as well
		begins, ends := p.Terms[:k], p.Terms[n-k:]
		if slices.Equal(begins[:k-1], ends[:k-1]) && (begins[k-1] == ends[k-1] || p.Open && strings.HasPrefix(begins[k-1], ends[k-1])) {
			return true
		}
	}
	return false
}
