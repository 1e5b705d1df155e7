package pgtest_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/probity-ledger/probity/projections/pgtest"
)

func TestADatabaseIsEmptyAndOfUTF8(t *testing.T) {
	c, err := pgx.Connect(t.Context(), pgtest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(t.Context())
	var encoding string
	var tables int
	err = c.QueryRow(t.Context(), "SELECT current_setting('server_encoding'), count(*) FROM pg_tables WHERE schemaname = 'public'").Scan(&encoding, &tables)
	if err != nil || encoding != "UTF8" || tables != 0 {
		t.Errorf("%s, %d tables: %v", encoding, tables, err)
	}
}
