package signin

import "fmt"

// Reason classifies why a token is refused; it travels as extensions.reason.
type Reason string

// The reasons.
const (
	ReasonMissing   Reason = "missing"
	ReasonMalformed Reason = "malformed"
	ReasonTooLong   Reason = "too_long"
	ReasonMethod    Reason = "method"
	ReasonKey       Reason = "key"
	ReasonSignature Reason = "signature"
	ReasonIssuer    Reason = "issuer"
	ReasonAudience  Reason = "audience"
	ReasonExpired   Reason = "expired"
	ReasonNotYet    Reason = "not_yet_valid"
	ReasonLifetime  Reason = "lifetime"
	ReasonClaims    Reason = "claims"
	ReasonRole      Reason = "role"
	ReasonMachine   Reason = "machine"
	// ReasonUnavailable: nothing is wrong with the token as far as is known;
	// the answer is 503.
	ReasonUnavailable Reason = "issuer_unavailable"
)

// TokenError is a refused token. Its message is for the client: plain ASCII
// without quotes or anything taken from the token.
type TokenError struct {
	Reason  Reason
	Message string
	// Issuer and KeyID are what the token says; empty as far as it was not
	// read. They are for the log, not for the client.
	Issuer string
	KeyID  string
	err    error
}

func (e *TokenError) Error() string { return e.Message }

// Unwrap returns what the JWT library said, for logs; nil when it said nothing.
func (e *TokenError) Unwrap() error { return e.err }

func refuse(reason Reason, format string, args ...any) *TokenError {
	return &TokenError{Reason: reason, Message: fmt.Sprintf(format, args...)}
}
