package graphql

import (
	"encoding/json"
	"math"
	"strconv"
	"time"

	gql "github.com/graphql-go/graphql"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql/plan"
)

// The constructors of fields whose value the source holds already. get is
// given the source object. Each such field also tells package plan how to come
// by its value without a resolver, and leaves how to append it.

func plain[T any](name, doc string, typ gql.Output, get func(*T) any) field {
	return field{
		name: name, doc: doc, typ: typ,
		resolve: func(p gql.ResolveParams) (any, error) { return get(p.Source.(*T)), nil },
		typed:   plan.Typed{Get: func(source any) any { return get(source.(*T)) }},
	}
}

// leafOf is a leaf with a way to append it that is its own. write returns false
// where it has no answer; get has it then.
func leafOf[T any](name, doc string, typ gql.Output, get func(*T) any, write func([]byte, *T) ([]byte, bool)) field {
	f := plain(name, doc, typ, get)
	f.typed.Append = func(dst []byte, source any) ([]byte, bool) { return write(dst, source.(*T)) }
	return f
}

// id is a required id.
func id[T any, S ~string](name, doc string, get func(*T) S) field {
	return stringOf(name, doc, must(gql.ID), get)
}

// optionalID is null where there is none.
func optionalID[T any, S ~string](name, doc string, get func(*T) S) field {
	return optionalStringOf(name, doc, gql.ID, get)
}

// text is a string that is null where it is empty.
func text[T any, S ~string](name, doc string, get func(*T) S) field {
	return optionalStringOf(name, doc, gql.String, get)
}

// word is a string that is always there.
func word[T any, S ~string](name, doc string, get func(*T) S) field {
	return stringOf(name, doc, must(gql.String), get)
}

func stringOf[T any, S ~string](name, doc string, typ gql.Output, get func(*T) S) field {
	return leafOf(name, doc, typ, func(o *T) any { return string(get(o)) },
		func(dst []byte, o *T) ([]byte, bool) { return plan.AppendText(dst, string(get(o))), true })
}

func optionalStringOf[T any, S ~string](name, doc string, typ gql.Output, get func(*T) S) field {
	return leafOf(name, doc, typ, func(o *T) any { return orNull(string(get(o))) }, func(dst []byte, o *T) ([]byte, bool) {
		if s := get(o); s != "" {
			return plan.AppendText(dst, string(s)), true
		}
		return append(dst, "null"...), true
	})
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func flag[T any](name, doc string, get func(*T) bool) field {
	return leafOf(name, doc, must(gql.Boolean), func(o *T) any { return get(o) },
		func(dst []byte, o *T) ([]byte, bool) { return strconv.AppendBool(dst, get(o)), true })
}

func number[T any](name, doc string, get func(*T) int) field {
	return leafOf(name, doc, must(gql.Int), func(o *T) any { return get(o) }, func(dst []byte, o *T) ([]byte, bool) {
		n := get(o)
		return strconv.AppendInt(dst, int64(n), 10), n >= math.MinInt32 && n <= math.MaxInt32
	})
}

// optionalNumber is null where the source says nothing, that is 0.
func optionalNumber[T any](name, doc string, get func(*T) int) field {
	return plain(name, doc, gql.Int, func(o *T) any {
		if n := get(o); n != 0 {
			return n
		}
		return nil
	})
}

// long is a number of 64 bits that is always there.
func long[T any, N ~uint64](name, doc string, get func(*T) N) field {
	return leafOf(name, doc, must(scalarLong), func(o *T) any { return uint64(get(o)) },
		func(dst []byte, o *T) ([]byte, bool) { return appendLong(dst, uint64(get(o))), true })
}

func day[T any](name, doc string, get func(*T) domain.Date) field {
	return leafOf(name, doc, scalarDate, func(o *T) any {
		if d := get(o); !d.IsZero() {
			return d
		}
		return nil
	}, func(dst []byte, o *T) ([]byte, bool) {
		if d := get(o); !d.IsZero() {
			return appendDate(dst, d), true
		}
		return append(dst, "null"...), true
	})
}

func moment[T any](name, doc string, get func(*T) time.Time) field {
	return leafOf(name, doc, must(scalarDateTime), func(o *T) any { return get(o) },
		func(dst []byte, o *T) ([]byte, bool) { return appendMoment(dst, get(o)), true })
}

// optionalMoment is null where it is not known.
func optionalMoment[T any](name, doc string, get func(*T) time.Time) field {
	return leafOf(name, doc, scalarDateTime, func(o *T) any {
		if t := get(o); !t.IsZero() {
			return t
		}
		return nil
	}, func(dst []byte, o *T) ([]byte, bool) {
		if t := get(o); !t.IsZero() {
			return appendMoment(dst, t), true
		}
		return append(dst, "null"...), true
	})
}

// choice is an enum value, null where the source says nothing. A value that
// the enum lacks is an error.
func choice[T any, S ~string](name, doc string, e *enum, get func(*T) S) field {
	return field{
		name: name, doc: doc, typ: e.typ,
		resolve: func(p gql.ResolveParams) (any, error) { return e.value(string(get(p.Source.(*T)))) },
		typed: plan.Typed{Append: func(dst []byte, source any) ([]byte, bool) {
			w := string(get(source.(*T)))
			if w == "" {
				return append(dst, "null"...), true
			}
			name, ok := e.known[w]
			return append(dst, name...), ok
		}},
	}
}

// recorded is JSON as it stands in the ledger, null where there is none.
func recorded[T any](name, doc string, get func(*T) []byte) field {
	return plain(name, doc, scalarJSON, func(o *T) any {
		if raw := get(o); len(raw) > 0 {
			return json.RawMessage(raw)
		}
		return nil
	})
}

// listing is a list that the source holds already.
func listing[T, V any](name, doc string, typ *gql.Object, get func(*T) []V) field {
	return plain(name, doc, mustList(typ), func(o *T) any { return pointers(get(o)) })
}

// wordsOf is a list of strings that the source holds already.
func wordsOf[T any, S ~string](name, doc string, get func(*T) []S) field {
	return plain(name, doc, mustList(gql.String), func(o *T) any {
		out := []string{}
		for _, s := range get(o) {
			out = append(out, string(s))
		}
		return out
	})
}

// inPlace are the objects of a slice in place, for package plan to go over.
type inPlace[T any] []T

// Len is how many there are.
func (l inPlace[T]) Len() int { return len(l) }

// At is a pointer to one.
func (l inPlace[T]) At(i int) any { return &l[i] }

func pointers[T any](list []T) plan.List { return inPlace[T](list) }
