package main

import (
	"fmt"
	"go/ast"
	"go/build"
	"go/constant"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
)

const module = "github.com/probity-ledger/probity"

// source is the checked source of the domain, with the comments that people
// wrote there.
type source struct {
	root string
	fset *token.FileSet
	std  types.Importer
	pkgs map[string]*pkg // by import path
	// funcs holds the declaration of every function of the module.
	funcs map[*types.Func]*ast.FuncDecl
	// fields holds the declaration of every struct field of the module, by
	// the position of its name.
	fields map[token.Pos]*ast.Field
	// forms tells which fields are checked as an id or a digest somewhere.
	forms map[*types.Var]string
	info  types.Info
}

type pkg struct {
	*types.Package
	files []*ast.File
}

// load reads and checks the packages and, by their imports, whatever of this
// module they rest on.
func load(root string, paths ...string) (*source, error) {
	fset := token.NewFileSet()
	s := &source{
		root: root, fset: fset, std: importer.ForCompiler(fset, "source", nil),
		pkgs: map[string]*pkg{}, funcs: map[*types.Func]*ast.FuncDecl{},
		fields: map[token.Pos]*ast.Field{}, forms: map[*types.Var]string{},
		info: types.Info{
			Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{},
			Uses: map[*ast.Ident]types.Object{}, Instances: map[*ast.Ident]types.Instance{},
			Selections: map[*ast.SelectorExpr]*types.Selection{},
		},
	}
	for _, path := range paths {
		if _, err := s.Import(path); err != nil {
			return nil, err
		}
	}
	for _, p := range s.pkgs {
		for _, f := range p.files {
			s.gather(f)
		}
	}
	return s, nil
}

// Import checks a package; it is the types.Importer of those that rest on it.
func (s *source) Import(path string) (*types.Package, error) {
	if path != module && !strings.HasPrefix(path, module+"/") {
		return s.std.Import(path)
	}
	if p := s.pkgs[path]; p != nil {
		return p.Package, nil
	}
	dir := filepath.Join(s.root, filepath.FromSlash(strings.TrimPrefix(path, module)))
	listed, err := build.ImportDir(dir, 0)
	if err != nil {
		return nil, fmt.Errorf("read the source of %s: %w", path, err)
	}
	p := &pkg{}
	for _, name := range listed.GoFiles {
		f, err := parser.ParseFile(s.fset, filepath.Join(dir, name), nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		p.files = append(p.files, f)
	}
	conf := types.Config{Importer: s}
	if p.Package, err = conf.Check(path, s.fset, p.files, &s.info); err != nil {
		return nil, fmt.Errorf("check the source of %s: %w", path, err)
	}
	s.pkgs[path] = p
	return p.Package, nil
}

// gather files the functions, fields and checks of one file.
func (s *source) gather(f *ast.File) {
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if fn, ok := s.info.Defs[n.Name].(*types.Func); ok && n.Body != nil {
				s.funcs[fn] = n
			}
		case *ast.StructType:
			for _, field := range n.Fields.List {
				for _, name := range field.Names {
					s.fields[name.Pos()] = field
				}
			}
		case *ast.CallExpr:
			s.gatherForm(n)
		}
		return true
	})
}

// gatherForm notes that a call checks a field's form.
func (s *source) gatherForm(call *ast.CallExpr) {
	fn := s.callee(call)
	if fn == nil || fn.Pkg() == nil || fn.Pkg().Path() != module+"/domain" || len(call.Args) == 0 {
		return
	}
	sel, ok := ast.Unparen(call.Args[len(call.Args)-1]).(*ast.SelectorExpr)
	if !ok {
		return
	}
	field, ok := s.info.Uses[sel.Sel].(*types.Var)
	if !ok || !field.IsField() {
		return
	}
	switch fn.Name() {
	case "CheckID", "CheckOptionalID", "CheckIDs":
		s.forms[field] = formID
	case "CheckDigest", "isDigest":
		s.forms[field] = formDigest
	}
}

// callee returns the function that a call calls, nil when that shows at run
// time alone.
func (s *source) callee(call *ast.CallExpr) *types.Func {
	fun := ast.Unparen(call.Fun)
	switch f := fun.(type) {
	case *ast.IndexExpr:
		fun = f.X
	case *ast.IndexListExpr:
		fun = f.X
	}
	var id *ast.Ident
	switch f := fun.(type) {
	case *ast.Ident:
		id = f
	case *ast.SelectorExpr:
		id = f.Sel
	default:
		return nil
	}
	fn, _ := s.info.Uses[id].(*types.Func)
	if fn == nil {
		return nil
	}
	return fn.Origin()
}

// named returns the declaration of a type of the module; nil for others.
func (s *source) named(t reflect.Type) *types.TypeName {
	if p := s.pkgs[t.PkgPath()]; p != nil {
		tn, _ := p.Scope().Lookup(t.Name()).(*types.TypeName)
		return tn
	}
	return nil
}

// method returns the named type's own method; nil when it has none.
func (s *source) method(t reflect.Type, name string) *types.Func {
	tn := s.named(t)
	if tn == nil {
		return nil
	}
	obj, _, _ := types.LookupFieldOrMethod(tn.Type(), true, tn.Pkg(), name)
	fn, _ := obj.(*types.Func)
	return fn
}

// field returns the struct's field of that Go name.
func (s *source) field(t reflect.Type, name string) *types.Var {
	tn := s.named(t)
	if tn == nil {
		return nil
	}
	st, ok := tn.Type().Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	for f := range st.Fields() {
		if f.Name() == name {
			return f
		}
	}
	return nil
}

// besideText returns the functions that stand in one call or literal with the
// text, in a package.
func (s *source) besideText(path, text string) []*types.Func {
	isText := func(e ast.Expr) bool {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			e = kv.Value
		}
		v := s.info.Types[e].Value
		return v != nil && v.Kind() == constant.String && constant.StringVal(v) == text
	}
	var out []*types.Func
	collect := func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if fn, ok := s.info.Uses[id].(*types.Func); ok {
				out = append(out, fn.Origin())
			}
		}
		return true
	}
	for _, f := range s.pkgs[path].files {
		ast.Inspect(f, func(n ast.Node) bool {
			var beside []ast.Expr
			switch n := n.(type) {
			case *ast.CallExpr:
				beside = n.Args
			case *ast.CompositeLit:
				beside = n.Elts
			}
			if slices.ContainsFunc(beside, isText) {
				for _, e := range beside {
					ast.Inspect(e, collect)
				}
			}
			return true
		})
	}
	return out
}
