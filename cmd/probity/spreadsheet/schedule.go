package spreadsheet

import "sync"

// job is a row (or the rows of one group) on its way into the ledger.
type job struct {
	file *plannedFile
	rows []sourceRow
	ins  []prepared

	// Written by whoever works on the job, read after it is finished.
	outcome outcome

	// Guarded by the scheduler's mutex.
	waits    int    // earlier jobs not finished on which this one depends
	next     []*job // later jobs that depend on this one
	finished bool
}

// outcome is what became of a job.
type outcome struct {
	receipts []counted
	reject   *Reject // without file, line and fields where there are rows
	skip     string
	aborted  bool // not carried out, because the run ends
	err      error
}

// counted is one instruction that was carried out.
type counted struct {
	command  string
	repeated bool
}

// onceEntry is an instruction that several rows need and one records.
type onceEntry struct {
	mu   sync.Mutex // held while it is recorded
	done bool       // guarded by mu

	owner *job // guarded by the scheduler's mutex; nil when finished
}

// scheduler decides which job may run: those on one stream one after another
// in the order of the files, and a job that needs a once instruction after
// the job that records it. Every job depends on earlier ones only, so the
// earliest unfinished job can always run. Finished jobs are retired in the
// order in which they came.
type scheduler struct {
	ready  chan *job
	retire func(*job) // called with mu held, in order

	mu     sync.Mutex // guards all below
	queue  []*job     // not retired, in order
	lastOn map[string]*job
	once   map[string]*onceEntry
}

// newScheduler makes a scheduler for at most capacity jobs at a time.
func newScheduler(capacity int, retire func(*job)) *scheduler {
	return &scheduler{ready: make(chan *job, capacity), retire: retire, lastOn: map[string]*job{}, once: map[string]*onceEntry{}}
}

// add takes a job in. At most capacity jobs may be added and not retired.
func (s *scheduler) add(j *job) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue = append(s.queue, j)
	for i := range j.ins {
		p := &j.ins[i]
		if p.rule.once && !s.claim(j, p) {
			continue
		}
		if last := s.lastOn[p.stream]; last != nil && last != j {
			last.next = append(last.next, j)
			j.waits++
		}
		s.lastOn[p.stream] = j
	}
	if j.waits == 0 {
		s.ready <- j // never blocks: the channel holds all jobs there may be
	}
}

// claim makes the job the owner of a once instruction, or makes it wait for
// the owner. It tells whether the job is the owner.
func (s *scheduler) claim(j *job, p *prepared) bool {
	entry := s.once[p.key()]
	if entry == nil {
		entry = &onceEntry{owner: j}
		s.once[p.key()] = entry
	}
	p.once = entry
	if owner := entry.owner; owner != nil && owner != j {
		owner.next = append(owner.next, j)
		j.waits++
	}
	return entry.owner == j
}

// finish marks a job as done, frees those that waited for it and retires
// what can be.
func (s *scheduler) finish(j *job) {
	s.mu.Lock()
	defer s.mu.Unlock()
	j.finished = true
	for _, n := range j.next {
		if n.waits--; n.waits == 0 {
			s.ready <- n
		}
	}
	j.next = nil
	for _, p := range j.ins {
		if s.lastOn[p.stream] == j {
			delete(s.lastOn, p.stream)
		}
		if p.once != nil && p.once.owner == j {
			p.once.owner = nil
		}
	}
	for len(s.queue) > 0 && s.queue[0].finished {
		s.retire(s.queue[0])
		s.queue[0] = nil
		s.queue = s.queue[1:]
	}
}

// settled takes in a job that needs no work, to be retired in its turn.
func (s *scheduler) settled(j *job) {
	j.ins = nil
	s.mu.Lock()
	s.queue = append(s.queue, j)
	s.mu.Unlock()
	s.finish(j)
}
