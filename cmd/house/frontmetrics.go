package house

import "github.com/prometheus/client_golang/prometheus"

// doorCollector shows denials and the state of outside issuers to Prometheus.
type doorCollector struct{ d *door }

var (
	descDenials    = prometheus.NewDesc("probity_denials_total", "Requests refused at the door since the start, by reason.", []string{"reason"}, nil)
	descUnwritten  = prometheus.NewDesc("probity_denials_unwritten_total", "Denials that were counted and, for their number, not recorded.", nil, nil)
	descIssuerUp   = prometheus.NewDesc("probity_issuer_up", "Whether the keys of an issuer could be fetched at the last attempt.", []string{"issuer"}, nil)
	descIssuerKeys = prometheus.NewDesc("probity_issuer_keys", "Keys of an issuer that can be used now.", []string{"issuer"}, nil)
	descIssuerSeen = prometheus.NewDesc("probity_issuer_fetched_timestamp_seconds", "When the keys of an issuer were fetched last.", []string{"issuer"}, nil)
)

func (c doorCollector) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{descDenials, descUnwritten, descIssuerUp, descIssuerKeys, descIssuerSeen} {
		ch <- d
	}
}

func (c doorCollector) Collect(ch chan<- prometheus.Metric) {
	for reason, n := range c.d.denials.Counts() {
		ch <- prometheus.MustNewConstMetric(descDenials, prometheus.CounterValue, float64(n), reason)
	}
	ch <- prometheus.MustNewConstMetric(descUnwritten, prometheus.CounterValue, float64(c.d.denials.Suppressed()))
	for _, s := range c.d.issuers() {
		up := 0.0
		if s.Failed == nil && !s.Fetched.IsZero() {
			up = 1
		}
		ch <- prometheus.MustNewConstMetric(descIssuerUp, prometheus.GaugeValue, up, s.Issuer)
		ch <- prometheus.MustNewConstMetric(descIssuerKeys, prometheus.GaugeValue, float64(s.Keys), s.Issuer)
		if !s.Fetched.IsZero() {
			ch <- prometheus.MustNewConstMetric(descIssuerSeen, prometheus.GaugeValue, float64(s.Fetched.Unix()), s.Issuer)
		}
	}
}
