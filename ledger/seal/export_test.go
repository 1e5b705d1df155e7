package seal

import "github.com/tink-crypto/tink-go/v2/tink"

// AEAD is what wraps, for a fake service.
func (m *Master) AEAD() tink.AEAD { return m.wraps }
