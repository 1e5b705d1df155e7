package norm_test

import (
	"fmt"

	"github.com/probity-ledger/probity/domain/norm"
)

// A procedure says which step is missing, and whether one person could walk
// it alone.
func ExampleVersion_Missing() {
	permit := norm.Version{Steps: []norm.Step{
		{Code: "check", StepKind: norm.StepInvestigate},
		{Code: "review", StepKind: norm.StepLegalReview, Requires: []string{"check"}, Optional: true},
		{Code: "decide", StepKind: norm.StepDecide, Requires: []string{"review"}},
	}}
	done := func(code string) bool { return false }
	fmt.Println("before the decision comes:", permit.Missing("decide", done))
	fmt.Println("one person can do:", permit.SinglePersonPath())

	permit.Steps[2].ConflictsWith = []string{"check"}
	fmt.Println("now one person can do:", permit.SinglePersonPath())
	// Output:
	// before the decision comes: check
	// one person can do: [check decide]
	// now one person can do: []
}
