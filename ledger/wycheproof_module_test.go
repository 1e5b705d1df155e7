//go:build wycheproof

package ledger

// The vectors are read as files (see wycheproof_test.go); this import keeps
// the module, and its digest, in go.mod and go.sum without linking its 100 MB.
import _ "github.com/c2sp/wycheproof"
