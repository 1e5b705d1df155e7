package house

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/probity-ledger/probity/cmd/house/cluster"
	"github.com/probity-ledger/probity/graphql/hooks"
)

// hooksDir holds how far webhooks have come.
const hooksDir = "webhooks"

// OpenHooks makes webhooks ready; none are sent before RunHooks. It comes
// before Web, so that metrics tell of them. The house must be open for writing
// and have its views open.
func (h *House) OpenHooks(list []hooks.Hook, log *slog.Logger) (err error) {
	if len(list) == 0 {
		return nil
	}
	var keeper hooks.Keeper
	if h.replica != nil {
		keeper = h.replica.cluster.Hooks()
	} else {
		h.hookFiles = newHookFolder(h.Dir)
		keeper = h.hookFiles
	}
	h.hooks, err = hooks.New(hooks.Config{Hooks: list, Views: h.Views, Codec: h.Codec, Keeper: keeper, Note: h.NoteReading, Log: log, Now: h.cfg.Now})
	return err
}

// RunHooks sends webhooks, once the views show what is recorded, until ctx
// ends. Of replicas the one that leads calls it. Views.Run must run beside it.
func (h *House) RunHooks(ctx context.Context) error {
	if h.hooks == nil {
		<-ctx.Done()
		return ctx.Err()
	}
	head, err := h.Store.Head(ctx)
	if err == nil {
		err = h.Views.WaitFor(ctx, head)
	}
	if err != nil {
		return err
	}
	return h.hooks.Run(ctx)
}

// HookKeeper is where the house that cfg opens keeps how far its webhooks have
// come. It is for looking, and for asking; close it at the end.
func HookKeeper(ctx context.Context, cfg Config) (keeper hooks.Keeper, origin string, close func(), err error) {
	raw, err := os.ReadFile(filepath.Join(cfg.Dir, originFile))
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("%w: %s", ErrNoLedger, cfg.Dir)
	}
	if err != nil {
		return nil, "", nil, err
	}
	origin = strings.TrimSpace(string(raw))
	if cfg.Replicas == "" {
		return newHookFolder(cfg.Dir), origin, func() {}, nil
	}
	c, err := cluster.Open(ctx, cfg.Replicas, cluster.Options{Origin: origin, Name: cfg.Replica, Logger: cfg.Log})
	if err != nil {
		return nil, "", nil, err
	}
	return c.Hooks(), origin, c.Close, nil
}

// hookCollector shows webhooks to Prometheus.
type hookCollector struct{ s *hooks.Service }

var (
	hookLabel         = []string{"webhook"}
	descHookDelivered = prometheus.NewDesc("probity_webhook_deliveries_total", "Messages of a webhook that were taken since the start.", hookLabel, nil)
	descHookFailed    = prometheus.NewDesc("probity_webhook_failures_total", "Attempts of a webhook that failed since the start.", hookLabel, nil)
	descHookLag       = prometheus.NewDesc("probity_webhook_lag_seconds", "How long ago that was recorded which a webhook has to send next; 0 when all was sent.", hookLabel, nil)
	descHookDead      = prometheus.NewDesc("probity_webhook_dead", "Messages of a webhook that were given up.", hookLabel, nil)
	descHookStopped   = prometheus.NewDesc("probity_webhook_stopped", "1 while a webhook sends nothing until somebody asks for it.", hookLabel, nil)
)

// Describe implements [prometheus.Collector].
func (c hookCollector) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{descHookDelivered, descHookFailed, descHookLag, descHookDead, descHookStopped} {
		ch <- d
	}
}

// Collect implements [prometheus.Collector].
func (c hookCollector) Collect(ch chan<- prometheus.Metric) {
	for _, s := range c.s.Status() {
		stopped := 0.0
		if s.Stopped {
			stopped = 1
		}
		ch <- prometheus.MustNewConstMetric(descHookDelivered, prometheus.CounterValue, float64(s.Delivered), s.Name)
		ch <- prometheus.MustNewConstMetric(descHookFailed, prometheus.CounterValue, float64(s.Failed), s.Name)
		ch <- prometheus.MustNewConstMetric(descHookLag, prometheus.GaugeValue, s.Lag.Seconds(), s.Name)
		ch <- prometheus.MustNewConstMetric(descHookDead, prometheus.GaugeValue, float64(s.Dead), s.Name)
		ch <- prometheus.MustNewConstMetric(descHookStopped, prometheus.GaugeValue, stopped, s.Name)
	}
}
