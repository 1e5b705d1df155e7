// Package ledgertest holds what tests of and around stores need: the one
// suite every [ledger.Store] must pass, and a store in memory.
//
//	func TestStore(t *testing.T) {
//		ledgertest.Run(t, func(t *testing.T) ledger.Store {
//			s, err := embedded.Open(t.TempDir(), embedded.Options{})
//			if err != nil {
//				t.Fatal(err)
//			}
//			return s
//		})
//	}
//
// Each clause of the suite is a sentence and proves that one promise of the
// contract. A store that also survives its process runs [RunDurable]; one that
// something can go wrong for on the way, such as a connection, runs
// [RunDisturbed].
//
// The suite never looks inside an envelope, to it they are arbitrary bytes.
// Every call of newStore must give a new and empty store; the suite closes it.
//
// [NewMemory] passes the suite. Use it wherever a test needs a ledger but not
// a disk. It is for tests: it forgets everything when the process ends.
package ledgertest
