package domain

// KeyPurpose is what a signing key is for.
type KeyPurpose string

// The purposes of keys.
const (
	// KeyOfLedger signs every event in the ledger's name (账本密钥).
	KeyOfLedger KeyPurpose = "ledger"
	// KeyOfCheckpoints signs the checkpoints of the transparency log and no
	// event (日志密钥), where the ledger key is of a kind that cannot.
	KeyOfCheckpoints KeyPurpose = "checkpoint"
	// KeyOfAuthor signs in the name of the person who holds it (作者密钥).
	KeyOfAuthor KeyPurpose = "author"
)

// KeyAlgorithm names a kind of public key.
type KeyAlgorithm string

// The algorithms of keys: Ed25519 (RFC 8032), ECDSA on P-256 with SHA-256
// (FIPS 186-5), RSA PKCS #1 v1.5 with SHA-256 (RFC 8017), SM2 with SM3
// (国密, GB/T 32918, GB/T 32905).
const (
	AlgorithmEd25519   KeyAlgorithm = "ed25519"
	AlgorithmECDSAP256 KeyAlgorithm = "ecdsa-p256"
	AlgorithmRSA       KeyAlgorithm = "rsa"
	AlgorithmSM2       KeyAlgorithm = "sm2"
)

// KeyChanger is an event that changes whose signatures count. The ledger
// folds such events in the order of the log: whether a key counts for an
// event depends on the event's position, never on a clock.
type KeyChanger interface {
	Event
	KeyChange() KeyChange
}

// KeyChange is what an event says about the key it is addressed to. One of
// Enrols, Ends and Vouches is set.
type KeyChange struct {
	// Enrols: the key counts for what is recorded after the event.
	Enrols *KeyEnrolment
	// Ends: the key counts for nothing recorded after the event; with a From
	// above 0, for nothing recorded at that position or after it either.
	Ends bool
	From int64
	// Vouches: what the revoked key alone signed up to Through stands,
	// because the history up to there is the one with the Digest.
	Vouches bool
	Through int64
	Digest  string
}

// KeyEnrolment is a key as it is enrolled.
type KeyEnrolment struct {
	Algorithm KeyAlgorithm
	// PublicKey is the SPKI DER in standard base64.
	PublicKey string
	Purpose   KeyPurpose
	// Holder is who signs with it; empty for a key of the ledger or its log.
	Holder ActorID
}

// KeyState is the state of a room whose aggregates are signing keys.
type KeyState interface {
	KeyStanding() KeyStanding
}

// KeyStanding is how a key stands at the end of what is recorded.
type KeyStanding struct {
	KeyEnrolment
	// Enrolled: it is on file; Ended: it was retired or revoked since.
	Enrolled bool
	Ended    bool
}
