package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"sort"

	"github.com/spf13/cobra"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/notary"
	"github.com/probity-ledger/probity/ledger/notary/index"
)

// verification is what 'verify --json' prints.
type verification struct {
	OK      bool          `json:"ok"`
	Failure *failure      `json:"failure,omitempty"`
	Report  ledger.Report `json:"report"`
	// Witnesses cosigned the last checkpoint published; null when unchecked.
	Witnesses *notary.Witnessed `json:"witnesses,omitempty"`
}

type failure struct {
	Position string `json:"position"`
	Stream   string `json:"stream,omitempty"`
	Revision int64  `json:"revision"`
	What     string `json:"what"`
}

// verifyFlags are the flags of 'verify'.
type verifyFlags struct {
	keyFile      string
	json, fast   bool
	log, receipt string
	since, save  string
	tokenFile    string
	witnesses    witnessKeyFlags
	rulebooks    []string
	// query and variables are those that an audit receipt is for.
	query, variables string
	// subject and proof are those of the proof of a whole file.
	subject, proof string
}

func (a *app) verifyCmd() *cobra.Command {
	var f verifyFlags
	cmd := &cobra.Command{
		Use:   "verify [--log DIR|URL | --receipt FILE | --subject REF --proof FILE]",
		Short: "Check every signature, revision and predecessor, and the transparency log",
		Long: `Without --log: reads the whole ledger of the data folder and checks every event:
the envelope, every signature, strict decoding, its place in its stream, and that
it follows its predecessor; then that the transparency log's last signed
checkpoint covers these very events. It works beside a running server and
changes nothing.

With --log: checks a copy of the transparency log, made by 'probity export log' or
shown by a server under /log/, with no server to trust and no database: the
checkpoint's signature, every tile of the tree, and every event as above. --save
keeps how far it came; with --since only what is new is checked the next time,
and that the log continues what was there. --since also takes a bare checkpoint.

With --subject and --proof: checks that a proof ('probity export proof') shows the
whole file of the subject up to a checkpoint, with no server and no database: no
event is missing, none is foreign. With --subject and --log: lists all that touches
the subject in the copy; with --proof as well, the index on which the proof rests is
made again from the copy's events.

With --receipt: checks that one event is signed and in the log, as a receipt
('probity submit --proof', GraphQL) says. Or, where FILE is an answer of GraphQL
that was asked for with "extensions": {"probity": {"receipt": true}}: checks that the
ledger signed for this very answer, to the document of --query and the variables
of --variables.

Where a rulebook asks for the signature of who acted, it is checked that it is there,
as far as the file of that rulebook is at hand: one that comes with the program, lies
in the data folder, or is named with --rulebook. It is found by the digest under which
it was adopted. The report says of which editions nothing was checked.

With --witness-key: checks as well that witnesses cosigned the checkpoint, and says
which and when. A log that shows others something else has no quorum for it.

Exit code 0: all is right. 3: something is not what was recorded; the first such
event is named. An auditor brings their own copy of the keys (--key: ledger.pub,
or the keys file of an export). Without it the keys beside the events are used,
which proves no more than that the copy agrees with itself.`,
		Example: example("probity verify", "probity verify --data /srv/probity --key ledger.pub --json",
			"probity verify --log ./log-copy --key keys --save verified",
			"probity verify --log https://ledger.example/log --key keys --since verified --save verified --token token.txt",
			"probity verify --log ./log-copy --key keys --witness-key w1.pub --witness-key w2.pub --quorum 1",
			"probity verify --receipt d4f3….tlog-proof --key keys",
			"probity verify --receipt answer.json --query question.graphql --variables variables.json --key keys",
			"probity verify --subject officer/HG-0026 --proof HG-0026.proof --key ledger.pub",
			"probity verify --log ./log-copy --subject officer/HG-0026 --proof HG-0026.proof --key keys"),
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch {
			case f.log != "" && f.receipt != "":
				return usagef("--log and --receipt are two different things to check: give one")
			case f.receipt == "" && f.query+f.variables != "":
				return usagef("--query and --variables go with --receipt, an answer of GraphQL")
			case f.receipt != "" && f.subject+f.proof != "":
				return usagef("--receipt and --subject are two different things to check: give one")
			case f.proof != "" && f.subject == "":
				return usagef("say with --subject whose file the proof should show, as in officer/HG-0026")
			case f.subject != "" && f.proof == "" && f.log == "":
				return usagef("--subject goes with --proof, a file written by 'probity export proof', or with --log, a copy of the log")
			case len(f.rulebooks) > 0 && (f.receipt != "" || f.log == "" && f.proof != ""):
				return usagef("--rulebook goes with the verification of a whole ledger or log")
			case f.log == "" && (f.since != "" || f.save != "" || f.tokenFile != ""):
				return usagef("--since, --save and --token go with --log")
			case f.log != "":
				return a.verifyLog(cmd.Context(), f)
			case f.proof != "":
				return a.verifyFile(cmd.Context(), f)
			case f.receipt != "":
				return a.verifyReceipt(f)
			}
			return a.verifyLedger(cmd.Context(), f)
		},
	}
	cmd.Flags().StringVar(&f.keyFile, "key", "", "file of the keys to trust: PEM, or the keys file of an export (default: those beside the events)")
	cmd.Flags().BoolVar(&f.json, "json", false, "print the report as JSON")
	cmd.Flags().BoolVar(&f.fast, "fast", false, "verify Ed25519 in batches: faster, and more lenient on keys crafted to deceive")
	cmd.Flags().StringVar(&f.log, "log", "", "copy of the transparency log to check: a folder or an address")
	cmd.Flags().StringVar(&f.receipt, "receipt", "", "receipt to check: of one event, or of an answer of GraphQL")
	cmd.Flags().StringVar(&f.query, "query", "", "document that the answer of --receipt is for")
	cmd.Flags().StringVar(&f.variables, "variables", "", "variables, a JSON object, that the answer of --receipt is for")
	cmd.Flags().StringVar(&f.since, "since", "", "go on from an earlier verification (--save), or from a checkpoint")
	cmd.Flags().StringVar(&f.save, "save", "", "keep how far this verification came, for --since")
	f.witnesses.add(cmd.Flags())
	cmd.Flags().StringArrayVar(&f.rulebooks, "rulebook", nil, "file of a rulebook that the ledger adopted, to check that authors signed where it asks for that; may be given several times")
	cmd.Flags().StringVar(&f.tokenFile, "token", "", "file with a sign-in token, for a server that shows entries to auditors")
	cmd.Flags().StringVar(&f.subject, "subject", "", "whose file to check for completeness: a room and an id, as in officer/HG-0026")
	cmd.Flags().StringVar(&f.proof, "proof", "", "proof of the subject's whole file")
	return cmd
}

