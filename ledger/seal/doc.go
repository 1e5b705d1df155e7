// Package seal keeps a few fields of the ledger, such as who reported, from
// everybody who reads it, and makes them erasable although nothing is ever
// taken out of a ledger.
//
// What is sealed is encrypted before it becomes an event; the ciphertext is
// what is signed and stored. Each identity has a data key of its own, which
// lies in a [Vault] beside the ledger, wrapped by a [Master] key. Destroying
// the data key is the erasure: the ciphertext stays, its signature stays
// valid, and nobody opens it again.
//
//	master, err := seal.NewMaster()
//	vault := seal.NewVault(dir, "agency.example/ledger", seal.Holding(master))
//	key, err := vault.NewKey("complaint-C-1")
//	ciphertext, err := vault.Seal(key, seal.Place{Stream: "complaint-C-1", Field: "reporter"}, plaintext)
//	plaintext, err = vault.Open(key, place, ciphertext)
//	err = vault.Destroy(key)
//
// A ciphertext is bound to the ledger, the stream, the field and the key: it
// opens nowhere else. Keys and ciphertexts are Tink's, of its algorithm
// XAES-256-GCM with random nonces of 192 bits, so any program with Tink can
// open them, given the keys.
//
// Files are sealed as they are written, and opened as they are read
// ([Unlocked.SealFile]), by Tink's streaming AEAD under a key of the file's own that
// the data key wraps. [Receipts] turn receipt codes into what may be kept of them.
//
// A Vault is safe for concurrent use by one process; the lock of the data
// folder keeps others away. Plaintext and unwrapped keys are held only during
// a call, though nothing wipes them from the memory of the process.
package seal
