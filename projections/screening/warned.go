package screening

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/probity-ledger/probity/domain"
)

// warningPrefix begins the names of all warnings of findings.
const warningPrefix = "screen:"

// Series names what is found of one officer, unit and procedure by one measure,
// in whatever month; of meetings, with one party, which nobody can read from
// it.
func (f *Finding) Series() string {
	sum := sha256.Sum256([]byte(strings.Join([]string{f.Code, string(f.Unit), string(f.Officer), string(f.Procedure), f.Party}, "\x1f")))
	return warningPrefix + f.Code + ":" + hex.EncodeToString(sum[:8])
}

// WarningID names the warning that is raised of the finding, after its series
// and the last month that was judged: the same whenever it is found again.
func (f *Finding) WarningID() domain.WarningID {
	to := f.To.Date()
	return domain.WarningID(f.Series() + ":" + to.String()[:len("2006-01")])
}

// SeriesOf returns the measure's code and the series that a warning's name
// tells of; false where it is not the name of a finding's.
func SeriesOf(id domain.WarningID) (code, series string, ok bool) {
	parts := strings.Split(string(id), ":")
	if len(parts) < 4 || parts[0]+":" != warningPrefix {
		return "", "", false
	}
	return parts[1], strings.Join(parts[:3], ":"), true
}

// RestsOn tells whether the finding rests on the case: one of those counted,
// among those of its officer that it judged.
func (f *Finding) RestsOn(c *Case) bool {
	if c.Decided < f.From || c.Decided > f.To || c.Unit != f.Unit || c.Procedure != f.Procedure || !slices.Contains(c.Officers, f.Officer) {
		return false
	}
	switch {
	case f.Party != "":
		return c.Party == f.Party
	case f.Counts != nil:
		hit, of := f.Counts(c)
		return hit && of
	}
	return c.Like != ""
}

// GroundLost is the reason for which a warning is escalated whose months do not
// stand out any more.
const GroundLost = "what was found no longer stands out: something of its months that was recorded since, late or as a review of an act, tells otherwise; " +
	"look again, and dismiss the warning or say what remains of it"
