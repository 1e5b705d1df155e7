package house

import (
	"context"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/notary"
)

// maxLag is the most events that a scrape counts.
const maxLag = 10_000

var (
	descStorePosition = prometheus.NewDesc("probity_store_position", "Position of the last event in the store.", nil, nil)
	descLagEvents     = prometheus.NewDesc("probity_views_lag_events", "Events that the views do not show yet; 10000 stands for as many or more.", nil, nil)
	descLagSeconds    = prometheus.NewDesc("probity_views_lag_seconds", "How long ago the first event was recorded that the views do not show yet; 0 when they show all.", nil, nil)
	descLogLag        = prometheus.NewDesc("probity_log_lag_seconds", "How long ago the first event was recorded that the last signed checkpoint does not cover; 0 when it covers all.", nil, nil)
	descAppending     = prometheus.NewDesc("probity_appends_in_flight", "Appends that are under way.", nil, nil)
	descConnections   = prometheus.NewDesc("probity_store_connections_total", "How often this process has connected to the leader of the KurrentDB; the first time included.", nil, nil)
)

// operatorCollector shows what an operator of several replicas watches. What
// cannot be found out within [askWait] is left out.
type operatorCollector struct{ h *House }

// Describe implements [prometheus.Collector].
func (c operatorCollector) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{descStorePosition, descLagEvents, descLagSeconds, descLogLag, descAppending, descConnections} {
		ch <- d
	}
}

// Collect implements [prometheus.Collector].
func (c operatorCollector) Collect(ch chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, v float64) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v)
	}
	gauge(descAppending, float64(c.h.appending.Load()))
	if s, ok := c.h.Store.(interface{ Connections() int64 }); ok {
		ch <- prometheus.MustNewConstMetric(descConnections, prometheus.CounterValue, float64(s.Connections()))
	}
	ctx, cancel := context.WithTimeout(context.Background(), askWait)
	defer cancel()
	head, err := c.h.Store.Head(ctx)
	if err != nil {
		return
	}
	gauge(descStorePosition, float64(head))
	if events, since, err := c.h.viewsLag(ctx, head); err == nil {
		gauge(descLagEvents, float64(events))
		gauge(descLagSeconds, since.Seconds())
	}
	if since, err := c.h.logLag(ctx, head); err == nil {
		gauge(descLogLag, since.Seconds())
	}
}

// logLag says how old the first event is that the last checkpoint signed does
// not cover.
func (h *House) logLag(ctx context.Context, head ledger.Position) (time.Duration, error) {
	var signed notary.Head
	if h.Notary != nil {
		signed, _ = h.Notary.Signed()
	}
	if signed.Position >= head {
		return 0, nil
	}
	first, err := h.RecordedAfter(ctx, signed.Position)
	return max(0, h.now().Sub(first)), err
}

// RecordedAfter is when the first event behind a position was recorded.
func (h *House) RecordedAfter(ctx context.Context, after ledger.Position) (time.Time, error) {
	for e, err := range h.Store.ReadAll(ctx, after) {
		if err != nil {
			return time.Time{}, err
		}
		d, err := h.Codec.Decode(e)
		return d.Act.RecordedAt, err
	}
	return time.Time{}, fmt.Errorf("nothing is recorded behind position %s", after)
}

// viewsLag counts the events that the views do not show, and says how old the
// first of them is.
func (h *House) viewsLag(ctx context.Context, head ledger.Position) (events int, since time.Duration, err error) {
	at, err := h.Views.Position(ctx)
	if err != nil || at >= head {
		return 0, 0, err
	}
	for e, err := range h.Store.ReadAll(ctx, at) {
		if err != nil {
			return 0, 0, err
		}
		if events == 0 {
			recorded, err := h.Codec.Decode(e)
			if err != nil {
				return 0, 0, err
			}
			since = max(0, h.cfg.Now().Sub(recorded.Act.RecordedAt))
		}
		if events++; events == maxLag || e.Position >= head {
			break
		}
	}
	return events, since, nil
}
