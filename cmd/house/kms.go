package house

import (
	"context"
	"crypto"
	"fmt"
	"strings"
	"unicode"

	"github.com/sigstore/sigstore/pkg/signature/kms"

	"github.com/probity-ledger/probity/ledger"
)

// kmsURI returns the address of a key in a key management service, where the
// text is one ("awskms://…") and not a key itself; "" otherwise. A key file
// may hold such an address in the place of a key.
func kmsURI(text string) string {
	text = strings.TrimSpace(text)
	scheme, rest, found := strings.Cut(text, "://")
	if !found || scheme == "" || rest == "" || strings.ContainsFunc(text, unicode.IsSpace) {
		return ""
	}
	return text
}

// IsKMS tells whether a key file, or an argument that names one, is the
// address of a key in a key management service.
func IsKMS(text string) bool { return kmsURI(text) != "" }

// OpenKMS returns the signer whose private key lies in a key management
// service. The service is reached through sigstore's plugin of its name: for
// awskms:// the program sigstore-kms-awskms (see cmd/kms). It is tried at once,
// so that a key that signs otherwise than the ledger verifies is not taken.
func OpenKMS(ctx context.Context, text string) (*ledger.Signer, error) {
	uri := kmsURI(text)
	s, err := kms.Get(ctx, uri, crypto.SHA256)
	if err != nil {
		return nil, fmt.Errorf("reach the key %s: %w; its plugin must be on the PATH (see docs/keys.md)", uri, err)
	}
	signer, err := ledger.SignerOf(s)
	if err == nil {
		err = signer.SelfTest()
	}
	if err != nil {
		return nil, fmt.Errorf("try the key %s: %w", uri, err)
	}
	return signer, nil
}
