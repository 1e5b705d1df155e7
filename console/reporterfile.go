package console

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"time"
)

// ReporterFile is a file that the reporter of a complaint handed in, in plain.
type ReporterFile struct {
	io.ReadCloser
	// Name is what the reporter called it; it may be empty.
	Name string
	Size int64
}

// ErrNoFile: there is no such file, or not for this visitor.
var ErrNoFile = errors.New("there is no such file")

// reporterFile hands a file out to be saved. It is never shown in the browser,
// under whatever kind or name it came: who hands in files is nobody we know.
func (h *Handler) reporterFile(w http.ResponseWriter, r *http.Request) {
	visitor, ok := h.enter(w, r)
	if !ok {
		return
	}
	if visitor.public() {
		h.toSignIn(w, r, "")
		return
	}
	if visitor.File == nil {
		h.failWith(w, r, visitor, errMissing)
		return
	}
	f, err := visitor.File(r.Context(), r.PathValue("id"), r.PathValue("digest"))
	if errors.Is(err, ErrNoFile) {
		err = errMissing
	}
	if err != nil {
		h.failWith(w, r, visitor, err)
		return
	}
	defer f.Close()
	header := w.Header()
	header.Set("Content-Type", "application/octet-stream")
	header.Set("Content-Disposition", attachment(f.Name, r.PathValue("digest")))
	header.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	header.Set("Content-Length", strconv.FormatInt(f.Size, 10))
	if _, err := io.Copy(slowly{w, http.NewResponseController(w)}, f); err != nil {
		if r.Context().Err() == nil {
			h.config.Log.ErrorContext(r.Context(), "a reporter's file cannot be read", "complaint", r.PathValue("id"), "file", r.PathValue("digest"), "err", err)
		}
		panic(http.ErrAbortHandler) // what was sent is not the file, and must not look whole
	}
}

// patience is how long a visitor may take for a piece of a file.
const patience = time.Minute

// slowly writes as long as somebody takes it: a file takes longer than a page on
// a slow line.
type slowly struct {
	to      io.Writer
	control *http.ResponseController
}

func (s slowly) Write(p []byte) (int, error) {
	_ = s.control.SetWriteDeadline(time.Now().Add(patience)) // writers of tests know none
	return s.to.Write(p)
}

// attachment names a file to be saved; by its digest where it has no name that
// can be said.
func attachment(name, digest string) string {
	if said := mime.FormatMediaType("attachment", map[string]string{"filename": name}); name != "" && said != "" {
		return said
	}
	return `attachment; filename="` + digest[max(0, len(digest)-16):] + `"`
}
