package budget

import (
	"errors"
	"fmt"
	"net/netip"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"

	"github.com/probity-ledger/probity/domain"
)

// Accounts is how many accounts of each role are kept.
const Accounts = 10_000

// Budgets hold the accounts of all subjects. They are safe for concurrent use.
type Budgets struct {
	allowances Allowances
	accounts   map[domain.Role]*lru.Cache[string, *Account]
	now        func() time.Time
}

// Option changes how Budgets are made.
type Option func(*Budgets)

// At replaces the clock.
func At(now func() time.Time) Option { return func(b *Budgets) { b.now = now } }

// New makes the budgets. There must be an allowance for the public, since it
// stands for every role without one.
func New(allowances Allowances, opts ...Option) (*Budgets, error) {
	if _, ok := allowances[domain.RolePublic]; !ok {
		return nil, errors.New("budgets need an allowance for the public")
	}
	b := &Budgets{allowances: allowances.With(nil), accounts: map[domain.Role]*lru.Cache[string, *Account]{}, now: time.Now}
	for _, option := range opts {
		option(b)
	}
	for role, allowance := range b.allowances {
		if err := allowance.Check(); err != nil {
			return nil, fmt.Errorf("allowance of %s: %w", role, err)
		}
		var err error
		if b.accounts[role], err = lru.New[string, *Account](Accounts); err != nil {
			return nil, fmt.Errorf("make the accounts of %s: %w", role, err)
		}
	}
	return b, nil
}

// Account returns the account of a subject in a role, a full one at first.
func (b *Budgets) Account(role domain.Role, subject string) *Account {
	if _, ok := b.allowances[role]; !ok {
		role = domain.RolePublic
	}
	accounts := b.accounts[role]
	if a, ok := accounts.Get(subject); ok {
		return a
	}
	allowance := b.allowances[role]
	fresh := &Account{allowance: allowance, now: b.now, limiter: rate.NewLimiter(rate.Limit(allowance.PerSecond), int(allowance.Burst))}
	if earlier, found, _ := accounts.PeekOrAdd(subject, fresh); found {
		return earlier // made by another request at the same time
	}
	return fresh
}

// Account is what one subject has left. It is safe for concurrent use.
type Account struct {
	allowance Allowance
	now       func() time.Time

	mu      sync.Mutex // guards what follows
	limiter *rate.Limiter
	seen    time.Time // when it was last looked at
}

// Exceeded is the refusal of a cost that the account does not hold.
type Exceeded struct {
	// Cost is that of the operation, 0 when it is not known yet.
	Cost, Remaining int64
	// RetryAfter is when the account will hold it, whole seconds.
	RetryAfter time.Duration
}

func (e *Exceeded) Error() string {
	if e.Cost == 0 {
		return fmt.Sprintf("your budget is spent; ask again in %s", e.RetryAfter)
	}
	return fmt.Sprintf("the operation costs %d and your budget has %d left; ask again in %s", e.Cost, e.Remaining, e.RetryAfter)
}

// TooCostly is the refusal of a cost that no account of the role will ever
// hold, or that the role may not spend at once.
type TooCostly struct {
	Cost, Limit int64
}

func (e *TooCostly) Error() string {
	return fmt.Sprintf("the operation costs %d, more than the %d your role may spend at once; ask for fewer at a time (first, last)", e.Cost, e.Limit)
}

// Charge takes the cost from the account, or nothing and returns *TooCostly
// or *Exceeded. Waiting as long as that says is enough where nobody else
// spends from the same account meanwhile.
func (a *Account) Charge(cost int64) error {
	if cost > a.allowance.PerOperation {
		return &TooCostly{Cost: cost, Limit: a.allowance.PerOperation}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.look()
	if a.limiter.AllowN(now, int(cost)) {
		return nil
	}
	left := a.limiter.TokensAt(now)
	return &Exceeded{Cost: cost, Remaining: int64(left), RetryAfter: a.until(cost, left)}
}

// Open returns *Exceeded when nothing is left. It takes nothing.
func (a *Account) Open() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if left := a.limiter.TokensAt(a.look()); left < 1 {
		return &Exceeded{RetryAfter: a.until(1, left)}
	}
	return nil
}

// until is how long it takes to regain a cost, rounded up to whole seconds.
func (a *Account) until(cost int64, left float64) time.Duration {
	wait := (float64(cost) - left) / float64(a.allowance.PerSecond)
	return time.Duration(wait)*time.Second + time.Second
}

// Waste takes the cost, or whatever is left when that is less: for work that
// was done already.
func (a *Account) Waste(cost int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.look()
	a.limiter.AllowN(now, int(min(cost, int64(a.limiter.TokensAt(now)))))
}

// Remaining is what is left.
func (a *Account) Remaining() int64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	return int64(a.limiter.TokensAt(a.look()))
}

// Limit is what a full account holds.
func (a *Account) Limit() int64 { return a.allowance.Burst }

// look returns the time. The limiter notes the time of what it allowed only;
// after a clock that went back it would allow nothing until that time came
// again.
func (a *Account) look() time.Time {
	now := a.now()
	if now.Before(a.seen) {
		a.limiter.SetLimitAt(now, a.limiter.Limit())
	}
	a.seen = now
	return now
}

// Address is who pays for a request without a name: the client's address, of
// which IPv6 hands out 64 bits to everybody.
func Address(addr netip.Addr) string {
	addr = addr.Unmap().WithZone("")
	if addr.Is6() {
		if prefix, err := addr.Prefix(64); err == nil {
			return prefix.String()
		}
	}
	return addr.String()
}
