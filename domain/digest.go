package domain

// CheckDigest refuses what is not a SHA-256 digest in its one form,
// "sha256:" and 64 lower-case hex digits, naming the field.
func CheckDigest(field, s string) error {
	if !isDigest(s) {
		return Refuse(CodeInvalid, field, "must be sha256: and 64 lower-case hex digits")
	}
	return nil
}
