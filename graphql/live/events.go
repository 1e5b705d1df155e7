package live

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/probity-ledger/probity/graphql/overhttp"
	"github.com/probity-ledger/probity/graphql/signin"
)

// ServeEvents serves one operation as server-sent events, by the distinct
// connections mode of graphql-sse: "next" for each result, "complete" at the
// end. The id of an event is the position to resume from, which a client sends
// back as Last-Event-ID.
func (s *Server) ServeEvents(w http.ResponseWriter, r *http.Request, req overhttp.Request) {
	if refused := s.enter(); refused != nil {
		refuse(w, http.StatusServiceUnavailable, *refused)
		return
	}
	defer s.leave()
	who, _ := signin.FromContext(r.Context())
	if refused := s.admit(who); refused != nil {
		status := http.StatusTooManyRequests
		if refused.Extensions["code"] == codeUnauthenticated {
			status = http.StatusUnauthorized
			w.Header().Set("WWW-Authenticate", `Bearer realm="probity"`)
		}
		refuse(w, status, *refused)
		return
	}
	defer s.release(who)
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	defer context.AfterFunc(s.ctx, cancel)()

	req.ReadOnly = true
	stream, response := s.config.Start(ctx, req, r.Header.Get("Last-Event-ID"))
	if stream != nil {
		defer stream.Close()
	}
	e := &events{server: s, w: w, control: http.NewResponseController(w)}
	if !e.begin() {
		return
	}
	if stream == nil {
		if response != nil && e.next("", response) {
			e.complete()
		}
		return
	}
	e.follow(ctx, r.Context(), stream)
}

// refuse answers a stream that is not served.
func refuse(w http.ResponseWriter, status int, e overhttp.Error) {
	body, err := overhttp.Refused(e).JSON()
	if err != nil {
		http.Error(w, http.StatusText(status), status)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
		h.Set("Retry-After", "10")
	}
	w.WriteHeader(status)
	_, _ = w.Write(body) // an error here is a client that went away
}

// events writes one event stream.
type events struct {
	server  *Server
	w       http.ResponseWriter
	control *http.ResponseController
	buffer  []byte
}

// begin sends the headers. The deadlines of the server are for requests that
// end; from here on each write has its own.
func (e *events) begin() bool {
	// A connection that knows no deadlines is one without: nothing to undo.
	_ = e.control.SetReadDeadline(time.Time{})
	h := e.w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("X-Accel-Buffering", "no")
	e.w.WriteHeader(http.StatusOK)
	e.buffer = append(e.buffer[:0], ":\n\n"...)
	_, ok := e.send()
	return ok
}

// follow sends what the stream gives until it ends; client is the context of
// the client alone.
func (e *events) follow(ctx, client context.Context, stream Stream) {
	told := uint64(0)
	for {
		response, err := stream.Next(ctx, e.server.limits.KeepAlive)
		at := stream.Position()
		id := strconv.FormatUint(at, 10)
		switch {
		case client.Err() != nil:
			return
		case err != nil:
			e.end(resumable(e.server.reason(err), at), id)
			return
		case response == nil:
			if !e.idle(id, at != told) {
				return
			}
		default:
			took, ok := e.write(id, response)
			if !ok {
				return
			}
			if took > e.server.limits.SlowWrite {
				e.end(resumable(slow(took), at), id)
				return
			}
		}
		told = at
	}
}

// idle sends a sign of life, and how far the client has come where that is
// new: an id alone dispatches nothing.
func (e *events) idle(id string, fresh bool) bool {
	e.buffer = append(e.buffer[:0], ':')
	if fresh {
		e.buffer = append(append(append(e.buffer, '\n'), "id: "...), id...)
	}
	e.buffer = append(e.buffer, "\n\n"...)
	_, ok := e.send()
	return ok
}

// end says why the stream ends, and ends it.
func (e *events) end(why overhttp.Error, id string) {
	if e.next(id, overhttp.Refused(why)) {
		e.complete()
	}
}

func (e *events) next(id string, response *overhttp.Response) bool {
	_, ok := e.write(id, response)
	return ok
}

func (e *events) write(id string, response *overhttp.Response) (time.Duration, bool) {
	body, err := response.JSON()
	if err != nil {
		e.server.config.Logger.Error("a subscription failed", "err", err)
		body, _ = overhttp.Refused(overhttp.NewError(codeInternal, "internal error")).JSON() // strings only
	}
	e.buffer = append(e.buffer[:0], "event: next\n"...)
	if id != "" {
		e.buffer = append(append(append(e.buffer, "id: "...), id...), '\n')
	}
	e.buffer = append(e.buffer, "data: "...)
	for _, c := range body {
		if c == '\n' || c == '\r' { // between tokens: within strings they are escaped
			c = ' '
		}
		e.buffer = append(e.buffer, c)
	}
	e.buffer = append(e.buffer, "\n\n"...)
	return e.send()
}

func (e *events) complete() {
	e.buffer = append(e.buffer[:0], "event: complete\ndata: {}\n\n"...)
	e.send()
}

// keptBuffer is the largest buffer that an idle stream keeps.
const keptBuffer = 4 << 10

// send writes the buffer through to the connection, and returns how long that
// took.
func (e *events) send() (took time.Duration, ok bool) {
	begin := time.Now()
	// See begin.
	_ = e.control.SetWriteDeadline(begin.Add(e.server.limits.DeadWrite))
	_, err := e.w.Write(e.buffer)
	if err == nil {
		err = e.control.Flush()
	}
	if cap(e.buffer) > keptBuffer {
		e.buffer = nil
	}
	return time.Since(begin), err == nil
}
