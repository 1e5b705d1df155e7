// Package intake is where the public hands in complaints and asks what became
// of them: pages that need no sign-in, set no cookie, run no script and ask no
// other host for anything.
//
// # Use
//
//	pages, err := intake.New(intake.Config{Desk: desk, Client: client})
//	mux.Handle(intake.Path+"/", pages)
//	defer pages.Close()
//
// The pages know no ledger: what is handed in goes to the Desk.
//
// # A complaint
//
// A form carries a nonce. Whoever holds the form holds the complaint: the
// receipt code derives from the nonce (CodeOf), and sending the form again gives
// the same code. So nothing has to be kept between two steps but files, which a
// browser does not send twice by itself: those wait in a Stash, encrypted under
// keys that are in memory alone, until the form is sent or an hour is over.
//
// # What is not kept
//
// Addresses of clients choose which counter of a limit a request counts in, and
// are not held beyond it, not even in memory. The code stands in bodies alone,
// never in an address, a header or a log.
//
// The handler is safe for concurrent use.
package intake
