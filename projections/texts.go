package projections

import (
	"strings"

	"github.com/probity-ledger/probity/domain"
)

// documentsSchema makes the table of the texts by which objects are found. A
// document is what one object says, under the number of its reference: title
// what it is called, body the rest, names what else it may be called. The index
// beside it (textIndex) holds the terms of these and nothing else; it is
// searched together with the reference, so that what may not be seen is never
// met. Terms are cut by package terms.
const documentsSchema = "CREATE TABLE documents (ref INTEGER PRIMARY KEY, title TEXT NOT NULL, body TEXT NOT NULL, names TEXT NOT NULL)"

const (
	// maxBody is how much of an object's texts can be found, in bytes.
	maxBody = 64 << 10

	// weightOfTitle is how much more a title counts than a body.
	weightOfTitle = 4
)

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
	conn   conn
	texts  textIndex
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
	err = x.conn.query(putDocument, []any{ref, w.title, w.body, w.names}, nil)
	if err != nil || x.bulk {
		return err
	}
	return x.texts.index(x.conn, ref, w)
}

const putDocument = "INSERT INTO documents (ref, title, body, names) VALUES (?, ?, ?, ?) " +
	"ON CONFLICT (ref) DO UPDATE SET title = excluded.title, body = excluded.body, names = excluded.names"
