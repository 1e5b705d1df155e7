package projections

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections/query"
)

const (
	// hrSchema holds the views for HR, hrReader is who may read them.
	hrSchema = "hr"
	hrReader = "probity_hr"

	// hrVersion rises when columns of the views in hrSchema change otherwise
	// than by others at the end. Like that of the tables it is no migration:
	// what is derived is made again.
	hrVersion = 1

	hrSigned = "Probity: what HR may see 人事可见, version "

	// hrDigested comes before the digest of the statements that made them: where
	// those of this program are others, the views are replaced.
	hrDigested = ", statements "

	// hrTries is how often replacing them is tried while others read them, for
	// half a second each: less than deadlock_timeout, so that whoever reads some
	// and goes on to others is not the one who is turned away.
	hrTries = 10
)

// errHRSchema says that the schema is used for something else.
var errHRSchema = errors.New("the database has a schema hr that is not of this ledger; rename it (ALTER SCHEMA hr RENAME TO …), or give the ledger a database of its own")

// hrStands is what is there of the views for HR.
type hrStands struct {
	version int    // 0 for none
	digest  string // of the statements that made them
}

// hrStanding reads it from the comment on the schema.
func hrStanding(c conn) (s hrStands, err error) {
	signed, there := "", false
	err = c.query("SELECT coalesce(obj_description(oid, 'pg_namespace'), '') FROM pg_namespace WHERE nspname = ?", []any{hrSchema}, func(r dbRow) error {
		signed, there = r.ColumnText(0), true
		return nil
	})
	if err != nil || !there {
		return s, err
	}
	signed, s.digest, _ = strings.Cut(signed, hrDigested)
	if n, err := fmt.Sscanf(signed, hrSigned+"%d", &s.version); n != 1 || err != nil {
		return s, errHRSchema
	}
	return s, nil
}

// stale tells that the views there are not those of this program, and that it
// is for this program to make them.
func (p *postgres) staleHR(s hrStands) bool {
	return s.version < hrVersion || s.version == hrVersion && s.digest != digestOf(hrStatements(p.zone))
}

// hrStatements make the views: what they show, and to whom.
func hrStatements(zone *time.Location) string {
	var all []string
	for _, v := range hrViews(hrToday(zone)) {
		all = append(all, v.make()...)
	}
	return strings.Join(all, ";\n")
}

func digestOf(statements string) string {
	sum := sha256.Sum256([]byte(statements))
	return hex.EncodeToString(sum[:8])
}

// makeHR makes the views for HR over the tables in use, within a transaction.
// Those of the same version are replaced: grants, and views that others made
// over them, stay. Those of another version go, with all that hangs on them; so
// do, where anew says so, those that cannot be replaced.
func (p *postgres) makeHR(c *pgConn, anew bool) error {
	if err := c.query(pgLockMaking, []any{pgChannel}, func(dbRow) error { return nil }); err != nil {
		return err
	}
	stands, err := hrStanding(c)
	if err != nil {
		return err
	}
	statements := hrStatements(p.zone)
	making := "SET LOCAL search_path = " + pgSchema + ";\n" + statements +
		fmt.Sprintf(";\nCOMMENT ON SCHEMA %s IS '%s%d%s%s'", hrSchema, hrSigned, hrVersion, hrDigested, digestOf(statements))
	replaced := stands.version == hrVersion
	if replaced {
		all := []string{"SAVEPOINT hr"}
		// All are locked before the first is changed, those first that look into
		// others: whoever reads one of these waits at its door, not half-way.
		for _, v := range slices.Backward(hrViews("")) {
			all = append(all, "ALTER VIEW IF EXISTS "+hrSchema+"."+v.name+" SET (security_barrier = true)")
		}
		err = c.run(strings.Join(append(all, making), ";\n"))
		if anew && refusedAs(err, unlikeBefore) {
			replaced, err = false, c.run("ROLLBACK TO SAVEPOINT hr")
		}
	}
	if err == nil && !replaced {
		err = c.run("DROP SCHEMA IF EXISTS " + hrSchema + " CASCADE; CREATE SCHEMA " + hrSchema + ";\n" + making)
	}
	if err != nil {
		return fmt.Errorf("make the views for HR: %w", err)
	}
	p.stale.Store(nil)
	return p.letHR(c, hrReader)
}

// unlikeBefore is the code of PostgreSQL for a view that lacks columns of the one
// that it would replace.
const unlikeBefore = "42P16"

