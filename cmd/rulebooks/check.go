package rulebooks

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"unicode/utf8"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/catalog"
)

// MaxBytes is the size of the largest rulebook accepted.
const MaxBytes = 1 << 20

// Parse reads a rulebook strictly and returns it with the digest of its
// bytes. name is what it was read from and serves messages only.
//
// The error is an *Error for a file that is not well formed, and for a
// rulebook that contradicts itself: no id, version or first day; a period
// that ends before it begins; an empty ladder, a measure on it twice, without
// a source or with a period that is not in months; a cap below a single
// period; an execution later than its latest day; authority over a command
// that does not exist, for nobody or for a role that does not exist; scores
// out of order; a matrix off the ladder; an author's signature asked for on an
// event that does not exist, or without a source; a limit of an indicator that
// does not exist, without a source, above 100 per cent or set twice; a level of
// an article that is not scored; a pattern of a rule of early warning that has
// none, or an amount of no stream.
func Parse(name string, b []byte) (*domain.Rulebook, string, error) {
	d := &decoder{file: name, places: map[string]place{}}
	switch {
	case len(b) > MaxBytes:
		return nil, "", d.fail(place{}, "", "is %d bytes long; a rulebook has at most %d", len(b), MaxBytes)
	case !utf8.Valid(b):
		return nil, "", d.fail(place{}, "", "is not UTF-8")
	}
	node, err := d.document(b)
	if err != nil {
		return nil, "", err
	}
	book := &domain.Rulebook{}
	if err := d.fields(node, reflect.ValueOf(book).Elem(), ""); err != nil {
		return nil, "", err
	}
	if err := d.check(book); err != nil {
		return nil, "", err
	}
	return book, Digest(b), nil
}

// refuse makes the error about a field, at its place.
func (d *decoder) refuse(field, format string, args ...any) error {
	return d.fail(d.at(field), field, format, args...)
}

func (d *decoder) check(book *domain.Rulebook) error {
	return domain.First(d.checkHead(book), d.checkAuthority(book), d.checkLadder(book.Sanction), d.checkOrder(book), d.checkMatrix(book),
		d.checkAuthorSignature(book.AuthorSignature), d.checkIndicators(book), d.checkWarnings(book.Warning))
}

func (d *decoder) checkHead(book *domain.Rulebook) error {
	if err := domain.CheckID("", book.ID); err != nil {
		return d.refuse("id", "%v", err)
	}
	if err := domain.CheckID("", book.Version); err != nil {
		return d.refuse("version", "%v", err)
	}
	switch {
	case book.Name == "":
		return d.refuse("name", "is required")
	case book.ValidFrom.IsZero():
		return d.refuse("validFrom", "is required")
	case !book.ValidTo.IsZero() && book.ValidTo.Before(book.ValidFrom):
		return d.refuse("validTo", "%s lies before the first day, %s", book.ValidTo, book.ValidFrom)
	case book.Calendar.Zone == nil:
		return d.refuse("calendar", "is required, with its zone")
	}
	return nil
}

func (d *decoder) checkAuthority(book *domain.Rulebook) error {
	cat := catalog.New()
	for _, name := range slices.Sorted(maps.Keys(book.Authority)) {
		roles := book.Authority[name]
		field := under("authority", string(name))
		if cat.Command(name) == nil {
			return d.refuse(field, "there is no command of that name")
		}
		for i, role := range roles {
			if _, ok := domain.ParseRole(string(role)); !ok {
				return d.refuse(fmt.Sprintf("%s[%d]", field, i+1), "%q is no role; there are %v", role, domain.Roles())
			}
			if role == domain.RoleAuditor {
				return d.refuse(fmt.Sprintf("%s[%d]", field, i+1), "an auditor writes nothing")
			}
			if slices.Contains(roles[:i], role) {
				return d.refuse(fmt.Sprintf("%s[%d]", field, i+1), "%s is named twice", role)
			}
		}
	}
	return nil
}

