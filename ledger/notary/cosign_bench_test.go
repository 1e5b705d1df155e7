package notary

import (
	"io"
	"net/http"
	"testing"
	"time"
)

// BenchmarkSignedUnderWitnesses measures a group of 16 events until its
// checkpoint is signed, while nobody is asked, and while witnesses answer at
// once or never.
func BenchmarkSignedUnderWitnesses(b *testing.B) {
	never := func(_ http.ResponseWriter, r *http.Request, _ *fakeWitness) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}
	for _, bb := range []struct {
		name    string
		fakes   int
		instead func(http.ResponseWriter, *http.Request, *fakeWitness)
	}{{"nobody", 0, nil}, {"three that answer", 3, nil}, {"three that never do", 3, never}} {
		b.Run(bb.name, func(b *testing.B) {
			d := newDesk(b)
			var fakes []*fakeWitness
			for i := range bb.fakes {
				fakes = append(fakes, newFakeWitness(b, "w.test/"+string(rune('a'+i)), d).do(bb.instead))
			}
			p := policyOf(0, fakes...)
			p.Every = 100 * time.Millisecond // ten times as often as by default
			n, stop := d.witnessed(b, p)
			defer stop()
			b.ResetTimer()
			for range b.N {
				d.mass(16)
				size := int64(len(d.store.events))
				for {
					signed := n.signedNow.next()
					if bb.fakes == 0 {
						signed = n.changed.next()
					}
					if h, ok := n.Signed(); ok && h.Size >= size {
						break
					}
					<-signed
				}
			}
			b.StopTimer()
		})
	}
}
