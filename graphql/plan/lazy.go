package plan

// Lazy values are resolved in waves. What is not lazy is written at once, and
// a lazy value leaves a hole. When everything has been written, the functions
// of all holes are called, and only then their values are written, each behind
// what is there already, which may leave holes again: the next wave. So a
// loader that collects keys sees those of a whole list, and of all lists that
// are as many loads away from the root, before it has to load. In the end
// the pieces are put together.

// lazy is the part of an execution that knows of holes.
type lazy struct {
	holes   []hole
	steps   []step // the ways to the holes, each from the hole it lies in
	regions []region
	open    []opening
	filling int // the hole that is being filled, -1 for the root

	rootEnd, rootHoles int // of the piece that is the root
	broken             bool
	lost               bool // null went up to the root
}

// hole is a place that a lazy value leaves in a piece of the answer.
type hole struct {
	field *field
	typ   *output
	later func() (any, error)
	value any
	err   error
	// in is the hole in whose piece it lies, -1 for the root; region is the
	// innermost region of that piece around it, -1 for none.
	in, region int
	at         int // where it lies in execution.out
	from, to   int // the way to it in lazy.steps
	// What fills it: the bytes of its piece, and the holes in them.
	start, end  int
	first, last int
}

// region is a part of a piece that may become null as a whole. Regions are
// kept only where they hold holes.
type region struct {
	start, end int
	around     int // the next larger region of the same piece, -1 for none
	dead       bool
}

// opening is a region that is being written; region is -1 until there is a
// hole in it.
type opening struct {
	start  int
	region int
}

// emptied returns the memory of l without its content.
func (l *lazy) emptied() lazy {
	clear(l.holes)
	clear(l.steps)
	return lazy{holes: l.holes[:0], steps: l.steps[:0], regions: l.regions[:0], open: l.open[:0]}
}

// hold leaves a hole at the place that is being written.
func (e *execution) hold(f *field, t *output, later func() (any, error)) {
	from := len(e.steps)
	e.steps = append(e.steps, e.path...)
	e.holes = append(e.holes, hole{
		field: f, typ: t, later: later, in: e.filling, region: e.region(), at: len(e.out), from: from, to: len(e.steps),
	})
}

// region returns the innermost region that is being written.
func (e *execution) region() int {
	around := -1
	for i := range e.open {
		o := &e.open[i]
		if o.region < 0 {
			o.region = len(e.regions)
			e.regions = append(e.regions, region{start: o.start, around: around})
		}
		around = o.region
	}
	return around
}

// takeBack removes what was written, and the holes in it.
func (e *execution) takeBack(out, holes int) {
	e.out = e.out[:out]
	if holes < len(e.holes) {
		clear(e.holes[holes:])
		e.holes = e.holes[:holes]
	}
}

// way is the path to a hole from the root.
func (e *execution) way(i int) []step {
	if i < 0 {
		return nil
	}
	h := &e.holes[i]
	return append(e.way(h.in), e.steps[h.from:h.to]...)
}

// settle fills the holes from the given one on, wave by wave.
func (e *execution) settle(first int) {
	for first < len(e.holes) {
		last := len(e.holes)
		for i := first; i < last; i++ {
			if e.forgone(i) {
				continue
			}
			if e.ended() {
				return
			}
			h := &e.holes[i]
			h.value, h.err = e.call(h.later)
		}
		for i := first; i < last; i++ {
			if e.forgone(i) {
				continue
			}
			e.fill(i)
			if e.stopped != nil {
				return
			}
		}
		first = last
	}
}

func (e *execution) call(later func() (any, error)) (value any, err error) {
	defer e.recovering(&err)
	return later()
}

// fill writes the value of a hole.
func (e *execution) fill(i int) {
	h := e.holes[i]
	e.filling = i
	start, first := len(e.out), len(e.holes)
	var ok bool
	if h.err != nil {
		e.fail(h.field, h.err)
		ok = e.null(h.typ)
	} else {
		ok = e.value(h.field, h.typ, h.value)
	}
	if !ok {
		if e.stopped != nil {
			return
		}
		e.takeBack(start, first)
		e.giveUp(i)
	}
	p := &e.holes[i]
	p.later, p.value = nil, nil
	p.start, p.end, p.first, p.last = start, len(e.out), first, len(e.holes)
}

// giveUp puts null at the nearest place around a hole that takes it. A piece
// that holds no region around one of its holes is that of a lazy value which
// gave another one, of the same type.
func (e *execution) giveUp(i int) {
	e.broken = true
	for ; i >= 0; i = e.holes[i].in {
		if r := e.holes[i].region; r >= 0 {
			e.regions[r].dead = true
			return
		}
	}
	e.lost = true
}

// forgone says that nothing will be seen of a hole.
func (e *execution) forgone(i int) bool {
	if !e.broken || e.lost {
		return e.lost
	}
	for ; i >= 0; i = e.holes[i].in {
		if e.deadAround(e.holes[i].region) >= 0 {
			return true
		}
	}
	return false
}

// deadAround returns the outermost dead region of those that begin with r.
func (e *execution) deadAround(r int) int {
	dead := -1
	if e.broken {
		for ; r >= 0; r = e.regions[r].around {
			if e.regions[r].dead {
				dead = r
			}
		}
	}
	return dead
}

// serial executes the fields of a mutation, each with all that lies below it
// before the next.
func (e *execution) serial(root any) {
	e.out = append(e.out, '{')
	for i, f := range e.fields(e.plan.root) {
		if i > 0 {
			e.out = append(e.out, ',')
		}
		e.out = append(e.out, f.label...)
		if f.typename != nil {
			e.out = append(e.out, f.typename...)
			continue
		}
		e.path = append(e.path[:0], step{field: f})
		e.hold(f, f.out, nil)
	}
	e.path = e.path[:0]
	e.out = append(e.out, '}')
	e.rootEnd, e.rootHoles = len(e.out), len(e.holes)
	for i := 0; i < e.rootHoles && !e.lost && !e.ended(); i++ {
		h := &e.holes[i]
		h.value, h.err = e.resolve(h.field, root)
		next := len(e.holes)
		e.fill(i)
		e.settle(next)
	}
}

// answer puts the pieces together. What was written is the answer as it is
// where nothing was lazy; its buffer then goes along.
func (e *execution) answer() *buffer {
	b := e.buffer
	switch {
	case e.lost:
		e.out = append(append(e.out[:0], head...), "null"...)
		fallthrough
	case e.rootHoles == 0:
		b.bytes = append(e.out, tail...)
		e.buffer = nil
	default:
		b = e.plan.x.buffer(len(e.out) + len(tail))
		b.bytes = append(e.piece(b.bytes, 0, e.rootEnd, 0, e.rootHoles), tail...)
	}
	return b
}

// piece appends one piece with what fills its holes.
func (e *execution) piece(dst []byte, start, end, first, last int) []byte {
	over := -1
	for i := first; i < last; i++ {
		h := &e.holes[i]
		if r := e.deadAround(h.region); r >= 0 {
			if r != over {
				dst = append(dst, e.out[start:e.regions[r].start]...)
				dst = append(dst, "null"...)
				start, over = e.regions[r].end, r
			}
			continue
		}
		dst = append(dst, e.out[start:h.at]...)
		start = h.at
		dst = e.piece(dst, h.start, h.end, h.first, h.last)
	}
	return append(dst, e.out[start:end]...)
}
