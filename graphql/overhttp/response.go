package overhttp

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// Response is the answer to a request.
type Response struct {
	// HasData says that execution began; a null Data is written as null then.
	// Without it the errors are request errors and no data entry is written.
	HasData bool
	// Data is anything that encodes as JSON; a json.RawMessage is written as
	// it is.
	Data any
	// Whole is the response as JSON with Data as its only member, where that
	// has been made already; it is sent if there are neither Errors nor
	// Extensions. It must be JSON.
	Whole      []byte
	Errors     []Error
	Extensions map[string]any
	// Status overrides the status of a response without data, in both media
	// types; zero leaves it to the draft. Not used with HasData.
	Status int
	// RetryAfter, when more than zero, tells the client to wait that long
	// before it asks again; sent in whole seconds, rounded up.
	RetryAfter time.Duration
	// Release, if set, is called when the response has been sent: neither Data
	// nor Whole are looked at afterwards.
	Release func()

	allow string // the methods that would do, with status 405
}

// Error is an error of a GraphQL response.
type Error struct {
	Message    string         `json:"message"`
	Locations  []Location     `json:"locations,omitempty"`
	Path       []any          `json:"path,omitempty"`
	Extensions map[string]any `json:"extensions,omitempty"`
}

// Location is a place in the document, line and column from 1.
type Location struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

// NewError makes an error with its code as extensions.code.
func NewError(code, message string) Error {
	return Error{Message: message, Extensions: map[string]any{"code": code}}
}

// Refused is the response to a request that was not executed.
func Refused(errors ...Error) *Response { return &Response{Errors: errors} }

// MutationByGet is the response to a mutation that came by GET: 405.
func MutationByGet() *Response {
	return &Response{
		Status: http.StatusMethodNotAllowed,
		allow:  http.MethodPost,
		Errors: []Error{NewError("METHOD_NOT_ALLOWED", "mutations are sent by POST")},
	}
}

// problem is a request that is not well-formed.
type problem struct {
	status int
	err    Error
}

func fault(status int, code, format string, args ...any) *problem {
	return &problem{status, NewError(code, fmt.Sprintf(format, args...))}
}

func (h *handler) refuse(w http.ResponseWriter, media string, p *problem) {
	h.write(context.Background(), w, media, &Response{Status: p.status, Errors: []Error{p.err}})
}

// write sends a response in one piece, so that its length is known and an
// encoding error can still become an internal one.
func (h *handler) write(ctx context.Context, w http.ResponseWriter, media string, response *Response) {
	if response.Release != nil {
		defer response.Release()
	}
	body, err := response.encode()
	if err != nil {
		response = h.internal(ctx, fmt.Errorf("encode response: %w", err))
		body, _ = response.encode() // strings only: it encodes
	}
	status := response.status(media)
	header := w.Header()
	switch status {
	case http.StatusMethodNotAllowed:
		header.Set("Allow", cmp.Or(response.allow, allow))
	case http.StatusUnsupportedMediaType:
		header.Set("Accept-Post", "application/json")
	}
	if response.RetryAfter > 0 {
		header.Set("Retry-After", strconv.FormatInt(int64((response.RetryAfter+time.Second-1)/time.Second), 10))
	}
	header.Set("Content-Type", media+"; charset=utf-8")
	header.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // an error here is a client that went away
}

func (r *Response) status(media string) int {
	switch {
	case r.HasData:
		return http.StatusOK
	case r.Status != 0:
		return r.Status
	case media == mediaGraphQL:
		return http.StatusBadRequest
	}
	return http.StatusOK
}

// encode writes errors before data, as the specification suggests.
func (r *Response) encode() ([]byte, error) {
	if r.Whole != nil && r.HasData && len(r.Errors) == 0 && len(r.Extensions) == 0 {
		return r.Whole, nil
	}
	if raw, ok := r.Data.(json.RawMessage); ok && raw != nil && r.HasData {
		return r.encodeAround(raw)
	}
	var err error
	var out []byte
	if r.HasData {
		out, err = marshal(struct {
			Errors     []Error        `json:"errors,omitempty"`
			Data       any            `json:"data"`
			Extensions map[string]any `json:"extensions,omitempty"`
		}{r.Errors, r.Data, r.Extensions})
	} else {
		list := r.Errors
		if len(list) == 0 { // a response holds data or errors
			list = []Error{NewError("INTERNAL", "no answer")}
		}
		out, err = marshal(struct {
			Errors     []Error        `json:"errors"`
			Extensions map[string]any `json:"extensions,omitempty"`
		}{list, r.Extensions})
	}
	return out, err
}

// encodeAround writes data that is JSON already as it is: encoding/json would
// go over it twice, to check and to compact it.
func (r *Response) encodeAround(data json.RawMessage) ([]byte, error) {
	if !jsontext.Value(data).IsValid(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)) {
		return nil, errors.New("the data is no JSON")
	}
	out := make([]byte, 0, len(data)+64)
	out = append(out, '{')
	var err error
	if len(r.Errors) > 0 {
		if out, err = appendMember(out, `"errors":`, r.Errors); err != nil {
			return nil, err
		}
		out = append(out, ',')
	}
	out = append(append(out, `"data":`...), data...)
	if len(r.Extensions) > 0 {
		if out, err = appendMember(append(out, ','), `"extensions":`, r.Extensions); err != nil {
			return nil, err
		}
	}
	return append(out, "}\n"...), nil
}

func appendMember(out []byte, name string, value any) ([]byte, error) {
	encoded, err := marshal(value)
	if err != nil {
		return nil, err
	}
	return append(append(out, name...), bytes.TrimSuffix(encoded, []byte("\n"))...), nil
}

func marshal(value any) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return out.Bytes(), err
}
