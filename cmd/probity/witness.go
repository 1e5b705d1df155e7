package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/probity-ledger/probity/cmd/probity/settings"
	"github.com/probity-ledger/probity/ledger/notary/witness"
)

func (a *app) witnessCmd() *cobra.Command {
	var plainKey bool
	cmd := &cobra.Command{
		Use:   "witness --config FILE",
		Short: "For an overseer: confirm that ledgers show everybody one history",
		Long: `Takes the checkpoints of the ledgers on its list (C2SP tlog-witness), confirms
those that continue what it confirmed before, with its own signature and the time
(C2SP tlog-cosignature), and refuses all others. What a ledger's own key signed and
cannot both be true, such as a fork, is kept as evidence under --data.

It keeps its own key and memory in --data (made on first start; the key encrypted
under PROBITY_PASSPHRASE or PROBITY_PASSPHRASE_FILE), never in the folder of a
ledger: a witness is worth something when somebody else runs it. It reads no
record: a checkpoint is a name, a size and a hash. The page at / shows what it
knows, /status the same as JSON, /metrics for Prometheus.

The file names the witness and the ledgers:

  name: overseer.example/w1
  addr: 127.0.0.1:8090
  ledgers:
    - name: Linpu Customs
      origin: probity.local/fba4d8cc97cb6aa8
      keys:
        - probity.local/fba4d8cc97cb6aa8+6ed99c1c+AZWb…
    - name: Another agency
      keys-file: another.keys      # the keys file of its export

Other settings: data, rate (requests of one ledger in a second), log-level,
log-format. See docs/witness.md.`,
		Example: example("probity witness --config witness.yaml --data /srv/witness",
			"PROBITY_PASSPHRASE_FILE=/run/secrets/witness probity witness --config witness.yaml --addr 127.0.0.1:8090"),
		Args: usageArgs(cobra.NoArgs),
	}
	settings.AddFlags(cmd.Flags(), settings.Witness)
	cmd.Flags().BoolVar(&plainKey, "plain-key", false, "on first start, keep the key unencrypted")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if a.config == "" {
			return hinted{usagef("--config is required: the file that names the witness and its ledgers"), "see 'probity witness --help' for one"}
		}
		v := a.settings
		cfg := witnessConfig(v)
		if err := wrongSettings(v); err != nil {
			return err
		}
		cfg.Logger = a.logger(v.Text("log-level"), v.Text("log-format"))
		return a.witness(cmd.Context(), v.Text("name"), cfg, v.Text("addr"), plainKey)
	}
	return cmd
}

// witness runs the witness until ctx ends.
func (a *app) witness(ctx context.Context, name string, cfg witness.Config, addr string, plainKey bool) error {
	if _, err := os.Stat(filepath.Join(a.data, "ledger.db")); err == nil {
		return hinted{usagef("%s is the folder of a ledger", a.data), "a witness has a folder of its own, on a machine that the ledger's keeper does not run: name it with --data"}
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return hinted{fmt.Errorf("listen: %w", err), "another process may hold the address; choose one with --addr"}
	}
	defer listener.Close()
	var made bool
	if cfg.Key, cfg.Signer, made, err = witness.OpenSigner(a.data, name, a.passphrase, plainKey); err != nil {
		return err
	}
	w, err := witness.Open(a.data, cfg)
	if err != nil {
		return err
	}
	defer w.Close()
	log := cfg.Logger
	if made {
		log.Info("made a new key: back it up together with its passphrase, and give the public key to ledgers and auditors", "folder", a.data, "public", filepath.Join(a.data, witness.PubFile))
	}
	if checkLoopback(listener.Addr().String()) != nil {
		log.Warn("the address can be reached from other machines without encryption: let a web server in front of it speak HTTPS", "addr", listener.Addr().String())
	}
	log.Info("witnessing", "url", "http://"+listener.Addr().String()+"/", "ledgers", len(cfg.Logs), "key", cfg.Key.String())
	mux := http.NewServeMux()
	mux.Handle("/", w.Handler())
	mux.Handle("GET /metrics", promhttp.HandlerFor(witnessMetrics(w), promhttp.HandlerOpts{}))
	return serveWitness(ctx, listener, mux, log)
}

func serveWitness(ctx context.Context, listener net.Listener, handler http.Handler, log *slog.Logger) error {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      20 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	g, ctx := errgroup.WithContext(ctx)
	listen(ctx, g, server, listener, log)
	return g.Wait()
}

// witnessMetrics show the status to Prometheus.
func witnessMetrics(w *witness.Witness) *prometheus.Registry {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), witnessCollector{w})
	return r
}

// witnessCollector reads the status whenever it is asked.
type witnessCollector struct{ w *witness.Witness }

var (
	descWitnessSize = prometheus.NewDesc("probity_witness_size", "Events under the checkpoint cosigned last.", []string{"origin"}, nil)
	descWitnessSeen = prometheus.NewDesc("probity_witness_cosigned_timestamp_seconds", "When a checkpoint was cosigned last.", []string{"origin"}, nil)
	descCosigned    = prometheus.NewDesc("probity_witness_cosigned_total", "Checkpoints cosigned since the start.", []string{"origin"}, nil)
	descRefused     = prometheus.NewDesc("probity_witness_refused_total", "Requests refused since the start, by reason.", []string{"origin", "reason"}, nil)
	descEvidence    = prometheus.NewDesc("probity_witness_evidence", "Files of evidence kept, by kind.", []string{"origin", "kind"}, nil)
)

func (c witnessCollector) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{descWitnessSize, descWitnessSeen, descCosigned, descRefused, descEvidence} {
		ch <- d
	}
}

func (c witnessCollector) Collect(ch chan<- prometheus.Metric) {
	for _, l := range c.w.Status().Ledgers {
		ch <- prometheus.MustNewConstMetric(descWitnessSize, prometheus.GaugeValue, float64(l.Size), l.Origin)
		if l.CosignedAt != nil {
			ch <- prometheus.MustNewConstMetric(descWitnessSeen, prometheus.GaugeValue, float64(l.CosignedAt.Unix()), l.Origin)
		}
		ch <- prometheus.MustNewConstMetric(descCosigned, prometheus.CounterValue, float64(l.Cosigned), l.Origin)
		for why, n := range l.Refused {
			ch <- prometheus.MustNewConstMetric(descRefused, prometheus.CounterValue, float64(n), l.Origin, why)
		}
		for kind, n := range l.Evidence {
			ch <- prometheus.MustNewConstMetric(descEvidence, prometheus.GaugeValue, float64(n), l.Origin, kind)
		}
	}
}
