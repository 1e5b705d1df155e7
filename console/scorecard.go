package console

import (
	"regexp"
	"strconv"
	"time"
)

// scorecardsPage lists the units there are scorecards of.
var scorecardsPage = page{
	name: "scorecards", route: "/scorecards", must: "units",
	document: `query Scorecards($filter: UnitFilter, $first: Int, $after: String, $last: Int, $before: String) {
  units(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    nodes { id name nameEn kind parent { id name nameEn } }
  }
}`,
	variables: func(a *asked) (map[string]any, error) {
		filter := map[string]any{"status": "OPEN"}
		if a.visitor.Role == "hr" || a.visitor.Role == "overseer" { // to whom a section would tell single persons
			filter["kind"] = "AGENCY"
		}
		return addPage(a, 100, map[string]any{"filter": filter}), nil
	},
}

const indicator = `id name nameZh numerator denominator suppressed value direction warning { met limit text }`

// scorecardPage is the scorecard of the twenty articles of a unit.
var scorecardPage = page{
	name: "scorecard", route: "/scorecards/{id}", must: "scorecard",
	document: `query Scorecard($id: ID!, $from: Date!, $to: Date!) {
  scorecard(unit: $id, from: $from, to: $to) {
    unit { id name nameEn } from to until position
    articles(first: 20) { article title titleZh level score suppressed warnings indicators(first: 4) { ` + indicator + ` } }
  }
}`,
	variables: period,
	prepare:   periods,
}

// articlePage leads from an article to the events that are counted.
var articlePage = page{
	name: "article", route: "/scorecards/{id}/{article}", must: "scorecard",
	document: `query Article($id: ID!, $from: Date!, $to: Date!, $only: [String!]) {
  scorecard(unit: $id, from: $from, to: $to) {
    unit { id name nameEn } from to until position
    articles(only: $only, first: 1) { article title titleZh level score suppressed warnings indicators(first: 8) {
      ` + indicator + ` numeratorText denominatorText asOfTheEnd scored
      hits: events(first: 30, counting: HITS) { id kind occurredAt subject { type id } }
      rest: events(first: 30, counting: REST) { id kind occurredAt subject { type id } }
    } }
  }
}`,
	variables: func(a *asked) (map[string]any, error) {
		article := a.PathValue("article")
		if !articles.MatchString(article) {
			return nil, errMissing
		}
		vars, err := period(a)
		if err == nil {
			vars["only"] = []any{article}
		}
		return vars, err
	},
	prepare: periods,
}

var (
	articles     = regexp.MustCompile(`^[ID]([1-9]|10)$`)
	periodFormat = regexp.MustCompile(`^((?:19|20|21)\d\d)(?:([HQ])([1-4]))?$`)
)

// period reads the period of the address, as in 2026, 2026H1 or 2026Q3: this
// year where there is none.
func period(a *asked) (map[string]any, error) {
	vars, _ := id(a)
	text := a.URL.Query().Get("period")
	if text == "" {
		text = a.now.In(a.zone).Format("2006")
	}
	found := periodFormat.FindStringSubmatch(text)
	if found == nil || found[2] == "H" && found[3] > "2" {
		return nil, wrongInput("error.period")
	}
	year, _ := strconv.Atoi(found[1])
	n, _ := strconv.Atoi(found[3])
	first, months := 1, 12
	switch found[2] {
	case "H":
		first, months = 6*n-5, 6
	case "Q":
		first, months = 3*n-2, 3
	}
	from := time.Date(year, time.Month(first), 1, 0, 0, 0, 0, time.UTC)
	vars["from"], vars["to"] = from.Format(time.DateOnly), from.AddDate(0, months, -1).Format(time.DateOnly)
	return vars, nil
}

// periods are those a page leads to: the years before and after, and the
// parts of the year shown.
func periods(v *view) error {
	year, shown := v.Year(), v.Param("period")
	if shown == "" {
		shown = year
	}
	n, _ := strconv.Atoi(shown[:4]) // it was read before
	out := []string{strconv.Itoa(n - 1), strconv.Itoa(n)}
	if n < v.now.Year() {
		out = append(out, strconv.Itoa(n+1))
	}
	for _, part := range []string{"H1", "H2", "Q1", "Q2", "Q3", "Q4"} {
		out = append(out, strconv.Itoa(n)+part)
	}
	v.X = map[string]any{"shown": shown, "all": out}
	return nil
}
