package graphiql

import (
	"bytes"
	"cmp"
	"fmt"
	"html/template"
	"net/http"
	"strings"
)

// Options configure the page. The zero value works.
type Options struct {
	// Path is where the page is mounted, "/graphiql" when empty.
	Path string
	// Endpoint is the address of the GraphQL endpoint, "/graphql" when empty.
	Endpoint string
	// Query stands in the editor at first.
	Query string
	// SignedIn returns the token that the request for the page came with
	// and a name for its holder, or two empty strings. It must have been
	// verified: the page hands it to its script.
	SignedIn func(*http.Request) (token, name string)
}

// policy lets the page load from its own origin only. The editor writes style
// elements; its icons are fonts inside the style sheet.
const policy = "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self' 'unsafe-inline'; " +
	"font-src 'self' data:; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

var page = template.Must(template.New("page").Parse(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Probity GraphiQL</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{{.Assets}}/graphiql.css">
</head>
<body>
<div id="graphiql"><noscript>GraphiQL needs JavaScript. The endpoint is {{.Config.Endpoint}}.</noscript></div>
<script id="config" type="application/json">{{.Config}}</script>
<script type="module" src="{{.Assets}}/graphiql.js"></script>
</body>
</html>
`))

// config is what the page's script reads.
type config struct {
	Endpoint string `json:"endpoint"`
	Query    string `json:"query,omitempty"`
	Token    string `json:"token,omitempty"`
	As       string `json:"as,omitempty"`
}

// Handler serves the page at Options.Path, with and without a slash at its
// end, and the assets below it. It fails only when the embedded files are
// damaged.
func Handler(options Options) (http.Handler, error) {
	path := strings.TrimSuffix(cmp.Or(options.Path, "/graphiql"), "/")
	files, err := load()
	if err != nil {
		return nil, fmt.Errorf("load GraphiQL: %w", err)
	}
	assets := path + "/" + files.digest
	mux := http.NewServeMux()
	mux.Handle("GET "+assets+"/{file}", files)
	mux.HandleFunc("GET "+path+"/{$}", func(w http.ResponseWriter, r *http.Request) {
		servePage(w, r, options, assets)
	})
	if path != "" {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) {
			servePage(w, r, options, assets)
		})
	}
	return mux, nil
}

func servePage(w http.ResponseWriter, r *http.Request, options Options, assets string) {
	c := config{Endpoint: cmp.Or(options.Endpoint, "/graphql"), Query: options.Query}
	if options.SignedIn != nil {
		c.Token, c.As = options.SignedIn(r)
	}
	var out bytes.Buffer
	err := page.Execute(&out, struct {
		Assets string
		Config config
	}{assets, c})
	if err != nil {
		http.Error(w, "the page cannot be written", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", policy)
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	_, _ = w.Write(out.Bytes()) // an error here is a client that went away
}
