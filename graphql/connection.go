package graphql

import (
	gql "github.com/graphql-go/graphql"

	"github.com/probity-ledger/probity/projections"
)

// connected is one page of a list with the filter it was made by, the source
// of a connection.
type connected[T any] struct {
	*projections.List[T]
	filter any
}

// edge is one item of a page, the source of its cursor too.
type edge[T any] struct {
	list *projections.List[T]
	at   int
}

// connection declares the connection and edge types over a node, by the
// Relay cursor connections specification, with nodes as a short way past
// the edges.
func connection[T any](b *builder, name, doc string, node *gql.Object, more ...field) *gql.Object {
	edgeType := b.object(name+"Edge", "An item of a "+name+"Connection and its place.")
	b.define(edgeType,
		word("cursor", "The place of the item, for after and before. It stays good when items are added or changed.", func(e *edge[T]) string { return e.list.Cursor(e.at) }),
		plain("node", "The item.", must(node), func(e *edge[T]) any { return &e.list.Items[e.at] }))
	connectionType := b.object(name+"Connection", doc)
	b.define(connectionType,
		plain("edges", "The items of the page with their cursors.", mustList(edgeType), func(c *connected[T]) any {
			edges := make(inPlace[edge[T]], len(c.Items))
			for i := range c.Items {
				edges[i] = edge[T]{c.List, i}
			}
			return edges
		}),
		plain("nodes", "The items of the page.", mustList(node), func(c *connected[T]) any {
			return pointers(c.Items)
		}),
		plain("pageInfo", "Where the page lies in the list.", must(b.pageInfo), func(c *connected[T]) any {
			info := &pageInfo{next: c.HasNextPage, previous: c.HasPreviousPage}
			if n := len(c.Items); n > 0 {
				info.start = func() string { return c.Cursor(0) }
				info.end = func() string { return c.Cursor(n - 1) }
			}
			return info
		}),
		read("totalCount", "How many items the whole list has, as far as you may see them. Counted when asked for.", gql.Int, nil,
			func(r *request, c *connected[T], _ input) (any, error) { return c.TotalCount(r.ctx) }))
	b.define(connectionType, more...)
	return connectionType
}

type pageInfo struct {
	next, previous bool
	start, end     cursor // nil on an empty page
}

// cursor is a cursor that is made when asked for.
type cursor func() string

func (c cursor) text() string {
	if c == nil {
		return ""
	}
	return c()
}

func (b *builder) declarePageInfo() {
	b.pageInfo = b.object("PageInfo", "Where a page lies in its list.")
	b.define(b.pageInfo,
		flag("hasNextPage", "There are items behind this page.", func(p *pageInfo) bool { return p.next }),
		flag("hasPreviousPage", "There are items before this page.", func(p *pageInfo) bool { return p.previous }),
		text("startCursor", "The cursor of the first item, null on an empty page.", func(p *pageInfo) string { return p.start.text() }),
		text("endCursor", "The cursor of the last item, null on an empty page.", func(p *pageInfo) string { return p.end.text() }))
}

// listed answers a connection field: it reads the page arguments, asks, and
// keeps the filter beside the page.
func listed[T, F any](in input, filter F, list func(F, projections.Page) (*projections.List[T], error)) (any, error) {
	page, err := in.page()
	if err != nil {
		return nil, err
	}
	l, err := list(filter, page)
	if err != nil || l == nil {
		return nil, err
	}
	return &connected[T]{l, filter}, nil
}

// bucket is the source of one counted value.
type bucket = projections.Bucket

func (b *builder) declareBucket() {
	b.bucket = b.object("Bucket", "A value and how often it was met.")
	b.define(b.bucket,
		word("value", "The value, empty where the records say nothing.", func(x *bucket) string { return x.Value }),
		plain("count", "How often it was met; null when suppressed.", gql.Int, func(x *bucket) any {
			if x.Suppressed {
				return nil
			}
			return x.Count
		}),
		flag("suppressed", "The count is small enough to lead back to a person and is not told.", func(x *bucket) bool { return x.Suppressed }))
}

// counted turns buckets into sources; words are the enum that the values
// belong to, or nil.
func counted(buckets []bucket, words *enum) []*bucket {
	out := make([]*bucket, len(buckets))
	for i := range buckets {
		if words != nil {
			buckets[i].Value = words.nameOf(buckets[i].Value)
		}
		out[i] = &buckets[i]
	}
	return out
}
