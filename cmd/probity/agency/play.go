package agency

import (
	"container/heap"
	"fmt"
	"hash/fnv"
	"iter"
	"math/rand/v2"
	"time"

	"github.com/probity-ledger/probity/domain"
)

// script is one life, told in order. It runs as a coroutine: while it sleeps,
// others act. When the plan's history is over a sleep returns at once and
// nothing more is recorded; the script must then come to its end, so a loop
// asks play.over.
type script func(p *play)

// play is a script being played.
type play struct {
	*bureau
	rng *rand.Rand
	now time.Time
	// last is when the script's last act occurred: its acts keep their order
	// though they are recorded a little after they occurred.
	last time.Time
	over bool
	// aside: told beside the history of the district, under numbers of its own,
	// so that it changes nothing else that is told.
	aside bool
	// told numbers what is submitted by a script that is told aside, whose name
	// gives the rest of the instruction's id: no other script changes it.
	told  int
	alias string
	yield func(time.Time) bool
}

// actor is a who, in a role.
type actor struct {
	id   domain.ActorID
	role domain.Role
}

// start begins a script at a moment. Its name seeds its own chance, so that
// one script drawing more numbers does not change the others.
func (b *bureau) start(at time.Time, name string, run script) { b.begins(at, name, false, run) }

// start begins a script that is told aside where this one is.
func (p *play) start(at time.Time, name string, run script) { p.begins(at, name, p.aside, run) }

func (b *bureau) begins(at time.Time, name string, aside bool, run script) {
	if b.stopping {
		return
	}
	p := &play{bureau: b, rng: b.dice(name), last: at, aside: aside, alias: digest(b.profile.key + " " + name)[7:19]}
	next, stop := iter.Pull(func(yield func(time.Time) bool) {
		p.yield = yield
		p.sleep(at)
		run(p)
	})
	b.wake(&sleeper{next: next, stop: stop})
}

// dice are the chance of one script, which that of another agency does not
// touch.
func (b *bureau) dice(name string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(b.profile.key + " " + name))
	return rand.New(rand.NewPCG(b.plan.Seed, h.Sum64()))
}

// wake lets the script run to its next sleep and puts it back in the queue.
func (s *sim) wake(sl *sleeper) {
	at, ok := sl.next()
	if !ok {
		return
	}
	s.woken++
	sl.at, sl.turn = at, s.woken
	heap.Push(&s.queue, sl)
}

// sleep waits for the moment; one that has passed is now.
func (p *play) sleep(until time.Time) {
	if until.Before(p.now) {
		until = p.now
	}
	if p.over || p.err != nil || !p.yield(until) {
		p.over = true
		return
	}
	p.now = until
}

// today is the day it is, where the agency is.
func (p *play) today() domain.Date { return p.book.Calendar.Day(p.now) }

// until waits for some moment at work on the day, or on the next such day.
// A day that has come is today, a little later.
func (p *play) until(d domain.Date) {
	if !d.After(p.today()) {
		p.minutes(3, 25)
		return
	}
	p.sleep(p.office.on(d, p.rng))
}

// days waits for least to most days, and for the office to open.
func (p *play) days(least, most int) { p.until(p.today().AddDays(p.draw(least, most))) }

// minutes waits for least to most minutes of work.
func (p *play) minutes(least, most int) { p.sleep(p.office.after(p.now, p.draw(least, most), p.rng)) }

// draw returns a number from least to most.
func (p *play) draw(least, most int) int { return least + p.rng.IntN(most-least+1) }

// chance is true in so many of a hundred cases.
func (p *play) chance(percent int) bool { return p.rng.IntN(100) < percent }

// oneOf returns one of the list.
func oneOf[T any](p *play, list []T) T { return list[p.rng.IntN(len(list))] }

// do submits a command that must not be refused, and returns what was
// recorded, reactions and all. It occurred a few minutes ago.
func (p *play) do(by actor, subject string, c domain.Command) []domain.Recorded {
	at := p.now.Add(-time.Duration(p.rng.IntN(20*60)) * time.Second)
	if p.book.Calendar.Day(at) != p.today() {
		at = p.now
	}
	return p.did(at, by, subject, c)
}

// did is do for what occurred at an earlier moment.
func (p *play) did(at time.Time, by actor, subject string, c domain.Command) []domain.Recorded {
	if p.over {
		return nil
	}
	if at.Before(p.last) {
		at = p.last
	}
	p.last = at
	return p.submit(at, by, subject, c, "")
}

// submit sends an instruction now, under the next number.
func (p *play) submit(at time.Time, by actor, subject string, c domain.Command, want domain.Code) []domain.Recorded {
	id := ""
	if p.aside {
		p.told++
		id = fmt.Sprintf("demo-%d-%s-%d", p.plan.Seed, p.alias, p.told)
	} else {
		id = p.instructionID(subject, c)
	}
	return p.instruct(id, p.aside, p.now, at, by, subject, c, want)
}

// number returns the next running number of a kind of id of the agency within
// a year; what is told aside has a series of its own.
func (p *play) number(prefix string, year int, width int) string {
	if p.aside {
		return p.bureau.number(prefix, year, "S", 2)
	}
	return p.bureau.number(prefix, year, "", width)
}

// sleeper is a script that waits for its moment.
type sleeper struct {
	at   time.Time
	turn int // breaks ties in the order of falling asleep
	next func() (time.Time, bool)
	stop func()
}

// queue holds the sleepers, the next to wake first (heap.Interface).
type queue []*sleeper

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	if q[i].at.Equal(q[j].at) {
		return q[i].turn < q[j].turn
	}
	return q[i].at.Before(q[j].at)
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)   { *q = append(*q, x.(*sleeper)) }
func (q *queue) Pop() any {
	last := len(*q) - 1
	x := (*q)[last]
	(*q)[last], *q = nil, (*q)[:last]
	return x
}
