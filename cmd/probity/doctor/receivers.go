package doctor

import (
	"context"
	"fmt"
	"sync"

	"github.com/probity-ledger/probity/graphql/hooks"
)

// receivers connects to each receiver of webhooks, and sends it nothing.
func receivers(ctx context.Context, p *Patient, f *Findings) {
	found := make([]error, len(p.Hooks))
	var asking sync.WaitGroup
	for i, h := range p.Hooks {
		asking.Go(func() { found[i] = hooks.Probe(ctx, h) })
	}
	asking.Wait()
	for i, h := range p.Hooks {
		if found[i] != nil {
			f.Fail("ask whoever runs the receiver, and look at the network between; 'probity webhook test "+h.Name+"' sends a message that tells of nothing",
				fmt.Errorf("the receiver of %s cannot be reached: %w", h.Name, found[i]))
			continue
		}
		f.OK("%s: the receiver is reached", h.Name)
	}
}
