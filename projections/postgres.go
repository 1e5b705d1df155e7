package projections

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/probity-ledger/probity/ledger"
)

// postgres is a schema of views in PostgreSQL, which many processes use and one
// at a time advances.
type postgres struct {
	server *pgServer
	origin string
	dir    string // where a rebuild keeps what it folds
	zone   *time.Location
	// build tells the tables of one rebuild from those of another.
	build string
	// builder holds the lock of a rebuild while there is one.
	builder *pgConn
	notice  atomic.Pointer[string] // what is to be done by hand
	stale   atomic.Pointer[string] // why schema hr is not as this program makes it
}

// pgChannel is where whoever advances the views tells that they moved.
const pgChannel = "probity_views"

// pgLockMaking waits until nobody else makes schemas or tables, until the end of
// the transaction.
const pgLockMaking = "SELECT pg_advisory_xact_lock(hashtext(?))"

func newPostgres(url, origin, dir string, zone *time.Location) (*postgres, error) {
	server, err := newPgServer(url)
	if err != nil {
		return nil, err
	}
	return &postgres{server: server, origin: origin, dir: dir, zone: zone}, nil
}

// standing is what the database says of the views.
type standing struct {
	at    ledger.Position
	build string
}

// standing reads it. It fails where the views are of another ledger, of another
// version, or folded under another default rulebook.
func (p *postgres) standing(c conn, basis string) (s standing, err error) {
	said := map[string]string{}
	err = c.query("SELECT name, value FROM basis", nil, func(r dbRow) error {
		said[r.ColumnText(0)] = r.ColumnText(1)
		return nil
	})
	if err != nil {
		return s, err
	}
	if origin := said["origin"]; origin != p.origin {
		return s, fmt.Errorf("%s: %w: they are those of the ledger %q, this one is %q; give each a database of its own", p.server.name, errOtherLedger, origin, p.origin)
	}
	if said["rulebook"] != basis {
		return s, errOtherVersion
	}
	s.build = said["build"]
	s.at, err = readPosition(c)
	return s, err
}

// errOtherLedger says that the views are those of another ledger. They are not
// touched.
var errOtherLedger = errors.New("views of another ledger")

func (p *postgres) open(v *Views) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	c := newPgConn(p.server)
	defer c.attach(c.attach(ctx))
	made, err := p.made(c)
	if err == nil && !made {
		if v.opts.ReadOnly {
			err = fmt.Errorf("%s: there are no views yet: let a server that advances them begin", p.server.name)
		} else {
			err = p.create(c, v.opts.basis())
		}
	}
	if err == nil {
		err = p.look(v, c)
	}
	if err == nil && !v.opts.ReadOnly {
		err = p.standHR(c)
	}
	if errors.Is(err, errOtherVersion) && !v.opts.ReadOnly {
		err = nil // others may use them: they stay until they are built anew
	}
	if err != nil || v.opts.ReadOnly {
		err = errors.Join(err, c.close())
	} else {
		v.conn = c
	}
	v.readers = newPool(func() (conn, error) { return newPgConn(p.server), nil }, v.opts.Readers)
	return err
}

// look takes in what stands in the database now.
func (p *postgres) look(v *Views, c conn) error {
	s, err := p.standing(c, v.opts.basis())
	if err != nil {
		v.doubt(err)
		return err
	}
	if s.build != p.build || v.unfit.Load() {
		p.rebuilt(v, s.build)
	}
	v.position.Store(uint64(s.at))
	return nil
}

// doubt takes in why the views cannot be told from what lies there. Those of
// another version are not read from then on, whatever fails afterwards, until
// such as can be read are seen.
func (v *Views) doubt(err error) {
	if errors.Is(err, errOtherVersion) {
		v.unfit.Store(true)
	}
}

// rebuilt says that other tables lie there than before.
func (p *postgres) rebuilt(v *Views, build string) {
	v.place.Lock()
	defer v.place.Unlock()
	p.build = build
	v.unfit.Store(false)
	v.forget()
}

// made tells whether there are views, of any version.
func (p *postgres) made(c *pgConn) (bool, error) {
	n, err := queryInt(c, "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ? AND c.relname = ?", pgSchema, "projections")
	return n > 0, err
}

// create makes empty views. Of several processes that would, one does.
func (p *postgres) create(c *pgConn, basis string) error {
	return p.alone(c, func() error {
		if made, err := p.made(c); err != nil || made {
			return err
		}
		if err := p.makeSchema(c, pgSchema); err != nil {
			return err
		}
		return errors.Join(c.run("SET LOCAL search_path = "+pgSchema+";"+pgTablesSQL()), p.sign(c, basis))
	})
}

// alone does what one of several processes does at a time, in a transaction.
func (p *postgres) alone(c *pgConn, do func() error) (err error) {
	if err := c.begin(scratch); err != nil {
		return err
	}
	defer func() {
		if err = errors.Join(err, c.end(err == nil)); err != nil {
			err = fmt.Errorf("make the views: %w", err)
		}
	}()
	if err := c.query(pgLockMaking, []any{pgChannel}, func(dbRow) error { return nil }); err != nil {
		return err
	}
	return do()
}

// makeSchema makes a schema, unless somebody who may has made it before.
func (p *postgres) makeSchema(c *pgConn, name string) error {
	n, err := queryInt(c, "SELECT count(*) FROM pg_namespace WHERE nspname = ?", name)
	if err != nil || n > 0 {
		return err
	}
	return c.run("CREATE SCHEMA " + name)
}

// sign notes whose views these are.
func (p *postgres) sign(c conn, basis string) error {
	err := setBasis(c, basis)
	for name, value := range map[string]string{"origin": p.origin, "build": uuid.NewString(), "advanced": ""} {
		err = errors.Join(err, c.query("INSERT INTO basis (name, value) VALUES (?, ?)", []any{name, value}, nil))
	}
	return err
}

// mark is left by a change, and told to everybody once it is made.
func (p *postgres) mark(c conn, mark string) error {
	return errors.Join(c.query("UPDATE basis SET value = ? WHERE name = 'advanced'", []any{mark}, nil),
		c.query("SELECT pg_notify(?, ?)", []any{pgChannel, mark}, nil))
}

func (p *postgres) marked(c conn, mark string) (bool, error) {
	n, err := queryInt(c, "SELECT count(*) FROM basis WHERE name = 'advanced' AND value = ?", mark)
	return n > 0, err
}
