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

	"github.com/probity-ledger/probity/domain"
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

// claims are the registered and private claims we know. Unknown ones are
// ignored, as RFC 7519 section 4 asks.
type claims struct {
	Issuer    string   `json:"iss"`
	Audience  audience `json:"aud"`
	Subject   string   `json:"sub"`
	Role      string   `json:"role"`
	Unit      *string  `json:"unit,omitempty"`
	Units     []string `json:"units,omitempty"`
	IssuedAt  *seconds `json:"iat"`
	NotBefore *seconds `json:"nbf,omitempty"`
	Expires   *seconds `json:"exp"`
	ID        string   `json:"jti,omitempty"`
}

// UnmarshalJSON is what golang-jwt's decoder ends in. It refuses members that
// appear twice and invalid UTF-8.
func (c *claims) UnmarshalJSON(raw []byte) error {
	type plain claims
	return json.Unmarshal(raw, (*plain)(c))
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

func (c *claims) GetExpirationTime() (*jwt.NumericDate, error) { return c.Expires.date(), nil }
func (c *claims) GetIssuedAt() (*jwt.NumericDate, error)       { return c.IssuedAt.date(), nil }
func (c *claims) GetNotBefore() (*jwt.NumericDate, error)      { return c.NotBefore.date(), nil }
func (c *claims) GetIssuer() (string, error)                   { return c.Issuer, nil }
func (c *claims) GetSubject() (string, error)                  { return c.Subject, nil }
func (c *claims) GetAudience() (jwt.ClaimStrings, error)       { return jwt.ClaimStrings(c.Audience), nil }

// principal checks what the library does not and names who asks.
func (c *claims) principal() (Principal, *TokenError) {
	if !isName(c.Subject, MaxSubject) {
		return Principal{}, refuse(ReasonClaims, "the token has no usable subject")
	}
	role, ok := domain.ParseRole(c.Role)
	if !ok || role == domain.RoleSystem {
		return Principal{}, refuse(ReasonRole, "the token has no role that may sign in")
	}
	if c.IssuedAt == nil {
		return Principal{}, refuse(ReasonClaims, "the token does not say when it was issued")
	}
	expires := c.Expires.date().Time
	if life := expires.Sub(c.IssuedAt.date().Time); life <= 0 || life > MaxLifetime {
		return Principal{}, refuse(ReasonLifetime, "the token lives longer than %d hours, or not at all", int(MaxLifetime.Hours()))
	}
	units := c.Units
	if c.Unit != nil {
		units = append([]string{*c.Unit}, units...)
	}
	if len(units) > MaxUnits {
		return Principal{}, refuse(ReasonClaims, "the token names more than %d units", MaxUnits)
	}
	p := Principal{Subject: c.Subject, Role: role, Issuer: c.Issuer, TokenID: c.ID, Expires: expires}
	seen := map[string]bool{}
	for _, unit := range units {
		if !isName(unit, MaxSubject) {
			return Principal{}, refuse(ReasonClaims, "the token names an unusable unit")
		}
		if !seen[unit] {
			seen[unit] = true
			p.Units = append(p.Units, domain.UnitID(unit))
		}
	}
	if len(p.Units) > 0 {
		p.Unit = p.Units[0]
	}
	return p, nil
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
