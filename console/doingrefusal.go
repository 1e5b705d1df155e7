package console

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
)

// refusalCodes are those by which a rule says no; each has a word.
var refusalCodes = map[string]int{
	"BAD_USER_INPUT": http.StatusUnprocessableEntity, "NOT_FOUND": http.StatusUnprocessableEntity, "EXISTS": http.StatusUnprocessableEntity,
	"STATE": http.StatusUnprocessableEntity, "RULE": http.StatusUnprocessableEntity, "TOO_EARLY": http.StatusUnprocessableEntity,
	"TOO_LATE": http.StatusUnprocessableEntity, "CONFLICT": http.StatusUnprocessableEntity, "INCOMPLETE": http.StatusUnprocessableEntity,
	"FORBIDDEN": http.StatusForbidden,
}

// refuse shows the form with what was typed and why it is not recorded: at the
// field, where the refusal names one.
func (d *doing) refuse(w http.ResponseWriter, p Problem) {
	status, ok := refusalCodes[p.Code]
	if !ok {
		status = d.unable(w, p)
		d.show(w, status)
		return
	}
	name := d.fieldOf(p.Field)
	if name == idName { // this form was recorded before, otherwise filled in
		d.filled.Set(idName, newID())
		name = ""
		d.notices = append(d.notices, "form.recordedBefore")
	}
	english := strings.TrimPrefix(p.Message, p.Field+": ")
	told, _ := d.tongue().refusal(d.matter.states, english)
	d.refusals[name] = refusal{Code: p.Code, Told: told, Text: english, Rule: p.Rule, Foreign: true}
	d.filled.Del(checkedName)
	d.show(w, status)
}

// unable notes that it could not be decided now.
func (d *doing) unable(w http.ResponseWriter, p Problem) int {
	switch p.Code {
	case "BUDGET_EXCEEDED", "QUERY_TOO_COSTLY":
		w.Header().Set("Retry-After", strconv.Itoa(max(1, int(p.RetryAfter.Seconds()))))
		d.notices = append(d.notices, "form.budget")
		return http.StatusTooManyRequests
	case "UNAVAILABLE", "TIMEOUT", "VIEWS_BEHIND", "CANCELLED":
		w.Header().Set("Retry-After", "5")
		d.notices = append(d.notices, "form.later")
		return http.StatusServiceUnavailable
	}
	d.h.config.Log.ErrorContext(d.r.Context(), "a form was not answered", "command", d.form.command, "code", p.Code, "message", p.Message)
	d.notices = append(d.notices, "form.internal")
	return http.StatusInternalServerError
}

// unanswered shows a form about which nothing could be asked; it is true where
// that does not matter.
func (d *doing) unanswered(w http.ResponseWriter, err error) bool {
	if errors.Is(err, errMissing) { // the mutation says so in its own words
		return true
	}
	p := Problem{Code: "INTERNAL", Message: err.Error()}
	if asked, ok := errors.AsType[problemError](err); ok {
		p = asked.Problem
	}
	d.show(w, d.unable(w, p))
	return false
}

// fieldOf is the field of the form that a refusal is about: that of the
// member, or of what holds it.
func (d *doing) fieldOf(said string) string {
	said = strings.TrimPrefix(said, "input.")
	switch {
	case said == "subject" && d.fresh:
		return subjectName
	case said == "occurredAt":
		return whenName
	case said == "id" && !d.form.has("id"):
		return idName
	}
	for said != "" {
		if d.form.has(said) {
			return said
		}
		cut := strings.LastIndexByte(said, '.')
		said = said[:max(cut, 0)]
	}
	return ""
}

// has tells whether the form has such a field, "unit" or "reporter.name".
func (f *form) has(name string) bool {
	fields := f.fields
	for part := range strings.SplitSeq(name, ".") {
		if _, err := strconv.Atoi(part); err == nil {
			continue
		}
		found := false
		for _, one := range fields {
			if one.name == part {
				found, fields = true, one.fields
				break
			}
		}
		if !found {
			return false
		}
	}
	return true
}
