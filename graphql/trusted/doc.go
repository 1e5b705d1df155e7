// Package trusted reads the documents that an agency trusts: queries that
// were written and reviewed beforehand, which clients ask for by the digest of
// their text. This package knows no schema; the service validates and compiles
// what it is given.
//
// # Use
//
//	documents, err := trusted.Load("persisted-documents.json")
//	text, ok := documents.Text("sha256:7dba4bd7…")
//
// # Forms
//
// Load takes a folder, whose files *.graphql and *.gql are one document each,
// or a JSON manifest in one of two forms:
//
//	{"<sha256>": "query …"}
//	{"format": "apollo-persisted-query-manifest", "version": 1,
//	 "operations": [{"id": "<sha256>", "name": "…", "type": "query", "body": "query …"}]}
//
// The first is what Relay and graphql-codegen write, the second what Apollo
// does. In both the id must be the lower-case SHA-256 of the text, byte for
// byte, with or without "sha256:" before it; any other is refused, as one who
// may change an id could pass a document off as another.
//
// # Concurrency
//
// Documents never change and are safe for concurrent use.
package trusted
