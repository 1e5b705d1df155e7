// Package record folds the personnel record file (个人档案) of one officer
// from events. The fold is pure: no database, no clock; the same events on
// the same day always give the same file. It serves the current file and the
// file as of any moment, which differ in nothing but the events handed in.
//
// The events of an officer are every event that touches the officer, and,
// for the complaints, cases, sanctions and rewards that do, the other events
// of their streams (a complaint found unfounded names nobody, yet its
// outcome belongs in the file), and the stream of who read the file. [Fold]
// ignores what does not concern the officer.
//
// Functions are safe for concurrent use. Nothing fails: whatever was
// recorded is folded.
package record
