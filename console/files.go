package console

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
)

//go:embed static
var static embed.FS

// files are what pages load, kept packed and unpacked.
type files struct {
	base string // their address, which holds the digest of them all
	by   map[string]file
}

type file struct {
	plain, packed []byte
	media         string
}

var medias = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

func loadFiles() (*files, error) {
	entries, err := static.ReadDir("static")
	if err != nil {
		return nil, err
	}
	f := &files{by: map[string]file{}}
	all := sha256.New()
	for _, entry := range entries { // in order of name
		plain, err := static.ReadFile("static/" + entry.Name())
		if err != nil {
			return nil, err
		}
		media, ok := medias[path.Ext(entry.Name())]
		if !ok {
			return nil, fmt.Errorf("static/%s has no media type", entry.Name())
		}
		var packed bytes.Buffer
		z, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression) // the level is known
		_, _ = z.Write(plain)                                      // into memory
		_ = z.Close()
		fmt.Fprintf(all, "%s %x\n", entry.Name(), sha256.Sum256(plain))
		f.by[entry.Name()] = file{plain, packed.Bytes(), media}
	}
	f.base = Path + "/static/" + hex.EncodeToString(all.Sum(nil)[:8])
	return f, nil
}

// ServeHTTP serves one file, packed to those who can unpack it.
func (f *files) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	one, ok := f.by[r.PathValue("file")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	header, body := w.Header(), one.plain
	header.Set("Cache-Control", "public, max-age=31536000, immutable")
	header.Set("Content-Type", one.media)
	header.Set("Vary", "Accept-Encoding")
	if takesGzip(r.Header.Get("Accept-Encoding")) {
		header.Set("Content-Encoding", "gzip")
		body = one.packed
	}
	header.Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // an error here is a client that went away
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
