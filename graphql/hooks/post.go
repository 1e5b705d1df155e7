package hooks

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
)

const (
	// postTime bounds one attempt from the name's look-up to the end of the
	// answer, in the range that the specification recommends.
	postTime = 20 * time.Second
	// maxAnswer is how much of an answer is read, so that the connection can
	// be used again; a longer one costs the receiver a new connection.
	maxAnswer = 4 << 10
	// maxWhy is the longest that is kept of why an attempt failed.
	maxWhy = 200
)

// mediaType is that of CloudEvents in structured mode.
const mediaType = "application/cloudevents+json; charset=utf-8"

// sender sends the messages of a hook.
type sender struct {
	hook   Hook
	client *http.Client
	now    func() time.Time
}

func newSender(h Hook, transport http.RoundTripper, now func() time.Time) *sender {
	return &sender{h, &http.Client{
		Transport: transport, Timeout: postTime,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}, now}
}

// failure is why a message was not taken.
type failure struct {
	why    string
	gone   bool          // the receiver wants no more of them
	status int           // 0 where there was no answer
	after  time.Duration // how long the receiver wants to be left alone
}

func (f *failure) Error() string { return f.why }

// post sends a message once. The error is a *failure.
func (s *sender) post(ctx context.Context, id string, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.hook.URL, bytes.NewReader(body))
	if err != nil {
		return &failure{why: "the address is malformed"}
	}
	at := s.now()
	req.Header["Content-Type"] = []string{mediaType}
	req.Header["User-Agent"] = []string{"probity-webhook/1"}
	req.Header["webhook-id"] = []string{id}
	req.Header["webhook-timestamp"] = []string{strconv.FormatInt(at.Unix(), 10)}
	req.Header["webhook-signature"] = []string{s.hook.Keys.sign(id, at, body)}
	res, err := s.client.Do(req)
	if err != nil {
		return &failure{why: reason(err)}
	}
	defer res.Body.Close()
	// What it says is of no interest; an error here is no reason to send again.
	_, _ = io.CopyN(io.Discard, res.Body, maxAnswer)
	if res.StatusCode >= 200 && res.StatusCode < 300 {
		return nil
	}
	return &failure{
		why: fmt.Sprintf("answered with status %d", res.StatusCode), status: res.StatusCode, gone: res.StatusCode == http.StatusGone,
		after: retryAfter(res.Header.Get("Retry-After"), at),
	}
}

// reason is what an error says, without the address, whose path may be a
// secret. It may quote what the receiver said, so nothing of it moves a cursor
// or turns the direction of a text.
func reason(err error) string {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return "did not answer in time"
	}
	text := strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) || r == '\uFFFD' {
			return ' '
		}
		return r
	}, err.Error())
	if len(text) > maxWhy {
		text = strings.ToValidUTF8(text[:maxWhy], "") + "…"
	}
	return text
}

// retryAfter reads the header, as seconds or as a date.
func retryAfter(text string, now time.Time) time.Duration {
	if text == "" {
		return 0
	}
	if n, err := strconv.ParseUint(text, 10, 31); err == nil {
		return min(time.Duration(n)*time.Second, maxRetryAfter)
	}
	if at, err := http.ParseTime(text); err == nil {
		return min(max(0, at.Sub(now)), maxRetryAfter)
	}
	return 0
}
