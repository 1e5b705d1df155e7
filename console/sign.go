package console

import "net/http"

// preparedForm is what was prepared for its author to sign: what GraphQL
// answers as prepared { prepared toSign }, and the page to go back to.
type preparedForm struct {
	Command, Subject, Back string
	Prepared               string
	ToSign                 []string
}

// showSign shows what its author is to sign.
func (h *Handler) showSign(w http.ResponseWriter, r *http.Request, visitor Visitor, prepared preparedForm) {
	h.fail(w, r, visitor, http.StatusNotImplemented, "error.sign")
}
