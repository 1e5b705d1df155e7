package main

import (
	"fmt"
	"go/ast"
	"go/types"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/probity-ledger/probity/domain"
)

// refusal is one no that a command may meet.
type refusal struct {
	Code, Field, Message string
	// Rule is its source, Path where in the rulebook that stands.
	Rule, Path string
}

// reach is what a function can come to, itself or by those it calls.
type reach struct {
	refusals []refusal
	// sees are the rooms whose state is read beside the own.
	sees []string
	// names are the types that are named on the way: the events decided, the
	// commands given.
	names []types.Object
}

// walker follows calls from a function.
type walker struct {
	*reader
	reach
	done map[string]bool
	// rules holds the source that a caller writes under a refusal.
	rules map[*ast.CallExpr]ast.Expr
}

func newReader(s *source, book *domain.Rulebook) *reader {
	r := &reader{source: s, book: reflect.ValueOf(book).Elem(), assigned: map[types.Object][]ast.Expr{}}
	for _, decl := range s.funcs {
		r.gatherAssigned(decl)
	}
	return r
}

// from returns what the functions can come to.
func (r *reader) from(fns ...*types.Func) reach {
	w := &walker{reader: r, done: map[string]bool{}, rules: map[*ast.CallExpr]ast.Expr{}}
	for _, fn := range fns {
		w.walk(fn, env{}, refusal{})
	}
	return w.reach
}

// walk reads a function once for each set of known arguments. under is the
// rule that the caller writes under whatever it refuses.
func (w *walker) walk(fn *types.Func, in env, under refusal) {
	decl := w.funcs[fn]
	key := fn.FullName() + "|" + under.Rule + under.Path + "|" + in.String()
	if decl == nil || w.done[key] {
		return
	}
	w.done[key] = true
	w.read(decl.Body, in, under)
}

func (w *walker) read(body ast.Node, in env, under refusal) {
	called := map[*ast.Ident]bool{}
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			w.call(n, in, under, called)
		case *ast.Ident:
			switch obj := w.info.Uses[n].(type) {
			case *types.TypeName:
				if !slices.Contains(w.names, types.Object(obj)) {
					w.names = append(w.names, obj)
				}
			case *types.Func: // handed on, and called by someone else
				if !called[n] {
					w.walk(obj.Origin(), env{}, under)
				}
			}
		}
		return true
	})
}

func (w *walker) call(call *ast.CallExpr, in env, under refusal, called map[*ast.Ident]bool) {
	fn := w.callee(call)
	if fn == nil || fn.Pkg() == nil {
		return
	}
	markCalled(call, called)
	kernel := fn.Pkg().Path() == module+"/domain"
	switch {
	case kernel && fn.Name() == "Under":
		if sel, ok := call.Fun.(*ast.SelectorExpr); ok {
			if inner, ok := ast.Unparen(sel.X).(*ast.CallExpr); ok {
				w.rules[inner] = call.Args[0]
			}
		}
	case kernel && fn.Name() == "Refuse":
		w.refuse(call, in, w.ruleOf(call, in, under))
	case kernel && fn.Name() == "See":
		w.see(call)
	case kernel && strings.HasPrefix(fn.Name(), "Check") && len(call.Args) > 1:
		w.form(fn, call, in)
	default:
		if decl := w.funcs[fn]; decl != nil {
			w.walk(fn, w.bind(decl, call, in, 0), w.ruleOf(call, in, under))
		}
	}
}

func markCalled(call *ast.CallExpr, called map[*ast.Ident]bool) {
	ast.Inspect(call.Fun, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			return n == call
		case *ast.Ident:
			called[n] = true
		}
		return true
	})
}

// ruleOf returns the source written under the call, or by the caller.
func (w *walker) ruleOf(call *ast.CallExpr, in env, under refusal) refusal {
	e := w.rules[call]
	if e == nil {
		return refusal{Rule: under.Rule, Path: under.Path}
	}
	ws := w.worths(e, in)
	if ws == nil {
		return refusal{Rule: w.hole(e)}
	}
	var paths []string
	for _, v := range ws {
		if v.path != "" && !slices.Contains(paths, v.path) {
			paths = append(paths, v.path)
		}
	}
	return refusal{Rule: strings.Join(texts(ws), "; "), Path: strings.Join(paths, ", ")}
}

// refuse notes one call of domain.Refuse, once for each field it may name. A
// code that shows at run time alone is that of a refusal passed on, which was
// noted where it was made.
func (w *walker) refuse(call *ast.CallExpr, in env, rule refusal) {
	if len(call.Args) < 3 {
		return
	}
	fields := []string{w.hole(call.Args[1])}
	if ws := w.worths(call.Args[1], in); ws != nil {
		if fields = texts(ws); len(fields) == 0 {
			fields = []string{""}
		}
	}
	format := texts(w.worths(call.Args[2], in))
	if len(format) == 0 {
		format = []string{w.hole(call.Args[2])}
	}
	for _, code := range texts(w.worths(call.Args[0], in)) {
		for _, field := range fields {
			for _, f := range format {
				w.add(refusal{code, field, w.message(f, call.Args[3:], in), rule.Rule, rule.Path})
			}
		}
	}
}

func (w *walker) add(r refusal) {
	if !slices.Contains(w.refusals, r) {
		w.refusals = append(w.refusals, r)
	}
}

var verb = regexp.MustCompile(`%[-+# 0]*[0-9]*(?:\.[0-9]+)?[a-zA-Z%]`)