// verifyLedger checks the ledger of the data folder.
func (a *app) verifyLedger(ctx context.Context, f verifyFlags) error {
	witnesses, err := f.witnesses.read()
	if err != nil {
		return err
	}
	h, err := a.openReading()
	if err != nil {
		return err
	}
	defer h.Close()
	trust, keys := h.Trust, h.Keys
	if f.keyFile != "" {
		if trust, err = readTrust(f.keyFile); err != nil {
			return err
		}
		if keys, err = ledger.NewKeyring(trust.Events...); err != nil {
			return usageError{err}
		}
	}
	check, bad := h.CheckIndex()
	if bad != nil && failureOf(bad) == nil {
		return bad
	}
	trust.Origin = h.Codec.Origin()
	ownLog := false
	if _, err := trust.Current(); err != nil { // no key of checkpoints was given
		trust.Log, ownLog = h.Trust.Log, true
	}
	known := ledger.NewTrust(keys)
	books, err := readBooks(f.rulebooks)
	if err == nil {
		err = books.hold(h.Books)
	}
	if err != nil {
		return err
	}
	cfg := ledger.VerifyConfig{Codec: h.Codec, Keys: keys, Trust: known, Authors: books, Fast: f.fast}
	if check != nil {
		next := int64(0)
		cfg.Each = func(_ ledger.Position, touches []domain.Ref) error {
			next++
			return check.Event(next-1, touches)
		}
	}
	bar := a.progress("verifying", -1)
	cfg.Progress = bar.set
	report, err := ledger.Verify(ctx, h.Store, cfg)
	bar.done()
	covered := int64(0)
	if err == nil {
		covered, err = a.verifyTree(ctx, h, &report)
	}
	trust = trust.Following(known)
	if err == nil && covered > 0 {
		err = verifySigned(h, trust, &report)
	}
	if err == nil {
		err = bad // what is wrong with the events matters more
	}
	var witnessed *notary.Witnessed
	if err == nil {
		witnessed, err = verifyWitnesses(h, &report, witnesses, f.witnesses.quorum)
	}
	if err == nil && covered > 0 {
		err = verifyIndex(h, check, trust, &report)
	}
	if ownLog {
		report.NotChecked = append(report.NotChecked, "whose the key of checkpoints is: none was given, and the folder's own was taken unless the log enrols it")
	}
	if f.json {
		return errors.Join(writeVerification(a.stdout, report, witnessed, err), err)
	}
	if err != nil {
		return err
	}
	printReport(a.stdout, report, covered, witnessed)
	return nil
}

