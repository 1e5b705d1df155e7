package feed

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/klauspost/compress/gzhttp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql/budget"
	"github.com/probity-ledger/probity/graphql/edge"
	"github.com/probity-ledger/probity/graphql/signin"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
	"github.com/probity-ledger/probity/projections/roster"
)

// The limits of a page.
const (
	DefaultLimit = 500
	MaxLimit     = 2000
	// maxPage ends a page early, in bytes before it is packed.
	maxPage = 4 << 20
)

// A page costs perPage and perRecord for each record in it, out of the same
// account as GraphQL.
const (
	perPage   = 10
	perRecord = 3
)

// Roles are those that may ask.
var Roles = []domain.Role{domain.RoleHR, domain.RoleAuditor, domain.RoleInspector}

// Config is what a handler is made of.
type Config struct {
	Views *projections.Views
	// Head is where the ledger ends; nil where nobody asks. What the views do
	// not show yet of it is waited for, Patience long (5 s when zero), where a
	// cursor has come farther, or where they show nothing yet.
	Head     func(context.Context) (ledger.Position, error)
	Patience time.Duration
	// Note notes that the principal is shown the record files of the officers,
	// and why, before they are; nil where nobody is noted.
	Note func(ctx context.Context, who projections.Principal, officers []domain.OfficerID, why string, at time.Time) error
	// Account is who pays; nil, or nil from it, charges nobody.
	Account func(signin.Principal, netip.Addr) *budget.Account
	// Proxies are believed when they say whose request they hand on.
	Proxies []netip.Prefix
	Log     *slog.Logger
	Now     func() time.Time
}

// Handler serves the feed.
func Handler(c Config) (http.Handler, error) {
	if c.Views == nil {
		return nil, errors.New("the feed needs views")
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Patience == 0 {
		c.Patience = 5 * time.Second
	}
	pack, err := gzhttp.NewWrapper(gzhttp.MinSize(1024))
	if err != nil {
		return nil, err
	}
	return pack(&handler{c}), nil
}

type handler struct{ Config }

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "private, no-cache")
	w.Header().Add("Vary", "Accept")
	if r.Method != http.MethodGet {
		w.Header().Set("Allow", http.MethodGet)
		h.fail(w, r, &problem{status: http.StatusMethodNotAllowed, code: codeBadInput, message: "ask with GET"})
		return
	}
	who, ok := signin.FromContext(r.Context())
	if !ok || !slices.Contains(Roles, who.Role) {
		h.fail(w, r, &problem{status: http.StatusForbidden, code: codeForbidden, denied: "role", message: "record files are fed to HR, auditors and inspectors alone"})
		return
	}
	account := h.account(who, r)
	if account != nil {
		if err := account.Open(); err != nil {
			h.fail(w, r, err)
			return
		}
	}
	page, err := h.page(r, who)
	if account != nil {
		cost := int64(perPage)
		if page != nil {
			cost += perRecord * int64(len(page.officers))
		}
		account.Waste(cost)
	}
	if err != nil {
		h.fail(w, r, err)
		return
	}
	h.send(w, r, page)
}

func (h *handler) account(who signin.Principal, r *http.Request) *budget.Account {
	if h.Account == nil {
		return nil
	}
	remote, _ := edge.Client(r, h.Proxies)
	return h.Account(who, remote)
}

// page is one page, made.
type page struct {
	ask      *ask
	tag      string
	who      projections.Principal
	body     []byte
	officers []domain.OfficerID
	next     roster.Cursor
	more     bool // there are further records in this window
}

