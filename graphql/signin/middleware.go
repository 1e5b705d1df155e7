package signin

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/probity-ledger/probity/graphql/denial"
)

// Cookie is the name of the cookie that a sign-in link sets.
const Cookie = "probity_token"

type options struct {
	public bool
	cookie bool
}

// Option changes what Require lets through.
type Option func(*options)

// AllowPublic lets requests without a token pass, as the public. A token that
// is there and wrong is refused all the same.
func AllowPublic() Option { return func(o *options) { o.public = true } }

// FromCookie also takes the token from the cookie, for GET and HEAD. It is
// meant for pages, never for an endpoint that changes anything.
func FromCookie() Option { return func(o *options) { o.cookie = true } }

// Require wraps a handler so that it sees only requests with a principal in
// their context. Others are answered with 401, or 400 when the header itself
// is malformed, a challenge by RFC 6750 and a JSON body in the shape of a
// GraphQL response.
func Require(v *Verifier, opts ...Option) func(http.Handler) http.Handler {
	var o options
	for _, option := range opts {
		option(&o)
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Add("Vary", "Authorization")
			if o.cookie {
				w.Header().Add("Vary", "Cookie")
			}
			principal, refused := o.principal(v, r)
			if refused != nil {
				if o.cookie && refused.Reason != ReasonMissing && refused.Reason != ReasonUnavailable {
					clearCookie(w, r)
				}
				deny(w, r, refused)
				return
			}
			next.ServeHTTP(w, r.WithContext(NewContext(r.Context(), principal)))
		})
	}
}

// reasonRequest marks a malformed header, which RFC 6750 tells from a bad token.
const reasonRequest Reason = "request"

func (o options) principal(v *Verifier, r *http.Request) (Principal, *TokenError) {
	token, refused := bearer(r.Header)
	if refused != nil {
		return Principal{}, refused
	}
	if token == "" && o.cookie && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
		token, refused = cookieToken(r)
		if refused != nil {
			return Principal{}, refused
		}
	}
	if token == "" {
		if o.public {
			return Public(), nil
		}
		return Principal{}, refuse(ReasonMissing, "sign in: send a token as Authorization: Bearer")
	}
	principal, err := v.Verify(token)
	if err != nil {
		var refused *TokenError
		if !errors.As(err, &refused) {
			refused = refuse(ReasonMalformed, "the token cannot be verified")
		}
		return Principal{}, refused
	}
	return principal, nil
}

// bearer reads the one Authorization header, "" when there is none.
func bearer(h http.Header) (string, *TokenError) {
	values := h.Values("Authorization")
	switch {
	case len(values) == 0:
		return "", nil
	case len(values) > 1:
		return "", refuse(reasonRequest, "there is more than one Authorization header")
	}
	scheme, token, _ := strings.Cut(values[0], " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return "", refuse(ReasonMissing, "sign in: send a token as Authorization: Bearer")
	}
	if token = strings.Trim(token, " "); token == "" || strings.ContainsAny(token, " ,\t") {
		return "", refuse(reasonRequest, "the Authorization header is malformed")
	}
	return token, nil
}

func cookieToken(r *http.Request) (string, *TokenError) {
	cookies := r.CookiesNamed(Cookie)
	switch len(cookies) {
	case 0:
		return "", nil
	case 1:
		return cookies[0].Value, nil
	}
	return "", refuse(reasonRequest, "there is more than one %s cookie", Cookie)
}

// mediaGraphQL is what clients that know GraphQL over HTTP ask for.
const mediaGraphQL = "application/graphql-response+json"

// retryAfter is when to ask again while keys cannot be fetched, in seconds.
const retryAfter = "30"

// deny notes the denial and answers by RFC 6750 section 3: no error code when
// nothing was sent, invalid_request for a malformed header, invalid_token
// otherwise.
func deny(w http.ResponseWriter, r *http.Request, refused *TokenError) {
	denial.Note(r.Context(), denial.Denial{Reason: string(refused.Reason), Issuer: refused.Issuer, KeyID: refused.KeyID})
	h := w.Header()
	status, code := http.StatusUnauthorized, "UNAUTHENTICATED"
	const realm = `Bearer realm="probity"`
	switch refused.Reason {
	case ReasonMissing:
		h.Set("WWW-Authenticate", realm)
	case reasonRequest:
		status = http.StatusBadRequest
		h.Set("WWW-Authenticate", fmt.Sprintf(`%s, error="invalid_request", error_description="%s"`, realm, refused.Message))
	case ReasonUnavailable:
		status, code = http.StatusServiceUnavailable, "UNAVAILABLE"
		h.Set("Retry-After", retryAfter)
	default:
		h.Set("WWW-Authenticate", fmt.Sprintf(`%s, error="invalid_token", error_description="%s"`, realm, refused.Message))
	}
	h.Set("Content-Type", "application/json; charset=utf-8")
	if strings.Contains(r.Header.Get("Accept"), mediaGraphQL) {
		h.Set("Content-Type", mediaGraphQL+"; charset=utf-8")
	}
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	type extensions struct {
		Code   string `json:"code"`
		Reason Reason `json:"reason"`
	}
	type problem struct {
		Message    string     `json:"message"`
		Extensions extensions `json:"extensions"`
	}
	// An error here is a client that went away.
	_ = json.NewEncoder(w).Encode(map[string][]problem{
		"errors": {{refused.Message, extensions{code, refused.Reason}}},
	})
}
