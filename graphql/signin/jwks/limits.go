package jwks

import "time"

// The caps of an issuer's documents.
const (
	// MaxDocument is the longest document in bytes.
	MaxDocument = 256 << 10
	// MaxKeys is the largest number of keys in a set.
	MaxKeys = 64
	// MaxKeyID is the longest key id in bytes.
	MaxKeyID = 256
	// MinRSA and MaxRSA bound the modulus of an RSA key in bits.
	MinRSA = 2048
	MaxRSA = 8192
)

// The times of fetching.
const (
	// FetchTimeout is how long one document may take.
	FetchTimeout = 5 * time.Second
	// DefaultRefresh is how often keys are fetched without need.
	DefaultRefresh = 15 * time.Minute
	// DefaultRefetch is the least time between two attempts.
	DefaultRefetch = 30 * time.Second
	// DefaultKeep is how long keys are used while the issuer is down.
	DefaultKeep = 24 * time.Hour
	// MinBackoff and MaxBackoff bound the waits after failures.
	MinBackoff = time.Second
	MaxBackoff = time.Minute
	// WaitForKeys is how long a token of an unknown key waits for a fetch.
	WaitForKeys = 3 * time.Second
	// maxWaiting is how many tokens may wait so at a time.
	maxWaiting = 32
)
