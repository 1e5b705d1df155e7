package domain

import (
	"reflect"
	"strings"
)

// toucher finds the typed references in an event of one type. It is compiled
// once per type, so that indexing an event walks only the fields that can
// hold a reference.
type toucher struct {
	fields []touchField
}

type touchField struct {
	index int
	name  string
	kind  touchKind
	inner toucher // of a struct, or of a slice's struct elements
}

type touchKind int

const (
	touchOne     touchKind = iota // a Reference
	touchMany                     // a slice of References
	touchStruct                   // a struct that holds some
	touchStructs                  // a slice of such structs
)

var referenceType = reflect.TypeFor[Reference]()

func touchesOf(t reflect.Type) toucher {
	var out toucher
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() {
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		tf := touchField{index: i, name: name}
		switch {
		case f.Type.Implements(referenceType):
			tf.kind = touchOne
		case f.Type.Kind() == reflect.Slice && f.Type.Elem().Implements(referenceType):
			tf.kind = touchMany
		case f.Type.Kind() == reflect.Struct:
			tf.kind, tf.inner = touchStruct, touchesOf(f.Type)
		case f.Type.Kind() == reflect.Slice && f.Type.Elem().Kind() == reflect.Struct:
			tf.kind, tf.inner = touchStructs, touchesOf(f.Type.Elem())
		default:
			continue
		}
		if tf.kind >= touchStruct && len(tf.inner.fields) == 0 {
			continue
		}
		out.fields = append(out.fields, tf)
	}
	return out
}

// paths names each field by its whole path: "findings.officer".
func (t toucher) paths(under string) toucher {
	out := toucher{make([]touchField, len(t.fields))}
	for i, f := range t.fields {
		f.name = under + f.name
		f.inner = f.inner.paths(f.name + ".")
		out.fields[i] = f
	}
	return out
}

func (t toucher) collect(v reflect.Value, out []Touch) []Touch {
	for _, f := range t.fields {
		fv := v.Field(f.index)
		switch f.kind {
		case touchOne:
			out = addTouch(out, fv.Interface().(Reference), f.name)
		case touchMany:
			for i := range fv.Len() {
				out = addTouch(out, fv.Index(i).Interface().(Reference), f.name)
			}
		case touchStruct:
			out = f.inner.collect(fv, out)
		case touchStructs:
			for i := range fv.Len() {
				out = f.inner.collect(fv.Index(i), out)
			}
		}
	}
	return out
}

func addTouch(out []Touch, r Reference, as string) []Touch {
	ref := r.Ref()
	if ref.ID == "" {
		return out
	}
	touch := Touch{ref, as}
	for _, t := range out {
		if t == touch {
			return out
		}
	}
	return append(out, touch)
}
