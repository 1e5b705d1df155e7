package projections_test

import (
	"context"
	"fmt"
	neturl "net/url"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/projections"
)

func TestTheViewsForHRAreAllDescribedAndOpenToTheirRoleAlone(t *testing.T) {
	inPostgres(t)
	h := agency(t)
	dir := t.TempDir()
	h.catchUp(h.aloneIn(dir))
	url := databaseOf(t, dir)
	const of = " FROM pg_class v JOIN pg_namespace n ON n.oid = v.relnamespace WHERE n.nspname = 'hr'"
	var there []string
	for _, line := range ask(t, url, "SELECT v.relname::text, v.relkind::text, coalesce(v.reloptions::text, ''), coalesce(obj_description(v.oid, 'pg_class'), '')"+of+" ORDER BY 1") {
		name := strings.Split(line, `"`)[1]
		there = append(there, name)
		if !strings.Contains(line, `|"v"|"{security_barrier=true}"|`) || !chinese(line) {
			t.Error(line)
		}
	}
	if diff := cmp.Diff(viewsForHR, there); diff != "" {
		t.Error(diff)
	}
	for _, line := range ask(t, url, "SELECT n.nspname::text, v.relname::text, a.attname::text, coalesce(col_description(v.oid, a.attnum), '')"+
		strings.Replace(of, " WHERE", " JOIN pg_attribute a ON a.attrelid = v.oid AND a.attnum > 0 WHERE", 1)) {
		if !chinese(line) {
			t.Errorf("the column %s is not described in both languages", line)
		}
	}
	for _, sql := range []string{"SELECT * FROM probity.cases", "SELECT * FROM probity.officers", "CREATE VIEW hr.mine AS SELECT 1"} {
		if err := executeAs(url, "probity_hr", sql); err == nil || !strings.Contains(err.Error(), "42501") {
			t.Errorf("%s by probity_hr: %v", sql, err)
		}
	}
	// What somebody computes is computed over what they may see.
	spy := "CREATE FUNCTION pg_temp.spy(x text) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS $$ BEGIN IF x IN ('proposed', 'notified') THEN RAISE 'seen: %', x; END IF; RETURN true; END $$; "
	if err := executeAs(url, "probity_hr", spy+"SELECT count(*) FROM hr.sanction WHERE pg_temp.spy(status)"); err != nil {
		t.Error(err)
	}
}

func chinese(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return '\u4e00' <= r && r <= '\u9fff' })
}

func executeAs(url, role, sql string) error {
	ctx := context.Background()
	c, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer c.Close(ctx)
	_, err = c.Exec(ctx, "SET ROLE "+role+"; "+sql)
	return err
}

func TestWhoReadsTheViewsForHRMeetsNoGapAndKeepsRightsThroughARebuild(t *testing.T) {
	inPostgres(t)
	h := agency(t)
	dir := t.TempDir()
	v := h.aloneIn(dir)
	h.catchUp(v)
	url := databaseOf(t, dir)
	role := fmt.Sprint("probity_clerk_", os.Getpid())
	execute(t, url, "CREATE ROLE "+role+" LOGIN; GRANT USAGE ON SCHEMA hr TO "+role+"; GRANT SELECT ON hr.reward TO "+role+"; CREATE VIEW public.mine AS SELECT count(*) AS n FROM hr.personnel_record")
	t.Cleanup(func() { execute(t, url, "DROP OWNED BY "+role+"; DROP ROLE "+role) })
	ctx := context.Background()
	asked := 0
	end := begin(t, func(ctx context.Context) error {
		c, err := pgx.Connect(context.Background(), url)
		if err != nil {
			return err
		}
		defer c.Close(context.Background())
		for ctx.Err() == nil {
			var n, m int
			if err := c.QueryRow(context.Background(), "SELECT (SELECT count(*) FROM hr.personnel_record), (SELECT n FROM public.mine)").Scan(&n, &m); err != nil {
				return err
			}
			if n != 4 || m != 4 {
				return fmt.Errorf("there are %d and %d officers", n, m)
			}
			asked++
		}
		return nil
	})
	for range 5 {
		execute(t, url, "DROP VIEW hr.posting") // by mistake: it comes back
		if err := v.Rebuild(ctx, h.store, nil); err != nil {
			t.Fatal(err)
		}
	}
	if err := end(); err != nil || asked == 0 {
		t.Errorf("asked %d times: %v", asked, err)
	}
	if err := executeAs(url, role, "SELECT * FROM hr.reward"); err != nil {
		t.Error(err)
	}
	if got := ask(t, url, "SELECT count(*) FROM pg_namespace WHERE nspname = 'probity_old'"); got[0] != `|"0"` {
		t.Error("the old tables are still there")
	}
	h.on("2024-05-20")
	h.do("hr:R1", "Z1", officer.Enroll{FullName: "新人", Unit: "D1"})
	h.catchUp(v)
	if n := len(forHR(t, url, "SELECT * FROM hr.personnel_record")); n != 5 {
		t.Errorf("after the rebuild the views show %d officers: they hang on the old tables", n)
	}
}