// make returns the statements that make a view. It keeps to itself which rows
// it leaves out, whatever its reader computes over it (security_barrier).
func (v hrView) make() []string {
	var columns []string
	notes := []string{"COMMENT ON VIEW " + hrSchema + "." + v.name + " IS " + query.Quote(v.comment)}
	for _, x := range v.columns {
		columns = append(columns, x.as+" AS "+x.name)
		notes = append(notes, "COMMENT ON COLUMN "+hrSchema+"."+v.name+"."+x.name+" IS "+query.Quote(x.comment))
	}
	return slices.Concat([]string{"CREATE OR REPLACE VIEW " + hrSchema + "." + v.name + " WITH (security_barrier) AS SELECT " +
		strings.Join(columns, ", ") + " FROM " + v.from}, notes)
}

// hrToday tells the day: the one that hr.day is set to, else today in the zone
// of the rulebook.
func hrToday(zone *time.Location) string {
	at := "'UTC'"
	if zone != nil {
		if name := zone.String(); strings.Contains(name, "/") {
			at = query.Quote(name)
		} else { // a name of its own, and an offset
			_, seconds := time.Now().In(zone).Zone()
			at = fmt.Sprintf("INTERVAL '%d seconds'", seconds)
		}
	}
	return "coalesce(CAST(nullif(current_setting('hr.day', true), '') AS date), CAST(now() AT TIME ZONE " + at + " AS date))"
}

// zone is where a day begins.
func (o *Options) zone() *time.Location {
	switch {
	case o.Books != nil:
		book, _ := o.Books.Default()
		return book.Calendar.Zone
	default:
		return o.Calendar.Zone
	}
}

// standHR makes the views for HR where there are none, or others than this
// program's, and lets hrReader read them. Those of a newer version are left.
// What this role may not do itself, or not now, is kept for Notices.
func (p *postgres) standHR(c *pgConn) error {
	stands, err := hrStanding(c)
	if err != nil {
		return err
	}
	for try := 0; p.staleHR(stands) && (try == 0 || try < hrTries && errors.Is(err, ledger.ErrLocked)); try++ {
		err = p.alone(c, func() error {
			if stands, err := hrStanding(c); err != nil || !p.staleHR(stands) {
				return err
			}
			return errors.Join(c.run("SET LOCAL lock_timeout = '500ms'"), p.makeHR(c, false))
		})
	}
	if stands.version == hrVersion && (errors.Is(err, ledger.ErrLocked) || refusedAs(err, unlikeBefore)) {
		why := "schema hr is as another program made it, because somebody reads it just now: let a server start again, or build the views anew"
		if refusedAs(err, unlikeBefore) {
			why = "schema hr is as another program made it, with more columns than this one knows"
		}
		p.stale.Store(&why)
		err = nil
	}
	if err != nil {
		return err
	}
	return p.letHR(c, hrReader)
}

// refusedAs tells that PostgreSQL refused something with the code.
func refusedAs(err error, code string) bool {
	refused, ok := errors.AsType[*pgconn.PgError](err)
	return ok && refused.Code == code
}

// letHR makes the role of those who read, where this one may, and gives it its
// rights.
func (p *postgres) letHR(c *pgConn, role string) error {
	create := "CREATE ROLE " + role + " NOLOGIN"
	grant := "GRANT USAGE ON SCHEMA " + hrSchema + " TO " + role + "; GRANT SELECT ON ALL TABLES IN SCHEMA " + hrSchema + " TO " + role
	there, err := queryInt(c, "SELECT count(*) FROM pg_roles WHERE rolname = ?", role)
	if err != nil {
		return err
	}
	if there == 0 {
		may, err := queryInt(c, "SELECT count(*) FROM pg_roles WHERE rolname = current_user AND (rolcreaterole OR rolsuper)")
		if err != nil {
			return err
		}
		if may == 0 {
			notice := "the role " + p.server.config.User + " may not create roles: for people to read schema hr, run as an administrator of this database: " + create + "; " + grant + ";"
			p.notice.Store(&notice)
			return nil
		}
		// Roles are those of the whole server: another database may make it now.
		err = c.run("DO $$ BEGIN " + create + "; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$")
		if err != nil {
			return fmt.Errorf("make the role %s: %w", role, err)
		}
	}
	p.notice.Store(nil)
	lacking, err := queryInt(c, "SELECT count(*) FROM pg_class v JOIN pg_namespace n ON n.oid = v.relnamespace WHERE n.nspname = ? AND v.relkind = 'v' "+
		"AND NOT (has_schema_privilege(?, n.oid, 'USAGE') AND has_table_privilege(?, v.oid, 'SELECT'))", hrSchema, role, role)
	if err != nil || lacking == 0 {
		return err
	}
	return c.run(grant)
}

// Notices are what the database did not let the views do for themselves, with
// what to run by hand; none where all is well.
func (v *Views) Notices() []string {
	var out []string
	if p, shared := v.lie.(*postgres); shared {
		for _, notice := range []*string{p.notice.Load(), p.stale.Load()} {
			if notice != nil {
				out = append(out, *notice)
			}
		}
	}
	return out
}