// verifyTree compares the events with the tree and the last checkpoint, where
// one was ever signed. It returns how many the checkpoint covers.
func (a *app) verifyTree(ctx context.Context, h *house.House, report *ledger.Report) (int64, error) {
	if h.Notary == nil {
		report.NotChecked = append(report.NotChecked, "transparency log (nothing is signed yet: 'probity serve' signs)")
		return 0, nil
	}
	head, _ := h.Notary.Head()
	bar := a.progress("comparing with the log", int(head.Size))
	covered, err := h.Notary.Check(ctx, func(done int64) { bar.set(int(done)) })
	bar.done()
	if err != nil {
		return 0, err
	}
	report.Checked = append(report.Checked, fmt.Sprintf("transparency log: the first %d events give the root of the last signed checkpoint", covered))
	if rest := int64(report.Events) - covered; rest > 0 {
		report.NotChecked = append(report.NotChecked, fmt.Sprintf("transparency log for the last %d events, which no checkpoint covers yet", rest))
	}
	return covered, nil
}

// verifySigned checks that the last checkpoint that others are shown is signed
// by a key which counts there: one that was given, or that the events enrol.
func verifySigned(h *house.House, trust notary.Trust, report *ledger.Report) error {
	head, ok := h.Notary.Head()
	if !ok {
		return nil
	}
	if _, err := trust.Open(head.Note); err != nil {
		return &ledger.IntegrityError{What: "the transparency log's last checkpoint: " + err.Error()}
	}
	report.Checked = append(report.Checked, "transparency log: the last checkpoint is signed by a key that counts there")
	return nil
}

// verifyIndex compares the index that the events give with the one signed.
func verifyIndex(h *house.House, check *index.Check, trust notary.Trust, report *ledger.Report) error {
	if check == nil {
		report.NotChecked = append(report.NotChecked, "index of who is touched by what (none is signed yet)")
		return nil
	}
	size := check.Signed().Size
	root, err := h.Notary.RootAt(size)
	if errors.Is(err, notary.ErrNotCovered) {
		report.NotChecked = append(report.NotChecked, "index of who is touched by what (it was signed anew meanwhile)")
		return nil
	}
	if err != nil {
		return err
	}
	check.Root(root)
	if err := check.Result(trust); err != nil {
		return err
	}
	report.Checked = append(report.Checked, fmt.Sprintf("index of who is touched by what: the first %d events give the root signed over them", size))
	return nil
}

