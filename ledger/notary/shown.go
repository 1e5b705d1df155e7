package notary

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/probity-ledger/probity/ledger"
)

// The files of a witnessed log beside the others.
const (
	cosignedFile  = "cosigned"       // the last checkpoints shown, in two slots
	witnessesFile = "witnesses.json" // how the witnesses answer
)

// loadPublished finds the checkpoint that is shown to others: that which the
// witnesses confirmed, or the last signed where nobody is asked.
func (n *Notary) loadPublished(shown *slot) error {
	signed := n.signed.Load()
	path := filepath.Join(n.disk.dir, witnessesFile)
	policy := n.cfg.Witnesses
	switch {
	case n.cfg.Signer == nil || n.cfg.Shared != nil: // as the process says that writes, or led
		if err := n.readWitnessing(path); err != nil {
			return err
		}
		if n.witnessing.Load() == nil {
			n.head.Store(signed)
		} else if shown != nil {
			return n.takeCosigned(signed, shown)
		}
		return nil
	case policy == nil:
		n.head.Store(signed)
		return nil
	case len(policy.Witnesses) == 0:
		n.head.Store(signed)
		return errors.Join(removeIfThere(path), removeIfThere(filepath.Join(n.disk.dir, cosignedFile)))
	}
	err := n.createCosigned()
	switch {
	case err != nil:
		return err
	case shown != nil:
		err = n.takeCosigned(signed, shown)
	case signed != nil: // it was shown before there were witnesses
		err = n.show(*signed)
	}
	return errors.Join(err, n.writeWitnessing())
}

// Apart tells that this process signs without asking the witnesses whom the
// log has. Whoever asks them publishes what it signed.
func (n *Notary) Apart() bool {
	if n.cfg.Signer == nil || n.cfg.Witnesses != nil {
		return false
	}
	_, err := os.Stat(filepath.Join(n.disk.dir, witnessesFile))
	return err == nil
}

// readWitnessing reads what the writing process says of the witnesses.
func (n *Notary) readWitnessing(path string) error {
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var w Witnessing
	if err == nil {
		err = json.Unmarshal(raw, &w)
	}
	if err == nil {
		n.witnesses, err = w.keys()
	}
	if err != nil {
		return fmt.Errorf("%s: %w; 'probity serve' writes it again", witnessesFile, err)
	}
	n.witnessing.Store(&w)
	return nil
}

// writeWitnessing puts it where other processes find it.
func (n *Notary) writeWitnessing() error {
	w, _ := n.Witnessing()
	raw, err := json.MarshalIndent(w, "", "  ")
	if err != nil {
		return err
	}
	path := filepath.Join(n.disk.dir, witnessesFile)
	_, err = writeStatic(path, raw)
	return err
}

// readCosigned reads the last checkpoint that was shown to others; nil when
// there is none, or nobody is asked.
func (n *Notary) readCosigned() (*slot, error) {
	f, err := os.Open(filepath.Join(n.disk.dir, cosignedFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("open the transparency log: %w", err)
	}
	defer f.Close()
	s, _, found, err := readSlots(f)
	if err != nil {
		return nil, &ledger.IntegrityError{What: "cosigned checkpoints: " + err.Error()}
	}
	if !found {
		return nil, nil
	}
	return &s, nil
}

// createCosigned opens the file of the checkpoints shown for writing.
func (n *Notary) createCosigned() (err error) {
	if n.disk.cosigned, _, _, err = openSlots(filepath.Join(n.disk.dir, cosignedFile)); err != nil {
		return fmt.Errorf("open the transparency log: %w", asDamagedSlots(err))
	}
	return nil
}

// takeCosigned checks that the last checkpoint shown is one of this log, and
// goes on showing it.
func (n *Notary) takeCosigned(signed *Head, s *slot) error {
	c, err := OpenCheckpoint(s.note, n.keys)
	if err == nil && signed == nil {
		err = errors.New("nothing was signed yet")
	}
	if err == nil {
		err = n.sameLog(c, *signed)
	}
	if err != nil {
		return &ledger.IntegrityError{What: fmt.Sprintf("the last checkpoint shown to others is not one of this log's: %v", err)}
	}
	h := Head{Checkpoint: c}
	if c.Size > 0 {
		leaves, err := n.disk.leavesAt(c.Size-1, 1)
		if err != nil {
			return err
		}
		h.Position = leaves[0].position
	}
	if h.Cosigned, err = Cosignatures(c.Note, n.witnesses); err != nil {
		return &ledger.IntegrityError{What: err.Error()}
	}
	h.Quorum = n.quorum()
	n.head.Store(&h)
	return nil
}

// sameLog checks that a checkpoint is of the history that was signed.
func (n *Notary) sameLog(c Checkpoint, signed Head) error {
	if c.Origin != signed.Origin || c.Size > signed.Size {
		return fmt.Errorf("it is of %q over %d events, the last signed of %q over %d", c.Origin, c.Size, signed.Origin, signed.Size)
	}
	root, err := tlog.TreeHash(c.Size, n.hashes(signed.Size))
	if err == nil && root != c.Root {
		err = fmt.Errorf("its %d events are others", c.Size)
	}
	return err
}

func (n *Notary) quorum() int {
	if w := n.witnessing.Load(); w != nil {
		return w.Quorum
	}
	return 0
}

// show keeps a checkpoint with its cosignatures, and only then shows it.
func (n *Notary) show(h Head) error {
	if n.disk.cosigned != nil {
		if err := errors.Join(n.disk.cosigned.put(slot{note: h.Note}), n.disk.cosigned.flush()); err != nil {
			return err
		}
	}
	n.head.Store(&h)
	n.changed.notify()
	return nil
}

// signatures returns the signature lines of a note.
func signatures(signed []byte) (text string, lines []byte) {
	at := strings.LastIndex(string(signed), "\n\n")
	if at < 0 {
		return string(signed), nil
	}
	return string(signed[:at+1]), signed[at+2:]
}

func removeIfThere(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("open the transparency log: %w", err)
	}
	return nil
}
