package cluster

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/seal"
)

// vault is a shelf of data keys that all processes of a ledger share.
type vault struct{ c *Cluster }

// Vault returns the shelf with the wrapped keys of sealed identities.
//
// Destroying a key deletes its row, and makes the file of the table anew
// without it: from then on no process finds it, and no query. It does not reach
// into what was copied before: the write-ahead log, archived or not, standbys
// that lag, base backups and snapshots hold the wrapped key until they expire.
// It opens under the master key alone, which is never in the database.
func (c *Cluster) Vault() seal.Shelf { return vault{c} }

// vaultWait bounds each call: a shelf has no context.
const vaultWait = 10 * time.Second

func (v vault) run(f func(ctx context.Context, origin string) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), vaultWait)
	defer cancel()
	return f(ctx, v.c.opts.Origin)
}

func (v vault) Put(id string, wrapped []byte) error {
	return v.run(func(ctx context.Context, origin string) error {
		_, err := v.c.ask.Exec(ctx, "INSERT INTO probity_cluster.vault (ledger, key, wrapped) VALUES ($1, $2, $3)", origin, id, wrapped)
		return err
	})
}

func (v vault) Get(id string) (wrapped []byte, err error) {
	err = v.run(func(ctx context.Context, origin string) error {
		err := v.c.ask.QueryRow(ctx, "SELECT wrapped FROM probity_cluster.vault WHERE ledger = $1 AND key = $2", origin, id).Scan(&wrapped)
		if errors.Is(err, pgx.ErrNoRows) {
			return seal.ErrNoKey
		}
		return err
	})
	return wrapped, err
}

func (v vault) Has(id string) (has bool, err error) {
	err = v.run(func(ctx context.Context, origin string) error {
		return v.c.ask.QueryRow(ctx, "SELECT EXISTS (SELECT FROM probity_cluster.vault WHERE ledger = $1 AND key = $2)", origin, id).Scan(&has)
	})
	return has, err
}

func (v vault) Destroy(id string) error {
	return v.run(func(ctx context.Context, origin string) error {
		if _, err := v.c.ask.Exec(ctx, "DELETE FROM probity_cluster.vault WHERE ledger = $1 AND key = $2", origin, id); err != nil {
			return err
		}
		// A deleted row stays in the table's file until that is made anew.
		if _, err := v.c.ask.Exec(ctx, "VACUUM (FULL) probity_cluster.vault"); err != nil {
			return fmt.Errorf("the key is deleted; make the table anew without it: %w", err)
		}
		return nil
	})
}

func (v vault) List() (ids []string, err error) {
	err = v.run(func(ctx context.Context, origin string) error {
		rows, err := v.c.ask.Query(ctx, "SELECT key FROM probity_cluster.vault WHERE ledger = $1 ORDER BY key COLLATE \"C\"", origin)
		if err != nil {
			return err
		}
		ids, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	return ids, err
}

// Adopt moves a key from another shelf into this one: it is there when Adopt
// returns, and can then be destroyed on the other. One that is there stays.
func (c *Cluster) Adopt(ctx context.Context, id string, wrapped []byte) error {
	if _, err := c.ask.Exec(ctx, "INSERT INTO probity_cluster.vault (ledger, key, wrapped) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", c.opts.Origin, id, wrapped); err != nil {
		return fmt.Errorf("take a data key into the shared vault: %w", err)
	}
	return nil
}

// Erased returns the position up to which the erasures that the ledger tells
// of are carried out in the vault. It lies beside the keys, so that both go
// back together when they are restored.
func (c *Cluster) Erased(ctx context.Context) (ledger.Position, error) {
	var done int64
	err := c.ask.QueryRow(ctx, "SELECT coalesce((SELECT done FROM probity_cluster.erasures WHERE ledger = $1), 0)", c.opts.Origin).Scan(&done)
	if err != nil {
		return 0, fmt.Errorf("find erasures to carry out: %w", err)
	}
	return ledger.Position(done), nil
}

// SetErased notes that position. It never goes back, but by forget: the keys
// were added to from elsewhere.
func (c *Cluster) SetErased(ctx context.Context, done ledger.Position, forget bool) error {
	_, err := c.ask.Exec(ctx, `INSERT INTO probity_cluster.erasures (ledger, done) VALUES ($1, $2)
		ON CONFLICT (ledger) DO UPDATE SET done = CASE WHEN $3 THEN excluded.done ELSE greatest(erasures.done, excluded.done) END`, c.opts.Origin, int64(done), forget)
	if err != nil {
		return fmt.Errorf("note erasures that are carried out: %w", err)
	}
	return nil
}
