package console

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"net/http"
	"path"

	"github.com/klauspost/compress/gzhttp"
)

//go:embed static
var static embed.FS

// files are what pages load.
type files struct {
	base string // their address, which holds the digest of them all
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
		fmt.Fprintf(all, "%s %x\n", entry.Name(), sha256.Sum256(plain))
		f.by[entry.Name()] = file{plain, media}
	}
	f.base = Path + "/static/" + hex.EncodeToString(all.Sum(nil)[:8])
	return f, nil
}

// handler serves one file, packed to those who can unpack it.
func (f *files) handler() http.Handler {
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
