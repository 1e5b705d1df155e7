package hooks

import (
	"math/rand/v2"
	"time"
)

// schedule is how long is waited behind each attempt that failed, as the
// specification suggests: three days and some hours in all.
var schedule = []time.Duration{
	5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour,
	10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour,
}

// MaxAttempts is how often a message is tried.
const MaxAttempts = 10

// maxRetryAfter is the longest that a receiver can have itself left alone.
const maxRetryAfter = 24 * time.Hour

// pauseAfter is how long is waited after so many attempts: up to a fifth longer
// than the schedule says, so that receivers that failed together are not tried
// together; and as long as the receiver asks for.
func pauseAfter(attempts int, asked time.Duration) time.Duration {
	d := schedule[min(attempts, len(schedule))-1]
	return max(asked, d+rand.N(d/5))
}
