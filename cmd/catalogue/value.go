package main

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/types"
	"reflect"
	"slices"
	"strings"
)

// worth is one value that an expression may have: a constant or a place in
// the rulebook, or a struct literal whose fields are still expressions.
type worth struct {
	v reflect.Value
	// path is where in the rulebook the value stands, "" for constants.
	path string

	lit *ast.CompositeLit
	env env
}

// env holds what is known of the variables of a function that is being read:
// of its parameters from the call, of others from what is assigned to them.
type env map[types.Object][]worth

// reader finds out what expressions are worth without running them.
type reader struct {
	*source
	book reflect.Value
	// assigned holds what is assigned to local variables; nil stands for
	// something that shows at run time alone.
	assigned map[types.Object][]ast.Expr
}

// deepest ends the reading of values that rest on one another in a circle.
const deepest = 8

// worths returns all values that the expression may have, nil when that
// shows at run time alone.
func (r *reader) worths(e ast.Expr, in env) []worth { return r.eval(e, in, 0) }

func (r *reader) eval(e ast.Expr, in env, depth int) []worth {
	if e == nil || depth > deepest {
		return nil
	}
	tv := r.info.Types[e]
	if tv.Value != nil {
		return constantWorth(tv.Value)
	}
	if tv.Type != nil && tv.Type.String() == "*"+module+"/domain.Rulebook" {
		return []worth{{v: r.book}}
	}
	switch e := e.(type) {
	case *ast.ParenExpr:
		return r.eval(e.X, in, depth+1)
	case *ast.CompositeLit:
		return []worth{{lit: e, env: in}}
	case *ast.Ident:
		return r.variable(r.info.Uses[e], in, depth)
	case *ast.SelectorExpr:
		var out []worth
		of := r.eval(e.X, in, depth+1)
		for _, w := range of {
			got := r.member(w, e.Sel.Name, depth)
			if got == nil {
				return nil
			}
			out = append(out, got...)
		}
		return out
	case *ast.CallExpr:
		if len(e.Args) == 1 && r.info.Types[e.Fun].IsType() {
			return r.eval(e.Args[0], in, depth+1)
		}
		return r.returned(e, in, depth)
	}
	return nil
}

func constantWorth(c constant.Value) []worth {
	switch c.Kind() {
	case constant.String:
		return []worth{{v: reflect.ValueOf(constant.StringVal(c))}}
	case constant.Int:
		if n, ok := constant.Int64Val(c); ok {
			return []worth{{v: reflect.ValueOf(n)}}
		}
	case constant.Bool:
		return []worth{{v: reflect.ValueOf(constant.BoolVal(c))}}
	}
	return nil
}

// variable returns what a parameter or local variable may hold.
func (r *reader) variable(obj types.Object, in env, depth int) []worth {
	if known, ok := in[obj]; ok {
		return known
	}
	var out []worth
	for _, e := range r.assigned[obj] {
		got := r.eval(e, in, depth+1)
		if got == nil {
			return nil
		}
		out = append(out, got...)
	}
	return out
}

// member returns a field of a value.
func (r *reader) member(w worth, name string, depth int) []worth {
	if w.lit != nil {
		st, ok := r.info.Types[w.lit].Type.Underlying().(*types.Struct)
		if !ok {
			return nil
		}
		for i, elt := range w.lit.Elts {
			if kv, ok := elt.(*ast.KeyValueExpr); ok {
				if key, ok := kv.Key.(*ast.Ident); ok && key.Name == name {
					return r.eval(kv.Value, w.env, depth+1)
				}
			} else if i < st.NumFields() && st.Field(i).Name() == name {
				return r.eval(elt, w.env, depth+1)
			}
		}
		return nil
	}
	if w.v.Kind() != reflect.Struct {
		return nil
	}
	f := w.v.FieldByName(name)
	if !f.IsValid() {
		return nil
	}
	return []worth{{v: f, path: strings.TrimPrefix(w.path+"."+name, ".")}}
}

// elements returns the values of a list literal.
func (r *reader) elements(list worth) []worth {
	var out []worth
	for _, elt := range list.lit.Elts {
		got := r.worths(elt, list.env)
		if got == nil {
			return nil
		}
		out = append(out, got...)
	}
	return out
}

// returned returns what a function of one result may return.
func (r *reader) returned(call *ast.CallExpr, in env, depth int) []worth {
	fn := r.callee(call)
	decl := r.funcs[fn]
	if decl == nil || fn.Signature().Results().Len() != 1 {
		return nil
	}
	inner := r.bind(decl, call, in, depth)
	var out []worth
	known := true
	ast.Inspect(decl.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			if len(n.Results) != 1 {
				known = false
				return false
			}
			got := r.eval(n.Results[0], inner, depth+1)
			known = known && got != nil
			out = append(out, got...)
		}
		return true
	})
	if !known {
		return nil
	}
	return out
}

// bind returns what the call tells of the function's parameters.
func (r *reader) bind(decl *ast.FuncDecl, call *ast.CallExpr, in env, depth int) env {
	out := env{}
	note := func(name *ast.Ident, e ast.Expr) {
		if got := r.eval(e, in, depth+1); got != nil && got[0].v != r.book {
			out[r.info.Defs[name]] = got
		}
	}
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok && decl.Recv != nil && len(decl.Recv.List[0].Names) == 1 {
		note(decl.Recv.List[0].Names[0], sel.X)
	}
	i := 0
	for _, f := range decl.Type.Params.List {
		_, variadic := f.Type.(*ast.Ellipsis)
		for _, name := range f.Names {
			if i < len(call.Args) && !variadic {
				note(name, call.Args[i])
			}
			i++
		}
	}
	return out
}

// gatherAssigned files what is assigned to local variables of the function.
func (r *reader) gatherAssigned(decl *ast.FuncDecl) {
	note := func(e ast.Expr, to ast.Expr) {
		id, ok := e.(*ast.Ident)
		if !ok {
			return
		}
		obj := r.info.Defs[id]
		if obj == nil {
			obj = r.info.Uses[id]
		}
		if obj != nil {
			r.assigned[obj] = append(r.assigned[obj], to)
		}
	}
	ast.Inspect(decl.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, lhs := range n.Lhs {
				if len(n.Lhs) == len(n.Rhs) {
					note(lhs, n.Rhs[i])
				} else {
					note(lhs, nil)
				}
			}
		case *ast.ValueSpec:
			for i, name := range n.Names {
				if i < len(n.Values) {
					note(name, n.Values[i])
				}
			}
		case *ast.RangeStmt:
			note(n.Key, nil)
			lit, ok := n.X.(*ast.CompositeLit)
			if !ok {
				note(n.Value, nil)
				break
			}
			for _, elt := range lit.Elts {
				note(n.Value, elt)
			}
		}
		return true
	})
}

// texts returns the values as texts, each once and none empty.
func texts(ws []worth) []string {
	var out []string
	for _, w := range ws {
		if !w.v.IsValid() || w.v.Kind() == reflect.Struct {
			return nil
		}
		if s := fmt.Sprint(w.v.Interface()); s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
