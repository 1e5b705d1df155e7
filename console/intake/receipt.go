package intake

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// lookUp is what the pages behind a receipt code show.
type lookUp struct {
	Code   string // as it was typed, or its digits
	State  *State // nil where only the form is shown
	Nonce  string
	Text   string
	Files  []*held
	Notice string // a key of words
	Terms  Terms
}

// Open tells whether a message can be written, as far as is known.
func (x *lookUp) Open() bool { return x.State == nil || x.State.CanWrite }

// askCode shows the form that takes a code.
func (h *Handler) askCode(w http.ResponseWriter, r *http.Request) {
	h.show(w, r, http.StatusOK, "receipt", &lookUp{})
}

// receipt answers a code: with what became of the complaint, or by taking a
// message.
func (h *Handler) receipt(w http.ResponseWriter, r *http.Request) {
	who, now := h.config.Client(r), time.Now()
	wait := h.limits.look.allow(who, now)
	f, done, err := h.read(w, r, wait == 0)
	if err != nil {
		h.failRead(w, r, err)
		return
	}
	defer done()
	write := f.text["step"] == "write"
	if write && f.waiting == nil {
		h.failRead(w, r, errForm)
		return
	}
	if write && wait == 0 {
		wait = h.limits.hand.allow(who, now)
	}
	code, ok := parseCode(f.text["code"])
	x := &lookUp{Code: code, Nonce: f.text["nonce"], Text: f.text["text"], Files: f.files, Terms: h.config.Terms()}
	if !ok {
		x.Code = f.text["code"]
		f.wrong = []wrong{{Field: "code", Key: "wrong.code"}}
		h.showTyped(w, r, http.StatusUnprocessableEntity, "receipt", x, f.wrong)
		return
	}
	switch {
	case wait > 0:
		h.tooMany(w, f, wait)
		page := "receipt"
		if write {
			page = "state"
		}
		h.showTyped(w, r, http.StatusTooManyRequests, page, x, f.wrong)
	case write:
		h.writeMessage(w, r, f, x)
	default:
		h.look(w, r, x, http.StatusOK, nil)
	}
}

// look shows what a code opens, with an empty form where x has none.
func (h *Handler) look(w http.ResponseWriter, r *http.Request, x *lookUp, status int, wrongs []wrong) {
	state, err := h.config.Desk.Look(r.Context(), x.Code)
	switch {
	case errors.Is(err, ErrCode):
		h.showTyped(w, r, http.StatusUnprocessableEntity, "receipt", x, []wrong{{Field: "code", Key: "wrong.unknownCode"}})
		return
	case err != nil:
		h.failDesk(w, r, err)
		return
	}
	x.State = &state
	if x.Nonce == "" {
		x.Nonce = newNonce()
	}
	h.showTyped(w, r, status, "state", x, wrongs)
}

// writeMessage hands a message to the desk. A form that was sent before is the
// same message.
func (h *Handler) writeMessage(w http.ResponseWriter, r *http.Request, f *form, x *lookUp) {
	digest := f.digest()
	if f.waiting.sent == digest {
		h.sent(f, digest)
		h.written(w, r, x, "state.written")
		return
	}
	if f.checkText("text", len(f.files) == 0); len(f.wrong) > 0 {
		h.look(w, r, x, http.StatusUnprocessableEntity, f.wrong)
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), recordTime)
	defer cancel()
	err := h.config.Desk.Write(ctx, x.Code, x.Nonce, f.text["text"], f.handed())
	if refusal, no := errors.AsType[Refusal](err); no && refusal.Field == "nonce" {
		// The text stays, for a message of its own; files belong to the first.
		h.sent(f, f.waiting.sent)
		x.Nonce, x.Files, x.Notice = newNonce(), nil, "state.otherWritten"
		h.look(w, r, x, http.StatusConflict, nil)
		return
	}
	switch {
	case err == nil:
		h.sent(f, digest)
		h.written(w, r, x, "state.written")
	case errors.Is(err, ErrCode):
		h.showTyped(w, r, http.StatusUnprocessableEntity, "receipt", x, []wrong{{Field: "code", Key: "wrong.unknownCode"}})
	default:
		status := h.refused(w, r, f, err, map[string]bool{"text": true, "files": true})
		h.showTyped(w, r, status, "state", x, f.wrong)
	}
}

// written shows the complaint with an empty form for another message.
func (h *Handler) written(w http.ResponseWriter, r *http.Request, x *lookUp, notice string) {
	x.Nonce, x.Text, x.Files, x.Notice = "", "", nil, notice
	h.look(w, r, x, http.StatusOK, nil)
}
