package witness

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// The kinds of what a ledger's own key signed and was not cosigned.
const (
	// kindFork: two trees of the same size. It proves that the ledger, or who
	// holds its key, showed two histories.
	kindFork = "fork"
	// kindUnproved: a later tree, without a proof that it continues the
	// earlier. It may be a fork, or a request with a wrong proof.
	kindUnproved = "unproved"
	// kindBack: an earlier tree than was cosigned already: a ledger put back
	// from a backup, or an old checkpoint sent again by anybody.
	kindBack = "back"
)

// maxEvidence bounds the files kept of one ledger. Anybody can send old
// checkpoints again; the same is kept once.
const maxEvidence = 100

// keepEvidence puts both checkpoints on the disk, side by side. It tells
// whether they were new.
func (w *Witness) keepEvidence(r *record, kind string, req request, now time.Time) (bool, error) {
	text, _, _ := bytes.Cut(req.note, []byte("\n\n"))
	sum := sha256.Sum256(text)
	path := filepath.Join(w.dir, evidenceDir, fmt.Sprintf("%s-%s-%s", fileOf(r.log.Origin), kind, hex.EncodeToString(sum[:8])))
	if _, err := os.Stat(path); err == nil {
		return false, nil
	}
	if r.evidence[kindFork]+r.evidence[kindUnproved]+r.evidence[kindBack] >= maxEvidence && kind != kindFork || r.evidence[kindFork] >= maxEvidence {
		return false, nil
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "probity-witness-evidence/1\nkind %s\nledger %s\nseen %s\nold %d\n", kind, r.log.Name, now.UTC().Format(time.RFC3339), req.old)
	for _, h := range req.proof {
		fmt.Fprintf(&b, "proof %s\n", h)
	}
	fmt.Fprintf(&b, "\n--- cosigned last ---\n%s\n--- presented ---\n%s", r.state.note, req.note)
	if err := writeFile(path, b.Bytes(), 0o644); err != nil {
		return false, err
	}
	r.evidence[kind]++
	return true, nil
}

// countEvidence counts the files of a ledger by kind.
func (w *Witness) countEvidence(origin string) (map[string]int, error) {
	count := map[string]int{}
	entries, err := os.ReadDir(filepath.Join(w.dir, evidenceDir))
	if err != nil {
		return nil, fmt.Errorf("open the witness: %w", err)
	}
	for _, e := range entries {
		rest, ok := strings.CutPrefix(e.Name(), fileOf(origin)+"-")
		kind, _, whole := strings.Cut(rest, "-")
		if ok && whole && !strings.HasSuffix(rest, ".new") {
			count[kind]++
		}
	}
	return count, nil
}
