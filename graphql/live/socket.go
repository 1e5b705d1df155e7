package live

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"

	"github.com/probity-ledger/probity/graphql/overhttp"
	"github.com/probity-ledger/probity/graphql/signin"
)

// subprotocol is the one that is spoken.
const subprotocol = "graphql-transport-ws"

// The close codes of the protocol.
const (
	closeBadRequest   websocket.StatusCode = 4400
	closeUnauthorized websocket.StatusCode = 4401
	closeForbidden    websocket.StatusCode = 4403
	closeSubprotocol  websocket.StatusCode = 4406
	closeInitTimeout  websocket.StatusCode = 4408
	closeDuplicate    websocket.StatusCode = 4409
	closeManyInits    websocket.StatusCode = 4429
)

// ServeSocket serves a WebSocket by the protocol graphql-transport-ws.
func (s *Server) ServeSocket(w http.ResponseWriter, r *http.Request) {
	if refused := s.enter(); refused != nil {
		refuse(w, http.StatusServiceUnavailable, *refused)
		return
	}
	defer s.leave()
	// Whoever calls has checked the origin.
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{
		Subprotocols: []string{subprotocol}, InsecureSkipVerify: true, CompressionMode: websocket.CompressionDisabled,
	})
	if err != nil {
		return // it is answered
	}
	defer conn.CloseNow()
	if conn.Subprotocol() != subprotocol {
		_ = conn.Close(closeSubprotocol, "Subprotocol not acceptable")
		return
	}
	conn.SetReadLimit(s.limits.MessageBytes)
	k := &socket{server: s, conn: conn, operations: map[string]*operation{}}
	k.who, _ = signin.FromContext(r.Context())
	k.base, k.cancel = context.WithCancel(context.WithoutCancel(r.Context()))
	k.run()
}

// socket is one WebSocket. The goroutine of its handler reads, one more keeps
// it alive and ends it, and each operation has its own.
type socket struct {
	server *Server
	conn   *websocket.Conn
	base   context.Context // ends with the socket
	cancel context.CancelFunc
	// who asks; until connection_init the principal of the handshake.
	who signin.Principal
	// init says that connection_init was received; asking is base with who in
	// it. Both are the reader's alone.
	init   bool
	asking context.Context
	// acknowledged says that who does not change any more.
	acknowledged atomic.Bool

	running    sync.WaitGroup // operations, and keep
	mu         sync.Mutex     // guards what follows
	operations map[string]*operation
	closing    bool
}

// operation is one that runs.
type operation struct{ cancel context.CancelFunc }

func (k *socket) run() {
	k.running.Go(k.keep)
	for {
		kind, raw, err := k.conn.Read(k.base)
		if err != nil {
			break
		}
		if kind != websocket.MessageText {
			k.end(closeBadRequest, "messages are text")
			break
		}
		m, err := decodeMessage(raw)
		if err != nil {
			k.end(closeBadRequest, err.Error())
			break
		}
		if !k.handle(m) {
			break
		}
	}
	k.shut()
	k.cancel()
	k.running.Wait()
	if k.acknowledged.Load() {
		k.server.release(k.who)
	}
}

// handle does what a message asks for. false: the socket has come to its end.
func (k *socket) handle(m message) bool {
	switch m.kind {
	case typeInit:
		return k.acknowledge(m.authorization)
	case typePing:
		_, ok := k.send(encodeMessage(typePong, "", nil))
		return ok
	case typeSubscribe:
		if !k.acknowledged.Load() {
			k.end(closeUnauthorized, "Unauthorized")
			return false
		}
		return k.subscribe(m)
	case typeComplete:
		k.mu.Lock()
		if o := k.operations[m.id]; o != nil {
			o.cancel()
			delete(k.operations, m.id) // the id is free again
		}
		k.mu.Unlock()
	}
	return true // a pong needs no answer
}

// acknowledge lets in whom the token names.
func (k *socket) acknowledge(authorization string) bool {
	if k.init {
		k.end(closeManyInits, "Too many initialisation requests")
		return false
	}
	k.init = true
	if authorization != "" {
		scheme, token, _ := strings.Cut(authorization, " ")
		if !strings.EqualFold(scheme, "Bearer") || k.server.config.Verify == nil {
			k.end(closeForbidden, "Forbidden: send the token as Bearer TOKEN")
			return false
		}
		who, err := k.server.config.Verify(strings.TrimSpace(token))
		if err != nil {
			k.end(closeForbidden, "Forbidden: "+err.Error())
			return false
		}
		k.who = who
	}
	if refused := k.server.admit(k.who); refused != nil {
		code, reason := websocket.StatusTryAgainLater, refused.Message
		if refused.Extensions["code"] == codeUnauthenticated {
			code, reason = closeForbidden, "Forbidden: sign in with Authorization in the payload of connection_init"
		}
		k.end(code, reason)
		return false
	}
	k.asking = signin.NewContext(k.base, k.who)
	k.acknowledged.Store(true)
	_, ok := k.send(encodeMessage(typeAck, "", nil))
	return ok
}

// subscribe begins an operation.
func (k *socket) subscribe(m message) bool {
	ctx, cancel := context.WithCancel(k.asking)
	o := &operation{cancel}
	switch k.enter(m.id, o) {
	case entered:
		k.running.Go(func() {
			defer k.leave(m.id, o)
			if last := k.operate(ctx, m); last != nil {
				k.leave(m.id, o) // the id is free before the client knows it
				k.send(last)
			}
		})
		return true
	case tooMany:
		cancel()
		k.send(k.failure(m.id, overhttp.NewError(codeOperations, fmt.Sprintf("%d operations run on this socket, which is all that may; complete some", k.server.limits.Operations))))
		return true
	case duplicate:
		k.end(closeDuplicate, "Subscriber for "+m.id+" already exists")
	}
	cancel()
	return false
}

