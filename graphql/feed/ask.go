package feed

import (
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections"
	"github.com/probity-ledger/probity/projections/roster"
)

// ask is what a request asks for.
type ask struct {
	cursor  roster.Cursor
	asOf    time.Time
	limit   int
	csv     bool
	table   *roster.Table // of CSV
	purpose string
}

// parameters are those of the query.
var parameters = []string{"cursor", "limit", "format", "asOf", "table", "purpose"}

func readAsk(r *http.Request, reader *projections.Reader) (*ask, error) {
	q := r.URL.Query()
	for name, values := range q {
		if !slices.Contains(parameters, name) {
			return nil, badInput(name, "is unknown; there are "+strings.Join(parameters, ", "))
		}
		if len(values) > 1 {
			return nil, badInput(name, "is given more than once")
		}
	}
	a := &ask{limit: DefaultLimit, table: roster.Officers, purpose: strings.TrimSpace(q.Get("purpose"))}
	if a.purpose == "" {
		a.purpose = "HR feed"
	}
	err := domain.CheckText("purpose", a.purpose)
	if err == nil {
		a.cursor, err = roster.ParseCursor(q.Get("cursor"))
	}
	if err == nil {
		a.asOf, err = roster.Moment(reader, q.Get("asOf"))
	}
	if err != nil {
		return nil, err
	}
	if q.Get("asOf") != "" && q.Get("cursor") != "" {
		return nil, badInput("asOf", "begins anew; leave it out where there is a cursor, which remembers it")
	}
	if text := q.Get("limit"); text != "" {
		if a.limit, err = strconv.Atoi(text); err != nil || a.limit < 1 || a.limit > MaxLimit {
			return nil, badInput("limit", "must be a number from 1 to "+strconv.Itoa(MaxLimit))
		}
	}
	if err := a.readFormat(q.Get("format"), r.Header.Values("Accept")); err != nil {
		return nil, err
	}
	return a, a.readTable(q.Get("table"))
}

func (a *ask) readFormat(format string, accept []string) error {
	switch format {
	case "ndjson":
	case "csv":
		a.csv = true
	case "":
		best, csv := accepted(accept)
		if !best {
			return &problem{status: http.StatusNotAcceptable, code: codeBadInput, field: "Accept", message: "Accept takes neither application/x-ndjson nor text/csv"}
		}
		a.csv = csv
	default:
		return badInput("format", "must be ndjson or csv")
	}
	return nil
}

// accepted reads Accept: whether any of the formats is, and whether CSV is
// taken rather than NDJSON.
func accepted(values []string) (any, csv bool) {
	if len(values) == 0 {
		return true, false
	}
	quality := map[string]float64{}
	for part := range strings.SplitSeq(strings.Join(values, ","), ",") {
		media, params, err := mime.ParseMediaType(strings.TrimSpace(part))
		if err != nil {
			continue
		}
		q := 1.0
		if text := params["q"]; text != "" {
			if q, err = strconv.ParseFloat(text, 64); err != nil {
				continue
			}
		}
		quality[media] = q
	}
	of := func(names ...string) float64 {
		for _, name := range names {
			if q, ok := quality[name]; ok {
				return q
			}
		}
		return 0
	}
	lines, cells := of("application/x-ndjson", "application/ndjson", "application/*", "*/*"), of("text/csv", "text/*", "*/*")
	return lines > 0 || cells > 0, cells > lines
}

func (a *ask) readTable(name string) error {
	if name == "" {
		return nil
	}
	if !a.csv {
		return badInput("table", "is for CSV: a line of NDJSON holds all of them")
	}
	tables := roster.Tables()
	i := slices.IndexFunc(tables, func(t *roster.Table) bool { return t.Name == name })
	if i < 0 {
		return badInput("table", "is unknown; they stand in docs/hr-feed.md")
	}
	a.table = tables[i]
	return nil
}

func (a *ask) media() string {
	if a.csv {
		return "text/csv; charset=utf-8; header=present"
	}
	return "application/x-ndjson; charset=utf-8"
}

// writer returns what writes a row, and what ends the page.
func (a *ask) writer(w io.Writer) (write func(roster.Row) error, end func() error, err error) {
	if !a.csv {
		return func(r roster.Row) error { _, err := w.Write(r.Line()); return err }, func() error { return nil }, nil
	}
	c, err := roster.NewCSV(w, a.table)
	if err != nil {
		return nil, nil, err
	}
	return func(r roster.Row) error {
		if err := c.Write(r); err != nil {
			return err
		}
		return c.Flush()
	}, c.Flush, nil
}
