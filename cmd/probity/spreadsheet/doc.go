// Package spreadsheet brings old records in: it turns the rows of workbooks
// and CSV files into instructions to the ledger, as a map says. docs/import.md
// shows worked examples.
//
// # Use
//
// Parse reads a map, Map.Plan binds it to the commands of a catalog and to
// files, Run records. What is wrong with a map is a *MapError with line and
// column; what does not fit between map and files is said before anything is
// recorded. What is wrong with a row rejects that row alone: it stands in the
// rejects with file, line, column, value and reason, and the run goes on. Any
// other error ends the run with a *StopError.
//
// # The map
//
// docs/import.md tells what each key of a map means; a test holds it against
// the parser. Suggest writes a map for files that have none, with gaps.
//
// # Files
//
// CSV is read by a reader of our own, which goes on after a malformed row.
// Workbooks are read row by row by excelize, after one pass that finds what it
// passes over in silence: broken XML, and formulas that were never computed.
//
// # Identity
//
// The source of every event is "sha256:" and the digest of its record:
// SHA-256 over the fields as netstrings, in the order of the file, decoded
// to UTF-8, unquoted, with LF as line end, not trimmed. For a group it is the
// digest of the sorted digests of its records. The id of an instruction
// derives from the map's id, the input's name, that digest, the number of
// records before it in the same file that are exactly alike, the command and
// its number among those of this command in the input. So importing a file
// again adds nothing, whatever it is called and however it is sorted, and
// rows that are alike stay as many as they are. The id of a once instruction
// derives from the map's id, the command and the subject. A looked-up value
// is no part of the digest.
//
// A row that was corrected in the source is another row: what it says is
// recorded beside the older, or refused where a subject can be imported only
// once.
//
// # Order, concurrency and failure
//
// Rows are read one after another and recorded by many workers. All that
// concerns one subject keeps the order of the files. Memory is bounded by
// the rows under way, the once subjects, the looked-up columns, some 40 bytes
// a row to count rows that are alike, and 256 MiB for groups that are not
// sorted.
//
// All instructions of a row are made and checked as to form before any is
// recorded, so a row that is rejected for what it says leaves nothing behind.
// A row that is refused for what the ledger holds may leave what it shares
// with others (once), and what it gave before the refused instruction; the
// reason says so.
//
// Parse, Plan and Run may be called by several goroutines; a Plan may be run
// several times.
package spreadsheet
