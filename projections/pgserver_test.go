package projections_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
)

func TestAPasswordInTheURLIsNotShown(t *testing.T) {
	inPostgres(t)
	h := newHouse(t)
	there, err := url.Parse(databaseOf(t, t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	there.User, there.Path = url.UserPassword("probity", "s3cret"), "/there_is_no_such_database"
	for name, of := range map[string]string{
		"a malformed URL":   "postgres://probity:s3cret@db.example:port/probity",
		"a malformed host":  "postgres://probity:s3cret@[::1/probity",
		"no database there": there.String(),
	} {
		opts := h.options()
		opts.Postgres = of
		v, err := projections.Open(t.TempDir(), h.codec, opts)
		if err == nil {
			t.Errorf("%s: opened, %v", name, v.Close())
		} else if strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhoMayOnlyReadFollowsAndMayGoOnAfterARebuild(t *testing.T) {
	inPostgres(t)
	h := agency(t)
	dir := t.TempDir()
	leader := h.aloneIn(dir)
	h.catchUp(leader)
	role := fmt.Sprint("probity_reports_", os.Getpid())
	execute(t, databaseOf(t, dir), "CREATE ROLE "+role+" LOGIN; GRANT USAGE ON SCHEMA probity TO "+role+"; GRANT SELECT ON ALL TABLES IN SCHEMA probity TO "+role+
		"; GRANT UPDATE (name, rank) ON probity.officers TO "+role+"; GRANT SELECT ON probity.units TO "+role+" WITH GRANT OPTION")
	const rights = "SELECT 'table', relname::text, relacl::text FROM pg_class c WHERE c.relnamespace = 'probity'::regnamespace AND relacl IS NOT NULL " +
		"UNION ALL SELECT attname, attrelid::regclass::text, attacl::text FROM pg_attribute a WHERE a.attrelid = 'probity.officers'::regclass AND attacl IS NOT NULL ORDER BY 1, 2"
	granted := ask(t, databaseOf(t, dir), rights)
	t.Cleanup(func() { execute(t, databaseOf(t, dir), "DROP OWNED BY "+role+"; DROP ROLE "+role) })
	u, err := url.Parse(databaseOf(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.User(role)
	opts := h.options()
	opts.Postgres, opts.ReadOnly = u.String(), true
	replica, err := projections.Open(t.TempDir(), h.codec, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = replica.Close() })
	begin(t, replica.Follow)
	ctx := context.Background()
	h.on("2024-05-20")
	for i := range 2 {
		if err := replica.WaitFor(ctx, lastPosition(t, h.store)); err != nil {
			t.Fatal(err)
		}
		if c, err := replica.As(auditor).Case(ctx, "C1"); err != nil || c == nil {
			t.Fatalf("case %v, %v", c, err)
		}
		if err := replica.Rebuild(ctx, h.store, nil); err == nil {
			t.Error("who may only read has built the views anew")
		}
		h.do("hr:R1", fmt.Sprint("Z", i), officer.Enroll{FullName: "新人", Unit: "D1"})
		if err := leader.Rebuild(ctx, h.store, nil); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(granted, ask(t, databaseOf(t, dir), rights)); diff != "" || len(granted) < 4 {
		t.Errorf("who was given rights has others after a rebuild:\n%s", diff)
	}
	opts.ReadOnly = false
	if v, err := projections.Open(t.TempDir(), h.codec, opts); err != nil {
		t.Error(err)
	} else {
		if err := v.Rebuild(ctx, h.store, nil); !errors.Is(err, ledger.ErrReadOnly) {
			t.Errorf("a role without rights is told %v", err)
		}
		_ = v.Close()
	}
}

func TestAQuestionEndsWithItsContextAndLeavesTheConnection(t *testing.T) {
	inPostgres(t)
	h := agency(t)
	dir := t.TempDir()
	opts := h.options()
	opts.Readers = 1
	v, err := open(t, dir, h.codec, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = v.Close() })
	h.catchUp(v)
	ctx := context.Background()
	c, err := pgx.Connect(ctx, databaseOf(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(ctx)
	if _, err := c.Exec(ctx, "BEGIN; LOCK TABLE probity.officers IN ACCESS EXCLUSIVE MODE"); err != nil {
		t.Fatal(err)
	}
	short, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
	defer cancel()
	if _, err := v.As(auditor).Officer(short, "P1"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a question that cannot be answered ends with %v", err)
	}
	if u, err := v.As(auditor).Unit(ctx, "A"); err != nil || u == nil {
		t.Errorf("the next one is answered with %v, %v", u, err)
	}
	if _, err := c.Exec(ctx, "ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	if o, err := v.As(auditor).Officer(ctx, "P1"); err != nil || o == nil {
		t.Errorf("once the table is free: %v, %v", o, err)
	}
}

func TestTablesOfAnotherVersionAreNotReadUntilTheyAreBuiltAnew(t *testing.T) {
	inPostgres(t)
	h := agency(t)
	dir := t.TempDir()
	h.catchUp(h.aloneIn(dir))
	want := dump(t, dir)
	execute(t, databaseOf(t, dir), "UPDATE probity.projections SET version = 99 WHERE name = 'events'")
	ctx := context.Background()
	v := h.aloneIn(dir)
	if at, err := v.Position(ctx); err != nil || at != ledger.Start {
		t.Errorf("they stand at %s, %v", at, err)
	}
	over, cancel := context.WithCancel(ctx)
	cancel()
	for range 2 {
		if _, err := v.As(auditor).Officer(ctx, "P1"); !errors.Is(err, projections.ErrUnavailable) || !strings.Contains(err.Error(), "rebuild") {
			t.Errorf("reading them: %v", err)
		}
		if _, err := v.As(auditor).Position(ctx); !errors.Is(err, projections.ErrUnavailable) {
			t.Errorf("where a reader stands: %v", err)
		}
		// That something else fails as well makes them no more fit to be read.
		if err := v.CatchUp(over, h.store, nil); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
	opts := h.options()
	opts.ReadOnly = true
	if _, err := open(t, dir, h.codec, opts); err == nil {
		t.Error("they were opened for reading")
	}
	replica := h.viewsIn(dir)
	end := begin(t, func(ctx context.Context) error { return v.Run(ctx, h.store) })
	if err := replica.WaitFor(ctx, lastPosition(t, h.store)); err != nil {
		t.Fatal(err)
	}
	if o, err := replica.As(auditor).Officer(ctx, "P1"); err != nil || o == nil {
		t.Errorf("once they are built anew: %v, %v", o, err)
	}
	_ = end()
	if diff := cmp.Diff(want, dump(t, dir)); diff != "" {
		t.Error(diff)
	}
}

func execute(t testing.TB, url, sql string) {
	t.Helper()
	ctx := context.Background()
	c, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(ctx)
	if _, err := c.Exec(ctx, sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}
