// Package guard stands between a request and the GraphQL library: it refuses
// the documents that would hang or kill the process, and coerces variables
// the way the specification says.
//
// # Use
//
// Make one Guard for a schema and pass every request through it:
//
//	g, err := guard.New(&schema, guard.DefaultLimits())
//	checked, err := g.Check(query, operationName, variables)
//
// What comes back holds the parsed and validated document, the operation to
// run, its coerced variables and its cost. A refusal is an *Error or Errors;
// AsErrors turns either into a list for the response.
//
// # What is guarded, in order
//
// Each step makes the next one safe, so the order is part of the design.
//
//  1. Scan: bytes, encoding, tokens, nesting of selections, of lists, of
//     objects, in one pass without allocation. The library's parser recurses
//     on nesting, and its validator is quadratic to cubic on most shapes.
//  2. Parse, from a copy in which comments and byte order marks are blanked:
//     the library's lexer counts runes where it must count bytes, so that a
//     comment in Chinese makes it read the next name twice.
//  3. Structure: executable definitions only, no fragment that is unknown,
//     defined twice, unused or part of a cycle. A mutual cycle of 80 bytes
//     overflows the stack inside the library's validator, which no recover
//     catches.
//  4. Fields: the first unknown field, argument or type of a variable, and the
//     first value that is not of its type, ends the walk (the library collects
//     them all and measures edit distances for suggestions); aliases,
//     directives and variables are counted.
//  5. Expansion: depth, number of fields and cost, through fragments, with
//     the result of each fragment remembered, in saturating arithmetic; so
//     24 levels of doubling fragments are counted, not walked.
//  6. Merging: fields of one response name in one place are compared in
//     pairs by the library, so the pairs are counted first.
//  7. graphql.ValidateDocument, at last, and a bounded cache of documents that
//     passed, keyed by their text.
//
// Cost is one per field, times the page size for everything below a list or a
// connection. It depends on the variables, so it is weighed for each request.
// A subscription is weighed as one page of its items, and asks for one root
// field, without introspection and conditions (section 5.2.3.1).
//
// # Introspection
//
// The introspection query of GraphiQL nests 15 selections (nine levels of
// ofType, to unwrap list and non-null wrappers); Limits.IntrospectionDepth
// holds for what lies below __schema and __type, Limits.Depth for all else.
// Fields below them are not multiplied; each of the two costs
// Limits.IntrospectionCost instead. __Type.fields, inputFields,
// interfaces and possibleTypes may be nested at most Limits.IntrospectionLists
// times, and the two root fields used Limits.Introspections times.
//
// # Concurrency
//
// A Guard is safe for concurrent use. Documents are shared between requests
// and must not be changed. New touches every lazily built table of the schema
// (enum names, possible types, field maps), which the library fills without a
// lock on first use.
//
// # What remains
//
// The library's parser does not know the null literal nor directives on
// variable definitions; such documents are refused as syntax errors. A null
// may be given through a variable.
package guard
