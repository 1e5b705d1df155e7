package notary

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"filippo.io/torchwood"
)

// Handler serves the log in the layout of C2SP tlog-tiles: /checkpoint,
// /tile/L/N, /tile/entries/N and their partial forms. Checkpoint and hashes
// are for anybody: a leaf hash covers a signature and cannot be guessed back
// to a person. Entries carry the records; auditor wraps what serves them and
// lets through who may read all of them. /keys shows trust, the keys file of
// an export. report is told of failures that
// clients must not see.
func (n *Notary) Handler(trust []byte, auditor func(http.Handler) http.Handler, report func(error)) http.Handler {
	fail := func(w http.ResponseWriter, err error) {
		if errors.Is(err, ErrNoTile) {
			http.Error(w, "no such tile under the last checkpoint", http.StatusNotFound)
			return
		}
		report(err)
		http.Error(w, "the log cannot be read", http.StatusInternalServerError)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /checkpoint", func(w http.ResponseWriter, r *http.Request) { n.serveCheckpoint(w, r) })
	mux.HandleFunc("GET /"+KeysFile, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Cache-Control", "no-cache")
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		_, _ = w.Write(trust) // as in answer
	})
	mux.HandleFunc("GET /tile/", func(w http.ResponseWriter, r *http.Request) {
		tile, err := torchwood.ParseTilePath(strings.TrimPrefix(r.URL.Path, "/"))
		if err != nil {
			fail(w, ErrNoTile)
			return
		}
		data, err := n.Tile(tile)
		if err != nil {
			fail(w, err)
			return
		}
		unchanging(w, "public")
		answer(w, data)
	})
	mux.Handle("GET /tile/entries/", auditor(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		tile, err := torchwood.ParseTilePath(strings.TrimPrefix(r.URL.Path, "/"))
		if err != nil || tile.L != entriesLevel {
			fail(w, ErrNoTile)
			return
		}
		data, err := n.Entries(r.Context(), tile.N, tile.W)
		if err != nil {
			fail(w, err)
			return
		}
		unchanging(w, "private")
		answer(w, data)
	})))
	return mux
}

func (n *Notary) serveCheckpoint(w http.ResponseWriter, r *http.Request) {
	h, ok := n.Head()
	if !ok {
		http.Error(w, "nothing is signed yet", http.StatusNotFound)
		return
	}
	tag := fmt.Sprintf(`"%x"`, sha256.Sum256(h.Note)) // cosignatures come later than the root
	w.Header().Set("Cache-Control", "no-cache")       // always asked for, seldom sent again
	w.Header().Set("ETag", tag)
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	// A client that is gone has nothing to be told.
	_, _ = w.Write(h.Note)
}

// unchanging says that whoever keeps a copy need never ask again: a tile of a
// given width is the same for ever.
func unchanging(w http.ResponseWriter, who string) {
	w.Header().Set("Cache-Control", who+", max-age=31536000, immutable")
}

func answer(w http.ResponseWriter, data []byte) {
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	// A client that is gone has nothing to be told.
	_, _ = w.Write(data)
}
