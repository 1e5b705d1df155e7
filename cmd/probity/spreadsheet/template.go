package spreadsheet

import "strings"

// template is text with columns in braces, such as "ppd-{officer_id}". A
// brace itself is written twice.
type template struct {
	parts []templatePart
}

type templatePart struct {
	literal string
	column  scalar // set when the part is a column
	ref     ref
}

func parseTemplate(s scalar) (*template, error) {
	t := &template{}
	var lit strings.Builder
	rest := s.text
	for rest != "" {
		i := strings.IndexAny(rest, "{}")
		if i < 0 {
			lit.WriteString(rest)
			break
		}
		lit.WriteString(rest[:i])
		brace := rest[i]
		rest = rest[i+1:]
		if rest != "" && rest[0] == brace {
			lit.WriteByte(brace)
			rest = rest[1:]
			continue
		}
		end := strings.IndexByte(rest, '}')
		if brace == '}' || end < 0 {
			return nil, wrong(s.at, "template: a brace is not closed; write {{ or }} for a brace itself")
		}
		name := strings.TrimSpace(rest[:end])
		if name == "" || strings.Contains(name, "{") {
			return nil, wrong(s.at, "template: {%s} is not a column", rest[:end])
		}
		if lit.Len() > 0 {
			t.parts = append(t.parts, templatePart{literal: lit.String()})
			lit.Reset()
		}
		t.parts = append(t.parts, templatePart{column: scalar{name, s.at}})
		rest = rest[end+1:]
	}
	if lit.Len() > 0 {
		t.parts = append(t.parts, templatePart{literal: lit.String()})
	}
	return t, nil
}

// text fills the template. It is absent when any column in it is.
func (t *template) text(e *env) (string, bool, error) {
	if len(t.parts) == 1 && t.parts[0].column.text == "" {
		return t.parts[0].literal, true, nil
	}
	var b strings.Builder
	for _, p := range t.parts {
		if p.column.text == "" {
			b.WriteString(p.literal)
			continue
		}
		s, ok, err := e.get(p.ref)
		if err != nil || !ok {
			return "", false, err
		}
		b.WriteString(s)
	}
	return b.String(), true, nil
}