// message fills the template with what is known, and leaves a hole with a
// name where it shows at run time alone.
func (w *walker) message(format string, args []ast.Expr, in env) string {
	return verb.ReplaceAllStringFunc(format, func(v string) string {
		if v == "%%" {
			return "%"
		}
		if len(args) == 0 {
			return v
		}
		arg := args[0]
		args = args[1:]
		if known := texts(w.worths(arg, in)); len(known) == 1 {
			if v == "%q" {
				return `"` + known[0] + `"`
			}
			return known[0]
		}
		return w.hole(arg)
	})
}

// hole names what shows at run time alone.
func (r *reader) hole(e ast.Expr) string { return "‹" + r.nameOf(e) + "›" }

// nameOf names an expression after what it comes from, or after its type
// where that has a one-letter name.
func (r *reader) nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.ParenExpr:
		return r.nameOf(e.X)
	case *ast.IndexExpr:
		return r.nameOf(e.X)
	case *ast.BinaryExpr: // of an index and one
		return "place"
	case *ast.SelectorExpr:
		return lowerFirst(e.Sel.Name)
	case *ast.Ident:
		if named, ok := r.info.Types[e].Type.(*types.Named); ok && len(e.Name) == 1 {
			return lowerFirst(strings.TrimSuffix(named.Obj().Name(), "ID"))
		}
	case *ast.CallExpr:
		return r.nameOfCall(e)
	}
	return types.ExprString(e)
}

func (r *reader) nameOfCall(call *ast.CallExpr) string {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	switch {
	case ok && slices.Contains([]string{"Format", "UTC", "String", "Error"}, sel.Sel.Name):
		return r.nameOf(sel.X)
	case ok && r.funcs[r.callee(call)] != nil:
		return lowerFirst(sel.Sel.Name)
	case len(call.Args) == 0:
		return r.nameOf(call.Fun)
	case types.ExprString(call.Fun) == "len":
		return "number of " + r.nameOf(call.Args[0])
	}
	return r.nameOf(call.Args[0])
}

func lowerFirst(s string) string {
	if s == strings.ToUpper(s) {
		return strings.ToLower(s)
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// form notes a check of the kernel in the words of its comment, rather than
// each refusal within.
func (w *walker) form(fn *types.Func, call *ast.CallExpr, in env) {
	what := w.numbers(fn.Pkg(), w.refuses(fn))
	if fn.Name() == "CheckOneOf" && len(call.Args) > 2 {
		if allowed := w.allowed(call, in); allowed != "" {
			what = "a value that is not one of " + allowed
		}
	}
	fields := texts(w.worths(call.Args[0], in))
	if len(fields) == 0 {
		fields = []string{w.hole(call.Args[0])}
	}
	for _, field := range fields {
		w.add(refusal{Code: string(domain.CodeInvalid), Field: field, Message: formMark + what})
	}
}

var constName = regexp.MustCompile(`\b[A-Z]\w+\b`)

// numbers puts the numbers in for the constants that a comment names.
func (w *walker) numbers(in *types.Package, text string) string {
	return constName.ReplaceAllStringFunc(text, func(name string) string {
		if c, ok := in.Scope().Lookup(name).(*types.Const); ok {
			return c.Val().ExactString()
		}
		return name
	})
}

// refuses returns what a check says it refuses. One that is another "for a
// field that may be empty" refuses what that does.
func (w *walker) refuses(fn *types.Func) string {
	said := strings.TrimSuffix(sentence(w.funcDoc(fn)), ".")
	if _, what, ok := strings.Cut(said, " refuses "); ok {
		return strings.TrimSuffix(what, ", naming the field")
	}
	_, rest, _ := strings.Cut(said, " is ")
	name, _, _ := strings.Cut(rest, " ")
	if other, ok := fn.Pkg().Scope().Lookup(name).(*types.Func); ok && other != fn {
		return w.refuses(other) + "; absent is fine"
	}
	return said
}

// formMark begins the message of a check of form.
const formMark = "form: "

// allowed lists the values of a CheckOneOf, where the source names them.
func (w *walker) allowed(call *ast.CallExpr, in env) string {
	var out []string
	for _, arg := range call.Args[2:] {
		ws := w.worths(arg, in)
		if call.Ellipsis.IsValid() && len(ws) == 1 && ws[0].lit != nil {
			ws = w.elements(ws[0])
		}
		known := texts(ws)
		if len(known) == 0 {
			return ""
		}
		out = append(out, known...)
	}
	return strings.Join(out, ", ")
}

// see notes of which room the state is that the call reads.
func (w *walker) see(call *ast.CallExpr) {
	ast.Inspect(call.Fun, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if inst, ok := w.info.Instances[id]; ok && inst.TypeArgs.Len() == 1 {
				if named, ok := inst.TypeArgs.At(0).(*types.Named); ok && !slices.Contains(w.sees, named.Obj().Pkg().Path()) {
					w.sees = append(w.sees, named.Obj().Pkg().Path())
				}
			}
		}
		return true
	})
}

// String tells one env from another.
func (e env) String() string {
	var parts []string
	for obj := range maps.Keys(e) {
		var b strings.Builder
		fmt.Fprint(&b, obj.Name(), "=")
		for _, w := range e[obj] {
			switch {
			case w.lit != nil:
				fmt.Fprint(&b, w.lit.Pos(), ",")
			case w.path != "":
				fmt.Fprint(&b, w.path, ",")
			default:
				fmt.Fprintf(&b, "%q,", fmt.Sprint(w.v))
			}
		}
		parts = append(parts, b.String())
	}
	slices.Sort(parts)
	return strings.Join(parts, ";")
}