func (h *handler) page(r *http.Request, who signin.Principal) (*page, error) {
	p := &page{who: projections.Principal{Subject: who.Subject, Role: who.Role, Machine: who.Machine, Units: who.Units}}
	ctx, reader := r.Context(), h.Views.As(p.who)
	var err error
	if p.ask, err = readAsk(r, reader); err != nil {
		return nil, err
	}
	if err := h.await(ctx, reader, p.ask.cursor); err != nil {
		return nil, err
	}
	cursor, err := p.ask.cursor.Begin(ctx, reader, p.ask.asOf)
	if err != nil {
		return nil, err
	}
	versions := sha256.New()
	fmt.Fprintf(versions, "%s\n%s\n", p.ask.media(), p.ask.table.Name)
	var b bytes.Buffer
	write, end, err := p.ask.writer(&b)
	if err != nil {
		return nil, err
	}
	p.next = cursor.End()
	for row, err := range cursor.Rows(ctx, reader) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return nil, err
		}
		if n := len(p.officers); n == p.ask.limit || b.Len() > maxPage {
			p.next, p.more = cursor.Past(p.officers[n-1]), true
			break
		}
		if err := write(row); err != nil {
			return nil, err
		}
		p.officers = append(p.officers, row.File.Officer)
		fmt.Fprintf(versions, "%q %s\n", row.File.Officer, row.Version)
	}
	if err := end(); err != nil {
		return nil, err
	}
	p.body = b.Bytes()
	// Over the versions, not over what is sent: of a table with few rows that
	// could be guessed, and a guess be confirmed without having read. Weak, for
	// it is the same packed.
	p.tag = `W/"` + hex.EncodeToString(versions.Sum(nil)[:16]) + `"`
	return p, nil
}

// await waits until the views show as much as the cursor has told of, and
// anything at all, where the ledger has it.
func (h *handler) await(ctx context.Context, reader *projections.Reader, c roster.Cursor) error {
	wanted := max(c.Since, c.Through, ledger.Start+1)
	now, err := reader.Position(ctx)
	if err != nil || now >= wanted || h.Head == nil {
		return err
	}
	head, err := h.Head(ctx)
	if err != nil {
		return fmt.Errorf("%w: how far the ledger reaches: %w", projections.ErrUnavailable, err)
	}
	if head < wanted {
		return nil
	}
	waiting, cancel := context.WithTimeout(ctx, h.Patience)
	defer cancel()
	err = h.Views.WaitFor(waiting, wanted)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return &problem{status: http.StatusServiceUnavailable, code: codeBehind, retryAfter: 5,
			message: "the views have not come as far as the cursor yet; ask again later"}
	}
	return err
}

// send sends a page, or says that it is the one that the client has.
func (h *handler) send(w http.ResponseWriter, r *http.Request, p *page) {
	head := w.Header()
	head.Set("ETag", p.tag)
	head.Set("Probity-Cursor", p.next.String())
	head.Set("Probity-More", strconv.FormatBool(p.more))
	head.Set("Link", "<"+p.ask.nextURL(r.URL, p.next)+`>; rel="next"`)
	if matches(r.Header.Values("If-None-Match"), p.tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if h.Note != nil {
		if err := h.Note(r.Context(), p.who, p.officers, p.ask.purpose, h.Now()); err != nil {
			for _, name := range []string{"ETag", "Probity-Cursor", "Probity-More", "Link"} {
				head.Del(name)
			}
			h.fail(w, r, &unnoted{err})
			return
		}
	}
	head.Set("Content-Type", p.ask.media())
	// An error here is a client that went away.
	_, _ = w.Write(p.body)
}

// matches tells whether one of the tags was asked for by itself. "*" is none: to
// whoever has read nothing, it would tell whether there is something.
func matches(values []string, tag string) bool {
	for _, v := range values {
		for one := range strings.SplitSeq(v, ",") {
			if one = strings.TrimSpace(one); strings.TrimPrefix(one, "W/") == strings.TrimPrefix(tag, "W/") {
				return true
			}
		}
	}
	return false
}

// nextURL is where the next page is.
func (a *ask) nextURL(u *url.URL, next roster.Cursor) string {
	q := u.Query()
	q.Set("cursor", next.String())
	q.Del("asOf")
	return u.Path + "?" + q.Encode()
}
