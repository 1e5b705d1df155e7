package plan

// Typed is what is known of a field whose value its source holds already: it
// needs no arguments and no context, only the source. So the executor neither
// makes parameters for a resolver nor puts the value of a leaf into an any.
//
// The resolver of the field must give the same. It is asked where Append has
// no answer or panics, so that errors are its errors.
type Typed struct {
	// Append appends the value as JSON, null included. It returns false where
	// it has no answer. For fields whose type is a leaf.
	Append func(dst []byte, source any) (out []byte, ok bool)
	// Get returns the value, as a resolver would; not a lazy one.
	Get func(source any) any
}

// List is a list that is taken item by item. A resolver may return one in place
// of a slice, for which reflection is needed.
type List interface {
	Len() int
	At(i int) any
}

// looks is how many objects of typed leaves alone are written between two
// looks at the context: nothing in them can wait.
const looks = 64

// due says that the context has to be looked at before an object of the set.
func (e *execution) due(s *set) bool {
	if !s.typed {
		return true
	}
	e.unlooked++
	if e.unlooked < looks {
		return false
	}
	e.unlooked = 0
	return true
}

// appended writes the fields from the given one on, as long as they are typed
// leaves that have an answer. It returns the first that is not written: one
// for the resolver.
func (e *execution) appended(fields []*field, from int, source any) (at int) {
	at = from
	// What panics is left to the resolver, which panics again where it is
	// recovered with its stack.
	defer func() { _ = recover() }()
	for at < len(fields) {
		f := fields[at]
		label := f.label
		if at > 0 {
			label = f.following
		}
		switch {
		case f.typename != nil:
			e.out = append(append(e.out, label...), f.typename...)
		case f.typed.Append == nil:
			return at
		default:
			out, ok := f.typed.Append(append(e.out, label...), source)
			if !ok {
				return at
			}
			e.out = out
		}
		at++
	}
	return at
}

// got is the value of a field that only needs its source.
func (e *execution) got(f *field, source any) (value any, err error) {
	defer e.recovering(&err)
	return f.typed.Get(source), nil
}
