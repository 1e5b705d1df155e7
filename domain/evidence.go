package domain

import (
	"encoding/hex"
	"strings"
)

// Evidence files a document by its digest: the ledger never holds the file.
type Evidence struct {
	// Digest is "sha256:" and 64 lower-case hex digits.
	Digest string `json:"digest"`
	// MediaType as of RFC 6838, such as "application/pdf".
	MediaType string `json:"mediaType"`
	// Size in bytes.
	Size int64 `json:"size"`
	// Name is what people call it.
	Name string `json:"name,omitzero"`
}

// CheckEvidence refuses malformed evidence, naming the field.
func CheckEvidence(field string, list []Evidence) error {
	for i, e := range list {
		if !isDigest(e.Digest) {
			return Refuse(CodeInvalid, field, "entry %d: digest must be sha256: and 64 lower-case hex digits", i+1)
		}
		if e.MediaType == "" || !strings.Contains(e.MediaType, "/") {
			return Refuse(CodeInvalid, field, "entry %d: mediaType is missing or has no slash", i+1)
		}
		if e.Size < 0 {
			return Refuse(CodeInvalid, field, "entry %d: size is negative", i+1)
		}
		if err := First(CheckOptionalText(field, e.MediaType), CheckOptionalText(field, e.Name)); err != nil {
			return err
		}
	}
	return nil
}

// isDigest tells the one form of a digest: "sha256:" and 64 lower-case hex
// digits.
func isDigest(s string) bool {
	hexed, ok := strings.CutPrefix(s, "sha256:")
	raw, err := hex.DecodeString(hexed)
	return ok && err == nil && len(raw) == 32 && strings.ToLower(hexed) == hexed
}
