package signin

import "time"

// The caps of sign-in.
const (
	// MaxToken is the longest token in bytes; what is longer is not decoded.
	MaxToken = 8 << 10
	// MaxLifetime is the longest time from iat to exp.
	MaxLifetime = 24 * time.Hour
	// DefaultLifetime is the life of a minted token unless asked otherwise.
	DefaultLifetime = time.Hour
	// DefaultMachineLifetime is the longest life of a machine's token unless
	// the issuer is set up otherwise.
	DefaultMachineLifetime = time.Hour
	// Leeway is how far the clocks of issuer and verifier may differ.
	Leeway = 30 * time.Second
	// MaxSubject is the longest subject in bytes.
	MaxSubject = 256
	// MaxUnits is the largest number of units in a token.
	MaxUnits = 64
)
