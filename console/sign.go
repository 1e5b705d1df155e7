package console

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
)

// signPath takes what was signed; below it an instruction is prepared that was
// written by hand.
const signPath = Path + "/sign"

// preparedForm is what a form had prepared for its author to sign.
type preparedForm struct {
	// Command and Subject are those of the instruction, Back the page to go to
	// when it has to be prepared again.
	Command, Subject, Back string
	// Prepared and ToSign are as GraphQL answers them: what submit is handed,
	// and the bytes to sign for each payload in base64.
	Prepared string
	ToSign   []string
}

// payload is what the console reads of an event that is to be signed.
type payload struct {
	ID, Type, Text string
	Data           any
}

// payloads reads what was prepared; nil where it cannot be read, which the
// ledger will say.
func payloads(prepared string) []payload {
	var p struct{ Payloads [][]byte }
	if json.Unmarshal([]byte(prepared), &p) != nil {
		return nil
	}
	var out []payload
	for _, raw := range p.Payloads {
		one := payload{Text: string(raw)}
		if json.Unmarshal(raw, &one) != nil {
			return nil
		}
		one.Text = string(raw)
		out = append(out, one)
	}
	return out
}

// said are the keys of words for what an event holds: its kind, and the members
// of its data.
func (p payload) said() []string {
	out := []string{"k." + p.Type}
	var members func(any)
	members = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for name, inside := range v {
				out = append(out, "f."+name)
				members(inside)
			}
		case []any:
			for _, inside := range v {
				members(inside)
			}
		}
	}
	members(p.Data)
	return out
}

// ofSigning are the words that the scripts of signing say, with those for what
// is signed, as JSON without "<".
func (w *words) ofSigning(lang string, events ...payload) string {
	out := map[string]string{}
	for key, text := range w.by[lang] {
		if strings.HasPrefix(key, "signing.") || strings.HasPrefix(key, "v.Role.") {
			out[key] = text
		}
	}
	for _, event := range events {
		for _, key := range event.said() {
			if text, ok := w.by[lang][key]; ok {
				out[key] = text
			}
		}
	}
	raw, _ := json.Marshal(out) // of texts
	return string(raw)
}

// signView is what the page that signs is given. Known are the visitor's keys
// that count.
type signView struct {
	preparedForm
	Payloads []payload
	ToSign   string // as JSON
	Known    string // as JSON
	Words    string
	Signed   string // elsewhere, as it was sent; there is nothing to sign here then
	Refused  *refusedForm
}

// refusedForm is why something was not carried out: Why is a word that says
// what to do, Problem what the ledger says.
type refusedForm struct {
	Why     string
	Problem Problem
}

// showSign shows the page on which a visitor signs what was prepared for them.
// What it says of it is read by the script from the bytes to sign.
func (h *Handler) showSign(w http.ResponseWriter, r *http.Request, visitor Visitor, p preparedForm) {
	h.askSignature(w, r, visitor, http.StatusOK, p, "", nil)
}

func (h *Handler) askSignature(w http.ResponseWriter, r *http.Request, visitor Visitor, status int, p preparedForm, signed string, refused *refusedForm) {
	w.Header().Set("Content-Security-Policy", policy) // whatever page this is shown in place of
	all := payloads(p.Prepared)
	known, _ := json.Marshal(h.keysThatCount(r, visitor)) // of texts
	toSign, _ := json.Marshal(p.ToSign)
	p.Back = back(p.Back)
	v := h.view(r, visitor, map[string]any{})
	v.X = signView{preparedForm: p, Payloads: all, ToSign: string(toSign), Known: string(known), Words: v.tongue.words.ofSigning(v.Lang, all...), Signed: signed, Refused: refused}
	h.show(w, v, status, "sign")
}

// keysThatCount are the ids of the visitor's keys that count now; none where
// that cannot be said.
func (h *Handler) keysThatCount(r *http.Request, visitor Visitor) []string {
	ids := []string{}
	_, raw, err := ask(r.Context(), visitor, Question{Document: `query MyKeys($holder: ID) {
  keys(filter: {holder: $holder, purpose: AUTHOR, status: ACTIVE}, first: 50) { nodes { id } }
}`, Variables: map[string]any{"holder": visitor.Subject}, Purpose: "console: sign"})
	var answer struct {
		Keys struct{ Nodes []struct{ ID string } }
	}
	if err != nil || json.Unmarshal(raw, &answer) != nil {
		return ids
	}
	for _, k := range answer.Keys.Nodes {
		ids = append(ids, k.ID)
	}
	return ids
}

const submitDocument = `mutation Submit($prepared: String!, $signatures: [SignatureInput!]!) {
  submit(prepared: $prepared, signatures: $signatures) { events position repeated }
}`

