package projections

import (
	"errors"

	"github.com/probity-ledger/probity/domain"
)

// Suppress lets tests see what is hidden of a list of counts.
var Suppress = suppress

// TenthsOf lets tests see how counts are cut into tenths, and SuppressTenths
// what is hidden of these.
var (
	TenthsOf       = tenths
	SuppressTenths = suppressTenths
)

// Tells lets tests see which counts are told.
var Tells = tells

// Kept tells how many answers are kept, and of what size.
func (v *Views) Kept() (answers, bytes int) {
	v.answers.mu.Lock()
	defer v.answers.mu.Unlock()
	if v.answers.kept == nil {
		return 0, 0
	}
	return v.answers.kept.Len(), v.answers.bytes
}

// LoseCommit lets the next commit seem to fail, and come about only when the
// same is tried again; meanwhile is called before it does.
func (v *Views) LoseCommit(meanwhile func()) { v.conn = &losing{conn: v.conn, meanwhile: meanwhile} }

type losing struct {
	conn
	meanwhile func()
	lost      bool
}

func (l *losing) begin(t transaction) error {
	if l.lost && l.meanwhile != nil {
		l.meanwhile()
		l.meanwhile = nil
		if err := l.conn.end(true); err != nil {
			return err
		}
	}
	return l.conn.begin(t)
}

func (l *losing) end(commit bool) error {
	switch {
	case l.meanwhile == nil:
		return l.conn.end(commit)
	case commit:
		l.lost = true
		return errLost
	case l.lost:
		return nil
	}
	return l.conn.end(false)
}

// MostKept is how large the answers that are kept may be together.
const MostKept = keptBytes

// LetHR lets another role than probity_hr, which all databases of a server
// share, read the views for HR.
func (v *Views) LetHR(role string) error {
	return v.lie.(*postgres).letHR(v.conn.(*pgConn), role)
}

// IndexText lets an object be found by other texts than it says.
func (v *Views) IndexText(of domain.Ref, title, body, names string) error {
	ref, err := queryInt(v.conn, "SELECT id FROM refs WHERE name = ? AND type = ?", of.ID, of.Type)
	if err != nil {
		return err
	}
	return errors.Join(v.conn.query(putDocument, []any{ref, title, body, names}, nil), v.lie.index(v.conn, ref, wording{title, body, names}))
}
