package house

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/probity-ledger/probity/ledger/notary"
)

// witnessCollector shows how the witnesses of the log answer; nothing when it
// has none.
type witnessCollector struct{ n *notary.Notary }

var (
	descLogSigned    = prometheus.NewDesc("probity_log_signed_size", "Events under the last checkpoint signed.", nil, nil)
	descLogPublished = prometheus.NewDesc("probity_log_published_size", "Events under the last checkpoint that others are shown.", nil, nil)
	descCosignatures = prometheus.NewDesc("probity_log_cosignatures", "Witnesses that confirmed the checkpoint that others are shown.", nil, nil)
	descQuorum       = prometheus.NewDesc("probity_log_quorum", "Witnesses that should confirm a checkpoint.", nil, nil)
	descWitnessSize  = prometheus.NewDesc("probity_log_witness_size", "Events under the largest checkpoint that a witness confirmed.", []string{"witness"}, nil)
	descWitnessUp    = prometheus.NewDesc("probity_log_witness_up", "1 while a witness confirms what it is asked, 0 since it fails.", []string{"witness"}, nil)
)

func (c witnessCollector) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{descLogSigned, descLogPublished, descCosignatures, descQuorum, descWitnessSize, descWitnessUp} {
		ch <- d
	}
}

func (c witnessCollector) Collect(ch chan<- prometheus.Metric) {
	if c.n == nil {
		return
	}
	w, ok := c.n.Witnessing()
	if !ok {
		return
	}
	gauge := func(d *prometheus.Desc, v int64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, float64(v), labels...)
	}
	gauge(descLogSigned, w.Signed)
	gauge(descLogPublished, w.Published)
	gauge(descCosignatures, int64(w.Cosigned))
	gauge(descQuorum, int64(w.Quorum))
	for _, s := range w.Witnesses {
		gauge(descWitnessSize, s.Size, s.Name)
		up := int64(1)
		if s.Failing != "" {
			up = 0
		}
		gauge(descWitnessUp, up, s.Name)
	}
}
