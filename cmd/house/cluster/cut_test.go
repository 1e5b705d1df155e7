package cluster_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/probity-ledger/probity/cmd/house/cluster"
	"github.com/probity-ledger/probity/projections/pgtest"
)

// leadsAtEnv makes the test binary a member that leads and says so.
const leadsAtEnv = "PROBITY_TEST_LEAD_AT"

func TestHelperLeads(t *testing.T) {
	url := os.Getenv(leadsAtEnv)
	if url == "" {
		t.Skip("for TestASilentCutOfTheNetwork")
	}
	c, err := cluster.Open(t.Context(), url, cluster.Options{Origin: origin, Name: "a"})
	if err != nil {
		t.Fatal(err)
	}
	h, err := c.Locks().Hold(t.Context(), []string{"s"}, false)
	if err != nil {
		t.Fatal(err)
	}
	err = c.Lead(t.Context(), func(ctx context.Context) error {
		fmt.Println("leads")
		<-ctx.Done()
		return nil
	})
	fmt.Println("lost", err, h.Check(t.Context()))
	os.Exit(0) // the server is out of reach: there is nobody to take leave of
}

// The cable of who leads and holds a stream is cut, and nobody is told: the
// leader stops, then another leads and gets the stream.
func TestASilentCutOfTheNetwork(t *testing.T) {
	const host, guest = "10.213.77.1", "10.213.77.2"
	if _, err := exec.LookPath("ip"); err != nil || os.Getuid() != 0 {
		t.Skip("a network of the test's own takes root and ip")
	}
	server := pgtest.Start(t)
	ip := func(args string) error {
		out, err := exec.Command("ip", strings.Fields(args)...).CombinedOutput()
		if err != nil {
			err = fmt.Errorf("ip %s: %w: %s", args, err, out)
		}
		return err
	}
	if err := ip("netns add probity-cut"); err != nil {
		t.Skipf("no network of the test's own: %v", err)
	}
	t.Cleanup(func() {
		if err := ip("netns del probity-cut"); err != nil { // and the cable with it
			t.Error(err)
		}
	})
	for _, args := range []string{
		"link add probity-cut0 type veth peer name probity-cut1 netns probity-cut",
		"addr add " + host + "/30 dev probity-cut0", "link set probity-cut0 up",
		"-n probity-cut addr add " + guest + "/30 dev probity-cut1", "-n probity-cut link set probity-cut1 up",
	} {
		if err := ip(args); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("ip", "netns", "exec", "probity-cut", os.Args[0], "-test.run=^TestHelperLeads$")
	cmd.Env = append(os.Environ(), leadsAtEnv+"="+server.URL(host))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := make(chan string, 10)
	go func() {
		defer close(lines)
		for s := bufio.NewScanner(out); s.Scan(); {
			lines <- s.Text()
		}
		_ = cmd.Wait()
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		for range lines { // until it has ended
		}
	})
	if line := <-lines; line != "leads" {
		t.Fatalf("the member behind the cable says %q", line)
	}
	b := member(t, server.URL("127.0.0.1"), "b")
	second := campaign(t, b)
	second.leadsNot(t, "b")

	if err := ip("-n probity-cut link set probity-cut1 down"); err != nil {
		t.Fatal(err)
	}
	cut := time.Now()
	var lost time.Duration
	within(t, failover, "the old leader stops", func() {
		if line := <-lines; !strings.HasPrefix(line, "lost") || !strings.Contains(line, "the locks on the streams are lost") {
			t.Errorf("it says %q", line)
		}
		lost = time.Since(cut)
	})
	second.leads(t, "b")
	led := time.Since(cut)
	if led > failover {
		t.Errorf("another leads after %s", led)
	}
	within(t, failover, "the stream is free", func() { _ = hold(t, b, false, "s").Release(false) })
	t.Logf("the old leader stopped %s after the cut, another led after %s", lost.Round(time.Millisecond), led.Round(time.Millisecond))
}
