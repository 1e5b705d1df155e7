package roster

import (
	"context"
	"encoding/base64"
	"iter"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
)

// Cursor says how far somebody has read. The zero one has read nothing.
//
// What is read lies in windows of the ledger, each from where the last one
// ended to where the ledger stood when it began. Within a window an officer
// comes once, by id, as of its end, if what is told of them is not what was
// told at its beginning. So the order tells nothing of events that the reader
// may not know of, and whoever follows the cursors gets each change once.
type Cursor struct {
	// Since and Through are the window; Through is zero before it begins.
	Since   ledger.Position `json:"s,omitzero"`
	Through ledger.Position `json:"t,omitzero"`
	// After is the officer read last in the window.
	After domain.OfficerID `json:"a,omitzero"`
	// AsOf is the moment by which a first window ends, and whose day it shows;
	// zero for the present.
	AsOf time.Time `json:"d,omitzero"`
}

// cursorForm begins the text of a cursor.
const cursorForm = "r1."

// String is the cursor as a text without spaces, which tells nobody more than
// what they have read.
func (c Cursor) String() string {
	raw, err := json.Marshal(c)
	if err != nil {
		return "" // of numbers and texts: it cannot fail
	}
	return cursorForm + base64.RawURLEncoding.EncodeToString(raw)
}

// ParseCursor reads the text of a cursor; the empty one has read nothing. The
// error is a *domain.Refusal on the field cursor.
func ParseCursor(text string) (c Cursor, err error) {
	if text == "" {
		return Cursor{}, nil
	}
	rest, ok := strings.CutPrefix(text, cursorForm)
	raw, err := base64.RawURLEncoding.Strict().DecodeString(rest)
	if !ok || err != nil || json.Unmarshal(raw, &c, json.RejectUnknownMembers(true)) != nil ||
		c.Through != 0 && c.Through < c.Since || c.Through == 0 && (c.After != "" || !c.AsOf.IsZero()) || c.Since != 0 && !c.AsOf.IsZero() {
		return Cursor{}, domain.Refuse(domain.CodeInvalid, "cursor", "is none that was given out; begin without one to read everything again")
	}
	return c, nil
}

// Begin returns the cursor with its window begun: as far as the ledger
// stands, or as it stood at the moment asOf, which is for a cursor that has
// read nothing. A window that was begun stays as it is. Errors are a
// *domain.Refusal (a cursor from beyond the end of this ledger, or a moment for
// a cursor that has read something) or internal.
func (c Cursor) Begin(ctx context.Context, r *projections.Reader, asOf time.Time) (Cursor, error) {
	now, err := r.Position(ctx)
	if err != nil {
		return c, err
	}
	if c.Since > now || c.Through > now {
		return c, domain.Refuse(domain.CodeInvalid, "cursor", "lies behind the end of this ledger: it is from another one, or the views are being built; begin without one to read everything again")
	}
	if c.Through > 0 {
		return c, nil
	}
	c.Through = now
	if asOf.IsZero() {
		return c, nil
	}
	if c.Since > 0 {
		return c, domain.Refuse(domain.CodeInvalid, "asOf", "shows the whole as of a moment; leave the cursor out")
	}
	c.AsOf = asOf.UTC()
	c.Through, err = r.RecordedBy(ctx, asOf)
	return c, err
}

// Past is the cursor of who has read so far as the officer.
func (c Cursor) Past(id domain.OfficerID) Cursor {
	c.After = id
	return c
}

// End is the cursor of who has read the whole window.
func (c Cursor) End() Cursor { return Cursor{Since: c.Through} }

// Rows yields the rows of the window that are still to be read, by officer.
// Begin comes first. The sequence ends after the first error.
func (c Cursor) Rows(ctx context.Context, r *projections.Reader) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		of := projections.RecordsOf{After: c.After, Since: c.Since, Through: c.Through, Recorded: c.AsOf}
		for x, err := range r.ExportRecords(ctx, of) {
			var row Row
			if err == nil {
				row, err = Of(x.File)
			}
			if err == nil && x.Before != nil {
				var before Row
				if before, err = Of(x.Before); err == nil && before.Version == row.Version {
					continue
				}
			}
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}
