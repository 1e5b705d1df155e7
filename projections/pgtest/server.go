package pgtest

import (
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
)

// Server is a server of the test's own, which may be stopped and started.
type Server struct {
	bin, dir, port string
}

// Start makes a server that listens on all addresses of this machine, and
// removes it at the end of the test. Where [Env] is not set, or the programs
// of a server are not installed, the test is skipped.
func Start(t testing.TB) *Server {
	t.Helper()
	bins, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil || len(bins) == 0 || os.Getenv(Env) == "" {
		t.Skipf("no PostgreSQL of the test's own: %s is not set, or there are no programs in /usr/lib/postgresql", Env)
	}
	slices.Sort(bins)
	dir, err := os.MkdirTemp("", "probity-postgres-") // not t.TempDir: the server's user must come there
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{bin: bins[len(bins)-1], dir: dir, port: strconv.Itoa(20000 + rand.IntN(12000))}
	t.Cleanup(func() {
		_ = s.command("pg_ctl", "-D", dir+"/data", "-m", "immediate", "-w", "stop").Run() // it may be stopped
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if os.Getuid() == 0 { // the server refuses to be root
		if out, err := exec.Command("chown", "postgres", dir).CombinedOutput(); err != nil {
			t.Skipf("no PostgreSQL of the test's own: %s", out)
		}
	}
	s.run(t, "initdb", "-D", dir+"/data", "-U", "probity", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")
	hba, err := os.OpenFile(dir+"/data/pg_hba.conf", os.O_APPEND|os.O_WRONLY, 0)
	if err == nil {
		_, err = hba.WriteString("host all all samenet trust\n")
		err = errors.Join(err, hba.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	s.Resume(t)
	return s
}

// URL reaches the server at an address of this machine.
func (s *Server) URL(host string) string {
	return "postgres://probity@" + host + ":" + s.port + "/postgres?sslmode=disable"
}

// Resume starts the server again.
func (s *Server) Resume(t testing.TB) {
	t.Helper()
	s.run(t, "pg_ctl", "-D", s.dir+"/data", "-w", "-l", s.dir+"/log", "-o", "-p "+s.port+" -k "+s.dir+" -c listen_addresses=* -c max_connections=200", "start")
}

// Crash ends it at once.
func (s *Server) Crash(t testing.TB) {
	t.Helper()
	s.run(t, "pg_ctl", "-D", s.dir+"/data", "-m", "immediate", "-w", "stop")
}

func (s *Server) command(name string, args ...string) *exec.Cmd {
	args = append([]string{filepath.Join(s.bin, name)}, args...)
	if os.Getuid() == 0 {
		args = append([]string{"setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"}, args...)
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = s.dir
	return cmd
}

func (s *Server) run(t testing.TB, name string, args ...string) {
	t.Helper()
	if err := s.command(name, args...).Run(); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}
