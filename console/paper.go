package console

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// maxSteps is how many steps of a matter a paper has; it says so of more.
const maxSteps = 500

// ErrNoPaper: what the paper is about is not there, or not to be seen.
var ErrNoPaper = errors.New("there is nothing by that id that may be shown")

// Order asks for a paper that is read without a server.
type Order struct {
	Kind, ID string    // "officers", "cases" or "complaints", and which
	At       time.Time // as of when the record file of an officer is shown; now when zero
	Language string    // "en" or "zh"
	Address  string    // where this console is served, as in https://ledger.example; may be empty
	Purpose  string    // what the file is read for
}

// paper is a kind of page that is made to be printed.
type paper struct {
	page
	refType string // of the reference in what the code holds
	signs   []string
	asOf    bool // it shows the state as of a moment
}

// papers are all of them.
var papers = []paper{officerPaper, casePaper, complaintPaper}

// PaperDocuments are what papers ask, by the kind of an Order: a receipt names
// the digest of one.
func PaperDocuments() map[string]string {
	out := map[string]string{}
	for _, p := range papers {
		kind, _, _ := strings.Cut(p.route[1:], "/")
		out[kind] = p.document
	}
	return out
}

// officerPaper is the record file. Everything it shows is as of one moment, so
// that it can be asked for again.
var officerPaper = paper{refType: "officer", signs: []string{"drawnUp", "checked", "concerned"}, asOf: true, page: page{
	name: "paper-officer", route: "/officers/{id}/print", must: "officer",
	document: `query RecordFilePaper($id: ID!, $at: DateTime!) {
  officer(id: $id) { id recordFile(recordedAsOf: $at) {
      ` + fileSections + `
  } }
}`,
	variables: func(a *asked) (map[string]any, error) {
		at, err := shownAt(a)
		return map[string]any{"id": a.PathValue("id"), "at": at.UTC().Format(time.RFC3339Nano)}, err
	},
	prepare: func(v *view) error {
		if v.D["officer"].(map[string]any)["recordFile"] == nil {
			return errMissing
		}
		return nil
	},
}}

var casePaper = paper{refType: "case", signs: []string{"handler", "checked", "approved"}, page: page{
	name: "paper-case", route: "/cases/{id}/print", must: "case",
	document: `query CasePaper($id: ID!, $ref: RefInput!, $steps: Int!) {
  case(id: $id) {
    ` + caseLine + ` decidedOn archivedOn imported
    complaint { id } inspection { id }
    findings { id category conduct result discipline measure foundOn deedOn clause overturned officer { id name latinName } norm { id title } }
    sanctions { id measure label status from until forGood officer { id name latinName } }
    tracebacks { id status fault }
    ` + steps + `
  }
  ` + clocks + `
}`,
	variables: stepsOf("CASE"),
}}

var complaintPaper = paper{refType: "complaint", signs: []string{"handler", "checked", "approved"}, page: page{
	name: "paper-complaint", route: "/complaints/{id}/print", must: "complaint",
	document: `query ComplaintPaper($id: ID!, $ref: RefInput!, $steps: Int!) {
  complaint(id: $id) {
    ` + complaint + ` summary place sealing: timeline(filter: {kinds: ["complaint.reporter_sealed.v1"]}, first: 1) { totalCount } concludedOn answeredOn rating imported
    post { id name nameEn } officers { id name latinName }
    cases { id status }
    findings { id category result measure foundOn officer { id name latinName } }
    ` + steps + `
  }
  ` + clocks + `
}`,
	variables: stepsOf("COMPLAINT"),
}}

const (
	steps  = `timeline(order: OCCURRED_ASC, first: $steps) { totalCount nodes { event { id position kind actor role occurredAt recordedAt imported } } }`
	clocks = `clocks: obligations(filter: {subject: $ref}, first: 50) { nodes { ` + obligation + ` } }`
)

func stepsOf(typ string) func(*asked) (map[string]any, error) {
	return func(a *asked) (map[string]any, error) {
		id := a.PathValue("id")
		return map[string]any{"id": id, "ref": map[string]any{"type": typ, "id": id}, "steps": maxSteps}, nil
	}
}

// shownAt is the moment that a paper shows: "at", the end of the day "on", or
// now, and never later than now: what is to come would make another paper of
// it.
func shownAt(a *asked) (time.Time, error) {
	at := a.now.Truncate(time.Millisecond)
	if text := a.URL.Query().Get("at"); text != "" {
		asked, err := time.Parse(time.RFC3339, text)
		if err != nil || asked.Year() < 1900 {
			return at, wrongInput("error.date")
		}
		if asked.Before(at) {
			at = asked
		}
		return at, nil
	}
	day, err := dayOf(a, "on")
	if end := day.AddDate(0, 0, 1).Add(-time.Millisecond); err == nil && !day.IsZero() && end.Before(at) {
		at = end
	}
	return at, err
}

