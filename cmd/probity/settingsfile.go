package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// maxSettings is the longest settings file in bytes.
const maxSettings = 1 << 20

// settingsFile is a YAML file of settings, whose mistakes are told with their
// line.
type settingsFile struct {
	path string
	raw  []byte
}

func readSettings(path string) (settingsFile, error) {
	f, err := os.Open(path)
	if err != nil {
		return settingsFile{}, usagef("read the settings: %w", err)
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, maxSettings+1))
	if err == nil && len(raw) > maxSettings {
		err = fmt.Errorf("%s is longer than %d bytes", path, maxSettings)
	}
	if err != nil {
		return settingsFile{}, usagef("read the settings: %w", err)
	}
	return settingsFile{path, raw}, nil
}

// decode reads the whole file into out; a field that out has not is a mistake.
func (f settingsFile) decode(out any) error {
	err := yaml.NewDecoder(bytes.NewReader(f.raw), yaml.DisallowUnknownField()).Decode(out)
	if errors.Is(err, io.EOF) {
		return nil // an empty file sets nothing
	}
	return f.located(err)
}

// decodeAt reads what stands under one key of the file into out, if it is
// there.
func (f settingsFile) decodeAt(key string, out any) error {
	file, err := parser.ParseBytes(f.raw, 0)
	if err != nil {
		return f.located(err)
	}
	path, err := yaml.PathString("$." + key)
	if err != nil {
		return err
	}
	node, err := path.FilterFile(file)
	if yaml.IsNotFoundNodeError(err) {
		return nil
	}
	if err == nil {
		err = yaml.NodeToValue(node, out, yaml.DisallowUnknownField())
	}
	return f.located(err)
}

// located says where in the file a mistake is.
func (f settingsFile) located(err error) error {
	if err == nil {
		return nil
	}
	if ye, ok := errors.AsType[yaml.Error](err); ok {
		return f.wrong(lineOf(ye.GetToken()), "", "%s", ye.GetMessage())
	}
	return usagef("%s: %w", f.path, err)
}

// wrong is a mistake in a field on a line; without a line it concerns the
// whole file.
func (f settingsFile) wrong(line int, field, format string, args ...any) error {
	where := f.path
	if line > 0 {
		where = fmt.Sprintf("%s:%d", f.path, line)
	}
	if field != "" {
		where += ": " + field
	}
	return usagef("%s: %w", where, fmt.Errorf(format, args...))
}

func lineOf(t *token.Token) int {
	if t == nil || t.Position == nil {
		return 0
	}
	return t.Position.Line
}

// said is a plain value of a settings file and the line it stands on; both
// are zero where the file does not say it.
type said struct {
	text string
	line int
}

// UnmarshalYAML implements [yaml.NodeUnmarshaler].
func (s *said) UnmarshalYAML(n ast.Node) error {
	s.line = lineOf(n.GetToken())
	switch n := n.(type) {
	case *ast.StringNode:
		s.text = n.Value
	case *ast.LiteralNode:
		s.text = n.Value.Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		s.text = n.GetToken().Value
	default:
		return &yaml.UnexpectedNodeTypeError{Actual: n.Type(), Expected: ast.StringType, Token: n.GetToken()}
	}
	return nil
}
