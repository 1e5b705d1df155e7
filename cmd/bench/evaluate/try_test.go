package evaluate

import (
	"testing"
	"time"

	"github.com/probity-ledger/probity/cmd/bench/planted"
)

func TestTry(t *testing.T) {
	w := newWatcher()
	start := time.Now()
	s, err := Planted(planted.Standard(), 1, w)
	t.Logf("%+v %v %v", s, err, time.Since(start))
	c := planted.Standard()
	c.Each = 0
	s, err = Planted(c, 20, w)
	t.Logf("null %+v %v %v", s, err, time.Since(start))
	p, err := Doubling(1000, w)
	t.Logf("%+v %v %v", p, err, time.Since(start))
}
