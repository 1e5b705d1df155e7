package graphql_test

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql/overhttp"
	"github.com/probity-ledger/probity/projections"
)

func ExampleService_Do() {
	service := shared().service // made by graphql.New
	who := projections.Principal{Subject: "X", Role: domain.RoleAuditor}
	response := service.Do(context.Background(), who, overhttp.Request{
		Query:     `query Q($id: ID!) { sanction(id: $id) { officer { name } measure status until } }`,
		Variables: map[string]any{"id": theSanction},
	})
	fmt.Println(len(response.Errors), "errors")
	fmt.Println(string(response.Data.(json.RawMessage)))
	// Output:
	// 0 errors
	// {"sanction":{"officer":{"name":"张伟"},"measure":"demerit","status":"IMPOSED","until":"2024-06-05"}}
}
