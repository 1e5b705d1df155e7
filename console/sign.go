package console

import "net/http"

// showSign shows what its author is to sign.
func (h *Handler) showSign(w http.ResponseWriter, r *http.Request, visitor Visitor, prepared preparedForm) {
	h.fail(w, r, visitor, http.StatusNotImplemented, "error.sign")
}
