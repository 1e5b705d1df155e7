package live

import "time"

// Limits are the caps of a Server. A zero field takes the default.
type Limits struct {
	// Streams is the largest number of event streams and sockets together,
	// PerSubject that of one subject.
	Streams    int
	PerSubject int
	// Operations is the largest number of operations that run on one socket.
	Operations int
	// MessageBytes is the longest message from a client.
	MessageBytes int64
	// InitWait is how long a socket may wait before connection_init.
	InitWait time.Duration
	// KeepAlive is how often a sign of life is sent on an idle stream or
	// socket.
	KeepAlive time.Duration
	// SlowWrite is how long a message may take to be sent until the client is
	// too slow, DeadWrite until it is given up.
	SlowWrite time.Duration
	DeadWrite time.Duration
	// Single is the time limit of a query on a socket.
	Single time.Duration
}

// DefaultLimits returns the limits of the project.
func DefaultLimits() Limits {
	return Limits{
		Streams:      20_000,
		PerSubject:   100,
		Operations:   100,
		MessageBytes: 128 << 10, // a document of 64 KB and its variables
		InitWait:     3 * time.Second,
		KeepAlive:    12 * time.Second,
		SlowWrite:    5 * time.Second,
		DeadWrite:    15 * time.Second,
		Single:       10 * time.Second,
	}
}

func (l Limits) orDefault() Limits {
	d := DefaultLimits()
	for _, n := range []struct{ got, otherwise *int }{
		{&l.Streams, &d.Streams}, {&l.PerSubject, &d.PerSubject}, {&l.Operations, &d.Operations},
	} {
		if *n.got == 0 {
			*n.got = *n.otherwise
		}
	}
	if l.MessageBytes == 0 {
		l.MessageBytes = d.MessageBytes
	}
	for _, t := range []struct{ got, otherwise *time.Duration }{
		{&l.InitWait, &d.InitWait}, {&l.KeepAlive, &d.KeepAlive}, {&l.SlowWrite, &d.SlowWrite}, {&l.DeadWrite, &d.DeadWrite}, {&l.Single, &d.Single},
	} {
		if *t.got == 0 {
			*t.got = *t.otherwise
		}
	}
	return l
}
