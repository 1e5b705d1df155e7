// Package budget bounds what each subject may ask for over time. An operation
// has a cost (package guard weighs it); a role has an allowance of cost a
// second; each subject of the role has an account of its own, from which the
// cost is taken before the operation is executed.
//
// # Use
//
//	budgets, err := budget.New(budget.Defaults())
//	account := budgets.Account(domain.RoleHR, "hr-li")
//	err := account.Charge(checked.Cost.Total) // *Exceeded or *TooCostly
//
// Whoever has no name pays by address: see Address.
//
// # Units
//
// Cost is one per field, times the page size below lists; it has no other
// unit. An account holds Allowance.Burst at most and regains
// Allowance.PerSecond. A new account is full.
//
// # Bounds
//
// The accounts used last are kept, Accounts of each role. One that falls out
// begins anew with a full account, so nobody is locked out by the many others;
// and since each role has accounts of its own, the public cannot push out those
// who sign in.
//
// # The clock
//
// Time is measured by the monotonic clock, which nobody can set. Should the
// clock handed in go back all the same, accounts go on from the new time: what
// was left is left, and what is regained is regained from then on.
//
// # Concurrency
//
// Budgets and Accounts are safe for concurrent use.
package budget