// readTrust reads a file of keys.
func readTrust(path string) (notary.Trust, error) {
	return parseTrustFile(path, func(raw []byte) (notary.Trust, error) {
		if notary.IsState(raw) {
			return notary.Trust{}, errors.New("this is an earlier verification, which goes with --since; give the keys that you were handed")
		}
		return notary.ParseTrust(raw)
	})
}

// readKnownTrust reads a file of keys, or takes those that an earlier
// verification (--save) knew.
func readKnownTrust(path string) (notary.Trust, error) {
	return parseTrustFile(path, func(raw []byte) (notary.Trust, error) {
		if notary.IsState(raw) {
			return notary.ParseStateTrust(raw)
		}
		return notary.ParseTrust(raw)
	})
}

func parseTrustFile(path string, parse func([]byte) (notary.Trust, error)) (notary.Trust, error) {
	raw, err := readFileUpTo(path, maxState)
	if err == nil {
		var trust notary.Trust
		if trust, err = parse(raw); err == nil {
			return trust, nil
		}
		err = fmt.Errorf("%s: %w", path, err)
	}
	return notary.Trust{}, usageError{err}
}

// readFileUpTo reads a file, but none that is longer.
func readFileUpTo(path string, longest int64) ([]byte, error) {
	info, err := os.Stat(path)
	if err == nil && info.Size() > longest {
		err = fmt.Errorf("%s is longer than any file of its kind", path)
	}
	if err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}

func writeVerification(w io.Writer, report ledger.Report, witnessed *notary.Witnessed, err error) error {
	return writeJSON(w, verification{OK: err == nil, Failure: failureOf(err), Report: report, Witnesses: witnessed})
}

// failureOf says what is wrong, when something recorded is.
func failureOf(err error) *failure {
	ie, ok := errors.AsType[*ledger.IntegrityError](err)
	if !ok {
		return nil
	}
	return &failure{ie.Position.String(), ie.Stream, int64(ie.Revision), ie.What}
}

func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

func printReport(w io.Writer, r ledger.Report, covered int64, witnessed *notary.Witnessed) {
	fmt.Fprintf(w, "ledger    %s\n", r.Origin)
	fmt.Fprintf(w, "events    %d in %d streams, last position %s\n", r.Events, r.Streams, r.LastPosition)
	printEvents(w, r)
	if covered > 0 {
		fmt.Fprintf(w, "log       the last signed checkpoint covers %d of these events, and no others\n", covered)
	}
	printWitnessed(w, witnessed)
	for _, c := range r.NotChecked {
		fmt.Fprintf(w, "unchecked %s\n", c)
	}
	fmt.Fprintln(w, "OK: every event is what was signed, in its place, and none is missing between its neighbours")
}

// printEvents says what was found of events.
func printEvents(w io.Writer, r ledger.Report) {
	fmt.Fprintf(w, "imported  %d\n", r.Imported)
	for _, edition := range slices.Sorted(maps.Keys(r.Rulebooks)) {
		id, version := domain.ParseEdition(edition)
		fmt.Fprintf(w, "decided   %d under rulebook %s, version %s\n", r.Rulebooks[edition], id, version)
	}
	keys := make([]string, 0, len(r.Signatures))
	for k := range r.Signatures {
		keys = append(keys, string(k))
	}
	sort.Strings(keys)
	for _, k := range keys {
		fmt.Fprintf(w, "signed    %d by key %s\n", r.Signatures[ledger.KeyID(k)], k)
	}
	how := "one by one"
	if r.Fast {
		how = "in batches (--fast: cofactored, more lenient on crafted keys)"
	}
	if r.Authored > 0 || r.AuthorsRequired > 0 {
		fmt.Fprintf(w, "authored  %d signed by who acted; %d had to be, by the rulebooks at hand\n", r.Authored, r.AuthorsRequired)
	}
	fmt.Fprintf(w, "verified  signatures %s, in %.1f s\n", how, r.Seconds)
}
