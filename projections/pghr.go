package projections

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

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
)

// errHRSchema says that the schema is used for something else.
var errHRSchema = errors.New("the database has a schema hr that is not of this ledger; rename it (ALTER SCHEMA hr RENAME TO …), or give the ledger a database of its own")

// hrStanding is the version of the views for HR that are there; 0 for none.
func hrStanding(c conn) (version int, err error) {
	signed, there := "", false
	err = c.query("SELECT coalesce(obj_description(oid, 'pg_namespace'), '') FROM pg_namespace WHERE nspname = ?", []any{hrSchema}, func(r dbRow) error {
		signed, there = r.ColumnText(0), true
		return nil
	})
	if err != nil || !there {
		return 0, err
	}
	if n, err := fmt.Sscanf(signed, hrSigned+"%d", &version); n != 1 || err != nil {
		return 0, errHRSchema
	}
	return version, nil
}

// makeHR makes the views for HR over the tables in use, within a transaction.
// Those of the same version are replaced: grants, and views that others made
// over them, stay. Those of another version go, with all that hangs on them.
func (p *postgres) makeHR(c *pgConn) error {
	if err := c.query(pgLockMaking, []any{pgChannel}, func(dbRow) error { return nil }); err != nil {
		return err
	}
	version, err := hrStanding(c)
	if err != nil {
		return err
	}
	all := []string{"SET LOCAL search_path = " + pgSchema}
	if version != hrVersion {
		all = append(all, "DROP SCHEMA IF EXISTS "+hrSchema+" CASCADE", "CREATE SCHEMA "+hrSchema,
			fmt.Sprintf("COMMENT ON SCHEMA %s IS '%s%d'", hrSchema, hrSigned, hrVersion))
	}
	views := hrViews(hrToday(p.zone))
	if version == hrVersion {
		// All are locked before the first is changed, those first that look into
		// others: whoever reads one of these waits at its door, not half-way.
		for _, v := range slices.Backward(views) {
			all = append(all, "ALTER VIEW IF EXISTS "+hrSchema+"."+v.name+" SET (security_barrier = true)")
		}
	}
	for _, v := range views {
		all = append(all, v.make()...)
	}
	if err := c.run(strings.Join(all, ";\n")); err != nil {
		return fmt.Errorf("make the views for HR: %w", err)
	}
	return p.letHR(c, hrReader)
}

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

// standHR makes the views for HR where there are none, or older ones, and lets
// hrReader read them. What this role may not do itself is kept for Notices.
func (p *postgres) standHR(c *pgConn) error {
	version, err := hrStanding(c)
	if err != nil {
		return err
	}
	if version < hrVersion {
		err = p.alone(c, func() error {
			if version, err := hrStanding(c); err != nil || version >= hrVersion {
				return err
			}
			return p.makeHR(c)
		})
	}
	if err != nil {
		return err
	}
	return p.letHR(c, hrReader)
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
	if p, shared := v.lie.(*postgres); shared {
		if notice := p.notice.Load(); notice != nil {
			return []string{*notice}
		}
	}
	return nil
}
