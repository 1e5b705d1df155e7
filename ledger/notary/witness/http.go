package witness

import (
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"time"
)

// Status says what a witness knows.
type Status struct {
	Name string `json:"name"`
	// Key is the public key in C2SP form.
	Key     string         `json:"key"`
	Ledgers []LedgerStatus `json:"ledgers"`
}

// LedgerStatus says what is known of a ledger. Counts of requests are since
// the start of the program, those of evidence of all time.
type LedgerStatus struct {
	Name   string `json:"name"`
	Origin string `json:"origin"`
	// Size and Root are those of the checkpoint cosigned last.
	Size       int64      `json:"size"`
	Root       string     `json:"root,omitempty"`
	CosignedAt *time.Time `json:"cosignedAt,omitempty"`
	// SeenAt is when a checkpoint came last that the ledger had signed.
	SeenAt   *time.Time       `json:"seenAt,omitempty"`
	Cosigned int64            `json:"cosigned"`
	Refused  map[string]int64 `json:"refused"`
	Evidence map[string]int   `json:"evidence"`
	// Checkpoint is the signed note.
	Checkpoint string `json:"checkpoint,omitempty"`
}

// Status returns what is known now.
func (w *Witness) Status() Status {
	s := Status{Name: w.cfg.Key.Name(), Key: w.cfg.Key.String(), Ledgers: []LedgerStatus{}}
	for _, r := range w.logs {
		s.Ledgers = append(s.Ledgers, r.status())
	}
	return s
}

func (r *record) status() LedgerStatus {
	r.mu.Lock()
	defer r.mu.Unlock()
	l := LedgerStatus{Name: r.log.Name, Origin: r.log.Origin, Size: r.state.size, Cosigned: r.cosigned,
		Refused: map[string]int64{}, Evidence: map[string]int{}, Checkpoint: string(r.state.note)}
	if r.state.note != nil {
		at := time.Unix(r.state.at, 0).UTC()
		l.Root, l.CosignedAt = r.state.root.String(), &at
	}
	if !r.seen.IsZero() {
		seen := r.seen.UTC().Truncate(time.Second)
		l.SeenAt = &seen
	}
	for why, n := range r.refused {
		l.Refused[why] = n
	}
	for kind, n := range r.evidence {
		l.Evidence[kind] = n
	}
	return l
}

// Handler answers POST /add-checkpoint (C2SP tlog-witness), and shows the
// status at / for people and at /status for programs.
func (w *Witness) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /add-checkpoint", w.serveAdd)
	mux.HandleFunc("GET /status", func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "application/json")
		rw.Header().Set("Cache-Control", "no-store")
		enc := json.NewEncoder(rw)
		enc.SetIndent("", "  ")
		_ = enc.Encode(w.Status()) // a client that is gone has nothing to be told
	})
	mux.HandleFunc("GET /healthz", func(rw http.ResponseWriter, _ *http.Request) { fmt.Fprintln(rw, "ok") })
	mux.HandleFunc("GET /{$}", w.servePage)
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("X-Content-Type-Options", "nosniff")
		mux.ServeHTTP(rw, r)
	})
}

func (w *Witness) serveAdd(rw http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, int64(maxRequest)))
	if _, long := errors.AsType[*http.MaxBytesError](err); long {
		http.Error(rw, fmt.Sprintf("the request is longer than %d bytes", maxRequest), http.StatusRequestEntityTooLarge)
		return
	}
	if err != nil {
		http.Error(rw, "the request was cut short", http.StatusBadRequest)
		return
	}
	line, err := w.Add(body)
	if err == nil {
		rw.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(rw, line) // as above
		return
	}
	status := statusOf(err)
	if conflict, ok := errors.AsType[*ConflictError](err); ok {
		rw.Header().Set("Content-Type", "text/x.tlog.size")
		rw.WriteHeader(status)
		fmt.Fprintf(rw, "%d\n", conflict.Known)
		return
	}
	switch status {
	case http.StatusTooManyRequests:
		rw.Header().Set("Retry-After", "1")
	case http.StatusInternalServerError:
		err = errors.New("the witness cannot keep the checkpoint, and does not cosign it")
	}
	http.Error(rw, err.Error(), status)
}

func (w *Witness) servePage(rw http.ResponseWriter, _ *http.Request) {
	rw.Header().Set("Content-Type", "text/html; charset=utf-8")
	rw.Header().Set("Cache-Control", "no-store")
	rw.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	_ = page.Execute(rw, w.Status()) // as above
}

var page = template.Must(template.New("status").Funcs(template.FuncMap{
	"when": func(t *time.Time) string {
		if t == nil {
			return "never"
		}
		return t.Format("2006-01-02 15:04:05 UTC")
	},
}).Parse(`<!doctype html><html lang="en"><meta charset="utf-8"><title>Witness {{.Name}}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}code{background:#8882;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid #8884}.bad{color:#b00020;font-weight:600}</style>
<h1>Witness {{.Name}}</h1>
<p>Key: <code>{{.Key}}</code></p>
<table><thead><tr><th>Ledger<th>Events<th>Root<th>Cosigned last<th>Seen last<th>Refused since the start<th>Evidence kept</tr></thead><tbody>
{{range .Ledgers}}<tr><td>{{.Name}}<br><code>{{.Origin}}</code><td>{{.Size}}<td><code>{{.Root}}</code><td>{{when .CosignedAt}}<td>{{when .SeenAt}}
<td>{{range $why, $n := .Refused}}{{$why}}: {{$n}}<br>{{else}}none{{end}}<td>{{range $kind, $n := .Evidence}}<span{{if eq $kind "fork"}} class="bad"{{end}}>{{$kind}}: {{$n}}</span><br>{{else}}none{{end}}</tr>
{{else}}<tr><td colspan="7">No ledger is on the list.</tr>{{end}}</tbody></table>
<p>As JSON: <a href="/status">/status</a></p></html>
`))
