package roster

import (
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections"
)

// Moment reads what to show a roster as of: a moment (RFC 3339), or the end of
// a day; zero for an empty text. The error is a *domain.Refusal on the field
// asOf.
func Moment(r *projections.Reader, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t, nil
	}
	d, err := domain.ParseDate(text)
	if err != nil {
		return time.Time{}, domain.Refuse(domain.CodeInvalid, "asOf", "%q is neither a day such as 2024-06-30 nor a moment such as 2024-06-30T17:00:00+08:00", text)
	}
	return r.EndOf(d), nil
}
