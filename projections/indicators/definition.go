package indicators

import (
	"hash/crc32"

	"github.com/probity-ledger/probity/domain"
)

// Direction tells which way an indicator is better.
type Direction string

// The directions.
const (
	Higher Direction = "higher"
	Lower  Direction = "lower"
)

// Level is how binding an article is.
type Level string

// The levels.
const (
	Required    Level = "required"    // 应当
	Recommended Level = "recommended" // 推荐
)

// Article is one of the Guide's articles with what it is measured by.
type Article struct {
	ID         domain.Article
	Name       string
	Chinese    string
	Indicators []*Definition
}

// Definition is one indicator.
type Definition struct {
	// ID is the article and a word, as in "I1.on_time". Facts are stored under
	// it: never give it another meaning.
	ID      string
	Name    string
	Chinese string
	// Numerator and Denominator say what is counted, the latter the exposure.
	Numerator   string
	Denominator string
	Direction   Direction
	// About is the room of the objects that are counted: who may not see them
	// is not told small counts of them.
	About string
	// Stock: it is counted as of the last day of the period; a flow is counted
	// over all its days.
	Stock bool
	// Unscored: it informs, and is no part of the article's score.
	Unscored bool
	// Spread: its facts hold amounts of like cases, and its value is how far
	// they lie from the mean of their like, on average.
	Spread bool
	// Portion: each case counts a portion of its own, in hundredths; the value
	// is their mean.
	Portion bool
	// Chance: it warns only where chance hardly explains that the limit is
	// passed (the binomial limit of the rulebook's tail).
	Chance bool
	// Warns says in plain words what it means that the limit is passed; ""
	// for an indicator that does not warn.
	Warns string
	// Limit returns the limit from where else it stands in the rulebook; when
	// nil it stands among the limits of indicators.
	Limit func(*domain.Rulebook) domain.IndicatorLimit
}

// Number names the indicator in storage.
func (d *Definition) Number() int64 { return number(d.ID) }

func number(id string) int64 { return int64(crc32.ChecksumIEEE([]byte(id))) }

// limit returns the indicator's limit in per cent, if the rulebook sets one.
func (d *Definition) limit(book *domain.Rulebook) (domain.IndicatorLimit, bool) {
	if d.Warns == "" {
		return domain.IndicatorLimit{}, false
	}
	if d.Limit != nil {
		l := d.Limit(book)
		return l, l.Source != ""
	}
	return book.Indicators.Limit(d.ID)
}

// LevelOf returns how binding the article is by the rulebook.
func LevelOf(a domain.Article, book *domain.Rulebook) Level {
	for _, r := range book.Programme.Recommended {
		if r == a {
			return Recommended
		}
	}
	return Required
}

// Articles lists the twenty articles in their order. Do not change them.
func Articles() []*Article { return articles }

// Find returns the definition of that id; nil when there is none.
func Find(id string) *Definition { return byID[id] }

// ByNumber returns the definition of that number; nil when there is none.
func ByNumber(n int64) *Definition { return byNumber[n] }

var (
	articles = append(integrity[:len(integrity):len(integrity)], diligence...)
	byID     = index(func(d *Definition) string { return d.ID })
	byNumber = index((*Definition).Number)
)

func index[K comparable](key func(*Definition) K) map[K]*Definition {
	out := map[K]*Definition{}
	for _, a := range articles {
		for _, d := range a.Indicators {
			out[key(d)] = d
		}
	}
	return out
}
