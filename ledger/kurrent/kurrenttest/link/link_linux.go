package link

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// The two ends of a line.
const (
	Here  = "10.77.0.1" // where the test is
	There = "10.77.0.2" // in the other network
)

// Link is a line between two networks.
type Link struct {
	far     *exec.Cmd    // holds the other network
	there   atomic.Bool  // nothing gets there
	back    atomic.Bool  // nothing comes back
	delay   atomic.Int64 // nanoseconds, one way
	loss    atomic.Int64 // packets of a thousand
	carried atomic.Int64
	dropped atomic.Int64
}

// New makes another network and a line to it, until the test ends. The test
// must be isolated.
func New(t *testing.T) *Link {
	t.Helper()
	if name := os.Getenv(inside); name == "" || !strings.HasPrefix(t.Name(), name) {
		t.Fatal("the test is not isolated")
	}
	l := &Link{far: exec.Command("cat")} // it ends with this process, whatever that dies of
	l.far.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET}
	alive, err := l.far.StdinPipe()
	if err == nil {
		err = l.far.Start()
	}
	if err != nil {
		t.Fatalf("hold another network: %v", err)
	}
	t.Cleanup(func() {
		if err := errors.Join(alive.Close(), l.far.Wait()); err != nil {
			t.Error(err)
		}
	})
	near, err := openTUN("near")
	if err != nil {
		t.Skip(err)
	}
	far, err := l.openFar("far")
	if err != nil {
		t.Skip(err)
	}
	ip(t, "addr", "add", Here+"/24", "dev", "near")
	ip(t, "link", "set", "near", "up")
	for _, args := range [][]string{
		{"link", "set", "lo", "up"}, {"addr", "add", There + "/24", "dev", "far"}, {"link", "set", "far", "up"},
	} {
		if err := run("nsenter", append(append(l.Under()[1:], "ip"), args...)...); err != nil {
			t.Fatal(err)
		}
	}
	var carriers sync.WaitGroup
	carriers.Go(func() { l.carry(near, far, &l.there) })
	carriers.Go(func() { l.carry(far, near, &l.back) })
	t.Cleanup(func() {
		_, _ = near.Close(), far.Close() // which ends the carriers
		carriers.Wait()
	})
	return l
}

// Under is the command under which a process runs in the other network.
func (l *Link) Under() []string {
	return []string{"nsenter", fmt.Sprintf("--net=/proc/%d/ns/net", l.far.Process.Pid)}
}

// Cut lets nothing through any more, and tells nobody.
func (l *Link) Cut() {
	l.there.Store(true)
	l.back.Store(true)
}

// CutBack lets nothing come back any more; what is sent gets there.
func (l *Link) CutBack() { l.back.Store(true) }

// Mend ends Cut and CutBack.
func (l *Link) Mend() {
	l.there.Store(false)
	l.back.Store(false)
}

// Delay lets each packet take so long, in either direction.
func (l *Link) Delay(d time.Duration) { l.delay.Store(int64(d)) }

// Lose drops so many packets of a thousand, by chance.
func (l *Link) Lose(perMille int) { l.loss.Store(int64(perMille)) }

// Packets tells how many packets were carried and dropped so far.
func (l *Link) Packets() (carried, dropped int64) { return l.carried.Load(), l.dropped.Load() }

// packet is one packet on its way.
type packet struct {
	bytes []byte
	due   time.Time
}

// carry takes packets from one end to the other until an end is closed. They
// keep their order.
func (l *Link) carry(from, to *os.File, cut *atomic.Bool) {
	onTheWay := make(chan packet, 1<<14)
	var delivery sync.WaitGroup
	delivery.Go(func() {
		for p := range onTheWay {
			time.Sleep(time.Until(p.due))
			if cut.Load() {
				l.dropped.Add(1)
				continue
			}
			if _, err := to.Write(p.bytes); err == nil {
				l.carried.Add(1)
			}
		}
	})
	defer delivery.Wait()
	defer close(onTheWay)
	for {
		b := make([]byte, 2048)
		n, err := from.Read(b)
		if err != nil {
			return
		}
		if cut.Load() || rand.Int64N(1000) < l.loss.Load() || len(onTheWay) == cap(onTheWay) {
			l.dropped.Add(1)
			continue
		}
		onTheWay <- packet{b[:n], time.Now().Add(time.Duration(l.delay.Load()))}
	}
}

// openFar opens a device in the other network.
func (l *Link) openFar(name string) (*os.File, error) {
	type opened struct {
		file *os.File
		err  error
	}
	done := make(chan opened)
	go func() {
		// The thread is in the other network then, and ends with this
		// goroutine, since it is never unlocked.
		runtime.LockOSThread()
		ns, err := os.Open(fmt.Sprintf("/proc/%d/ns/net", l.far.Process.Pid))
		if err == nil {
			err = unix.Setns(int(ns.Fd()), unix.CLONE_NEWNET)
			_ = ns.Close()
		}
		if err != nil {
			done <- opened{err: fmt.Errorf("enter the other network: %w", err)}
			return
		}
		f, err := openTUN(name)
		done <- opened{f, err}
	}()
	o := <-done
	return o.file, o.err
}

// openTUN makes a TUN device in the network of this thread.
func openTUN(name string) (*os.File, error) {
	fd, err := unix.Open("/dev/net/tun", unix.O_RDWR|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("open /dev/net/tun: %w", err)
	}
	req, err := unix.NewIfreq(name)
	if err == nil {
		req.SetUint16(unix.IFF_TUN | unix.IFF_NO_PI)
		err = unix.IoctlIfreq(fd, unix.TUNSETIFF, req)
	}
	if err != nil {
		return nil, fmt.Errorf("make the device %s: %w", name, err)
	}
	return os.NewFile(uintptr(fd), "/dev/net/tun"), nil
}