// takeSigned records what was prepared and signed. The form holds either
// "prepared" and "signatures", a list of {payload, keyid, sig}, or "signed": both
// in one, as 'probity submit --sign' writes it.
func (h *Handler) takeSigned(w http.ResponseWriter, r *http.Request) {
	visitor, ok := h.posted(w, r)
	if !ok {
		return
	}
	p := preparedForm{Command: r.PostForm.Get("command"), Subject: r.PostForm.Get("subject"), Back: r.PostForm.Get("back"), Prepared: r.PostForm.Get("prepared")}
	signed := r.PostForm.Get("signed")
	if signed != "" {
		p.Prepared = signed
	}
	signatures, err := readSignatures(r)
	if err != nil {
		h.askSignature(w, r, visitor, http.StatusUnprocessableEntity, p, signed, &refusedForm{Why: "sign.why.form"})
		return
	}
	answer := visitor.Do(r.Context(), Question{Document: submitDocument, Variables: map[string]any{"prepared": p.Prepared, "signatures": signatures}, Purpose: "console: sign"})
	if len(answer.Errors) > 0 {
		h.refuseSigned(w, r, visitor, p, answer.Errors[0])
		return
	}
	var done struct {
		Submit struct {
			Events   []string
			Position json.RawMessage
			Repeated bool
		}
	}
	if err := json.Unmarshal(answer.Data, &done); err != nil {
		h.failWith(w, r, visitor, err)
		return
	}
	visitor.Ask(r.Context(), Question{Document: `query Shown { me { role } }`, MinPosition: strings.Trim(string(done.Submit.Position), `"`)}) // or a moment later
	h.showRecorded(w, r, visitor, p, done.Submit.Events, done.Submit.Repeated)
}

var errNoSignatures = errors.New("these are no signatures")

// readSignatures reads the signatures of a form, as the variable of submit.
func readSignatures(r *http.Request) (signatures []any, err error) {
	type signature struct {
		Payload int
		KeyID   string
		Sig     string
	}
	var list []signature
	if signed := r.PostForm.Get("signed"); signed != "" {
		var whole struct{ Signatures [][]signature }
		if json.Unmarshal([]byte(signed), &whole) != nil {
			return nil, errNoSignatures
		}
		for i, of := range whole.Signatures {
			for _, s := range of {
				list = append(list, signature{i, s.KeyID, s.Sig})
			}
		}
	} else if json.Unmarshal([]byte(r.PostForm.Get("signatures")), &list) != nil {
		return nil, errNoSignatures
	}
	for _, s := range list {
		signatures = append(signatures, map[string]any{"payload": s.Payload, "keyid": s.KeyID, "sig": s.Sig})
	}
	if len(signatures) == 0 {
		return nil, errNoSignatures
	}
	return signatures, nil
}

// refuseSigned says why what was signed is not recorded, and what to do; unless
// it is on file after all, because it was sent before.
func (h *Handler) refuseSigned(w http.ResponseWriter, r *http.Request, visitor Visitor, p preparedForm, problem Problem) {
	if all := payloads(p.Prepared); (problem.Code == "STATE" || problem.Code == "TOO_LATE") && len(all) > 0 {
		data, _, err := ask(r.Context(), visitor, Question{Document: `query OnFile($id: ID!) { event(id: $id) { id } }`, Variables: map[string]any{"id": all[0].ID}})
		if err == nil && data["event"] != nil {
			var ids []string
			for _, one := range all {
				ids = append(ids, one.ID)
			}
			h.showRecorded(w, r, visitor, p, ids, true)
			return
		}
	}
	status, why := http.StatusUnprocessableEntity, "sign.why.other"
	switch {
	case temporary(problem.Code):
		status, why = askLater(w, problem), "sign.why.later"
	case problem.Field == "signature" || problem.Field == "sig" || problem.Field == "keyid":
		why = "sign.why.signature"
	case problem.Field == "signatures" || problem.Field == "payload":
		why = "sign.why.form"
	case problem.Field == "ticket" || problem.Field == "payloads" || problem.Field == "actor" || problem.Field == "role":
		why = "sign.why.foreign"
	case problem.Code == "TOO_LATE":
		why = "sign.why.late"
	case problem.Code == "STATE":
		why = "sign.why.changed"
	}
	h.askSignature(w, r, visitor, status, p, r.PostForm.Get("signed"), &refusedForm{why, problem})
}

// temporary tells of a code that the same may be answered later.
func temporary(code string) bool {
	switch code {
	case "UNAVAILABLE", "TIMEOUT", "VIEWS_BEHIND", "CANCELLED", "BUDGET_EXCEEDED", "INTERNAL":
		return true
	}
	return false
}

// askLater says when the same may be asked again, and returns the status that
// goes with it.
func askLater(w http.ResponseWriter, problem Problem) int {
	if problem.Code == "BUDGET_EXCEEDED" {
		w.Header().Set("Retry-After", strconv.Itoa(max(1, int(problem.RetryAfter.Seconds()))))
		return http.StatusTooManyRequests
	}
	w.Header().Set("Retry-After", "5")
	return http.StatusServiceUnavailable
}

// recordedEvent is an event that somebody signed.
type recordedEvent struct{ ID, Kind string }

func (h *Handler) showRecorded(w http.ResponseWriter, r *http.Request, visitor Visitor, p preparedForm, ids []string, repeated bool) {
	kinds := map[string]string{}
	for _, one := range payloads(p.Prepared) {
		kinds[one.ID] = one.Type
	}
	var events []recordedEvent
	for _, id := range ids {
		events = append(events, recordedEvent{id, kinds[id]})
	}
	v := h.view(r, visitor, map[string]any{"repeated": repeated, "back": back(p.Back)})
	v.X = events
	h.show(w, v, http.StatusOK, "signed")
}
