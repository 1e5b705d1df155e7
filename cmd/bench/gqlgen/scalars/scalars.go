// Package scalars are the custom scalars of the rival, for gqlgen to bind. They
// write what the product's own write, with as few steps as gqlgen allows.
package scalars

import (
	"errors"
	"io"
	"strconv"

	"github.com/99designs/gqlgen/graphql"

	"github.com/probity-ledger/probity/domain"
)

var errNoInput = errors.New("this scalar is not taken in")

// MarshalDate writes a day as in "2024-02-29".
func MarshalDate(d domain.Date) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) {
		buf := make([]byte, 0, 16)
		buf = append(strconv.AppendInt(append(buf, '"'), int64(d.Year), 10), '-',
			'0'+byte(d.Month/10), '0'+byte(d.Month%10), '-', '0'+byte(d.Day/10), '0'+byte(d.Day%10), '"')
		_, _ = w.Write(buf)
	})
}

// UnmarshalDate takes nothing in: nothing that is measured has such an argument.
func UnmarshalDate(any) (domain.Date, error) { return domain.Date{}, errNoInput }

// MarshalLong writes a number of 64 bits as a string of digits.
func MarshalLong(n uint64) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) {
		buf := make([]byte, 0, 24)
		_, _ = w.Write(append(strconv.AppendUint(append(buf, '"'), n, 10), '"'))
	})
}

// UnmarshalLong takes nothing in.
func UnmarshalLong(any) (uint64, error) { return 0, errNoInput }
