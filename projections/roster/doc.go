// Package roster is the record file in the form in which other systems load
// it: tables of plain columns, one row an officer, with further tables for
// what an officer has several of. [Tables] is the one list of them; CSV, XLSX,
// Parquet, NDJSON and their JSON Schemas are all written from it, so they
// cannot differ.
//
// [Of] makes the row of a record file, as the [projections.Reader] gives it:
// what the reader may not know is not in it. [Cursor] says how far somebody
// has read, and [Cursor.Rows] yields the rows that say something else than
// they did then.
//
// Who read a file is not part of a row, or reading the rows would change them.
// Nothing here is shared between calls; all of it is safe for concurrent use.
package roster
