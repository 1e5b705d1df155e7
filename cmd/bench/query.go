package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/probity-ledger/probity/domain"
)

// fileQuery asks for an officer's record file and the last events of the
// accountability timeline.
const fileQuery = `query File($id: ID!, $first: Int!) {
  officer(id: $id) {
    id name latinName rank status barred
    unit { id name }
    post { id name }
    recordFile {
      status
      posts { postId from to }
      appraisals { year grade }
      courses { course hours on }
      restrictions { measure from until }
      sanctions { id measure status from until }
      findings { id result measure foundOn }
      complaints { id receivedOn category status result }
    }
    timeline(first: $first) {
      totalCount
      pageInfo { hasNextPage endCursor }
      edges { cursor node { as event { id kind occurredAt recordedAt actor role } } }
    }
  }
}`

// timelineQuery asks for the timeline alone.
const timelineQuery = `query Timeline($id: ID!, $first: Int!) {
  officer(id: $id) {
    timeline(first: $first) {
      pageInfo { hasNextPage endCursor }
      edges { cursor node { as event { id kind occurredAt recordedAt actor role } } }
    }
  }
}`

// client asks a running server.
type client struct {
	http  http.Client
	base  string
	token string
}

// newClient makes a client that keeps so many connections open.
func newClient(base, token string, connections int) *client {
	return &client{http: http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: connections}}, base: base, token: token}
}

func (c *client) close() { c.http.CloseIdleConnections() }

// get reads a page and returns its status.
func (c *client) get(ctx context.Context, path string) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+path, nil)
	if err != nil {
		return 0, err
	}
	res, err := c.http.Do(req)
	if err != nil {
		return 0, err
	}
	_, err = io.Copy(io.Discard, res.Body)
	return res.StatusCode, firstError(err, res.Body.Close())
}

// ask sends a query about an officer and returns the answer, which must be
// right and hold no error.
func (c *client) ask(ctx context.Context, query string, id domain.OfficerID, first int) ([]byte, error) {
	body, err := json.Marshal(map[string]any{"query": query, "variables": map[string]any{"id": id, "first": first}})
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+"/graphql", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/graphql-response+json")
	req.Header.Set("Authorization", "Bearer "+c.token)
	res, err := c.http.Do(req)
	if err != nil {
		return nil, err
	}
	answer, err := io.ReadAll(res.Body)
	if err := firstError(err, res.Body.Close()); err != nil {
		return nil, err
	}
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("status %d: %s", res.StatusCode, answer)
	}
	return answer, checkAnswer(answer, first)
}

// checkAnswer holds an answer against what was asked: no error, and as many
// events as the page was to hold.
func checkAnswer(answer []byte, edges int) error {
	if bytes.Contains(answer, []byte(`"errors":`)) {
		return fmt.Errorf("answered with an error: %s", answer)
	}
	if got := strings.Count(string(answer), `"cursor":`); got != edges {
		return fmt.Errorf("answered with %d events, asked for %d", got, edges)
	}
	return nil
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
