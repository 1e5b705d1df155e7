package house

import (
	"context"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// askWait bounds what is asked of servers for those who look at this replica.
const askWait = time.Second

// role says who leads, for /readyz.
func (h *House) role(ctx context.Context) string {
	if h.Leads() {
		return fmt.Sprintf("replica %s leads", h.ReplicaName())
	}
	ctx, cancel := context.WithTimeout(ctx, askWait)
	defer cancel()
	switch leader, err := h.Leader(ctx); {
	case err != nil:
		return fmt.Sprintf("replica %s; who leads is not known: PostgreSQL does not answer", h.ReplicaName())
	case leader == "":
		return fmt.Sprintf("replica %s; nobody leads yet", h.ReplicaName())
	default:
		return fmt.Sprintf("replica %s follows %s", h.ReplicaName(), leader)
	}
}

func (h *House) replicaMetrics() []prometheus.Collector {
	return []prometheus.Collector{
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "probity_leader", Help: "1 while this replica leads, else 0.",
		}, func() float64 {
			if h.Leads() {
				return 1
			}
			return 0
		}),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "probity_views_lag", Help: "How far the views of this replica are behind the ledger, in its positions; -1 when that is not known.",
		}, func() float64 {
			ctx, cancel := context.WithTimeout(context.Background(), askWait)
			defer cancel()
			head, err := h.Store.Head(ctx)
			if err != nil {
				return -1
			}
			at, err := h.Views.Position(ctx)
			if err != nil {
				return -1
			}
			return float64(head - min(at, head))
		}),
	}
}
