package console

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"net/http"
	"strings"
)

// proceed does what the pressed button says.
func (d *doing) proceed(w http.ResponseWriter) {
	step := d.filled.Get(stepName)
	if strings.HasPrefix(step, "more") {
		d.show(w, http.StatusOK)
		return
	}
	if !d.visitor.may(d.form.command) {
		d.refusals[""] = refusal{Code: "FORBIDDEN", Text: d.say(d.visitor.mayNot())}
		d.show(w, http.StatusForbidden)
		return
	}
	variables := d.read()
	for name, why := range d.filled.problems {
		d.refusals[name] = refusal{Text: d.say(why)}
	}
	if len(d.refusals) > 0 {
		d.show(w, http.StatusUnprocessableEntity)
		return
	}
	d.since = d.known.after(d.filled.Get(seenName))
	checked := d.filled.Get(checkedName) == d.digest(variables)
	if as := d.filled.Get(asName); as != d.who() {
		if as != "" {
			d.notices = append(d.notices, "form.otherPerson")
		}
		checked = false
	}
	if step != "record" || !checked || len(d.since) > 0 {
		if step == "record" && len(d.since) == 0 && len(d.notices) == 0 {
			d.notices = append(d.notices, "form.changed")
		}
		d.check(w, variables)
		return
	}
	d.record(w, variables)
}

// read makes the variables of the mutation out of what was typed.
func (d *doing) read() map[string]any {
	variables := map[string]any{"subject": d.subject(), "id": d.filled.Get(idName)}
	if len(d.form.fields) > 0 {
		variables["input"] = d.filled.read(d.form.fields, "")
	}
	if d.subject() == "" {
		d.filled.problems[subjectName] = "form.need"
	}
	if when := d.filled.said(whenName); when != "" {
		at, ok := momentOf(when, d.h.config.Zone)
		if !ok {
			d.filled.problems[whenName] = "form.moment"
		}
		variables["at"] = at
	}
	return variables
}

// digest tells one filling-in from another.
func (d *doing) digest(variables map[string]any) string {
	raw, err := json.Marshal([]any{d.form.command, variables["subject"], variables["at"], variables["input"], d.who()})
	if err != nil {
		return "" // texts, numbers and lists of them can be written
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// give gives the command, as the member of the mutation says: "dry", "prepare"
// or neither. The outcome is nil where it is refused.
func (d *doing) give(ctx context.Context, variables map[string]any, how string) (*outcome, *Problem) {
	variables = maps.Clone(variables)
	variables["dry"], variables["prepare"] = how == "dry", how == "prepare"
	answer := d.visitor.Do(ctx, Question{Document: d.form.mutation(), Variables: variables, Purpose: "console: do"})
	if len(answer.Errors) > 0 {
		return nil, &answer.Errors[0]
	}
	var data struct{ Done *outcome }
	if err := json.Unmarshal(answer.Data, &data); err != nil || data.Done == nil {
		return nil, &Problem{Code: "INTERNAL", Message: "the answer cannot be read"}
	}
	return data.Done, nil
}

// check shows what would be recorded, or why it would not be.
func (d *doing) check(w http.ResponseWriter, variables map[string]any) {
	done, problem := d.give(d.r.Context(), variables, "dry")
	if problem != nil {
		d.refuse(w, *problem)
		return
	}
	if done.Recorded {
		d.showDone(w, done)
		return
	}
	d.outcome = done
	status := http.StatusOK
	if len(d.since) > 0 {
		status = http.StatusConflict
	}
	d.filled.Set(checkedName, d.digest(variables))
	d.filled.Set(asName, d.who())
	d.filled.Set(seenName, d.known.last())
	d.show(w, status)
}

// record records it, or has it prepared for its author's signature.
func (d *doing) record(w http.ResponseWriter, variables map[string]any) {
	done, problem := d.give(d.r.Context(), variables, "record")
	if problem != nil && problem.Field == "signature" {
		if done, problem = d.give(d.r.Context(), variables, "prepare"); problem == nil && done.Prepared != nil && done.Prepared.Prepared != "" {
			d.h.showSign(w, d.r, d.visitor, preparedForm{Command: d.form.command, Subject: d.subject(), Back: d.r.URL.EscapedPath(),
				Prepared: done.Prepared.Prepared, ToSign: done.Prepared.ToSign})
			return
		}
	}
	if problem != nil {
		d.refuse(w, *problem)
		return
	}
	d.showDone(w, done)
}

// back is the page of what it is about.
func (d *doing) back() string { return pathTo(d.matter.page, d.subject()) }
