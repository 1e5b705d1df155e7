package signin

import (
	"encoding/base64"
	"errors"
	"math"
	"strings"
	"time"
	"unicode"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/golang-jwt/jwt/v5"
)

// header holds the members of a JOSE header (RFC 7515) that decide anything.
// Those that would bring a key along (jwk, jku, x5c, x5u) are ignored.
type header struct {
	Algorithm string         `json:"alg"`
	KeyID     string         `json:"kid"`
	Type      string         `json:"typ"`
	Critical  jsontext.Value `json:"crit"`
	Base64    jsontext.Value `json:"b64"`
}

// decodeHeader decodes strictly: the library reads a map, in which the last of
// two equal members wins in silence.
func decodeHeader(token string) (header, *TokenError) {
	var h header
	segment, _, _ := strings.Cut(token, ".")
	raw, err := base64.RawURLEncoding.Strict().DecodeString(segment)
	if err != nil {
		return h, refuse(ReasonMalformed, "the token is malformed")
	}
	if err := json.Unmarshal(raw, &h); err != nil {
		return h, refuse(ReasonMalformed, "the token's header is malformed or has a member twice")
	}
	switch {
	case h.Critical != nil || h.Base64 != nil:
		return h, refuse(ReasonMalformed, "the token asks for an extension that is not supported")
	case h.Type != "" && !strings.EqualFold(h.Type, "JWT") && !strings.EqualFold(h.Type, "at+jwt"):
		return h, refuse(ReasonMalformed, "the token is of another type than JWT")
	case h.KeyID == "":
		return h, refuse(ReasonKey, "the token names no key")
	}
	return h, nil
}

// registered are the claims that every token has.
type registered struct {
	Issuer    string   `json:"iss"`
	Audience  audience `json:"aud"`
	Subject   string   `json:"sub"`
	IssuedAt  *seconds `json:"iat"`
	NotBefore *seconds `json:"nbf,omitempty"`
	Expires   *seconds `json:"exp"`
	ID        string   `json:"jti,omitempty"`
}

// claims are the registered claims, and all of them as they came, for the
// mapping of the issuer. Unknown ones are ignored, as RFC 7519 section 4 asks.
type claims struct {
	registered
	raw jsontext.Value
}

// UnmarshalJSON is what golang-jwt's decoder ends in. It refuses members that
// appear twice and invalid UTF-8.
func (c *claims) UnmarshalJSON(raw []byte) error {
	if err := json.Unmarshal(raw, &c.registered); err != nil {
		return err
	}
	c.raw = jsontext.Value(raw).Clone()
	return nil
}

// audience is one string or a list of them.
type audience []string

func (a *audience) UnmarshalJSON(raw []byte) error {
	var one string
	if json.Unmarshal(raw, &one) == nil {
		*a = audience{one}
		return nil
	}
	return json.Unmarshal(raw, (*[]string)(a))
}

// seconds is a NumericDate: seconds since 1970, a fraction allowed.
type seconds float64

func (s *seconds) UnmarshalJSON(raw []byte) error {
	var f float64
	if err := json.Unmarshal(raw, &f); err != nil {
		return err
	}
	const year9999 = 253402300799
	if f < 0 || f > year9999 {
		return errors.New("date out of range")
	}
	*s = seconds(f)
	return nil
}

func (s *seconds) date() *jwt.NumericDate {
	if s == nil {
		return nil
	}
	whole, part := math.Modf(float64(*s))
	return jwt.NewNumericDate(time.Unix(int64(whole), int64(part*1e9)))
}

// The methods of jwt.Claims.

func (c *registered) GetExpirationTime() (*jwt.NumericDate, error) { return c.Expires.date(), nil }
func (c *registered) GetIssuedAt() (*jwt.NumericDate, error)       { return c.IssuedAt.date(), nil }
func (c *registered) GetNotBefore() (*jwt.NumericDate, error)      { return c.NotBefore.date(), nil }
func (c *registered) GetIssuer() (string, error)                   { return c.Issuer, nil }
func (c *registered) GetSubject() (string, error)                  { return c.Subject, nil }
func (c *registered) GetAudience() (jwt.ClaimStrings, error) {
	return jwt.ClaimStrings(c.Audience), nil
}

// checkLife checks what the library does not: that the token lives, and not
// too long.
func (c *registered) checkLife(longest time.Duration) *TokenError {
	if c.IssuedAt == nil {
		return refuse(ReasonClaims, "the token does not say when it was issued")
	}
	if life := c.Expires.date().Sub(c.IssuedAt.date().Time); life <= 0 || life > longest {
		return refuse(ReasonLifetime, "the token lives longer than %s, or not at all", spell(longest))
	}
	return nil
}

// spell writes a duration without units that are zero.
func spell(d time.Duration) string {
	s := d.String()
	s = strings.TrimSuffix(s, "0s")
	return strings.TrimSuffix(s, "0m")
}

// value is a claim by its name, or, if that begins with a slash, by its JSON
// Pointer (RFC 6901); nil when there is none.
func (c *claims) value(name string) jsontext.Value {
	path := []string{name}
	if strings.HasPrefix(name, "/") {
		path = nil
		for token := range jsontext.Pointer(name).Tokens() {
			path = append(path, token)
		}
	}
	v := c.raw
	for _, member := range path {
		var members map[string]jsontext.Value
		if v.Kind() != '{' || json.Unmarshal(v, &members) != nil {
			return nil
		}
		v = members[member]
	}
	if v.Kind() == 'n' {
		return nil
	}
	return v
}

// texts are the texts of a claim, which is one or a list of them. It is false
// when the claim is there and neither.
func (c *claims) texts(name string) (texts []string, ok bool) {
	v := c.value(name)
	switch v.Kind() {
	case '"':
		var one string
		if json.Unmarshal(v, &one) != nil {
			return nil, false
		}
		if name == "scope" || name == "scp" { // RFC 8693 section 4.2: with blanks between them
			return strings.Fields(one), true
		}
		return []string{one}, true
	case '[':
		return texts, json.Unmarshal(v, &texts) == nil
	}
	return nil, len(v) == 0
}

// text is a claim that is one text, "" when it is missing or something else.
func (c *claims) text(name string) string {
	var s string
	if v := c.value(name); v.Kind() != '"' || json.Unmarshal(v, &s) != nil {
		return ""
	}
	return s
}

// isName holds for a subject or unit id: some printable characters, no blanks
// around them.
func isName(s string, longest int) bool {
	if s == "" || len(s) > longest || strings.TrimSpace(s) != s {
		return false
	}
	for _, r := range s {
		if !unicode.IsPrint(r) {
			return false
		}
	}
	return true
}
