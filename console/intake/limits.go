package intake

import (
	"hash/maphash"
	"math"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Limits bound what the public may hand in and ask.
type Limits struct {
	// Hand bounds forms that are sent, Look receipt codes that are tried: of one
	// client, and of all together. Those who are not told apart, as behind Tor,
	// share as much again: so a flood through Tor keeps nobody else out.
	Hand, HandAll, Look, LookAll Rate
	// Uploads is how many requests hand in files at a time.
	Uploads int
	// Stash bounds the files that wait or come in, in bytes.
	Stash int64
}

// Rate is Burst at once, and one more every Every.
type Rate struct {
	Every time.Duration
	Burst int
}

// DefaultLimits are for one agency. At ten codes a second it takes a million
// years to have tried one code in thirty.
var DefaultLimits = Limits{
	Hand: Rate{20 * time.Second, 20}, HandAll: Rate{500 * time.Millisecond, 120},
	Look: Rate{6 * time.Second, 10}, LookAll: Rate{200 * time.Millisecond, 60},
	Uploads: 24, Stash: 192 << 20,
}

// Sizes of what is handed in, in bytes.
const (
	// MaxFile is the largest file, MaxFiles how many one form takes, MaxRequest
	// the largest request.
	MaxFile    = 20 << 20
	MaxFiles   = 10
	MaxRequest = 50 << 20
	// maxForm is what a form may have besides files. The longest texts take up
	// to three times their bytes in the address form of a body.
	maxForm = 128 << 10
	// maxParts is how many fields a form may have, with its files.
	maxParts = 100
	// maxText and maxDetail are the longest texts: the domain's limit, and that
	// of a member of a sealed identity.
	maxText   = 8 << 10
	maxDetail = 1 << 10
	// maxName is the longest name of a file.
	maxName = 120
)

// Times of a request that hands in files.
const (
	// patience is how long a sender may be silent, longest how long it all may
	// take: over Tor 50 MiB take minutes.
	patience = 30 * time.Second
	longest  = 30 * time.Minute
	// slowest is how many bytes a second come at least, after a minute: places
	// for uploads are few, and not held by who sends a byte now and then.
	slowest = 4 << 10
)

// counters is how many counters clients are spread over.
const counters = 1 << 12

// counter counts one kind of request. Clients choose their limiter by a keyed
// hash of their address, so that no address is held, memory is bounded, and
// nobody chooses whom they share with.
type counter struct {
	each    Rate
	all     *rate.Limiter
	unknown *rate.Limiter // of who is not told apart
	seed    maphash.Seed

	mu sync.Mutex // guards by
	by map[uint64]*rate.Limiter
}

func newCounter(each, all Rate) *counter {
	return &counter{each: each, all: all.limiter(), unknown: all.limiter(), seed: maphash.MakeSeed(), by: map[uint64]*rate.Limiter{}}
}

func (r Rate) limiter() *rate.Limiter { return rate.NewLimiter(rate.Every(r.Every), r.Burst) }

// allow counts a request, and returns how long to wait where it is one too
// many. The zero Prefix counts among those who are not told apart.
func (c *counter) allow(who netip.Prefix, now time.Time) (wait time.Duration) {
	all := c.unknown
	if who.IsValid() {
		all = c.all
		one := c.of(who)
		if !one.AllowN(now, 1) {
			return until(one, now)
		}
	}
	if !all.AllowN(now, 1) {
		return until(all, now)
	}
	return 0
}

func (c *counter) of(who netip.Prefix) *rate.Limiter {
	key := maphash.Comparable(c.seed, who) % counters
	c.mu.Lock()
	defer c.mu.Unlock()
	one := c.by[key]
	if one == nil {
		one = c.each.limiter()
		c.by[key] = one
	}
	return one
}

// until is when a limiter lets the next one pass, in whole seconds.
func until(l *rate.Limiter, now time.Time) time.Duration {
	lacking := 1 - l.TokensAt(now)
	return time.Duration(max(1, math.Ceil(lacking/float64(l.Limit())))) * time.Second
}

// limits are the counters of the pages.
type limits struct {
	hand, look *counter
	uploads    chan struct{} // a place for each upload at a time
}

func newLimits(l Limits) *limits {
	return &limits{newCounter(l.Hand, l.HandAll), newCounter(l.Look, l.LookAll), make(chan struct{}, l.Uploads)}
}

// upload takes a place; leave gives it back.
func (l *limits) upload() bool {
	select {
	case l.uploads <- struct{}{}:
		return true
	default:
		return false
	}
}

func (l *limits) leave() { <-l.uploads }
