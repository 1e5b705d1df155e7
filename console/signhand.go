package console

import (
	"encoding/json"
	"net/http"
	"strings"
)

// showInstruct shows the page on which an instruction is written by hand, or
// brought along signed.
func (h *Handler) showInstruct(w http.ResponseWriter, r *http.Request) {
	visitor, ok := h.signedIn(w, r)
	if ok {
		h.instruct(w, r, visitor, http.StatusOK, "", nil)
	}
}

// instructView is what that page is given: the text as it was sent.
type instructView struct {
	Text    string
	Refused *refusedForm
}

func (h *Handler) instruct(w http.ResponseWriter, r *http.Request, visitor Visitor, status int, text string, refused *refusedForm) {
	v := h.view(r, visitor, map[string]any{})
	v.X = instructView{text, refused}
	h.show(w, v, status, "instruct")
}

const prepareDocument = `mutation Prepare($instruction: String!) {
  prepare(instruction: $instruction) { prepared toSign recorded { events } }
}`

// preparedAnswer is what GraphQL prepared; Recorded where it was on file.
type preparedAnswer struct {
	Prepared string
	ToSign   []string
	Recorded *struct{ Events []string }
}

// prepareInstruction prepares an instruction in the JSON form of 'probity
// submit', and leads to its signing.
func (h *Handler) prepareInstruction(w http.ResponseWriter, r *http.Request) {
	visitor, ok := h.posted(w, r)
	if !ok {
		return
	}
	text := strings.TrimSpace(r.PostForm.Get("instruction"))
	if text == "" {
		h.instruct(w, r, visitor, http.StatusUnprocessableEntity, text, &refusedForm{Why: "instruct.empty"})
		return
	}
	answer := visitor.Do(r.Context(), Question{Document: prepareDocument, Variables: map[string]any{"instruction": text}, Purpose: "console: sign"})
	if len(answer.Errors) > 0 {
		status, why := http.StatusUnprocessableEntity, "instruct.refused"
		if temporary(answer.Errors[0].Code) {
			status, why = askLater(w, answer.Errors[0]), "sign.why.later"
		}
		h.instruct(w, r, visitor, status, text, &refusedForm{why, answer.Errors[0]})
		return
	}
	var out struct{ Prepare preparedAnswer }
	if err := json.Unmarshal(answer.Data, &out); err != nil {
		h.failWith(w, r, visitor, err)
		return
	}
	p := preparedForm{Back: signPath + "/prepare", Prepared: out.Prepare.Prepared, ToSign: out.Prepare.ToSign}
	var in struct{ Command, Subject string }
	if json.Unmarshal([]byte(text), &in) == nil { // it was read already
		p.Command, p.Subject = in.Command, in.Subject
	}
	if done := out.Prepare.Recorded; done != nil {
		h.showRecorded(w, r, visitor, p, done.Events, true)
		return
	}
	h.showSign(w, r, visitor, p)
}
