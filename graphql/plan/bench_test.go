package plan_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/graphql-go/graphql"
)

// entry is what is listed: twelve fields, as an event on a timeline has.
type entry struct {
	words  [8]string
	number int
	flag   bool
	at     time.Time
	next   *entry
}

// listing is a schema with a list of n entries in memory, so that nothing but
// execution is measured.
func listing(n int) *subject {
	var list []*entry
	for i := range n {
		e := &entry{number: i, flag: i%2 == 0, at: time.Unix(int64(i), 0), next: &entry{}}
		for j := range e.words {
			e.words[j] = fmt.Sprintf("word %d of %d", j, i)
		}
		list = append(list, e)
	}
	fields := graphql.Fields{}
	get := func(name string, t graphql.Output, get func(*entry) any) {
		fields[name] = &graphql.Field{Type: graphql.NewNonNull(t), Resolve: func(p graphql.ResolveParams) (any, error) { return get(p.Source.(*entry)), nil }}
	}
	for j := range 8 {
		get(fmt.Sprintf("w%d", j), graphql.String, func(e *entry) any { return e.words[j] })
	}
	get("number", graphql.Int, func(e *entry) any { return e.number })
	get("flag", graphql.Boolean, func(e *entry) any { return e.flag })
	get("at", graphql.DateTime, func(e *entry) any { return e.at })
	object := graphql.NewObject(graphql.ObjectConfig{Name: "Entry", Fields: fields})
	object.AddFieldConfig("next", &graphql.Field{Type: object, Resolve: func(p graphql.ResolveParams) (any, error) {
		e := p.Source.(*entry).next
		return func() (any, error) { return e, nil }, nil
	}})
	return objects(graphql.Fields{"list": constant(graphql.NewNonNull(graphql.NewList(graphql.NewNonNull(object))), list)}, nil)
}

func BenchmarkExecute(b *testing.B) {
	s := listing(200)
	for _, q := range []struct{ name, text string }{
		{"Twelve fields of 200", `{ list { w0 w1 w2 w3 w4 w5 w6 w7 number flag at __typename } }`},
		{"A lazy object of each of 200", `{ list { w0 next { w1 w2 } } }`},
	} {
		p := s.plan(b, q.text)
		b.Run(q.name+"/plan", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := p.Execute(context.Background(), nil, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(q.name+"/library", func(b *testing.B) {
			s.plan(b, q.text) // parsed outside the loop
			b.ReportAllocs()
			for b.Loop() {
				s.library(b, q.text, nil, nil)
			}
		})
	}
	b.Run("Compile", func(b *testing.B) {
		text := `{ list { w0 w1 w2 w3 w4 w5 w6 w7 number flag at __typename } }`
		document := ok(s.parse(text))
		b.ReportAllocs()
		for b.Loop() {
			ok(s.executor.Compile(document, operationOf(document)))
		}
	})
}
