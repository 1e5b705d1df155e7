package main

import (
	"go/ast"
	"go/constant"
	"go/doc"
	"go/token"
	"go/types"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The comments are the catalogue's text: written once, at the declaration.

// packageDoc returns what the package says it is.
func (s *source) packageDoc(path string) string {
	var b strings.Builder
	if p := s.pkgs[path]; p != nil {
		for _, f := range p.files {
			b.WriteString(unbroken(f.Doc))
		}
	}
	return b.String()
}

// synopsis returns the first sentence of a package's doc, without the words
// "Package x is the room of".
func (s *source) synopsis(path string) string {
	line := new(doc.Package).Synopsis(s.packageDoc(path))
	_, rest, ok := strings.Cut(line, " is ")
	if !ok {
		return line
	}
	return strings.TrimPrefix(rest, "the room of ")
}

// typeDoc returns the comment at the type's declaration.
func (s *source) typeDoc(t reflect.Type) string {
	tn := s.named(t)
	if tn == nil {
		return ""
	}
	for _, f := range s.pkgs[t.PkgPath()].files {
		for _, d := range f.Decls {
			gen, ok := d.(*ast.GenDecl)
			if !ok || gen.Tok != token.TYPE {
				continue
			}
			for _, spec := range gen.Specs {
				ts := spec.(*ast.TypeSpec)
				if ts.Name.Pos() != tn.Pos() {
					continue
				}
				switch {
				case ts.Doc != nil:
					return unbroken(ts.Doc)
				case gen.Doc != nil && len(gen.Specs) == 1:
					return unbroken(gen.Doc)
				}
				return unbroken(ts.Comment)
			}
		}
	}
	return ""
}

// funcDoc returns the comment at the function.
func (s *source) funcDoc(fn *types.Func) string {
	if decl := s.funcs[fn]; decl != nil {
		return unbroken(decl.Doc)
	}
	return ""
}

// fieldDoc returns the comment above or beside the field, or that of a field
// above which speaks of both: "Since and Until are the first and last day".
func (s *source) fieldDoc(t reflect.Type, name string) string {
	own := s.field(t, name)
	if own == nil {
		return ""
	}
	decl := s.fields[own.Pos()]
	if text := textOf(decl); text != "" {
		return text
	}
	st := s.named(t).Type().Underlying().(*types.Struct)
	for f := range st.Fields() {
		if text := textOf(s.fields[f.Pos()]); slices.Contains(spokenOf(text), name) {
			return text
		}
	}
	return ""
}

func textOf(f *ast.Field) string {
	switch {
	case f == nil:
		return ""
	case f.Doc != nil:
		return unbroken(f.Doc)
	}
	return unbroken(f.Comment)
}

var subjects = regexp.MustCompile(`^([A-Z]\w*)((?:, [A-Z]\w*)*)(?: and ([A-Z]\w*))?`)

// spokenOf lists the fields that a comment begins with.
func spokenOf(text string) []string {
	m := subjects.FindStringSubmatch(text)
	if m == nil {
		return nil
	}
	return append(append([]string{m[1]}, strings.Split(strings.TrimPrefix(m[2], ", "), ", ")...), m[3])
}

// value is one value of an enumeration.
type value struct {
	Text, Meaning string
}

// values lists the constants of a type of texts, in the order of the source.
// Empty means that it is no enumeration.
func (s *source) values(t reflect.Type) []value {
	tn := s.named(t)
	if tn == nil || t.Kind() != reflect.String {
		return nil
	}
	var out []value
	for _, f := range s.pkgs[t.PkgPath()].files {
		for _, d := range f.Decls {
			gen, ok := d.(*ast.GenDecl)
			if !ok || gen.Tok != token.CONST {
				continue
			}
			for _, spec := range gen.Specs {
				vs := spec.(*ast.ValueSpec)
				for _, name := range vs.Names {
					c, ok := s.info.Defs[name].(*types.Const)
					if !ok || c.Type() != tn.Type() || constant.StringVal(c.Val()) == "" || !c.Exported() {
						continue
					}
					meaning := vs.Comment.Text()
					if meaning == "" {
						meaning = vs.Doc.Text()
					}
					out = append(out, value{constant.StringVal(c.Val()), oneLine(meaning)})
				}
			}
		}
	}
	return out
}

var brokenTerm = regexp.MustCompile(`(\p{Han})\n(\p{Han})`)

// unbroken returns the comment's text. Chinese has no spaces, so a term that
// a line end divides is put together again.
func unbroken(c *ast.CommentGroup) string { return brokenTerm.ReplaceAllString(c.Text(), "$1$2") }

// oneLine joins the lines of a comment.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// meaning returns a type's comment without the name it begins with:
// "Moved: the unit…", "Move puts the unit…" and "Intent is the state…" begin
// at the unit, at puts and at the state.
func meaning(name, text string) string {
	rest, ok := strings.CutPrefix(text, name)
	if !ok || rest == "" {
		return text
	}
	rest = strings.TrimPrefix(strings.TrimLeft(rest, ": "), "is ")
	first, size := utf8.DecodeRuneInString(rest)
	return string(unicode.ToUpper(first)) + rest[size:]
}

// sentence returns the first sentence.
func sentence(text string) string { return new(doc.Package).Synopsis(text) }

// markdown writes a doc comment as Markdown.
func markdown(text string) string {
	return strings.TrimSpace(string(new(doc.Package).Markdown(text)))
}
