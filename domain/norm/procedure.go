package norm

import "slices"

// Missing returns the earliest step that must come before the one named and
// is not done, "" when there is none. An optional step that is not done is
// passed over, what it requires is not. done tells which steps are.
func (v Version) Missing(code string, done func(code string) bool) string {
	return v.missing(code, done, map[string]bool{})
}

// missing goes down the requirements; seen ends a circle, which no draft has.
func (v Version) missing(code string, done func(string) bool, seen map[string]bool) string {
	step, _ := v.Step(code)
	for _, r := range step.Requires {
		if seen[r] || done(r) {
			continue
		}
		seen[r] = true
		if m := v.missing(r, done, seen); m != "" {
			return m
		}
		if before, ok := v.Step(r); ok && !before.Optional {
			return r
		}
	}
	return ""
}

// Precedes tells whether the first step comes before the second, directly or
// through others.
func (v Version) Precedes(first, second string) bool { return v.Before(second)[first] }

// After returns the steps that the one named comes before, in the order of
// the text.
func (v Version) After(code string) []string {
	var out []string
	for _, s := range v.Steps {
		if v.Precedes(code, s.Code) {
			out = append(out, s.Code)
		}
	}
	return out
}

// Before returns all steps that come before the one named; itself among them
// when the requirements run in a circle.
func (v Version) Before(code string) map[string]bool {
	out := map[string]bool{}
	var collect func(string)
	collect = func(code string) {
		step, _ := v.Step(code)
		for _, r := range step.Requires {
			if !out[r] {
				out[r] = true
				collect(r)
			}
		}
	}
	collect(code)
	return out
}

// Conflict tells whether nobody may take both steps.
func (v Version) Conflict(a, b string) bool {
	x, _ := v.Step(a)
	y, _ := v.Step(b)
	return slices.Contains(x.ConflictsWith, b) || slices.Contains(y.ConflictsWith, a)
}

// SinglePersonPath returns the steps, in the order of the text, by which one
// person alone could carry a case through: all that are not optional. It is
// empty when two of them conflict or one needs two officers, so that nobody
// can (separation of duties, D9).
func (v Version) SinglePersonPath() []string {
	var path []string
	for _, s := range v.Steps {
		if s.Optional {
			continue
		}
		if s.TwoOfficers || slices.ContainsFunc(path, func(p string) bool { return v.Conflict(p, s.Code) }) {
			return nil
		}
		path = append(path, s.Code)
	}
	return path
}
