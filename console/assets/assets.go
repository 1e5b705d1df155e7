// Package assets serves the files that pages load, under an address that holds
// the digest of their content, so that browsers keep them. The style that the
// pages share is here, and the headers under which they load anything.
//
// # Use
//
//	files, err := assets.New("/console/static", assets.Style, more)
//	mux.Handle("GET "+files.Base+"/{file}", files.Handler())
//
// Files are safe for concurrent use.
package assets

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"

	"github.com/klauspost/compress/gzhttp"
)

//go:embed console.css
var style embed.FS

// Style holds console.css, the style of all pages.
var Style fs.FS = style

// Guard sets the headers of a page, which the handler may say more about: what
// it may load is in the policy, nobody frames it, and nothing keeps it.
func Guard(header http.Header, policy string) {
	header.Set("Content-Security-Policy", policy)
	header.Set("Cross-Origin-Opener-Policy", "same-origin")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	header.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("X-Frame-Options", "DENY")
	header.Set("Cache-Control", "no-store")
}

// Files are what pages load.
type Files struct {
	// Base is their address, which holds the digest of them all.
	Base string
	by   map[string]file
}

type file struct {
	plain []byte
	media string
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
			f.by[entry.Name()] = file{plain, media}
		}
	}
	f.Base = base + "/" + hex.EncodeToString(all.Sum(nil)[:8])
	return f, nil
}

// Plain is the content of a file; nil where there is none.
func (f *Files) Plain(name string) []byte { return f.by[name].plain }

// Handler serves the file that the pattern names {file}, packed to those who can
// unpack it.
func (f *Files) Handler() http.Handler {
	return gzhttp.GzipHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		one, ok := f.by[r.PathValue("file")]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		w.Header().Set("Content-Type", one.media)
		_, _ = w.Write(one.plain) // an error here is a client that went away
	}))
}
