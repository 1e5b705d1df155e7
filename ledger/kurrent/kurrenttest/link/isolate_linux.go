package link

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// inside tells a copy of the test binary which test it runs in a network
// namespace of its own.
const inside = "PROBITY_TEST_ISOLATED"

// Isolate runs a test in a process with an empty network of its own, and
// nothing else of the test out here. Out here it runs beside other tests.
func Isolate(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	if os.Getenv(inside) == t.Name() {
		ip(t, "link", "set", "lo", "up")
		test(t)
		return
	}
	t.Parallel()
	tun, err := os.OpenFile("/dev/net/tun", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("no network to take apart: %v", err)
	}
	_ = tun.Close()
	for _, tool := range []string{"ip", "nsenter", "cat"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("no network to take apart: %v", err)
		}
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	cmd := exec.CommandContext(t.Context(), self, "-test.run=^"+t.Name()+"$", "-test.v", "-test.count=1")
	cmd.Env = append(os.Environ(), inside+"="+t.Name())
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.SysProcAttr = apart()
	if err := cmd.Start(); err != nil {
		t.Skipf("no network to take apart: this user may make no namespace: %v", err)
	}
	err = cmd.Wait()
	switch {
	case err != nil:
		t.Fatalf("in its own network: %v\n%s", err, &out)
	case !strings.Contains(out.String(), "--- PASS: "+t.Name()):
		t.Skipf("in its own network:\n%s", &out)
	}
	t.Logf("in its own network:\n%s", &out)
}

// apart puts a process into a network of its own; who is not root needs to be
// root of its own users for that.
func apart() *syscall.SysProcAttr {
	a := &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET}
	if uid := os.Getuid(); uid != 0 {
		a.Cloneflags |= syscall.CLONE_NEWUSER
		a.UidMappings = []syscall.SysProcIDMap{{HostID: uid, Size: 1}}
		a.GidMappings = []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}}
	}
	return a
}

// ip runs the command ip.
func ip(t *testing.T, args ...string) {
	t.Helper()
	if err := run("ip", args...); err != nil {
		t.Fatal(err)
	}
}

func run(name string, args ...string) error {
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, out)
	}
	return nil
}
