package console

import "net/http"

// home shows each role what it is there for.
func (h *Handler) home(w http.ResponseWriter, r *http.Request) {
	visitor, ok := h.enter(w, r)
	if !ok {
		return
	}
	h.render(w, r, visitor, http.StatusOK, "home", map[string]any{})
}
