package cluster

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/seal"
)

// vault is a shelf of data keys that all processes of a ledger share.
type vault struct{ c *Cluster }

// Vault returns the shelf with the wrapped keys of sealed identities.
//
// Destroying a key deletes its row, so that no process finds it from then on,
// and no query; and makes the file of the table anew without it. Where that
// has to wait the error is [ErrRemains], and [Cluster.Purge] makes up for it. It
// does not reach into what was copied before: the write-ahead log, archived or
// not, standbys that lag, base backups and snapshots hold the wrapped key until
// they expire. It opens under the master key alone, which is never in the
// database.
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
		if _, err := v.c.ask.Exec(ctx, `WITH gone AS (DELETE FROM probity_cluster.vault WHERE ledger = $1 AND key = $2 RETURNING ledger, key)
			INSERT INTO probity_cluster.remains (ledger, key) SELECT ledger, key FROM gone ON CONFLICT DO NOTHING`, origin, id); err != nil {
			return err
		}
		return v.c.Purge(ctx)
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

// TakeIn takes keys from another shelf: they are there when it returns, and can
// then be destroyed on the other. One that is there stays. The erasures that
// the ledger tells of are to be looked for from its start again.
func (c *Cluster) TakeIn(ctx context.Context, keys map[string][]byte) error {
	ids, wrapped := make([]string, 0, len(keys)), make([][]byte, 0, len(keys))
	for id, w := range keys {
		ids, wrapped = append(ids, id), append(wrapped, w)
	}
	err := pgx.BeginFunc(ctx, c.ask, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO probity_cluster.vault (ledger, key, wrapped)
			SELECT $1, k, w FROM unnest($2::text[], $3::bytea[]) AS brought (k, w) ON CONFLICT DO NOTHING`, c.opts.Origin, ids, wrapped); err != nil {
			return err
		}
		return c.forget(ctx, tx)
	})
	if err != nil {
		return fmt.Errorf("take data keys into the shared vault: %w", err)
	}
	return nil
}

// Erased says up to which position the erasures that the ledger tells of are
// carried out on the keys in the vault. It lies beside the keys, so that both
// go back together when they are restored.
type Erased struct {
	Done    ledger.Position
	brought int64 // how often keys had come from elsewhere
}

// Erased reads it; to be read before the keys are looked at.
func (c *Cluster) Erased(ctx context.Context) (Erased, error) {
	var done, brought int64
	err := c.ask.QueryRow(ctx, "SELECT done, brought FROM probity_cluster.erasures WHERE ledger = $1", c.opts.Origin).Scan(&done, &brought)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return Erased{}, fmt.Errorf("find erasures to carry out: %w", err)
	}
	return Erased{ledger.Position(done), brought}, nil
}

// SetErased notes that the erasures up to done are carried out on all keys
// that were there since was was read. Where another process noted something
// meanwhile, or brought keys, that stands.
func (c *Cluster) SetErased(ctx context.Context, was Erased, done ledger.Position) error {
	_, err := c.ask.Exec(ctx, `INSERT INTO probity_cluster.erasures (ledger, done, brought) VALUES ($1, $2, $3)
		ON CONFLICT (ledger) DO UPDATE SET done = excluded.done WHERE erasures.done = $4 AND erasures.brought = $3`,
		c.opts.Origin, int64(done), was.brought, int64(was.Done))
	if err != nil {
		return fmt.Errorf("note erasures that are carried out: %w", err)
	}
	return nil
}

// ForgetErased has erasures looked for from the start of the ledger again: its
// positions are others.
func (c *Cluster) ForgetErased(ctx context.Context) error {
	if err := c.forget(ctx, c.ask); err != nil {
		return fmt.Errorf("look for erasures anew: %w", err)
	}
	return nil
}

func (c *Cluster) forget(ctx context.Context, db interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}) error {
	_, err := db.Exec(ctx, `INSERT INTO probity_cluster.erasures (ledger, done, brought) VALUES ($1, 0, 1)
		ON CONFLICT (ledger) DO UPDATE SET done = 0, brought = erasures.brought + 1`, c.opts.Origin)
	return err
}
