package domaintest

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/probity-ledger/probity/domain"
)

// notText is no text: such bytes have no form in JSON.
const notText = "\xff"

// malformed gives the command again and again, each time with one of its
// texts, codes or ids made something that cannot be written, and demands
// that it be refused: what a room lets through is signed and read for ever.
// The command as it is must be one that is allowed.
func malformed(t *testing.T, room *domain.Aggregate, state any, s Scenario, book *domain.Rulebook) {
	t.Helper()
	for _, m := range spoilt(reflect.ValueOf(s.When)) {
		c := m.command.(domain.Command)
		act := Seeing(room, state, c, s.As)
		for ref := range *act.Sees {
			if other, given := (*s.As.Sees)[ref]; given {
				(*act.Sees)[ref] = other
			}
		}
		_, err := room.Decide(state, c, act, book)
		r, ok := errors.AsType[*domain.Refusal](err)
		if !ok {
			t.Errorf("%s with a malformed %s: got %v, want a refusal", c.Name(), m.field, err)
		} else if r.Code == domain.CodeInvalid && r.Field == m.field {
			Met(c.Name(), err)
		}
	}
}

// mutant is a command with one of its texts spoilt.
type mutant struct {
	command any
	field   string // the member of the command that it lies in
}

func spoilt(v reflect.Value) []mutant {
	var out []mutant
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		for _, member := range spoiltValues(v.Field(i)) {
			c := reflect.New(v.Type()).Elem()
			c.Set(v)
			c.Field(i).Set(member)
			out = append(out, mutant{c.Interface(), name})
		}
	}
	return out
}

// spoiltValues returns copies of the value, each with another text spoilt.
func spoiltValues(v reflect.Value) []reflect.Value {
	var out []reflect.Value
	add := func(whole reflect.Value, set func(reflect.Value) reflect.Value, parts []reflect.Value) {
		for _, part := range parts {
			c := reflect.New(whole.Type()).Elem()
			c.Set(whole)
			if c.Kind() == reflect.Slice {
				c.Set(reflect.AppendSlice(reflect.MakeSlice(c.Type(), 0, c.Len()), c))
			}
			set(c).Set(part)
			out = append(out, c)
		}
	}
	switch v.Kind() {
	case reflect.String:
		c := reflect.New(v.Type()).Elem()
		c.SetString(notText)
		out = append(out, c)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				add(v, func(c reflect.Value) reflect.Value { return c.Field(i) }, spoiltValues(v.Field(i)))
			}
		}
	case reflect.Slice:
		if v.Len() == 0 && v.Type().Elem().Kind() != reflect.Uint8 {
			v = reflect.MakeSlice(v.Type(), 1, 1)
		}
		for i := range v.Len() {
			add(v, func(c reflect.Value) reflect.Value { return c.Index(i) }, spoiltValues(v.Index(i)))
		}
	}
	return out
}
