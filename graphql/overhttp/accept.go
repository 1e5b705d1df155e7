package overhttp

import (
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// The two media types of responses.
const (
	mediaGraphQL = "application/graphql-response+json"
	mediaJSON    = "application/json"
)

// preference is how much a client wants one media type: its quality, how
// exactly it was named, and where in the list.
type preference struct {
	quality  float64
	exact    int
	position int
}

func (p preference) beats(q preference) bool {
	switch {
	case p.quality != q.quality:
		return p.quality > q.quality
	case p.exact != q.exact:
		return p.exact > q.exact
	}
	return p.position < q.position
}

// negotiate picks the response's media type by RFC 9110 section 12.5.1, false
// when the client takes neither. Equal wishes go to the type named more
// exactly, then earlier, then to application/json.
func negotiate(header http.Header) (string, bool) {
	if len(header.Values("Accept")) == 0 {
		return mediaJSON, true
	}
	best, found := "", false
	wanted := preferences(header, mediaJSON, mediaGraphQL)
	for _, media := range []string{mediaJSON, mediaGraphQL} {
		if p, ok := wanted[media]; ok && p.quality > 0 && (!found || p.beats(wanted[best])) {
			best, found = media, true
		}
	}
	return best, found
}

// preferences are how much the client wants each of the media types.
func preferences(header http.Header, of ...string) map[string]preference {
	values := header.Values("Accept")
	wanted := map[string]preference{}
	for position, element := range splitList(strings.Join(values, ",")) {
		kind, quality, ok := parseRange(element)
		if !ok {
			continue
		}
		for _, media := range of {
			exact := matches(kind, media)
			if have, seen := wanted[media]; exact > 0 && (!seen || exact > have.exact) {
				wanted[media] = preference{quality, exact, position}
			}
		}
	}
	return wanted
}

// matches returns 3 for the type itself, 2 for application/*, 1 for */*, and
// 0 for anything else.
func matches(kind, media string) int {
	switch kind {
	case media:
		return 3
	case "application/*":
		return 2
	case "*/*":
		return 1
	}
	return 0
}

// parseRange reads a media range. One that asks for another charset than
// UTF-8 matches nothing we have.
func parseRange(element string) (kind string, quality float64, ok bool) {
	kind, params, err := mime.ParseMediaType(element)
	if err != nil {
		return "", 0, false
	}
	if charset := params["charset"]; charset != "" && !isUTF8(charset) {
		return "", 0, false
	}
	quality = 1
	if q, given := params["q"]; given {
		quality, err = strconv.ParseFloat(q, 64)
		if err != nil || !(quality >= 0 && quality <= 1) {
			return "", 0, false
		}
	}
	return kind, quality, true
}

func isUTF8(charset string) bool {
	return strings.EqualFold(charset, "utf-8") || strings.EqualFold(charset, "utf8")
}

// splitList splits at commas outside quotes.
func splitList(s string) []string {
	var out []string
	quoted, from := false, 0
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && quoted:
			i++
		case s[i] == '"':
			quoted = !quoted
		case s[i] == ',' && !quoted:
			out = append(out, s[from:i])
			from = i + 1
		}
	}
	return append(out, s[from:])
}
