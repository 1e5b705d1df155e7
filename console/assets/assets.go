// Package assets serves the files that pages load, under an address that holds
// the digest of their content, so that browsers keep them. The style that the
// pages share is here.
//
// # Use
//
//	files, err := assets.New("/console/static", assets.Style, more)
//	mux.Handle("GET "+files.Base+"/{file}", files)
//
// Files are safe for concurrent use.
package assets

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
)

//go:embed console.css
var style embed.FS

// Style holds console.css, the style of all pages.
var Style fs.FS = style

// Files are what pages load, kept packed and unpacked.
type Files struct {
	// Base is their address, which holds the digest of them all.
	Base string
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

// New reads the files of folders, which have no folders in them, for an address
// below base. It fails where a name has no media type here.
func New(base string, folders ...fs.FS) (*Files, error) {
	f := &Files{by: map[string]file{}}
	all := sha256.New()
	for _, folder := range folders {
		entries, err := fs.ReadDir(folder, ".")
		if err != nil {
			return nil, err
		}
		for _, entry := range entries { // in order of name
			plain, err := fs.ReadFile(folder, entry.Name())
			if err != nil {
				return nil, err
			}
			media, ok := medias[path.Ext(entry.Name())]
			if !ok {
				return nil, fmt.Errorf("%s has no media type", entry.Name())
			}
			fmt.Fprintf(all, "%s %x\n", entry.Name(), sha256.Sum256(plain))
			f.by[entry.Name()] = file{plain, pack(plain), media}
		}
	}
	f.Base = base + "/" + hex.EncodeToString(all.Sum(nil)[:8])
	return f, nil
}

func pack(plain []byte) []byte {
	var packed bytes.Buffer
	z, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression) // the level is known
	_, _ = z.Write(plain)                                      // into memory
	_ = z.Close()
	return packed.Bytes()
}

// Plain is the content of a file; nil where there is none.
func (f *Files) Plain(name string) []byte { return f.by[name].plain }

// ServeHTTP serves the file that the pattern names {file}, packed to those who
// can unpack it.
func (f *Files) ServeHTTP(w http.ResponseWriter, r *http.Request) {
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