// servePaper answers with a paper.
func (h *Handler) servePaper(w http.ResponseWriter, r *http.Request, p paper) {
	visitor, ok := h.enter(w, r)
	if !ok {
		return
	}
	if visitor.public() {
		h.toSignIn(w, r, "")
		return
	}
	v, err := h.drawUp(r, visitor, p, "console: print")
	if err != nil {
		h.failWith(w, r, visitor, err)
		return
	}
	h.show(w, v, http.StatusOK, p.name)
}

// Paper draws up a paper as one file that loads nothing, in HTML. It fails with
// ErrNoPaper where there is nothing to show.
func (h *Handler) Paper(ctx context.Context, visitor Visitor, o Order) ([]byte, error) {
	for _, p := range papers {
		if !strings.HasPrefix(p.route, "/"+o.Kind+"/") {
			continue
		}
		to := o.Address + pathTo(o.Kind, o.ID, "print")
		if !o.At.IsZero() {
			to += "?" + url.Values{"at": {o.At.UTC().Format(time.RFC3339Nano)}}.Encode()
		}
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, to, nil)
		if err != nil {
			return nil, err
		}
		r.SetPathValue("id", o.ID)
		r.Header.Set("Accept-Language", o.Language)
		v, err := h.drawUp(r, visitor, p, o.Purpose)
		if errors.Is(err, errMissing) {
			return nil, ErrNoPaper
		}
		if err != nil {
			return nil, err
		}
		style := h.files.Plain("paper.css")
		sum := sha256.Sum256(style)
		x := v.X.(*sheet)
		x.Style, x.Policy = template.CSS(style), "default-src 'none'; style-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'"
		var out bytes.Buffer
		err = h.sheets[v.Lang].write(&out, p.name, v)
		return out.Bytes(), err
	}
	return nil, fmt.Errorf("there are no papers of %s", o.Kind)
}

// drawUp asks for what a paper shows, and for what proves it.
func (h *Handler) drawUp(r *http.Request, visitor Visitor, p paper, purpose string) (*view, error) {
	a := h.asked(r, visitor)
	variables, err := p.variables(a)
	if err != nil {
		return nil, err
	}
	data, raw, proof, err := askProven(r.Context(), visitor, Question{Document: p.document, Variables: variables, Purpose: purpose, Prove: true})
	if err != nil {
		return nil, err
	}
	if data[p.must] == nil {
		return nil, errMissing
	}
	if proof == nil {
		return nil, errors.New("a paper was answered without the position it shows")
	}
	v := h.view(r, visitor, data)
	v.raw = raw
	if p.prepare != nil {
		if err := p.prepare(v); err != nil {
			return nil, err
		}
	}
	at, _ := variables["at"].(string)
	v.X, err = newSheet(v, p, at, proof)
	return v, err
}

// paperAddress is where others find the same paper: nowhere, where this
// console is served to its own machine alone.
func paperAddress(r *http.Request, at string) string {
	if r.Host == "" || !secure(r) {
		return ""
	}
	to := url.URL{Scheme: "https", Host: r.Host, Path: r.URL.Path, RawPath: r.URL.RawPath}
	if at != "" {
		to.RawQuery = url.Values{"at": {at}}.Encode()
	}
	return to.String()
}

// anchors are the tags of links. Attributes hold no ">" that is not escaped.
var anchors = regexp.MustCompile(`</?a(?:\s[^>]*)?>`)

// unlinked is a page without links: a paper leads nowhere.
func unlinked(page []byte) []byte { return anchors.ReplaceAll(page, nil) }

// Proof is what lets an answer be held against the server later.
type Proof struct {
	// Position is that of the ledger which the whole answer shows.
	Position string
	// Checkpoint is the signed note that covers it; empty where there is none.
	Checkpoint string
	// Digest is the SHA-256 of the answer, in hex, as audit receipts have it.
	Digest string
	// Receipt is the audit receipt, JSON; empty where nobody can sign.
	Receipt string
}

// Shown is the day as of which the paper shows something, or now.
func (v *view) Shown() string {
	if s := v.X.(*sheet); s.Day != "" {
		return s.Day
	}
	return v.Today()
}

// Drawn is the moment at which the paper was drawn up.
func (v *view) Drawn() string { return v.now.UTC().Format(time.RFC3339) }

// Cut is how many steps the paper leaves out.
func (v *view) Cut(list map[string]any) int {
	total, _ := list["totalCount"].(json.Number)
	n, _ := total.Int64()
	return int(n) - len(list["nodes"].([]any))
}
