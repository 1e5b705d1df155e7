package graphiql

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
)

//go:embed dist/*.gz
var dist embed.FS

// assets are the embedded files, kept as they are: gzipped.
type assets struct {
	digest string // of all of them; part of their address
	files  map[string]asset
}

type asset struct {
	packed []byte
	media  string
	tag    string
}

var medias = map[string]string{
	".js":  "text/javascript; charset=utf-8",
	".css": "text/css; charset=utf-8",
	".txt": "text/plain; charset=utf-8",
}

func load() (*assets, error) {
	entries, err := dist.ReadDir("dist")
	if err != nil {
		return nil, err
	}
	a := &assets{files: map[string]asset{}}
	all := sha256.New()
	for _, entry := range entries { // in order of name
		packed, err := dist.ReadFile("dist/" + entry.Name())
		if err != nil {
			return nil, err
		}
		name := strings.TrimSuffix(entry.Name(), ".gz")
		media, ok := medias[path.Ext(name)]
		if !ok {
			return nil, fmt.Errorf("%s has no media type", name)
		}
		sum := sha256.Sum256(packed)
		fmt.Fprintf(all, "%s %x\n", name, sum)
		a.files[name] = asset{packed: packed, media: media, tag: `"` + hex.EncodeToString(sum[:12]) + `"`}
	}
	if _, ok := a.files["graphiql.js"]; !ok {
		return nil, errors.New("the bundle is missing")
	}
	a.digest = hex.EncodeToString(all.Sum(nil)[:8])
	return a, nil
}

// ServeHTTP serves one file, packed to those who can unpack it.
func (a *assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	file, ok := a.files[r.PathValue("file")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Content-Security-Policy", policy) // workers take theirs from their own file
	h.Set("Content-Type", file.media)
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("ETag", file.tag)
	h.Set("Vary", "Accept-Encoding")
	h.Set("X-Content-Type-Options", "nosniff")
	if strings.Contains(r.Header.Get("If-None-Match"), file.tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if takesGzip(r.Header.Get("Accept-Encoding")) {
		h.Set("Content-Encoding", "gzip")
		h.Set("Content-Length", strconv.Itoa(len(file.packed)))
		_, _ = w.Write(file.packed) // an error here is a client that went away
		return
	}
	unpacked, err := gzip.NewReader(bytes.NewReader(file.packed))
	if err != nil {
		http.Error(w, "the file is damaged", http.StatusInternalServerError)
		return
	}
	_, _ = io.Copy(w, unpacked)
}

// takesGzip reads Accept-Encoding: gzip or *, unless with a quality of zero.
func takesGzip(header string) bool {
	for element := range strings.SplitSeq(header, ",") {
		coding, params, err := mime.ParseMediaType(strings.TrimSpace(element))
		if err != nil || coding != "gzip" && coding != "*" {
			continue
		}
		q, err := strconv.ParseFloat(params["q"], 64)
		return err != nil || q > 0
	}
	return false
}
