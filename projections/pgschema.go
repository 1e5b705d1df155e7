package projections

import (
	"regexp"
	"strings"
)

// Texts are compared by their bytes, as in SQLite, whatever the locale of the
// database. An index entry has room for a third of a page in PostgreSQL: where
// a text that people write freely is indexed, it is by its hash, or not.
var pgWords = strings.NewReplacer(
	" INTEGER", " BIGINT", " TEXT", ` TEXT COLLATE "C"`, " BLOB", " BYTEA", ") WITHOUT ROWID", ")",
	",\n\tPRIMARY KEY (officer, nature, party, unit, other)", "",
	"ON complaints (category)", "ON complaints USING hash (category)",
	"superseded, hits, exposure, label)", "superseded, hits, exposure)",
	"ends, begins, hits, exposure, label)", "ends, begins, hits, exposure)",
)

// pgMore are an index that SQLite does without, and what stands for its index of
// texts.
const pgMore = "CREATE INDEX interests_officer ON interests (officer);" + pgTextsSQL

// pgTable is a table of the views as PostgreSQL takes it.
type pgTable struct {
	name    string
	create  string
	indexes []string
}

var named = regexp.MustCompile(`^CREATE (?:UNIQUE )?(?:TABLE (\w+)|INDEX \w+ ON (\w+))`)

// pgTables are all tables, in the order in which they are made.
func pgTables() []pgTable {
	var out []pgTable
	at := map[string]int{}
	for sql := range strings.SplitSeq(pgWords.Replace(schemaSQL()+";"+indexSQL()+";"+pgMore), ";") {
		sql = strings.TrimSpace(sql)
		m := named.FindStringSubmatch(sql)
		switch {
		case m == nil:
		case m[1] != "":
			at[m[1]] = len(out)
			out = append(out, pgTable{name: m[1], create: sql})
		default:
			t := &out[at[m[2]]]
			t.indexes = append(t.indexes, sql)
		}
	}
	return out
}

// pgTablesSQL makes all tables, empty, with their indexes.
func pgTablesSQL() string {
	var all []string
	for _, t := range pgTables() {
		all = append(append(all, t.create), t.indexes...)
	}
	return strings.Join(append(all, positionsSQL), ";\n")
}

// pgGrants gives who may read the views in use the same rights to those built
// anew: on the schema, on tables and on single columns, with the right to pass
// them on where it was given.
const pgGrants = `DO $$
DECLARE r record;
BEGIN
	FOR r IN
		SELECT a.privilege_type AS may, 'SCHEMA ` + pgFresh + `' AS object, a.grantee, a.is_grantable AS passes FROM pg_namespace n, aclexplode(n.nspacl) a
			WHERE n.nspname = '` + pgSchema + `' AND a.grantee <> n.nspowner
		UNION ALL SELECT a.privilege_type, format('TABLE ` + pgFresh + `.%I', c.relname), a.grantee, a.is_grantable
			FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) a
			WHERE n.nspname = '` + pgSchema + `' AND a.grantee <> c.relowner AND to_regclass(format('` + pgFresh + `.%I', c.relname)) IS NOT NULL
		UNION ALL SELECT format('%s (%I)', a.privilege_type, t.attname), format('TABLE ` + pgFresh + `.%I', c.relname), a.grantee, a.is_grantable
			FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute t ON t.attrelid = c.oid
				JOIN pg_attribute f ON f.attrelid = to_regclass(format('` + pgFresh + `.%I', c.relname)) AND f.attname = t.attname AND NOT f.attisdropped, aclexplode(t.attacl) a
			WHERE n.nspname = '` + pgSchema + `' AND NOT t.attisdropped AND a.grantee <> c.relowner
	LOOP
		EXECUTE format('GRANT %s ON %s TO %s', r.may, r.object, CASE WHEN r.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(r.grantee)) END)
			|| CASE WHEN r.passes THEN ' WITH GRANT OPTION' ELSE '' END;
	END LOOP;
END $$`
