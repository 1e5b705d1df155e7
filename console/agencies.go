package console

// agenciesPage shows the scorecards of agencies side by side.
var agenciesPage = page{
	name: "agencies", route: "/agencies", must: "units",
	document: `query Agencies { units(filter: {kind: AGENCY, status: OPEN}, first: 20) { nodes { id name nameEn } } }`,
	variables: func(a *asked) (map[string]any, error) {
		_, err := period(a) // it is read again for the second question
		return nil, err
	},
	prepare: func(v *view) error {
		vars, err := period(v.asked)
		if err != nil {
			return err
		}
		delete(vars, "id")
		var units []any
		for _, unit := range v.D["units"].(map[string]any)["nodes"].([]any) {
			units = append(units, unit.(map[string]any)["id"])
		}
		vars["units"] = units
		if err := periods(v); err != nil || len(units) == 0 {
			return err
		}
		data, _, err := ask(v.Context(), v.Visitor, Question{Document: `query SideBySide($units: [ID!]!, $from: Date!, $to: Date!) {
  scorecards(units: $units, first: 20, from: $from, to: $to) {
    unitId unit { id name nameEn } from to
    articles(first: 20) { article title titleZh score suppressed warnings }
  }
}`, Variables: vars, Purpose: "console: agencies"})
		if err != nil {
			return err
		}
		x := v.X.(map[string]any)
		x["cards"], x["rows"] = data["scorecards"], sideBySide(data["scorecards"])
		return nil
	},
}

// sideBySide turns scorecards into rows: an article, and its cells by agency.
func sideBySide(cards any) []any {
	var rows []any
	all, _ := cards.([]any)
	for _, card := range all {
		for i, article := range card.(map[string]any)["articles"].([]any) {
			if i == len(rows) {
				rows = append(rows, map[string]any{"article": article, "cells": []any{}})
			}
			row := rows[i].(map[string]any)
			row["cells"] = append(row["cells"].([]any), map[string]any{"unit": card.(map[string]any)["unitId"], "article": article})
		}
	}
	return rows
}
