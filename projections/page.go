package projections

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/probity-ledger/probity/domain"
)

// MaxPage is the most items one page may ask for; DefaultPage is what a page
// holds that does not say.
const (
	MaxPage     = 500
	DefaultPage = 50
)

// Page asks for a part of a list, as GraphQL connections do: the First items
// after a cursor, or the Last before one. The zero Page asks for the first
// DefaultPage items.
type Page struct {
	First  int
	After  string
	Last   int
	Before string
}

// List is one page of a list.
type List[T any] struct {
	Items           []T
	HasNextPage     bool
	HasPreviousPage bool

	places places
	count  func(context.Context) (int, error)
}

// places are where the items of a page stand: the list and order, and the
// sort key of each.
type places struct {
	list string
	keys [][]any
}

// Cursor leads to the place of Items[i]. Cursors stay good when items are
// added or changed. They are made when asked for.
func (l *List[T]) Cursor(i int) string { return sealCursor(l.places.list, l.places.keys[i]) }

// TotalCount counts the whole list as the principal may see it. The count is
// made when first asked for, and once.
func (l *List[T]) TotalCount(ctx context.Context) (int, error) {
	if l.count == nil {
		return len(l.Items), nil
	}
	return l.count(ctx)
}

// once makes a count that is taken at most once.
func once(count func(context.Context) (int, error)) func(context.Context) (int, error) {
	var mu sync.Mutex
	var n int
	var done bool
	return func(ctx context.Context) (int, error) {
		mu.Lock()
		defer mu.Unlock()
		if done {
			return n, nil
		}
		var err error
		n, err = count(ctx)
		done = err == nil
		return n, err
	}
}

// window is a checked Page: how many items, from where, in which direction.
type window struct {
	limit    int
	backward bool
	from     []any // sort key behind the cursor; nil from the end
}

// open checks the page and its cursor against the list they are used on.
// Every fault is a *domain.Refusal with CodeInvalid.
func (p Page) open(list string, keys int) (window, error) {
	forward := p.First != 0 || p.After != ""
	backward := p.Last != 0 || p.Before != ""
	if forward && backward {
		return window{}, domain.Refuse(domain.CodeInvalid, "first", "goes with after, last with before; ask for one of the two")
	}
	w := window{limit: p.First, backward: backward}
	field, cursor, cursorField := "first", p.After, "after"
	if backward {
		w.limit, field, cursor, cursorField = p.Last, "last", p.Before, "before"
	}
	if w.limit == 0 {
		w.limit = DefaultPage
	}
	if w.limit < 0 || w.limit > MaxPage {
		return window{}, domain.Refuse(domain.CodeInvalid, field, "must lie between 1 and %d", MaxPage)
	}
	if cursor == "" {
		return w, nil
	}
	key, err := openCursor(list, keys, cursor)
	if err != nil {
		return window{}, domain.Refuse(domain.CodeInvalid, cursorField, "%s", err.Error())
	}
	w.from = key
	return w, nil
}

// page cuts what a query for one item more than the window returned.
func page[T any](w window, asked Page, items []T, at places) *List[T] {
	more := len(items) > w.limit
	if more {
		items, at.keys = items[:w.limit], at.keys[:w.limit]
	}
	l := &List[T]{Items: items, places: at}
	if w.backward {
		slices.Reverse(l.Items)
		slices.Reverse(l.places.keys)
		l.HasPreviousPage, l.HasNextPage = more, asked.Before != ""
	} else {
		l.HasNextPage, l.HasPreviousPage = more, asked.After != ""
	}
	return l
}

// cursorError is what is wrong with a cursor.
type cursorError string

func (e cursorError) Error() string { return string(e) }

const (
	errCursor     = cursorError("is not a cursor of this server; use one that a page gave")
	errCursorList = cursorError("is the cursor of another list or another order")
)

// sealCursor makes the opaque text of a place: the list and order it belongs
// to and the sort key of the item there.
func sealCursor(list string, key []any) string {
	var room [256]byte
	raw, err := jsontext.AppendQuote(append(room[:0], '['), list)
	for _, part := range key {
		raw = append(raw, ',')
		switch part := part.(type) {
		case int64:
			raw = strconv.AppendInt(raw, part, 10)
		case string:
			if err == nil {
				raw, err = jsontext.AppendQuote(raw, part)
			}
		default:
			panic(fmt.Sprintf("projections: a sort key is a string or a number, no %T", part))
		}
	}
	if err != nil {
		panic("projections: sort keys are UTF-8: " + err.Error())
	}
	return base64.RawURLEncoding.EncodeToString(append(raw, ']'))
}

const maxCursor = 4 << 10

// openCursor reads a cursor back. Numbers come back as int64.
func openCursor(list string, keys int, cursor string) ([]any, error) {
	if len(cursor) > maxCursor {
		return nil, errCursor
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil {
		return nil, errCursor
	}
	var parts []any
	if err := json.Unmarshal(raw, &parts); err != nil || len(parts) == 0 {
		return nil, errCursor
	}
	if name, ok := parts[0].(string); !ok || name != list {
		if !ok {
			return nil, errCursor
		}
		return nil, errCursorList
	}
	if len(parts) != keys+1 {
		return nil, errCursor
	}
	for i, p := range parts[1:] {
		switch p := p.(type) {
		case string:
		case float64:
			// Times in microseconds and positions stay below 2^53.
			n := int64(p)
			if float64(n) != p {
				return nil, errCursor
			}
			parts[i+1] = n
		default:
			return nil, errCursor
		}
	}
	return parts[1:], nil
}
