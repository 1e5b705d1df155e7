package domain

import "encoding/base64"

// MaxCiphertext bounds what is sealed, in bytes before it is written in
// base64.
const MaxCiphertext = 16 << 10

// Sealed is a text that was encrypted before it became part of a command. The
// key lies outside the ledger; once that is destroyed nobody reads the text
// again, and the signature over the ciphertext stays valid.
type Sealed struct {
	// Key names the data key that opens it, by a random id.
	Key string `json:"key"`
	// Ciphertext is in standard base64.
	Ciphertext string `json:"ciphertext"`
}

// SealedText is a message that was encrypted before it became part of a
// command, as a Sealed identity is.
type SealedText Sealed

// CheckSealed refuses what cannot be a sealed text, naming the field.
func CheckSealed(field string, s Sealed) error {
	if err := CheckID(field, s.Key); err != nil {
		return err
	}
	raw, err := base64.StdEncoding.Strict().DecodeString(s.Ciphertext)
	switch {
	case s.Ciphertext == "":
		return Refuse(CodeInvalid, field, "has no ciphertext")
	case err != nil:
		return Refuse(CodeInvalid, field, "has a ciphertext that is not base64")
	case len(raw) > MaxCiphertext:
		return Refuse(CodeInvalid, field, "has a ciphertext of %d bytes, at most %d are allowed", len(raw), MaxCiphertext)
	}
	return nil
}
