package graphql_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql/overhttp"
	"github.com/probity-ledger/probity/graphql/signin"
)

// fileWithTimeline is an officer's file with the last 50 events.
const fileWithTimeline = `query File($id: ID!) {
	officer(id: $id) {
		id name status barred unit { id name } post { id name }
		recordFile {
			day status barred
			identity { name rank enrolledOn }
			posts { post { name } from to highRisk }
			certificates { number status validTo }
			training { year hours }
			appraisals { year grade }
			restrictions { measure from until }
			sanctions { id measure status from until inForce eventId }
			rewards { honour grantedOn }
			findings { category result foundOn eventId }
			complaints { id receivedOn category result }
			head { position events hash }
		}
		timeline(first: 50) { nodes { as event { id position kind occurredAt recordedAt actor role rulebook causeId imported } } }
	}
}`

func TestTheBenchmarkedQueryHasItsFiftyEvents(t *testing.T) {
	out := answer[struct {
		Officer struct {
			Timeline struct{ Nodes []any }
		}
	}](t, shared(), auditor, fileWithTimeline, "id", "P1")
	if n := len(out.Officer.Timeline.Nodes); n != 50 {
		t.Errorf("%d events", n)
	}
}

// fiftyOfficers is a list with relations.
const fiftyOfficers = `{ officers(first: 50) { nodes { id name latinName staffNumber rank status enrolledOn imported barred unit { id name } post { id name } counts { findings sanctions } } } }`

// The two queries, and for a measure of the machine one signature. The same by
// gqlgen is in cmd/bench.
func BenchmarkInProcess(b *testing.B) {
	a := shared()
	for _, q := range []struct {
		name string
		req  overhttp.Request
	}{
		{"FileWithTimeline", overhttp.Request{Query: fileWithTimeline, Variables: map[string]any{"id": "P1"}}},
		{"FiftyOfficers", overhttp.Request{Query: fiftyOfficers}},
	} {
		b.Run(q.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if r := a.service.Do(context.Background(), auditor, q.req); len(r.Errors) > 0 {
					b.Fatal(r.Errors)
				}
			}
		})
	}
	b.Run("Ed25519Sign", func(b *testing.B) {
		_, key, err := ed25519.GenerateKey(nil)
		if err != nil {
			b.Fatal(err)
		}
		message := make([]byte, 500)
		for b.Loop() {
			ed25519.Sign(key, message)
		}
	})
}

// Sixteen clients in a closed loop, with keep-alive, in this same process.
func BenchmarkFileWithTimelineOverHTTP16Clients(b *testing.B) {
	s := serve(b, signin.AllowPublic())
	token := s.token(domain.RoleAuditor, "X")
	body := ok(json.Marshal(map[string]any{"query": fileWithTimeline, "variables": map[string]any{"id": "P1"}}))
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16}}
	defer client.CloseIdleConnections()
	const clients = 16
	took := make([][]time.Duration, clients)
	b.ResetTimer()
	var all sync.WaitGroup
	for c := range clients {
		all.Go(func() {
			for range (b.N + clients - 1) / clients {
				req := ok(http.NewRequest(http.MethodPost, s.URL, bytes.NewReader(body)))
				req.Header.Set("Content-Type", "application/json")
				req.Header.Set("Authorization", "Bearer "+token)
				start := time.Now()
				res := ok(client.Do(req))
				n := ok(io.Copy(io.Discard, res.Body))
				res.Body.Close()
				took[c] = append(took[c], time.Since(start))
				if res.StatusCode != 200 || n < 1000 {
					b.Errorf("status %d, %d bytes", res.StatusCode, n)
				}
			}
		})
	}
	all.Wait()
	b.StopTimer()
	sorted := slices.Concat(took...)
	slices.Sort(sorted)
	b.ReportMetric(float64(sorted[len(sorted)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(sorted[len(sorted)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(float64(len(sorted))/b.Elapsed().Seconds(), "req/s")
}

func BenchmarkAuditorsEvidence(b *testing.B) {
	query := string(ok(os.ReadFile("examples/auditor-evidence.graphql")))
	for b.Loop() {
		shared().ask(b, auditor, query, "from", "2023-01-01T00:00:00Z", "to", "2023-12-31T23:59:59Z")
	}
}
