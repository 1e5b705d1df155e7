package budget

import (
	"fmt"
	"maps"

	"github.com/probity-ledger/probity/domain"
)

// Allowance is what one subject of a role may spend, in units of cost.
type Allowance struct {
	// PerSecond is regained in a second.
	PerSecond int64
	// Burst is the most that is saved up, and what a new account holds.
	Burst int64
	// PerOperation is the largest cost of one operation, Burst at most.
	PerOperation int64
}

// Allowances are those of the roles that may ask. A role without one has that
// of the public.
type Allowances map[domain.Role]Allowance

// Largest is the highest number that an allowance may hold.
const Largest = 1_000_000_000

// Defaults returns the allowances of the project. An officer's file with its
// timeline costs about 700, a page of 50 officers with relations about 800.
func Defaults() Allowances {
	few := Allowance{PerSecond: 10_000, Burst: 200_000, PerOperation: 20_000}
	many := Allowance{PerSecond: 20_000, Burst: 500_000, PerOperation: 125_000}
	return Allowances{
		domain.RolePublic:    {PerSecond: 2_000, Burst: 50_000, PerOperation: 10_000},
		domain.RoleOfficer:   few,
		domain.RoleHandler:   few,
		domain.RoleIntake:    few,
		domain.RoleInspector: many,
		domain.RoleLeader:    many,
		domain.RoleHR:        many,
		domain.RoleOverseer:  many,
		domain.RoleAuditor:   {PerSecond: 50_000, Burst: 1_000_000, PerOperation: 125_000},
	}
}

// With returns the allowances with those of other in place of theirs.
func (a Allowances) With(other Allowances) Allowances {
	out := maps.Clone(a)
	maps.Copy(out, other)
	return out
}

// Check says what is wrong with an allowance, naming the number.
func (a Allowance) Check() error {
	for _, n := range []struct {
		name  string
		value int64
	}{{"perSecond", a.PerSecond}, {"burst", a.Burst}, {"perOperation", a.PerOperation}} {
		if n.value < 1 || n.value > Largest {
			return fmt.Errorf("%s is %d; it must lie between 1 and %d", n.name, n.value, Largest)
		}
	}
	if a.PerOperation > a.Burst {
		return fmt.Errorf("perOperation is %d, more than a full account holds (burst %d): such an operation could never be paid for", a.PerOperation, a.Burst)
	}
	return nil
}
