package plan

// The response around the data, where there is nothing else in it.
const (
	head = `{"data":`
	tail = "}\n"
)

// buffer is memory for one answer.
type buffer struct{ bytes []byte }

// buffer returns an empty one with room for about so many bytes.
func (x *Executor) buffer(room int) *buffer {
	b, _ := x.buffers.Get().(*buffer)
	if b == nil {
		b = new(buffer)
	}
	if cap(b.bytes) < room {
		b.bytes = make([]byte, 0, room+room/8)
	}
	b.bytes = b.bytes[:0]
	return b
}

// keep takes a buffer back for another answer.
func (x *Executor) keep(b *buffer) {
	if cap(b.bytes) <= keptBytes {
		x.buffers.Put(b)
	}
}

// Release gives the memory of the answer back for another one: Data and
// Response must not be read afterwards. Without it the memory is collected as
// any other.
func (r *Result) Release() {
	if r.buffer != nil {
		r.x.keep(r.buffer)
	}
	r.x, r.buffer, r.Data, r.Response = nil, nil, nil, nil
}
