// Package link gives a test two networks and a line between them that can be
// slowed down, made to lose packets, and cut:
//
//	func TestFar(t *testing.T) {
//		link.Isolate(t, func(t *testing.T) { // in a network namespace of its own
//			l := link.New(t)
//			server := kurrenttest.StartProcess(t, link.There+":2113", file, l.Under()...)
//			l.Delay(20 * time.Millisecond)
//			l.Cut()
//		})
//	}
//
// The line is a pair of TUN devices, and the test carries the packets from
// one to the other. So the kernel's TCP meets real silence, real delay and
// real loss, without the queueing disciplines that many kernels do not have.
// It works on Linux, for root or where users may make namespaces; elsewhere
// [Isolate] skips the test and says why. Nothing of the machine's own network
// is touched, and nothing is left behind.
package link
