package projections_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
	"github.com/probity-ledger/probity/projections/pgtest"
)

// onPostgres tells that the views of the tests lie in PostgreSQL.
var onPostgres bool

// TestMain runs all tests with views in files, or with views in PostgreSQL
// where the environment names one.
func TestMain(m *testing.M) {
	onPostgres = os.Getenv(pgtest.Env) != ""
	goleak.VerifyTestMain(m)
}

// inFiles skips what is about files of views alone.
func inFiles(t testing.TB, why string) {
	t.Helper()
	if onPostgres {
		t.Skip("in PostgreSQL: " + why)
	}
}

var databases sync.Map // of folders

// databaseOf is the database that stands for views in the folder.
func databaseOf(t testing.TB, dir string) string {
	t.Helper()
	if url, ok := databases.Load(dir); ok {
		return url.(string)
	}
	url := pgtest.Database(t)
	databases.Store(dir, url)
	return url
}

// open opens views: in the folder, or in the database that stands for it.
func open(t testing.TB, dir string, codec *ledger.Codec, opts projections.Options) (*projections.Views, error) {
	t.Helper()
	if onPostgres {
		opts.Postgres = databaseOf(t, dir)
	}
	return projections.Open(dir, codec, opts)
}

// ask returns the rows of a question to the database, each as a line.
func ask(t testing.TB, url, sql string) (out []string) {
	t.Helper()
	ctx := context.Background()
	c, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(ctx)
	rows, err := c.Query(ctx, sql)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		values, err := rows.Values()
		if err != nil {
			t.Fatal(err)
		}
		var line strings.Builder
		for _, v := range values {
			switch x := v.(type) {
			case nil:
				v = ""
			case bool:
				v = map[bool]string{true: "1", false: "0"}[x]
			case []byte:
				v = string(x)
			}
			fmt.Fprintf(&line, "|%q", fmt.Sprint(v))
		}
		out = append(out, line.String())
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// dumpPostgres is dump for views in PostgreSQL.
func dumpPostgres(t testing.TB, url string) []string {
	t.Helper()
	const of = " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'probity' AND c.relkind = "
	var out []string
	for _, name := range ask(t, url, "SELECT c.relname::text"+of+"'r' ORDER BY c.relname::text COLLATE \"C\"") {
		table := strings.Trim(name, `|"`)
		where := ""
		if table == "basis" {
			where = " WHERE name = 'rulebook'"
		}
		for _, row := range ask(t, url, "SELECT * FROM probity."+table+" x"+where+" ORDER BY x") {
			out = append(out, table+row)
		}
	}
	return append(out, ask(t, url, "SELECT c.relname::text, pg_get_indexdef(c.oid)"+of+"'i' ORDER BY 1")...)
}
