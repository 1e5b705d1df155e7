package overhttp

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"unicode/utf8"

	strict "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

func (h *handler) read(w http.ResponseWriter, r *http.Request) (Request, *problem) {
	if r.Method == http.MethodPost {
		return h.readPost(w, r)
	}
	return h.readGet(r)
}

func (h *handler) readPost(w http.ResponseWriter, r *http.Request) (Request, *problem) {
	if p := checkContentType(r.Header); p != nil {
		return Request{}, p
	}
	tooLarge := fault(http.StatusRequestEntityTooLarge, "BODY_TOO_LARGE", "the body has more than %d bytes", h.config.MaxBody)
	if r.ContentLength > int64(h.config.MaxBody) {
		return Request{}, tooLarge // without waiting for it
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, int64(h.config.MaxBody)))
	if err != nil {
		if tooLong := new(http.MaxBytesError); errors.As(err, &tooLong) {
			return Request{}, tooLarge
		}
		return Request{}, fault(http.StatusBadRequest, "BAD_REQUEST", "the body cannot be read")
	}
	return parse(body)
}

// Parse reads a request in its JSON form, as it is the body of a POST. Its
// error may be shown to the client.
func Parse(body []byte) (Request, error) {
	request, p := parse(body)
	if p != nil {
		return request, errors.New(p.err.Message)
	}
	return request, nil
}

func parse(body []byte) (Request, *problem) {
	body = bytes.TrimLeft(body, " \t\r\n")
	switch {
	case len(body) == 0:
		return Request{}, fault(http.StatusBadRequest, "BAD_REQUEST", "the body is empty")
	case body[0] == '[':
		return Request{}, fault(http.StatusBadRequest, "BATCHING_UNSUPPORTED", "send one request at a time; batches are not served")
	}
	var members map[string]jsontext.Value
	if err := strict.Unmarshal(body, &members); err != nil || members == nil {
		return Request{}, fault(http.StatusBadRequest, "BAD_REQUEST", "the body is not a JSON object in UTF-8 with each name once")
	}
	var request Request
	var p *problem
	if request.Query, p = required(members); p != nil {
		return Request{}, p
	}
	if request.OperationName, _, p = text(members, "operationName"); p != nil {
		return Request{}, p
	}
	if request.Variables, p = object("variables", members["variables"]); p != nil {
		return Request{}, p
	}
	if request.Extensions, p = object("extensions", members["extensions"]); p != nil {
		return Request{}, p
	}
	return request, nil
}

// checkContentType asks for application/json: a page of another origin cannot
// send it without a preflight.
func checkContentType(header http.Header) *problem {
	unsupported := fault(http.StatusUnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE", "send application/json in UTF-8")
	values := header.Values("Content-Type")
	if len(values) != 1 || header.Get("Content-Encoding") != "" {
		return unsupported
	}
	kind, params, err := mime.ParseMediaType(values[0])
	if err != nil || kind != mediaJSON {
		return unsupported
	}
	if charset := params["charset"]; charset != "" && !isUTF8(charset) {
		return unsupported
	}
	return nil
}

func required(members map[string]jsontext.Value) (string, *problem) {
	query, present, p := text(members, "query")
	if p == nil && !present {
		p = missing()
	}
	return query, p
}

func missing() *problem {
	return fault(http.StatusBadRequest, "BAD_REQUEST", "the parameter query is missing")
}

// text reads a string parameter; null is the same as absent.
func text(members map[string]jsontext.Value, name string) (value string, present bool, p *problem) {
	raw, ok := members[name]
	if !ok || raw.Kind() == 'n' {
		return "", false, nil
	}
	if raw.Kind() != '"' || strict.Unmarshal(raw, &value) != nil {
		return "", false, fault(http.StatusBadRequest, "BAD_REQUEST", "the parameter %s must be a string", name)
	}
	return value, true, nil
}

// object reads a map parameter; nothing and null are the same as absent. The
// strict decoder has looked at the bytes or does so here; the standard one
// then keeps numbers as they are written.
func object(name string, raw jsontext.Value) (map[string]any, *problem) {
	if len(raw) == 0 || raw.Kind() == 'n' {
		return nil, nil
	}
	wrong := fault(http.StatusBadRequest, "BAD_REQUEST", "the parameter %s must be a JSON object", name)
	if raw.Kind() != '{' {
		return nil, wrong
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var out map[string]any
	if err := decoder.Decode(&out); err != nil {
		return nil, wrong
	}
	return out, nil
}

func (h *handler) readGet(r *http.Request) (Request, *problem) {
	if len(r.URL.RawQuery) > h.config.MaxBody {
		return Request{}, fault(http.StatusRequestURITooLong, "URL_TOO_LONG", "the URL has more than %d bytes of parameters", h.config.MaxBody)
	}
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return Request{}, fault(http.StatusBadRequest, "BAD_REQUEST", "the URL's parameters are malformed")
	}
	for _, name := range []string{"query", "operationName", "variables", "extensions"} {
		if len(values[name]) > 1 {
			return Request{}, fault(http.StatusBadRequest, "BAD_REQUEST", "the parameter %s is given more than once", name)
		}
		if !utf8.ValidString(values.Get(name)) {
			return Request{}, fault(http.StatusBadRequest, "BAD_REQUEST", "the parameter %s is not UTF-8", name)
		}
	}
	if !values.Has("query") {
		return Request{}, missing()
	}
	request := Request{Query: values.Get("query"), OperationName: values.Get("operationName"), ReadOnly: true}
	for name, target := range map[string]*map[string]any{"variables": &request.Variables, "extensions": &request.Extensions} {
		raw := jsontext.Value(values.Get(name))
		if len(raw) > 0 && !raw.IsValid() {
			return Request{}, fault(http.StatusBadRequest, "BAD_REQUEST", "the parameter %s is not JSON with each name once", name)
		}
		var p *problem
		if *target, p = object(name, raw); p != nil {
			return Request{}, p
		}
	}
	return request, nil
}