// entry is what came of entering an operation.
type entry int

const (
	entered entry = iota
	duplicate
	tooMany
	shut
)

func (k *socket) enter(id string, o *operation) entry {
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case k.closing:
		return shut
	case k.operations[id] != nil:
		return duplicate
	case len(k.operations) >= k.server.limits.Operations:
		return tooMany
	}
	k.operations[id] = o
	return entered
}

func (k *socket) leave(id string, o *operation) {
	o.cancel()
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.operations[id] == o {
		delete(k.operations, id)
	}
}

// operate runs an operation to its end, and returns the message that says so;
// nil where nobody is to be told.
func (k *socket) operate(ctx context.Context, m message) []byte {
	m.request.ReadOnly = true
	begin, cancel := context.WithTimeout(ctx, k.server.limits.Single)
	stream, response := k.server.config.Start(begin, m.request, "")
	cancel()
	m.request = overhttp.Request{} // not kept while it runs
	if stream != nil {
		defer stream.Close()
		return k.follow(ctx, m.id, stream)
	}
	switch {
	case ctx.Err() != nil || response == nil:
		return nil
	case !response.HasData:
		return k.failure(m.id, response.Errors...)
	}
	if _, ok := k.next(m.id, response); !ok {
		return nil
	}
	return encodeMessage(typeComplete, m.id, nil)
}

func (k *socket) follow(ctx context.Context, id string, stream Stream) []byte {
	for {
		response, err := stream.Next(ctx, time.Hour)
		switch {
		case ctx.Err() != nil:
			return nil // the client completed it, or the socket has ended
		case err != nil:
			return k.failure(id, resumable(k.server.reason(err), stream.Position()))
		case response == nil:
			continue
		}
		took, ok := k.next(id, response)
		if !ok {
			return nil
		}
		if took > k.server.limits.SlowWrite {
			return k.failure(id, resumable(slow(took), stream.Position()))
		}
	}
}

func (k *socket) next(id string, response *overhttp.Response) (took time.Duration, ok bool) {
	body, err := response.JSON()
	if err != nil {
		k.server.config.Logger.Error("a subscription failed", "err", err)
		body, _ = overhttp.Refused(overhttp.NewError(codeInternal, "internal error")).JSON() // strings only
	}
	return k.send(encodeMessage(typeNext, id, body))
}

// failure is the message that ends an operation with errors.
func (k *socket) failure(id string, errs ...overhttp.Error) []byte {
	payload, err := overhttp.EncodeErrors(errs)
	if err != nil {
		k.server.config.Logger.Error("a subscription failed", "err", err)
		payload = []byte(`[{"message":"internal error"}]`)
	}
	return encodeMessage(typeError, id, payload)
}

// send writes a message, and returns how long that took. A write that fails
// has closed the socket.
func (k *socket) send(raw []byte) (took time.Duration, ok bool) {
	begin := time.Now()
	ctx, cancel := context.WithTimeout(k.base, k.server.limits.DeadWrite)
	defer cancel()
	err := k.conn.Write(ctx, websocket.MessageText, raw)
	return time.Since(begin), err == nil
}

// keep sends signs of life, and ends the socket when it is time.
func (k *socket) keep() {
	limits := k.server.limits
	timer := time.NewTimer(limits.InitWait)
	defer timer.Stop()
	for {
		select {
		case <-k.base.Done():
			return
		case <-k.server.ctx.Done():
			k.end(websocket.StatusGoingAway, "the server is stopping")
			return
		case <-timer.C:
		}
		if !k.acknowledged.Load() {
			k.end(closeInitTimeout, "Connection initialisation timeout")
			return
		}
		wait := limits.KeepAlive
		if until := expiry(k.who); !until.IsZero() {
			left := time.Until(until)
			if left <= 0 {
				k.expire()
				return
			}
			wait = min(wait, left)
		}
		if !k.ping() {
			return
		}
		timer.Reset(wait)
	}
}

// expiry is when a token is no longer accepted; zero for never.
func expiry(p signin.Principal) time.Time {
	if p.Expires.IsZero() {
		return time.Time{}
	}
	return p.Expires.Add(signin.Leeway)
}

// ping asks for a sign of life; without one the socket is given up.
func (k *socket) ping() bool {
	ctx, cancel := context.WithTimeout(k.base, k.server.limits.DeadWrite)
	defer cancel()
	if k.conn.Ping(ctx) != nil {
		_ = k.conn.CloseNow()
		return false
	}
	return true
}

// expire ends the socket once its operations, which end by themselves, have
// said why.
func (k *socket) expire() {
	k.shut()
	deadline := time.Now().Add(2 * time.Second)
	for time.Now().Before(deadline) {
		k.mu.Lock()
		n := len(k.operations)
		k.mu.Unlock()
		if n == 0 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	k.end(closeUnauthorized, "the token has expired")
}

// shut lets no operation begin any more.
func (k *socket) shut() {
	k.mu.Lock()
	k.closing = true
	k.mu.Unlock()
}

// maxReason is what a close frame holds.
const maxReason = 123

// end closes the socket and says why.
func (k *socket) end(code websocket.StatusCode, reason string) {
	if len(reason) > maxReason {
		reason = strings.ToValidUTF8(reason[:maxReason], "")
	}
	_ = k.conn.Close(code, reason) // an error here is a client that went away
}
