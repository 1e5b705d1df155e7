package budget_test

import (
	"fmt"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql/budget"
)

func Example() {
	budgets, err := budget.New(budget.Allowances{
		domain.RolePublic: {PerSecond: 10, Burst: 100, PerOperation: 60},
	})
	if err != nil {
		panic(err)
	}
	account := budgets.Account(domain.RolePublic, "192.0.2.7")
	fmt.Println(account.Charge(70))
	fmt.Println(account.Charge(60), account.Remaining(), "of", account.Limit())
	fmt.Println(account.Charge(60))
	// Output:
	// the operation costs 70, more than the 60 your role may spend at once; ask for fewer at a time (first, last)
	// <nil> 40 of 100
	// the operation costs 60 and your budget has 40 left; ask again in 2s
}
