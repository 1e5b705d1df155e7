package budget_test

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql/budget"
)

// clock is a clock that tests set. It has no monotonic reading.
type clock struct{ time.Time }

func (c *clock) now() time.Time       { return c.Time }
func (c *clock) pass(d time.Duration) { c.Time = c.Add(d) }
func newClock() *clock                { return &clock{time.Date(2024, 6, 3, 9, 0, 0, 0, time.UTC)} }
func small() budget.Allowances {
	return budget.Allowances{domain.RolePublic: {PerSecond: 10, Burst: 100, PerOperation: 100}}
}
func exceeded(err error) *budget.Exceeded { e, _ := errors.AsType[*budget.Exceeded](err); return e }

func open(t testing.TB, a budget.Allowances, c *clock) *budget.Budgets {
	t.Helper()
	b, err := budget.New(a, budget.At(c.now))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestAnAccountRegainsWhatItSpent(t *testing.T) {
	c := newClock()
	a := open(t, small(), c).Account(domain.RolePublic, "x")
	steps := []struct {
		pass      time.Duration
		cost      int64
		retry     time.Duration // zero: it is paid
		remaining int64
	}{
		{0, 60, 0, 40},
		{0, 60, 3 * time.Second, 40},
		{time.Second, 60, 2 * time.Second, 50},
		{time.Second, 60, 0, 0},
		{time.Hour, 0, 0, 100}, // never more than a full account
		{0, 100, 0, 0},
	}
	for i, s := range steps {
		c.pass(s.pass)
		err := a.Charge(s.cost)
		if e := exceeded(err); (e == nil) != (s.retry == 0) || e != nil && (e.RetryAfter != s.retry || e.Remaining != s.remaining) {
			t.Errorf("step %d: %v, want retry %s", i, err, s.retry)
		}
		if got := a.Remaining(); got != s.remaining {
			t.Errorf("step %d: %d left, want %d", i, got, s.remaining)
		}
	}
}

func TestWaitingAsLongAsIsSaidIsEnough(t *testing.T) {
	for cost := int64(1); cost <= 100; cost++ {
		c := newClock()
		a := open(t, small(), c).Account(domain.RolePublic, "x")
		a.Waste(1000)
		if e := exceeded(a.Open()); e == nil || e.RetryAfter != time.Second || a.Remaining() != 0 {
			t.Fatalf("an empty account is open: %v", e)
		}
		e := exceeded(a.Charge(cost))
		if e == nil {
			t.Fatalf("an empty account paid %d", cost)
		}
		c.pass(e.RetryAfter)
		if err := a.Open(); err != nil {
			t.Errorf("after waiting %s: %v", e.RetryAfter, err)
		}
		if err := a.Charge(cost); err != nil {
			t.Errorf("after waiting %s: %v", e.RetryAfter, err)
		}
	}
}

func TestNoAccountPaysForAnother(t *testing.T) {
	b := open(t, budget.Defaults(), newClock())
	b.Account(domain.RoleOfficer, "P1").Waste(budget.Largest)
	for _, other := range []*budget.Account{b.Account(domain.RoleOfficer, "P2"), b.Account(domain.RoleHandler, "P1"), b.Account(domain.RolePublic, "P1")} {
		if other.Remaining() != other.Limit() {
			t.Errorf("%d of %d left", other.Remaining(), other.Limit())
		}
	}
	if left := b.Account(domain.RoleOfficer, "P1").Remaining(); left != 0 {
		t.Errorf("%d left to who spent it", left)
	}
}

func TestARoleWithoutAnAllowanceHasThatOfThePublic(t *testing.T) {
	b := open(t, budget.Defaults(), newClock())
	for _, role := range []domain.Role{domain.RoleSystem, domain.RoleImporter, "emperor"} {
		if got, want := b.Account(role, "x").Limit(), budget.Defaults()[domain.RolePublic].Burst; got != want {
			t.Errorf("%s: %d, want %d", role, got, want)
		}
	}
}

func TestAClockThatJumpsLocksNobodyOut(t *testing.T) {
	for name, jump := range map[string]time.Duration{
		"a second back": -time.Second, "a year back": -365 * 24 * time.Hour, "to before the epoch": -60 * 365 * 24 * time.Hour,
		"a year ahead": 365 * 24 * time.Hour, "not at all": 0,
	} {
		t.Run(name, func(t *testing.T) {
			c := newClock()
			a := open(t, small(), c).Account(domain.RolePublic, "x")
			a.Waste(1000)
			c.pass(jump)
			_ = a.Charge(50) // refused where the clock went back: what counts is that time goes on
			c.pass(5 * time.Second)
			if err := a.Charge(50); err != nil {
				t.Errorf("five seconds later: %v", err)
			}
			c.pass(-jump) // and when it is put right again
			c.pass(10 * time.Second)
			if err := a.Charge(50); err != nil {
				t.Errorf("once put right: %v", err)
			}
		})
	}
}

func TestAccountsAreBoundedAndTheEvictedAreNotLockedOut(t *testing.T) {
	b := open(t, budget.Defaults(), newClock())
	b.Account(domain.RoleHR, "hr-li").Waste(budget.Largest)
	first := b.Account(domain.RolePublic, "first")
	first.Waste(budget.Largest)
	for i := range budget.Accounts {
		b.Account(domain.RolePublic, fmt.Sprint(i))
	}
	if again := b.Account(domain.RolePublic, "first"); again == first || again.Remaining() != again.Limit() {
		t.Errorf("%d left in the account that fell out", again.Remaining())
	}
	if left := b.Account(domain.RoleHR, "hr-li").Remaining(); left != 0 {
		t.Errorf("a flood of the public pushed out who signs in: %d left", left)
	}
}

func TestManySpendFromOneAccount(t *testing.T) {
	c := newClock()
	b := open(t, small(), c)
	var paid atomic.Int64
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 50 {
				if b.Account(domain.RolePublic, "x").Charge(3) == nil {
					paid.Add(1)
				}
			}
		})
	}
	all.Wait()
	if n := paid.Load(); n != 33 {
		t.Errorf("%d operations of 3 were paid from 100, want 33", n)
	}
}

func TestWrongAllowancesAreRefusedByName(t *testing.T) {
	with := func(a budget.Allowance) budget.Allowances {
		return budget.Defaults().With(budget.Allowances{domain.RoleHR: a})
	}
	for want, a := range map[string]budget.Allowances{
		"for the public":          {},
		"hr: perSecond is 0":      with(budget.Allowance{Burst: 1, PerOperation: 1}),
		"hr: burst is -1":         with(budget.Allowance{PerSecond: 1, Burst: -1, PerOperation: 1}),
		"hr: burst is 2000000000": with(budget.Allowance{PerSecond: 1, Burst: 2 * budget.Largest, PerOperation: 1}),
		"could never be paid for": with(budget.Allowance{PerSecond: 1, Burst: 5, PerOperation: 6}),
	} {
		if _, err := budget.New(a); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

func TestAddressesPayByWhatIsHandedOut(t *testing.T) {
	for in, want := range map[string]string{
		"192.0.2.7": "192.0.2.7", "::ffff:192.0.2.7": "192.0.2.7",
		"2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64", "fe80::1%eth0": "fe80::/64",
	} {
		if got := budget.Address(netip.MustParseAddr(in)); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}