func TestViewsForHROfAnOlderVersionAreMadeAnewAndAForeignSchemaIsLeft(t *testing.T) {
	inPostgres(t)
	h := agency(t)
	dir := t.TempDir()
	h.catchUp(h.aloneIn(dir))
	url := databaseOf(t, dir)
	execute(t, url, "DROP SCHEMA hr CASCADE; CREATE SCHEMA hr; COMMENT ON SCHEMA hr IS 'Probity: what HR may see 人事可见, version 0'; CREATE VIEW hr.reward AS SELECT 1 AS reward")
	h.aloneIn(dir)
	if n := len(forHR(t, url, "SELECT reward, merit FROM hr.reward")); n != 2 {
		t.Errorf("%d rewards", n)
	}
	// They are as this program makes them, whatever another of the same version
	// made; what hangs on them stays.
	execute(t, url, "CREATE VIEW public.mine AS SELECT * FROM hr.reward; COMMENT ON VIEW hr.reward IS 'by another'; "+
		"DO $$ BEGIN EXECUTE format('COMMENT ON SCHEMA hr IS %L', regexp_replace(obj_description('hr'::regnamespace), 'statements .*', 'statements 00')); END $$")
	h.aloneIn(dir)
	const made = "SELECT obj_description('hr.reward'::regclass), count(*) FROM public.mine"
	if got := ask(t, url, made)[0]; !strings.Contains(got, "Rewards") || !strings.Contains(got, "2") {
		t.Errorf("hr.reward is described as, with rows: %s", got)
	}
	// Another with more columns is left until the tables are built anew.
	execute(t, url, "ALTER VIEW hr.reward RENAME TO before; CREATE VIEW hr.reward AS SELECT *, 1 AS later FROM hr.before; "+
		"DO $$ BEGIN EXECUTE format('COMMENT ON SCHEMA hr IS %L', regexp_replace(obj_description('hr'::regnamespace), 'statements .*', 'statements 00')); END $$")
	more := h.aloneIn(dir)
	if got := more.Notices(); len(got) != 1 || !strings.Contains(got[0], "more columns") || len(ask(t, url, "SELECT later FROM hr.reward")) != 2 {
		t.Errorf("with more columns: %q", got)
	}
	if err := more.Rebuild(t.Context(), h.store, nil); err != nil || len(more.Notices()) != 0 || len(ask(t, url, "SELECT * FROM hr.reward")) != 2 {
		t.Errorf("built anew: %v, %q", err, more.Notices())
	}
	newer := "COMMENT ON SCHEMA hr IS 'Probity: what HR may see 人事可见, version 99'"
	execute(t, url, newer+"; CREATE VIEW hr.later AS SELECT 1 AS one")
	h.aloneIn(dir)
	if len(ask(t, url, "SELECT * FROM hr.later")) != 1 {
		t.Error("an older program took a newer one's views away")
	}
	execute(t, url, "COMMENT ON SCHEMA hr IS 'payroll'")
	if _, err := open(t, dir, h.codec, h.options()); err == nil || !strings.Contains(err.Error(), "rename it") {
		t.Errorf("with a schema of somebody else: %v", err)
	}
}

