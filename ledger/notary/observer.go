package notary

import (
	"net/http"
	"time"
)

// Observer is told what the notary does, for whoever measures it. Both are
// optional; neither may keep the notary waiting.
type Observer struct {
	// Signed is called after each checkpoint with its size and the time when
	// the work on it began.
	Signed func(size int64, began time.Time)
	// Transport wraps what the witnesses are asked through.
	Transport func(http.RoundTripper) http.RoundTripper
}

func (o Observer) signed(size int64, began time.Time) {
	if o.Signed != nil {
		o.Signed(size, began)
	}
}
