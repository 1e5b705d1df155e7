package notary

import "sync"

// signal wakes everyone who waits for the next checkpoint. Take the channel
// before looking, wait on it after having found too little: a checkpoint in
// between has then closed it already.
type signal struct {
	mu sync.Mutex
	ch chan struct{} // nil while nobody waits; guarded by mu
}

func (s *signal) next() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ch == nil {
		s.ch = make(chan struct{})
	}
	return s.ch
}

func (s *signal) notify() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ch != nil {
		close(s.ch)
		s.ch = nil
	}
}