func TestWhereTheServersRoleMayNotMakeRolesItSaysWhatToRun(t *testing.T) {
	inPostgres(t)
	h := agency(t)
	h.catchUp(h.aloneIn(t.TempDir())) // probity_hr is there by now
	url := databaseOf(t, t.TempDir())
	server, reader := fmt.Sprint("probity_server_", os.Getpid()), fmt.Sprint("probity_reader_", os.Getpid())
	database := strings.TrimPrefix(urlOf(t, url).Path, "/")
	execute(t, url, "CREATE ROLE "+server+" LOGIN; GRANT CREATE ON DATABASE "+database+" TO "+server)
	t.Cleanup(func() { execute(t, url, "DROP OWNED BY "+server+" CASCADE; DROP ROLE "+server) })
	u := urlOf(t, url)
	u.User = neturl.User(server)
	opts := h.options()
	opts.Postgres = u.String()
	v, err := projections.Open(t.TempDir(), h.codec, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = v.Close() })
	h.catchUp(v)
	if got := v.Notices(); len(got) != 0 {
		t.Errorf("the role is there, and it says %q", got)
	}
	if err := v.LetHR(reader); err != nil {
		t.Fatal(err)
	}
	got := v.Notices()
	if len(got) != 1 || !strings.Contains(got[0], server+" may not create roles") {
		t.Fatalf("it says %q", got)
	}
	_, byHand, _ := strings.Cut(got[0], "of this database: ")
	execute(t, url, byHand)
	t.Cleanup(func() { execute(t, url, "DROP OWNED BY "+reader+" CASCADE; DROP ROLE "+reader) })
	if err := executeAs(url, reader, "SELECT * FROM hr.timeline"); err != nil {
		t.Errorf("after what it says was run: %v", err)
	}
	if err := v.LetHR(reader); err != nil || len(v.Notices()) != 0 {
		t.Errorf("then it says %q, %v", v.Notices(), err)
	}
}

func urlOf(t testing.TB, url string) *neturl.URL {
	t.Helper()
	u, err := neturl.Parse(url)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// The examples of the page answer as it says, over the agency of these tests.
func TestTheExamplesOfThePageAnswerAsItSays(t *testing.T) {
	inPostgres(t)
	page, err := os.ReadFile("../docs/hr-sql.md")
	if err != nil {
		t.Fatal(err)
	}
	h := agency(t)
	dir := t.TempDir()
	h.catchUp(h.aloneIn(dir))
	_, examples, _ := strings.Cut(string(page), "## Example")
	blocks := strings.Split(examples, "```")
	asked := 0
	for i := 1; i+2 < len(blocks); i += 4 {
		sql, want := strings.TrimPrefix(blocks[i], "sql\n"), strings.TrimPrefix(blocks[i+2], "text\n")
		if got := asTable(t, databaseOf(t, dir), strings.TrimSuffix(strings.TrimSpace(sql), ";")); got != want {
			t.Errorf("%s\nis answered by\n%s\nThe page says\n%s", sql, got, want)
		}
		asked++
	}
	if asked != 2 {
		t.Errorf("the page has %d examples", asked)
	}
}

// asTable writes an answer as columns.
func asTable(t testing.TB, url, sql string) string {
	t.Helper()
	ctx := context.Background()
	c, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(ctx)
	if _, err := c.Exec(ctx, "SET TimeZone = 'UTC'; SET hr.day = '"+today+"'; SET ROLE probity_hr"); err != nil {
		t.Fatal(err)
	}
	results, err := c.PgConn().Exec(ctx, sql).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	var head []string
	for _, f := range results[0].FieldDescriptions {
		head = append(head, f.Name)
	}
	out.WriteString(strings.Join(head, " | ") + "\n")
	for _, row := range results[0].Rows {
		var cells []string
		for _, cell := range row {
			cells = append(cells, string(cell))
		}
		out.WriteString(strings.TrimRight(strings.Join(cells, " | "), " ") + "\n")
	}
	return out.String()
}
