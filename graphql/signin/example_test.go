package signin_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql/signin"
)

func ExampleRequire() {
	dir, err := os.MkdirTemp("", "issuer")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	issuer, err := signin.OpenIssuer(filepath.Join(dir, "issuer.pem"))
	if err != nil {
		panic(err)
	}
	verifier, err := issuer.Verifier()
	if err != nil {
		panic(err)
	}
	handler := signin.Require(verifier)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		principal, _ := signin.FromContext(r.Context())
		fmt.Println(principal.Role, principal.Subject, principal.Unit)
	}))

	token, _, err := issuer.Mint(signin.Grant{Subject: "o-0007", Role: domain.RoleInspector, Units: []domain.UnitID{"port"}})
	if err != nil {
		panic(err)
	}
	r := httptest.NewRequest("POST", "/graphql", nil)
	r.Header.Set("Authorization", "Bearer "+token)
	handler.ServeHTTP(httptest.NewRecorder(), r)
	// Output: inspector o-0007 port
}
