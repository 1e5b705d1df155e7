package overhttp

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
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
	if tooDeep(body) {
		return Request{}, fault(http.StatusBadRequest, "BAD_REQUEST", "the body is nested more than %d deep", maxDepth)
	}
	var members map[string]jsontext.Value
	if err := strict.Unmarshal(body, &members); err != nil || members == nil {
		return Request{}, fault(http.StatusBadRequest, "BAD_REQUEST", "the body is not a JSON object in UTF-8 with each name once%s", wrongAt(err))
	}
	var request Request
	query, hasQuery, p := text(members, "query")
	if p != nil {
		return Request{}, p
	}
	request.Query = query
	documentID, hasID, p := text(members, "documentId")
	if p != nil {
		return Request{}, p
	}
	if hasID && documentID == "" {
		return Request{}, emptyID()
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
	return identify(request, documentID, hasQuery)
}

// wrongAt says what the JSON decoder stumbled over, and where.
func wrongAt(err error) string {
	wrong, ok := errors.AsType[*jsontext.SyntacticError](err)
	switch {
	case !ok:
		return ""
	case errors.Is(err, jsontext.ErrDuplicateName):
		return fmt.Sprintf(": at byte %d a name stands twice", wrong.ByteOffset)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Sprintf(": it ends at byte %d, in the middle", wrong.ByteOffset)
	}
	return fmt.Sprintf(": at byte %d, %s", wrong.ByteOffset, wrong.Err)
}

// maxDepth is how deep JSON may be nested: deeper than any value that the
// schema or a document takes.
const maxDepth = 64

// tooDeep says whether objects and lists are nested deeper, as far as the text
// is JSON. It costs one pass and no memory, unlike decoding.
func tooDeep(text []byte) bool {
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			if depth++; depth > maxDepth {
				return true
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return false
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

func missing() *problem {
	return fault(http.StatusBadRequest, "BAD_REQUEST", "the parameter query is missing; send a document, or the id of a trusted one as documentId")
}

func emptyID() *problem {
	return fault(http.StatusBadRequest, "BAD_REQUEST", "the parameter documentId is empty; leave it out to send a query")
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
	for _, name := range []string{"query", "documentId", "operationName", "variables", "extensions"} {
		if len(values[name]) > 1 {
			return Request{}, fault(http.StatusBadRequest, "BAD_REQUEST", "the parameter %s is given more than once", name)
		}
		if !utf8.ValidString(values.Get(name)) {
			return Request{}, fault(http.StatusBadRequest, "BAD_REQUEST", "the parameter %s is not UTF-8", name)
		}
	}
	if values.Has("documentId") && values.Get("documentId") == "" {
		return Request{}, emptyID()
	}
	request := Request{Query: values.Get("query"), OperationName: values.Get("operationName"), ReadOnly: true}
	for name, target := range map[string]*map[string]any{"variables": &request.Variables, "extensions": &request.Extensions} {
		raw := jsontext.Value(values.Get(name))
		if tooDeep(raw) {
			return Request{}, fault(http.StatusBadRequest, "BAD_REQUEST", "the parameter %s is nested more than %d deep", name, maxDepth)
		}
		if len(raw) > 0 && !raw.IsValid() {
			return Request{}, fault(http.StatusBadRequest, "BAD_REQUEST", "the parameter %s is not JSON with each name once", name)
		}
		var p *problem
		if *target, p = object(name, raw); p != nil {
			return Request{}, p
		}
	}
	return identify(request, values.Get("documentId"), values.Has("query"))
}
