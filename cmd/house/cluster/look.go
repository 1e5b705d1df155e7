package cluster

import (
	"context"
	"fmt"
	"time"
)

// State is what lies in the database of a ledger's keys.
type State struct {
	// Keys is how many identities can be opened.
	Keys int
	// Remains is how many keys are deleted that the file of the table may hold
	// still, the first of them since Since.
	Remains int
	Since   time.Time
}

// Look tells it to who takes no part. Nothing is changed: where nobody ever
// took part there is nothing.
func Look(ctx context.Context, url, origin string) (State, error) {
	c := &Cluster{opts: Options{Origin: origin}}
	s, err := c.look(ctx, url)
	if err != nil {
		return s, fmt.Errorf("look at what replicas share: %w", err)
	}
	return s, nil
}

func (c *Cluster) look(ctx context.Context, url string) (s State, err error) {
	if c.config, err = sessionConfig(url, "looks on"); err != nil {
		return s, err
	}
	conn, err := c.connect(ctx)
	if err != nil {
		return s, err
	}
	defer hangUp(conn)
	var vault, remains bool
	var since *time.Time
	err = conn.QueryRow(ctx, "SELECT to_regclass('probity_cluster.vault') IS NOT NULL, to_regclass('probity_cluster.remains') IS NOT NULL").Scan(&vault, &remains)
	if err == nil && vault {
		err = conn.QueryRow(ctx, "SELECT count(*) FROM probity_cluster.vault WHERE ledger = $1", c.opts.Origin).Scan(&s.Keys)
	}
	if err == nil && remains {
		err = conn.QueryRow(ctx, "SELECT count(*), min(deleted) FROM probity_cluster.remains WHERE ledger = $1", c.opts.Origin).Scan(&s.Remains, &since)
	}
	if since != nil {
		s.Since = *since
	}
	return s, err
}
