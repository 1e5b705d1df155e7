package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
)

// lowSpace is the free space below which the doctor warns, in bytes.
const lowSpace = 1 << 30

// examination is one run of the doctor.
type examination struct {
	a        *app
	failures []error
}

func (a *app) doctorCmd() *cobra.Command {
	var config string
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Look the data folder over and say what is wrong and what to do",
		Long: `Looks at permissions, free space, keys, the lock, the head of the ledger, its
last event's signature, the rulebooks, the seal of identities, which witnesses
answer, and how far the views are behind. It prints the digest by which
'rulebook.adopt' names each rulebook file. It changes nothing and works beside a
running server. 'probity verify' checks every event.

With --config it reads the settings of 'serve' too, and asks each issuer of
sign-in tokens for its keys.`,
		Example: example("probity doctor --data /srv/probity --config /etc/probity.yaml"),
		Args:    usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			x := &examination{a: a}
			if config != "" {
				if err := x.front(cmd, config); err != nil {
					return err
				}
			}
			x.folder()
			h, err := a.openReading()
			x.say("ledger", "can be opened", err)
			if err == nil {
				defer h.Close()
				x.trust(h)
				x.ledger(cmd, h)
				x.rulebooks(h)
				x.log(cmd, h)
				x.seal(h)
				x.witnesses(h)
				x.views(cmd, h)
			}
			if len(x.failures) > 0 {
				// The first failure decides the exit code.
				return fmt.Errorf("%d of the checks failed; the first: %w", len(x.failures), x.failures[0])
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&config, "config", "", "settings file of 'serve', to look at its issuers as well")
	return cmd
}

func (x *examination) say(what, good string, err error) {
	if err == nil {
		fmt.Fprintf(x.a.stdout, "ok    %-12s %s\n", what, good)
		return
	}
	x.failures = append(x.failures, err)
	fmt.Fprintf(x.a.stdout, "FAIL  %-12s %v\n", what, err)
	if hint := hintOf(err); hint != "" {
		fmt.Fprintf(x.a.stdout, "      %-12s %s\n", "", hint)
	}
}

func (x *examination) warn(what, text string) {
	fmt.Fprintf(x.a.stdout, "warn  %-12s %s\n", what, text)
}

func (x *examination) folder() {
	info, err := os.Stat(x.a.data)
	if err == nil && !info.IsDir() {
		err = fmt.Errorf("%s is not a folder", x.a.data)
	}
	if errors.Is(err, os.ErrNotExist) {
		err = fmt.Errorf("%w: %s does not exist", house.ErrNoLedger, x.a.data)
	}
	x.say("folder", x.a.data, err)
	if err != nil {
		return
	}
	if info.Mode().Perm()&0o077 != 0 {
		x.warn("folder", fmt.Sprintf("others may look into it (mode %v): chmod 700 %s", info.Mode().Perm(), x.a.data))
	}
	var fs syscall.Statfs_t
	if err := syscall.Statfs(x.a.data, &fs); err == nil {
		free := uint64(fs.Bavail) * uint64(fs.Bsize)
		if free < lowSpace {
			x.warn("space", fmt.Sprintf("only %d MB free", free>>20))
		} else {
			x.say("space", fmt.Sprintf("%d GB free", free>>30), nil)
		}
	}
}

func (x *examination) trust(h *house.House) {
	path := filepath.Join(h.Dir, "ledger.key")
	raw, err := os.ReadFile(path)
	if err != nil {
		x.say("key", "", fmt.Errorf("the signing key cannot be read: %w", err))
		return
	}
	if house.IsKMS(string(raw)) {
		x.say("key", "in a key management service", nil)
	} else if ledger.KeyIsEncrypted(raw) {
		x.say("key", "encrypted", nil)
	} else {
		x.warn("key", "is not encrypted: whoever can read "+path+" can sign in the ledger's name")
	}
	if info, err := os.Stat(path); err == nil && info.Mode().Perm()&0o077 != 0 {
		x.say("key", "", fmt.Errorf("others may read %s (mode %v): chmod 600 it, and think about a new key", path, info.Mode().Perm()))
	}
}

