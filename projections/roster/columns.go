package roster

import (
	"time"

	"github.com/probity-ledger/probity/domain"
)

func text[T any](name, chinese, meaning string, of func(Row, T) string) column[T] {
	return column[T]{Column{Name: name, Type: Text, Meaning: meaning, Chinese: chinese}, func(r Row, x T) any { return of(r, x) }}
}

func number[T any](name, chinese, meaning string, of func(Row, T) int) column[T] {
	return column[T]{Column{Name: name, Type: Number, Meaning: meaning, Chinese: chinese}, func(r Row, x T) any { return int64(of(r, x)) }}
}

func flag[T any](name, chinese, meaning string, of func(Row, T) bool) column[T] {
	return column[T]{Column{Name: name, Type: Flag, Meaning: meaning, Chinese: chinese}, func(r Row, x T) any { return of(r, x) }}
}

func day[T any](name, chinese, meaning string, of func(Row, T) domain.Date) column[T] {
	return column[T]{Column{Name: name, Type: Date, Optional: true, Meaning: meaning, Chinese: chinese}, func(r Row, x T) any {
		if d := of(r, x); !d.IsZero() {
			return d
		}
		return nil
	}}
}

func moment[T any](name, chinese, meaning string, of func(Row, T) any) column[T] {
	return column[T]{Column{Name: name, Type: Time, Optional: true, Meaning: meaning, Chinese: chinese}, of}
}

// optional is a column whose values may be nil.
func optional[T any](kind Type, name, chinese, meaning string, of func(Row, T) any) column[T] {
	return column[T]{Column{Name: name, Type: kind, Optional: true, Meaning: meaning, Chinese: chinese}, of}
}

func known(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC()
}
