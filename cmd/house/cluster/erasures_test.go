package cluster_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/probity-ledger/probity/cmd/house/cluster"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections/pgtest"
)

// What somebody says of erasures that are carried out counts only for what was
// in the vault when they looked.
func TestErasuresDoneAreNotedByWhoLookedLast(t *testing.T) {
	c := member(t, pgtest.Database(t), "a")
	read := func() cluster.Erased {
		t.Helper()
		e, err := c.Erased(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	note := func(was cluster.Erased, done, want ledger.Position) {
		t.Helper()
		if err := c.SetErased(t.Context(), was, done); err != nil {
			t.Fatal(err)
		}
		if got := read().Done; got != want {
			t.Errorf("noted %d of %+v, and it is %d; want %d", done, was, got, want)
		}
	}
	never := read()
	note(never, 7, 7)
	note(never, 5, 7) // somebody else was there
	seven := read()
	note(seven, 9, 9)
	note(seven, 8, 9)
	note(read(), 3, 3) // the ledger went back
	for what, bring := range map[string]func() error{
		"keys come":        func() error { return c.TakeIn(t.Context(), map[string][]byte{"k": {1}}) },
		"other positions":  func() error { return c.ForgetErased(t.Context()) },
		"keys come, again": func() error { return c.TakeIn(t.Context(), map[string][]byte{"k": {2}, "l": {3}}) },
	} {
		before := read()
		if err := bring(); err != nil {
			t.Fatal(what, err)
		}
		note(before, 11, 0)
		before = read() // at the start of the ledger, and somebody brings keys meanwhile
		if err := bring(); err != nil {
			t.Fatal(what, err)
		}
		note(before, 11, 0)
		note(read(), 4, 4)
	}
	if got, err := c.Vault().Get("k"); err != nil || len(got) != 1 {
		t.Errorf("the vault has %v, %v", got, err)
	}
}

// fileHolds tells whether the file of the vault's table has the bytes in it.
func fileHolds(t *testing.T, url, text string) bool {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), "CHECKPOINT"); err != nil {
		t.Skip("the files of the server cannot be looked at: ", err)
	}
	var file []byte
	if err := conn.QueryRow(t.Context(), "SELECT pg_read_binary_file(pg_relation_filepath('probity_cluster.vault'))").Scan(&file); err != nil {
		t.Skip("the files of the server cannot be looked at: ", err)
	}
	return strings.Contains(string(file), text)
}

// ordinary is the same database for a role that may do what is its own there,
// and sees little of the sessions of others.
func ordinary(t *testing.T, database string) string {
	t.Helper()
	role := fmt.Sprintf("probity_test_ordinary_%d", os.Getpid())
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	execute(t, database, "CREATE ROLE "+role+" LOGIN PASSWORD 's3cret'")
	t.Cleanup(func() {
		conn, err := pgx.Connect(context.Background(), database)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(context.Background())
		if _, err := conn.Exec(context.Background(), "DROP OWNED BY "+role+"; DROP ROLE "+role); err != nil {
			t.Error(err)
		}
	})
	execute(t, database, "GRANT CREATE ON DATABASE "+strings.TrimPrefix(u.Path, "/")+" TO "+role)
	u.User = url.UserPassword(role, "s3cret")
	return u.String()
}

// While somebody has a snapshot a deleted key is found by nobody and kept in
// mind, until the table's file is without it.
func TestADeletedKeyIsKeptInMindUntilItIsInNoFile(t *testing.T) {
	database := pgtest.Database(t)
	of := ordinary(t, database)
	a, b := member(t, of, "a"), member(t, of, "b")
	for key, wrapped := range map[string]string{"gone": "the erased key, wrapped", "stays": "another key, wrapped"} {
		if err := a.Vault().Put(key, []byte(wrapped)); err != nil {
			t.Fatal(err)
		}
	}
	dump, err := pgx.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer dump.Close(t.Context())
	tx, err := dump.BeginTx(t.Context(), pgx.TxOptions{IsoLevel: pgx.RepeatableRead})
	if err != nil {
		t.Fatal(err)
	}
	keys := 0
	if err := tx.QueryRow(t.Context(), "SELECT count(*) FROM pg_class").Scan(&keys); err != nil {
		t.Fatal(err)
	}
	left := func(want int) {
		t.Helper()
		s, err := cluster.Look(t.Context(), of, origin)
		if err != nil || s.Remains != want || s.Keys != 1 || s.Since.IsZero() != (want == 0) {
			t.Errorf("%+v, %v; want %d left", s, err, want)
		}
	}
	if err := a.Vault().Destroy("gone"); !errors.Is(err, cluster.ErrRemains) {
		t.Fatalf("destroyed beside a snapshot: %v", err)
	}
	if has, err := b.Vault().Has("gone"); has || err != nil {
		t.Errorf("it is found: %v", err)
	}
	left(1)
	if !fileHolds(t, database, "the erased key") {
		t.Error("the file does not hold what it is said to hold: nothing is shown by this test")
	}
	if err := a.Vault().Destroy("gone"); !errors.Is(err, cluster.ErrRemains) {
		t.Errorf("once more: %v", err)
	}
	if err := tx.QueryRow(t.Context(), "SELECT count(*) FROM probity_cluster.vault").Scan(&keys); err != nil || keys != 2 {
		t.Errorf("who began before sees %d keys, %v", keys, err)
	}
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := b.Purge(t.Context()); err != nil {
		t.Fatal(err)
	}
	left(0)
	if fileHolds(t, database, "the erased key") || !fileHolds(t, database, "another key") {
		t.Error("the file is not what it should be")
	}
	if got, err := a.Vault().Get("stays"); err != nil || string(got) != "another key, wrapped" {
		t.Errorf("%q, %v", got, err)
	}
}

// Looking changes nothing, not even where nobody ever took part.
func TestLookingMakesNothing(t *testing.T) {
	url := pgtest.Database(t)
	if s, err := cluster.Look(t.Context(), url, origin); err != nil || s != (cluster.State{}) {
		t.Errorf("%+v, %v", s, err)
	}
	execute(t, url, "CREATE SCHEMA probity_cluster") // fails where looking made one
}