func (d *decoder) checkLadder(rules domain.SanctionRules) error {
	if len(rules.Ladder) == 0 {
		return d.refuse("sanction.ladder", "is empty; a rulebook has at least one measure")
	}
	for i, r := range rules.Ladder {
		field := fmt.Sprintf("sanction.ladder[%d]", i+1)
		_, first, _ := rules.Rung(r.Measure)
		switch {
		case r.Measure == "":
			return d.refuse(field, "has no measure")
		case first != i:
			return d.refuse(field+".measure", "%s stands on the ladder twice", r.Measure)
		case r.Source == "":
			return d.refuse(field, "%s has no source", r.Measure)
		case !r.Effect.IsZero() && r.Effect.Unit != domain.Months:
			return d.refuse(field+".effect", "an effect period is counted in months")
		case r.ForGood && !r.Effect.IsZero():
			return d.refuse(field+".effect", "what is for good has no period")
		case rules.MaxMonths > 0 && r.Effect.Length > rules.MaxMonths:
			return d.refuse("sanction.maxMonths", "%d caps a combined period below the single one of %s, %d", rules.MaxMonths, r.Measure, r.Effect.Length)
		}
	}
	return nil
}

// checkOrder refuses terms and scores that contradict each other.
func (d *decoder) checkOrder(book *domain.Rulebook) error {
	for _, pair := range []struct {
		field        string
		short, after domain.Term
	}{
		{"sanction.executeMost", book.Sanction.Execute, book.Sanction.ExecuteMost},
		{"reporting.feedbackMost", book.Reporting.Feedback, book.Reporting.FeedbackMost},
		{"service.rotation", book.Service.HighRiskRotation, book.Service.Rotation},
	} {
		if !pair.short.IsZero() && !pair.after.IsZero() && end(pair.after).Before(end(pair.short)) {
			return d.refuse(pair.field, "%d %s is shorter than %d %s, which it may not be", pair.after.Length, pair.after.Unit, pair.short.Length, pair.short.Unit)
		}
	}
	if p := book.Post; p.HighScore != 0 && p.MediumScore >= p.HighScore {
		return d.refuse("post.mediumScore", "%d is not below the high score, %d", p.MediumScore, p.HighScore)
	}
	return nil
}

// end returns the last day of a term that begins on 1 January 2001, to
// compare terms of different units.
func end(t domain.Term) domain.Date {
	return t.After(domain.MustDate("2001-01-01"), domain.Calendar{})
}

func (d *decoder) checkMatrix(book *domain.Rulebook) error {
	var classes []string
	for i, c := range book.Matrix.Classes {
		field := fmt.Sprintf("matrix.classes[%d]", i+1)
		if c.Class == "" || slices.Contains(classes, c.Class) {
			return d.refuse(field, "the class %q has no name, or stands twice", c.Class)
		}
		classes = append(classes, c.Class)
		if len(c.Steps) == 0 {
			return d.refuse(field, "class %s has no steps", c.Class)
		}
		for j, s := range c.Steps {
			at := fmt.Sprintf("%s.steps[%d]", field, j+1)
			_, least, ok := book.Sanction.Rung(s.Least)
			if !ok {
				return d.refuse(at+".least", "%q is not on the ladder", s.Least)
			}
			_, most, ok := book.Sanction.Rung(s.Most)
			if !ok {
				return d.refuse(at+".most", "%q is not on the ladder", s.Most)
			}
			if most < least {
				return d.refuse(at, "%s is lighter than %s", s.Most, s.Least)
			}
		}
	}
	return nil
}

func (d *decoder) checkAuthorSignature(rules domain.AuthorSignatureRules) error {
	if len(rules.Kinds) > 0 && rules.Source == "" {
		return d.refuse("authorSignature.source", "is required: who ordered it, and where it is written")
	}
	known := map[string]bool{}
	for _, room := range catalog.New().Aggregates {
		for _, e := range room.Events {
			known[e.Kind.Unversioned()] = true
		}
	}
	for i, kind := range rules.Kinds {
		field := fmt.Sprintf("authorSignature.kinds[%d]", i+1)
		switch {
		case domain.Kind(kind).Unversioned() != kind:
			return d.refuse(field, "%s: leave the version out, so that a new form of the event does not escape", kind)
		case !known[kind]:
			return d.refuse(field, "there is no event %q", kind)
		case slices.Contains(rules.Kinds[:i], kind):
			return d.refuse(field, "%s stands twice", kind)
		}
	}
	return nil
}
