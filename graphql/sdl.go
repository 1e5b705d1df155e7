package graphql

import (
	"fmt"
	"slices"
	"strings"

	gql "github.com/graphql-go/graphql"
)

// sdl prints the schema: query, mutation and subscription first, every other type by name, fields
// and arguments in the order of their declaration.
func (b *builder) sdl(schema *gql.Schema) string {
	var names []string
	for name := range schema.TypeMap() {
		if !strings.HasPrefix(name, "__") && name != "Query" && name != "Mutation" && name != "Subscription" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var out strings.Builder
	out.WriteString("# The schema of the accountability ledger, printed by Service.SDL.\n")
	for _, name := range append([]string{"Query", "Mutation", "Subscription"}, names...) {
		b.printType(&out, schema.Type(name))
	}
	return out.String()
}

func (b *builder) printType(out *strings.Builder, t gql.Type) {
	switch t := t.(type) {
	case *gql.Scalar:
		if slices.Contains([]string{"Int", "Float", "String", "Boolean", "ID"}, t.Name()) {
			return
		}
		describe(out, "", t.Description())
		fmt.Fprintf(out, "scalar %s\n", t.Name())
	case *gql.Enum:
		describe(out, "", t.Description())
		fmt.Fprintf(out, "enum %s {\n", t.Name())
		for _, v := range b.declared[t.Name()].values {
			describe(out, "  ", v.doc)
			fmt.Fprintf(out, "  %s\n", v.name)
		}
		out.WriteString("}\n")
	case *gql.Union:
		describe(out, "", t.Description())
		var members []string
		for _, member := range t.Types() {
			members = append(members, member.Name())
		}
		fmt.Fprintf(out, "union %s = %s\n", t.Name(), strings.Join(members, " | "))
	case *gql.InputObject:
		describe(out, "", t.Description())
		fmt.Fprintf(out, "input %s {\n", t.Name())
		for _, f := range b.inputs[t.Name()] {
			describe(out, "  ", f.doc)
			fmt.Fprintf(out, "  %s: %s\n", f.name, f.typ)
		}
		out.WriteString("}\n")
	case *gql.Object:
		describe(out, "", t.Description())
		fmt.Fprintf(out, "type %s {\n", t.Name())
		for _, f := range b.fields[t.Name()] {
			describe(out, "  ", f.doc)
			fmt.Fprintf(out, "  %s%s: %s\n", f.name, printArguments(f.args), f.typ)
		}
		out.WriteString("}\n")
	}
}

func printArguments(args []argument) string {
	if len(args) == 0 {
		return ""
	}
	var out strings.Builder
	out.WriteString("(\n")
	for _, a := range args {
		describe(&out, "    ", a.doc)
		fmt.Fprintf(&out, "    %s: %s", a.name, a.typ)
		if a.absent != nil {
			fmt.Fprintf(&out, " = %v", a.absent)
		}
		out.WriteString("\n")
	}
	out.WriteString("  )")
	return out.String()
}

// describe prints a description as a block string, the outermost ones after
// an empty line. Descriptions hold no triple quotes.
func describe(out *strings.Builder, indent, doc string) {
	if indent == "" {
		out.WriteString("\n")
	}
	fmt.Fprintf(out, "%s\"\"\"%s\"\"\"\n", indent, blockSafe(doc))
}

// blockSafe keeps a closing quote away from the quotes that end the block.
func blockSafe(doc string) string {
	if strings.HasSuffix(doc, `"`) {
		return doc + " "
	}
	return doc
}
