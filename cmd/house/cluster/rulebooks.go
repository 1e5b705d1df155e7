package cluster

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// PutRulebook keeps the file of a rulebook that is about to be adopted, for
// processes that lack it. The digest is not checked here: who takes a file
// computes it.
func (c *Cluster) PutRulebook(ctx context.Context, digest, name string, body []byte) error {
	_, err := c.ask.Exec(ctx, "INSERT INTO probity_cluster.rulebook (ledger, digest, name, body) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING", c.opts.Origin, digest, name, body)
	if err != nil {
		return fmt.Errorf("keep a rulebook for the other replicas: %w", err)
	}
	return nil
}

// Rulebook returns such a file and what it is called; nil where nobody put it.
func (c *Cluster) Rulebook(ctx context.Context, digest string) (name string, body []byte, err error) {
	err = c.ask.QueryRow(ctx, "SELECT name, body FROM probity_cluster.rulebook WHERE ledger = $1 AND digest = $2", c.opts.Origin, digest).Scan(&name, &body)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil, nil
	}
	if err != nil {
		return "", nil, fmt.Errorf("ask the other replicas for a rulebook: %w", err)
	}
	return name, body, nil
}
