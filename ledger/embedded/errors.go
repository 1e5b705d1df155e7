package embedded

import (
	"context"
	"errors"
	"fmt"

	"github.com/ncruces/go-sqlite3"

	"github.com/probity-ledger/probity/ledger"
)

// storeError turns what SQLite says into the words of the Store contract and
// prefixes it with what was being done. The SQLite error stays in the chain.
// A nil err gives nil.
func storeError(doing string, err error) error {
	if err == nil {
		return nil
	}
	var code sqlite3.ErrorCode
	if !errors.As(err, &code) {
		return fmt.Errorf("%s: %w", doing, err)
	}
	var sentinel error
	switch {
	case code == sqlite3.FULL:
		sentinel = ledger.ErrFull
	case code == sqlite3.READONLY, code == sqlite3.CANTOPEN, code == sqlite3.PERM:
		sentinel = ledger.ErrReadOnly
	case code == sqlite3.BUSY, code == sqlite3.LOCKED:
		sentinel = ledger.ErrLocked
	case code == sqlite3.CORRUPT, code == sqlite3.NOTADB:
		return fmt.Errorf("%s: %w", doing, &ledger.IntegrityError{What: "the file is damaged: " + err.Error()})
	default:
		return fmt.Errorf("%s: %w", doing, err)
	}
	return fmt.Errorf("%s: %w: %w", doing, sentinel, err)
}

// readError is storeError for a read under ctx: an interrupted read failed
// because its context ended.
func readError(ctx context.Context, err error) error {
	if errors.Is(err, sqlite3.INTERRUPT) && ctx.Err() != nil {
		return ctx.Err()
	}
	return storeError("read the ledger", err)
}

// commitError is storeError for a failed COMMIT. The commit record may lie on
// the disk although the disk reported a failure, and recovery after a crash
// would then find it; so the outcome is unknown, unless the log had no room for
// it (see disk).
func commitError(err error) error {
	var code sqlite3.ErrorCode
	if errors.As(err, &code) && code == sqlite3.IOERR {
		return fmt.Errorf("commit the append: %w: %w", ledger.ErrUnknownOutcome, err)
	}
	return storeError("commit the append", err)
}
