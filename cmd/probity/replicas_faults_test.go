package main

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/probity-ledger/probity/projections/pgtest"
)

// The store's server is killed and comes back, and so does a replica that does
// not lead; commands are asked again through whichever replica answers.
func TestReplicasOutliveTheirStoreAndEachOther(t *testing.T) {
	r := newReplicas(t, pgtest.Database(t))
	l := r.load("store", 3)
	for range 2 {
		time.Sleep(time.Second)
		r.store.process.kill()
		time.Sleep(time.Duration(rand.IntN(500)) * time.Millisecond)
		r.startStore()
		r.goesOn()
		i := r.follower()
		r.process(i).kill()
		time.Sleep(time.Second)
		r.start(i)
		r.awaitReady(i)
	}
	r.check(t, l)
}

// follower is a replica that does not lead.
func (r *replicas) follower() int {
	r.t.Helper()
	leader := -1
	r.eventually(failover, "somebody leads", func() bool { leader = r.leader(); return leader >= 0 })
	return (leader + 1) % len(r.dirs)
}

// goesOn waits until something is recorded and signed anew.
func (r *replicas) goesOn() {
	r.t.Helper()
	signed := max(r.signedTo(0), r.signedTo(1), r.signedTo(2))
	took := r.eventually(2*failover, "the ledger goes on", func() bool { return max(r.signedTo(0), r.signedTo(1), r.signedTo(2)) > signed })
	r.t.Logf("it goes on after %s", took.Round(time.Millisecond))
}

// PostgreSQL is restarted, at once and after a while: no replica ends, nobody
// leads meanwhile, and the ledger goes on when it is back.
func TestReplicasOutliveTheirPostgres(t *testing.T) {
	pg := startPostgres(t)
	r := newReplicas(t, pg.url)
	l := r.load("postgres", 3)
	for _, away := range []time.Duration{0, 3 * time.Second} {
		time.Sleep(time.Second)
		pg.stop(t)
		time.Sleep(away)
		pg.start(t)
		r.goesOn()
		for i := range r.dirs {
			select {
			case <-r.process(i).ended:
				t.Fatalf("replica %d ended", i)
			default:
			}
		}
	}
	r.check(t, l)
}

// ownPostgres is a PostgreSQL that the test may stop.
type ownPostgres struct {
	url, bin, dir, port string
}

// startPostgres makes a server of the test's own; without the programs for it
// the test is skipped.
func startPostgres(t *testing.T) *ownPostgres {
	t.Helper()
	bins, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil || len(bins) == 0 || os.Getenv(pgtest.Env) == "" {
		t.Skipf("no PostgreSQL of its own: %s is not set, or its programs are not installed", pgtest.Env)
	}
	slices.Sort(bins)
	dir, err := os.MkdirTemp("", "probity-postgres-") // not t.TempDir: the server's user must come there
	if err != nil {
		t.Fatal(err)
	}
	p := &ownPostgres{bin: bins[len(bins)-1], dir: dir, port: strconv.Itoa(20000 + rand.IntN(20000))}
	t.Cleanup(func() {
		_ = p.command("pg_ctl", "-D", dir+"/data", "-m", "immediate", "-w", "stop").Run() // it may be stopped
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if os.Getuid() == 0 { // the server refuses to be root
		if out, err := exec.Command("chown", "postgres", dir).CombinedOutput(); err != nil {
			t.Skipf("no PostgreSQL of its own: %s", out)
		}
	}
	p.run(t, "initdb", "-D", dir+"/data", "-U", "probity", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")
	p.url = "postgres://probity@127.0.0.1:" + p.port + "/postgres?sslmode=disable"
	p.start(t)
	return p
}

func (p *ownPostgres) command(name string, args ...string) *exec.Cmd {
	args = append([]string{filepath.Join(p.bin, name)}, args...)
	if os.Getuid() == 0 {
		args = append([]string{"setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"}, args...)
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = p.dir
	return cmd
}

func (p *ownPostgres) run(t *testing.T, name string, args ...string) {
	t.Helper()
	cmd := p.command(name, args...)
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

func (p *ownPostgres) start(t *testing.T) {
	t.Helper()
	p.run(t, "pg_ctl", "-D", p.dir+"/data", "-w", "-l", p.dir+"/log", "-o", "-p "+p.port+" -k "+p.dir+" -c listen_addresses=127.0.0.1", "start")
}

// stop ends it at once, as a crash does.
func (p *ownPostgres) stop(t *testing.T) {
	t.Helper()
	p.run(t, "pg_ctl", "-D", p.dir+"/data", "-m", "immediate", "-w", "stop")
}