func (x *examination) ledger(cmd *cobra.Command, h *house.House) {
	ctx := cmd.Context()
	if store, ok := h.Store.(interface{ CheckHead(context.Context) error }); ok {
		if err := store.CheckHead(ctx); err != nil {
			x.say("head", "", err)
			return
		}
	}
	head, err := h.Store.Head(ctx)
	text := "position " + head.String()
	if store, ok := h.Store.(interface {
		Events(context.Context) (int64, error)
	}); ok && err == nil {
		var events int64
		events, err = store.Events(ctx)
		text += fmt.Sprintf(", %d events", events)
	}
	x.say("head", text, err)
	if err != nil || head == ledger.Start {
		return
	}
	last, _, err := h.Store.Last(ctx)
	if err == nil {
		err = h.CheckEvent(last)
	}
	x.say("last event", "signed and in its place", err)
}

// rulebooks tells by which rulebooks the ledger lives, and which files there
// are to adopt.
func (x *examination) rulebooks(h *house.House) {
	now := h.Books.At(time.Now())
	x.say("rulebook", fmt.Sprintf("%s, version %s, is in force", now.ID, now.Version), h.NoBooks)
	if h.NoBooks == nil {
		base, _ := h.Books.Default()
		x.note(fmt.Sprintf("before any adoption: %s, version %s, as shipped", base.ID, base.Version))
		for _, p := range h.Books.Periods() {
			until := "on"
			if !p.To.IsZero() {
				until = "to " + p.To.String()
			}
			x.note(fmt.Sprintf("from %s %s: %s, version %s, %s", p.From, until, p.Rulebook, p.Version.Version, p.Digest))
		}
	}
	files, err := h.Books.Files()
	if err != nil {
		x.say("rulebook", "", err)
	}
	for _, f := range files {
		name := "shipped"
		if f.Path != "" {
			name = f.Path
		}
		if f.Err != nil {
			x.say("rulebook", "", f.Err)
			continue
		}
		x.note(fmt.Sprintf("%s: %s, version %s, %s", name, f.Book.ID, f.Book.Version, f.Digest))
	}
}

// seal looks at what opens the identities of reporters.
func (x *examination) seal(h *house.House) {
	s, err := h.SealState()
	if s == nil && err == nil {
		return // nothing was ever sealed
	}
	if err != nil {
		x.say("seal", "", err)
		return
	}
	x.say("seal", fmt.Sprintf("identities that can be opened: %d; back the vault up apart (docs/sealed.md)", s.Keys), nil)
	if s.Plain {
		x.warn("seal", "is not encrypted: whoever can read "+s.Path+" and the vault can open every identity")
	}
	if info, err := os.Stat(s.Path); err == nil && info.Mode().Perm()&0o077 != 0 {
		x.say("seal", "", fmt.Errorf("others may read %s (mode %v): chmod 600 it", s.Path, info.Mode().Perm()))
	}
}

func (x *examination) note(text string) {
	fmt.Fprintf(x.a.stdout, "      %-12s %s\n", "", text)
}

func (x *examination) log(cmd *cobra.Command, h *house.House) {
	if h.Notary == nil {
		x.warn("log", "no checkpoint is signed yet: 'probity serve' signs as soon as it runs")
		return
	}
	head, _ := h.Notary.Signed()
	at, err := h.Store.Head(cmd.Context())
	if err == nil && head.Position < at {
		x.warn("log", fmt.Sprintf("the last checkpoint covers position %s of %s; a running server signs the rest by itself", head.Position, at))
		return
	}
	x.say("log", fmt.Sprintf("the last checkpoint covers all %d events", head.Size), err)
}

func (x *examination) views(cmd *cobra.Command, h *house.House) {
	opts := h.ViewOptions()
	opts.ReadOnly = true
	views, err := projections.Open(h.Dir, h.Codec, opts)
	if err != nil {
		x.warn("views", fmt.Sprintf("%v; they are built on the next start, or by 'probity rebuild'", err))
		return
	}
	defer views.Close()
	at, err := views.Position(cmd.Context())
	if err != nil {
		x.say("views", "", err)
		return
	}
	head, err := h.Store.Head(cmd.Context())
	if err == nil && at < head {
		x.warn("views", fmt.Sprintf("at position %s of %s; a running server catches up by itself", at, head))
		return
	}
	x.say("views", "up to date at position "+at.String(), err)
}
