package projections

import (
	"encoding/binary"
	"fmt"
	"strings"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

const (
	// keptAnswers is how many answers are kept, keptBytes how large they may
	// be together, by an estimate.
	keptAnswers = 8192
	keptBytes   = 24 << 20

	// rowBytes is about what a row of a register or an event takes beside its
	// texts of unusual length.
	rowBytes = 512
)

// answers keeps what principals were told since the views last changed. As
// long as they do not, the same statement with the same arguments, asked by the
// same principal, has the same rows; the conditions of scope are part of the
// statement, so nobody is told what they would not be told anew. What was
// begun before a change and ended after it is not kept.
//
// Views that another process advances keep nothing: they do not learn of it.
type answers struct {
	mu       sync.Mutex // guards what follows
	changing bool       // what is read may be of before or after the change
	era      uint64     // rises when a change begins and when it ends
	kept     *simplelru.LRU[answerKey, answer]
	bytes    int
}

// answerKey is a statement, its arguments, and who asks.
type answerKey struct{ who, sql, args string }

type answer struct {
	value any
	bytes int
}

// get also returns the era, in which alone add will keep what is found out.
func (a *answers) get(key answerKey) (value any, ok bool, era uint64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.kept == nil {
		return nil, false, a.era
	}
	found, ok := a.kept.Get(key)
	return found.value, ok, a.era
}

func (a *answers) add(era uint64, key answerKey, value any, bytes int) {
	bytes += len(key.who) + len(key.sql) + len(key.args)
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.changing || era != a.era || bytes > keptBytes/16 {
		return
	}
	if a.kept == nil {
		kept, err := simplelru.NewLRU(keptAnswers, func(_ answerKey, old answer) { a.bytes -= old.bytes })
		if err != nil {
			return // it is only ever told of a wrong size
		}
		a.kept = kept
	}
	a.kept.Remove(key)
	a.kept.Add(key, answer{value, bytes})
	for a.bytes += bytes; a.bytes > keptBytes; {
		a.kept.RemoveOldest()
	}
}

// change is called before the views change, with true, when everything is
// dropped, and afterwards with false.
func (a *answers) change(begins bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.kept, a.bytes, a.changing = nil, 0, begins
	a.era++
}

// recall returns what load finds out with the statement, or what it found out
// before if that still stands. The value is shared by all that are given it:
// it is not to be changed. size estimates its bytes.
func recall[T any](r *Reader, sql string, args []any, size func(T) int, load func() (T, error)) (T, error) {
	value, spared, err := remembered(r, sql, args, size, load)
	if spared {
		r.statements.Add(1)
	}
	return value, err
}

// remembered is recall for what is no statement: what goes by a name of its own.
func remembered[T any](r *Reader, name string, args []any, size func(T) int, make func() (T, error)) (value T, spared bool, err error) {
	v := r.views
	if v.blind() || r.held != nil { // a snapshot may show what was before
		value, err = make()
		return value, false, err
	}
	key := answerKey{r.named(), name, encoded(args)}
	found, ok, era := v.answers.get(key)
	if ok {
		return found.(T), true, nil
	}
	if value, err = make(); err == nil {
		v.answers.add(era, key, value, size(value))
	}
	return value, false, err
}

// nameOf tells principals apart.
func nameOf(p Principal) string {
	return fmt.Sprintf("%q %q %t %q", p.Role, p.Subject, p.Machine, p.Units)
}

// encoded tells argument lists apart.
func encoded(args []any) string {
	var b strings.Builder
	var number [binary.MaxVarintLen64]byte
	write := func(kind byte, n int64, text string) {
		b.WriteByte(kind)
		b.Write(number[:binary.PutVarint(number[:], n)])
		b.WriteString(text)
	}
	for _, arg := range args {
		switch arg := arg.(type) {
		case string:
			write('s', int64(len(arg)), arg)
		case []byte:
			write('b', int64(len(arg)), string(arg))
		case int:
			write('i', int64(arg), "")
		case int64:
			write('i', arg, "")
		case bool:
			write('t', map[bool]int64{true: 1}[arg], "")
		default: // it cannot be bound either
			write('?', 0, fmt.Sprintf("%T %v", arg, arg))
		}
	}
	return b.String()
}

func sizeOfStrings(list []string) int {
	n := 0
	for _, s := range list {
		n += len(s) + 16
	}
	return n
}
