package trusted_test

import (
	"fmt"

	"github.com/probity-ledger/probity/graphql/trusted"
)

func ExampleLoad() {
	documents, err := trusted.Load("../examples")
	if err != nil {
		panic(err)
	}
	for id, text := range documents.All() {
		if trusted.ID(text) != id {
			panic(id)
		}
	}
	fmt.Println(documents.Len() >= 8)
	// Output: true
}
