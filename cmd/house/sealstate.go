package house

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/probity-ledger/probity/cmd/house/cluster"
	"github.com/probity-ledger/probity/ledger/seal"
)

// SealState is how what seals identities lies in the folder, and in what
// replicas share.
type SealState struct {
	// Path of the master key.
	Path string
	// Keys is how many identities can be opened.
	Keys int
	// Plain tells that the master key is in a file and not encrypted.
	Plain bool
	// Shared tells that replicas have the keys in PostgreSQL, of which the rest
	// tells.
	Shared bool
	cluster.State
}

// SealState looks at the vault and its master key, without opening either.
// The error says what is missing; the state is nil where nothing was sealed.
func (h *House) SealState(ctx context.Context) (*SealState, error) {
	s := &SealState{Path: filepath.Join(h.Dir, sealFile), Shared: h.SharesVault()}
	keys, err := h.folderKeys()
	if err == nil && s.Shared {
		s.State, err = cluster.Look(ctx, h.replicasAt, h.Codec.Origin())
	}
	if err != nil {
		return nil, err
	}
	s.Keys = s.State.Keys + len(keys)
	raw, err := os.ReadFile(s.Path)
	if errors.Is(err, fs.ErrNotExist) && s.Keys+s.Remains == 0 {
		return nil, nil
	}
	if err != nil {
		return s, fmt.Errorf("the vault holds %d keys, and what they are wrapped by cannot be read: %w; put %s back from its backup", s.Keys, err, sealFile)
	}
	s.Plain = bytes.HasPrefix(bytes.TrimSpace(raw), []byte("-----BEGIN")) && !seal.IsEncrypted(raw)
	return s, nil
}

// SharesVault tells whether replicas share the keys of sealed identities, which
// then lie in PostgreSQL.
func (h *House) SharesVault() bool { return h.replicasAt != "" }

// folderKeys are those in the folder itself.
func (h *House) folderKeys() ([]string, error) {
	return seal.NewVault(filepath.Join(h.Dir, vaultDir), h.Codec.Origin(), nil).Keys()
}
