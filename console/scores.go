package console

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
)

// precision and waited are what is asked of these types.
const (
	precision = `precision { share low high missing }`
	waited    = `{ hours missing }`
	fairness  = `leftOut from to of { kind all { ` + fairGroup + ` } groups { ` + fairGroup + ` } }`
	fairGroup = `group officers warned share low high ratio ratioLow ratioHigh missing known ` + precision
)

// warningRulesPage is the score that early warning keeps of itself, rule by rule,
// and for whoever checks it how warnings fall on groups.
var warningRulesPage = page{
	name: "warningrules", route: "/warning-rules", must: "warningRules",
	document: `query WarningRules($unit: ID, $rule: String, $raisedFrom: Date, $raisedTo: Date, $groups: Boolean!) {
  warningRules(unit: $unit, rule: $rule, raisedFrom: $raisedFrom, raisedTo: $raisedTo) {
    code kind name nameZh article finds findsZh notMeant notMeantZh imported versions raised again acknowledged waiting late escalated notedLater actedOn dismissed open right wrong unclear notYetKnown
    ` + precision + ` median ` + waited + ` ninetieth ` + waited + `
  }
  sex: warningFairness(by: SEX, unit: $unit, raisedFrom: $raisedFrom, raisedTo: $raisedTo) @include(if: $groups) { ` + fairness + ` }
  ethnicity: warningFairness(by: ETHNICITY, unit: $unit, raisedFrom: $raisedFrom, raisedTo: $raisedTo) @include(if: $groups) { ` + fairness + ` }
}`,
	variables: func(a *asked) (map[string]any, error) {
		out := choice(a, map[string]any{}, "rule")
		if !outsider(a.visitor) {
			choice(a, out, "unit", "raisedFrom", "raisedTo")
		} else if units := a.visitor.Units; len(units) > 1 { // told one at a time
			out["unit"] = units[0]
			if unit := a.URL.Query().Get("unit"); slices.Contains(units, unit) {
				out["unit"] = unit
			}
		}
		out["groups"] = out["rule"] == nil && slices.Contains([]string{"auditor", "overseer"}, a.visitor.Role)
		return out, nil
	},
	prepare: func(v *view) error {
		v.X = !outsider(v.Visitor) // may narrow
		v.D["units"] = nil
		if outsider(v.Visitor) && len(v.Visitor.Units) > 1 {
			v.D["units"] = v.Visitor.Units
		}
		for _, by := range []string{"sex", "ethnicity"} {
			if f, ok := v.D[by].(map[string]any); ok {
				f["recorded"] = recorded(f)
			}
		}
		return nil
	},
}

// recorded tells whether the records say of anybody what group they are in.
func recorded(fairness map[string]any) bool {
	parts, _ := fairness["of"].([]any)
	for _, part := range parts {
		groups, _ := part.(map[string]any)["groups"].([]any)
		for _, g := range groups {
			if g.(map[string]any)["group"] != nil {
				return true
			}
		}
	}
	return false
}

// outsider tells of those who are told counts of the whole alone.
func outsider(v Visitor) bool { return v.Role == "overseer" }

// reviewQueuePage is whom to look at first of those complained about.
var reviewQueuePage = page{
	name: "reviewqueue", route: "/review-queue", must: "reviewQueue",
	document: `query ReviewQueue($unit: ID) {
  reviewQueue(unit: $unit) {
    officers reports upheld
    places(first: 100) { place officer { id name latinName unit { id name nameEn } } reports upheld open weight lastOn monthsInService acts }
  }
}`,
	variables: func(a *asked) (map[string]any, error) { return choice(a, map[string]any{}, "unit"), nil },
}

// Hours is a time in hours, or in days where it is three or more.
func (v *view) Hours(n any) string {
	hours := asInt(n)
	if hours < 72 {
		return v.tongue.say("score.hours", v.tongue.number(hours))
	}
	return v.tongue.say("score.days", v.tongue.number((hours+23)/24))
}

// Percent is a share in whole per cent; Least and Most are its limits, rounded
// outwards.
func (v *view) Percent(share any) string { return perCent(share, math.Round) }
func (v *view) Least(share any) string   { return perCent(share, math.Floor) }
func (v *view) Most(share any) string    { return perCent(share, math.Ceil) }

// Times is a ratio, to one place.
func (v *view) Times(ratio any) string {
	n, _ := ratio.(json.Number)
	x, err := n.Float64()
	if err != nil {
		return v.tongue.say("none")
	}
	return fmt.Sprintf("%.1f", x)
}

func perCent(share any, round func(float64) float64) string {
	n, _ := share.(json.Number)
	x, err := n.Float64()
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%.0f", round(x))
}

// ClockOf is the name of the deadline that warns under a code.
func (v *view) ClockOf(code any) string {
	name, _ := strings.CutPrefix(asText(code), "clock:")
	return name
}
