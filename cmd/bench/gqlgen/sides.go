package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	gqlgen "github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/probity-ledger/probity/cmd/bench/gqlgen/rival"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql"
	"github.com/probity-ledger/probity/graphql/overhttp"
)

// question is one of those measured.
type question struct{ what, text string }

var questions = []question{
	{"timeline of 200", `query Timeline($id: ID!) {
  timeline(id: $id) {
    nodes { id position kind stream revision actor role occurredAt recordedAt rulebook causeId imported }
  }
}`},
	{"record file of 30 fields", `query File($id: ID!) {
  recordFile(id: $id) {
    officerId day status barred
    identity { name staffNumber rank enrolledOn }
    posts { postId leader from to }
    certificates { number status validTo }
    training { year hours }
    appraisals { year grade }
    sanctions { id measure status from until inForce }
    rewards { honour grantedOn }
    head { position events hash }
  }
}`},
}

// side answers questions about the one officer, in process and over HTTP.
type side struct {
	name    string
	ask     func(ctx context.Context, text string) ([]byte, error)
	handler http.Handler
}

// ours is the product.
func ours(held graphql.Held) (side, error) {
	memory, err := graphql.NewInMemory(map[domain.OfficerID]graphql.Held{officerID: held})
	if err != nil {
		return side{}, err
	}
	h, err := memory.Handler()
	return side{"probity", func(ctx context.Context, text string) ([]byte, error) {
		answer := memory.Do(ctx, overhttp.Request{Query: text, Variables: map[string]any{"id": officerID}})
		if len(answer.Errors) > 0 {
			return nil, errors.New(answer.Errors[0].Message)
		}
		data, ok := answer.Data.(json.RawMessage)
		if !ok {
			return nil, fmt.Errorf("the data is a %T", answer.Data)
		}
		return data, nil
	}, h}, err
}

// theirs is gqlgen.
func theirs(held *rival.Resolver) side {
	schema := rival.NewExecutableSchema(rival.Config{Resolvers: held})
	x := executor.New(schema)
	x.SetQueryCache(lru.New[*ast.QueryDocument](1000))
	server := handler.New(schema)
	server.AddTransport(transport.POST{})
	server.SetQueryCache(lru.New[*ast.QueryDocument](1000))
	return side{"gqlgen", func(ctx context.Context, text string) ([]byte, error) {
		now := gqlgen.Now()
		operation, errs := x.CreateOperationContext(gqlgen.StartOperationTrace(ctx), &gqlgen.RawParams{
			Query: text, Variables: map[string]any{"id": officerID}, ReadTime: gqlgen.TraceTiming{Start: now, End: now},
		})
		if len(errs) > 0 {
			return nil, errs
		}
		respond, ctx := x.DispatchOperation(ctx, operation)
		answer := respond(ctx)
		if len(answer.Errors) > 0 {
			return nil, answer.Errors
		}
		return answer.Data, nil
	}, server}
}

// workload asks one question of one side in one way.
type workload struct {
	What, Side string
	ask        func(context.Context) error
}

// prepare makes the workloads, each question in each way by both sides in
// turn.
func prepare(clients int) (all []workload, stop func(), err error) {
	held := madeUp()
	us, err := ours(held)
	if err != nil {
		return nil, nil, err
	}
	sides := []side{us, theirs(rivalOf(held))}
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients}}
	var closers []func() error
	stop = func() {
		client.CloseIdleConnections()
		for _, c := range closers {
			_ = c() // all that was asked has been answered
		}
	}
	bases := map[string]string{}
	for _, s := range sides {
		base, closer, err := listen(s.handler)
		if err != nil {
			stop()
			return nil, nil, err
		}
		bases[s.name], closers = base, append(closers, closer)
	}
	for _, q := range questions {
		for _, s := range sides {
			all = append(all, workload{q.what + ", in process", s.name, func(ctx context.Context) error {
				data, err := s.ask(ctx, q.text)
				return checked(err, len(data))
			}})
		}
		body, err := json.Marshal(map[string]any{"query": q.text, "variables": map[string]any{"id": officerID}})
		if err != nil {
			stop()
			return nil, nil, err
		}
		for _, s := range sides {
			all = append(all, workload{q.what + ", over HTTP", s.name, func(ctx context.Context) error {
				n, err := post(ctx, client, bases[s.name], body, io.Discard)
				return checked(err, int(n))
			}})
		}
	}
	return all, stop, nil
}

// checked is the error, or one where there was no answer.
func checked(err error, bytes int) error {
	if err == nil && bytes < 500 {
		err = fmt.Errorf("an answer of %d bytes", bytes)
	}
	return err
}

// post sends a request and writes the body of the answer to w.
func post(ctx context.Context, client *http.Client, base string, body []byte, w io.Writer) (int64, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, base, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/graphql-response+json")
	res, err := client.Do(req)
	if err != nil {
		return 0, err
	}
	n, err := io.Copy(w, res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("status %d", res.StatusCode)
	}
	return n, errors.Join(err, res.Body.Close())
}

// listen serves on a free port of this machine until stopped.
func listen(h http.Handler) (base string, stop func() error, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = server.Serve(l) }() // it ends with stop
	return "http://" + l.Addr().String(), server.Close, nil
}
