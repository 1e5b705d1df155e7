// Package projections keeps what the ledger tells: the views that answer
// questions, in one SQLite file, views.db, or in a schema of PostgreSQL.
// Nothing in it is a source; it can be deleted at any time and is built again
// from the ledger.
//
// Two projections live there and are advanced together: "events" (every
// event in the open, and the touch index from typed references to events,
// from which every timeline is read) and "registers" (officers, units,
// posts, complaints, cases, findings, sanctions, rewards, and what the
// programme lives by, such as plans, and the texts they are found by). Each has a name, a version and a
// position, saved in the transaction that saves its rows. A
// changed version rebuilds them.
//
// Open the views, bring them up to date, keep them so, and ask:
//
//	views, err := projections.Open(dir, codec, projections.Options{})
//	err = views.CatchUp(ctx, store, nil)
//	go views.Run(ctx, store)
//	file, err := views.As(principal).RecordFile(ctx, "P0042", projections.AsOf{})
//
// In PostgreSQL (Options.Postgres) many processes share the views. One of them
// runs Run; the others run [Views.Follow] instead, and answer from what it has
// done. Which one is for the caller to say: should two think that it is them,
// the later one changes nothing and gets [ErrLostLead].
//
// [Views.As] is the only way to data: a [Reader] shows what the principal's
// role and units allow and nothing more, by default nothing. What is
// forbidden looks exactly like what does not exist. Who may see what is
// written down at [Reader].
//
// Personnel record files are not stored. They are folded on demand by one
// pure function, [record.Fold], over the officer's events; the current file
// and the file as of any moment are the same code.
//
// The same holds for any aggregate: [Reader.At] folds it as of an earlier
// moment, from its own events, by the fold that keeps the registers.
//
// Concurrency: all types are safe for concurrent use. One goroutine at a time
// advances the views; readers see whole groups of events, never half of one,
// and keep reading the last good state while a rebuild runs beside it.
//
// Failure: an event that cannot be decoded is an *ledger.IntegrityError and
// stops the views where they are. A views.db that is damaged or of another
// version is set aside and rebuilt, since nothing is lost by it. A PostgreSQL
// that is away is waited for: questions for some seconds, after which they fail with
// [ErrUnavailable], as they do while views of another version wait to be built
// anew; Run and Follow until they are ended.
package projections
