package cluster

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/jackc/pgx/v5"

	"github.com/probity-ledger/probity/graphql/hooks"
	"github.com/probity-ledger/probity/ledger"
)

// keeper keeps webhooks where all replicas find them. Only who leads writes how
// far they have come: who led before and writes late is told [ErrLeadLost], and
// what it sent and did not note is sent again.
type keeper struct{ c *Cluster }

// Hooks returns what keeps how far webhooks have come.
func (c *Cluster) Hooks() hooks.Keeper { return keeper{c} }

// Load implements [hooks.Keeper].
func (k keeper) Load(ctx context.Context, name string) (s hooks.State, found bool, err error) {
	var raw []byte
	var position int64
	err = k.c.ask.QueryRow(ctx, "SELECT state, position FROM probity_cluster.webhook WHERE ledger = $1 AND name = $2", k.c.opts.Origin, name).Scan(&raw, &position)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && raw == nil {
		return s, false, nil
	}
	if err == nil {
		err = json.Unmarshal(raw, &s)
	}
	if err != nil {
		return s, false, fmt.Errorf("read how far webhook %s has come: %w", name, err)
	}
	s.Position = ledger.Position(position)
	return s, true, nil
}

// Save implements [hooks.Keeper].
func (k keeper) Save(ctx context.Context, name string, s hooks.State) error {
	raw, err := json.Marshal(s)
	if err != nil {
		return err
	}
	// The next term begins before this is written, which then changes nothing,
	// or after it, and finds it.
	return k.lead(ctx, "keep how far it has come", name, `INSERT INTO probity_cluster.webhook (ledger, name, state, position)
		SELECT ledger, $2, $4::bytea, $5::bigint FROM probity_cluster.leader WHERE ledger = $1 AND term = $3 FOR SHARE
		ON CONFLICT (ledger, name) DO UPDATE SET state = excluded.state, position = excluded.position`, raw, int64(s.Position))
}

// Reach implements [hooks.Keeper]. It does not hold up an election, as Save
// does: a position that a former leader writes while one begins stands until
// the next leader writes its own.
func (k keeper) Reach(ctx context.Context, name string, p ledger.Position) error {
	return k.lead(ctx, "keep how far it has come", name, `UPDATE probity_cluster.webhook SET position = $4
		WHERE ledger = $1 AND name = $2 AND EXISTS (`+ofTerm+`)`, int64(p))
}

// Ask implements [hooks.Keeper].
func (k keeper) Ask(ctx context.Context, name string, a hooks.Ask) error {
	return pgx.BeginFunc(ctx, k.c.ask, func(tx pgx.Tx) error {
		var before []byte
		err := tx.QueryRow(ctx, `INSERT INTO probity_cluster.webhook (ledger, name) VALUES ($1, $2)
			ON CONFLICT (ledger, name) DO UPDATE SET name = excluded.name RETURNING ask`, k.c.opts.Origin, name).Scan(&before)
		var waiting hooks.Ask
		if err == nil && before != nil {
			err = json.Unmarshal(before, &waiting)
		}
		var raw []byte
		if err == nil {
			raw, err = json.Marshal(hooks.Join(waiting, a))
		}
		if err == nil {
			_, err = tx.Exec(ctx, "UPDATE probity_cluster.webhook SET ask = $3 WHERE ledger = $1 AND name = $2", k.c.opts.Origin, name, raw)
		}
		if err != nil {
			return fmt.Errorf("ask webhook %s: %w", name, err)
		}
		return nil
	})
}

// Asked implements [hooks.Keeper].
func (k keeper) Asked(ctx context.Context, name string) (a hooks.Ask, found bool, err error) {
	var raw []byte
	err = k.c.ask.QueryRow(ctx, `UPDATE probity_cluster.webhook SET taken = COALESCE(taken, ask), ask = CASE WHEN taken IS NULL THEN NULL ELSE ask END
		WHERE ledger = $1 AND name = $2 AND (ask IS NOT NULL OR taken IS NOT NULL) RETURNING taken`, k.c.opts.Origin, name).Scan(&raw)
	if errors.Is(err, pgx.ErrNoRows) {
		return a, false, nil
	}
	if err == nil {
		err = json.Unmarshal(raw, &a)
	}
	if err != nil {
		return a, false, fmt.Errorf("read what is asked of webhook %s: %w", name, err)
	}
	return a, true, nil
}

// Answered implements [hooks.Keeper].
func (k keeper) Answered(ctx context.Context, name string) error {
	return k.lead(ctx, "note that it did what was asked", name, `UPDATE probity_cluster.webhook SET taken = NULL
		WHERE ledger = $1 AND name = $2 AND EXISTS (`+ofTerm+`)`)
}

// ofTerm finds something while the term lasts that is $3.
const ofTerm = "SELECT FROM probity_cluster.leader WHERE ledger = $1 AND term = $3"

// lead changes a row as who leads.
func (k keeper) lead(ctx context.Context, what, name, sql string, args ...any) error {
	tag, err := k.c.ask.Exec(ctx, sql, append([]any{k.c.opts.Origin, name, k.c.lead.term.Load()}, args...)...)
	if err == nil && tag.RowsAffected() == 0 {
		err = ErrLeadLost
	}
	if err != nil {
		return fmt.Errorf("%s, of webhook %s: %w", what, name, err)
	}
	return nil
}
