package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/probity-ledger/probity/domain/catalog"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/notary"
	"github.com/probity-ledger/probity/ledger/notary/index"
)

// logVerification is what 'verify --log --json' prints: a report to be filed.
type logVerification struct {
	OK bool `json:"ok"`
	// Verdict in one sentence.
	Verdict string    `json:"verdict"`
	Failure *failure  `json:"failure,omitempty"`
	Error   string    `json:"error,omitempty"`
	At      time.Time `json:"at"`
	Program string    `json:"program"`
	// Keys says where the trusted keys came from, Trusted which they are.
	Keys    string         `json:"keys"`
	Trusted []ledger.KeyID `json:"trusted"`
	Report  notary.Report  `json:"report"`
	// Subject lists the file of whom --subject named.
	Subject *index.Listed `json:"subject,omitempty"`
}

// ownKeys says that nobody vouches for the keys.
const ownKeys = "that the keys are the ledger's: none were given, and those that came with the copy were taken"

// verifyLog checks a copy of the transparency log.
func (a *app) verifyLog(ctx context.Context, f verifyFlags) error {
	token, err := readToken(f.tokenFile)
	if err != nil {
		return err
	}
	src, err := notary.OpenSource(f.log, token)
	if err != nil {
		return usageError{err}
	}
	trust, from, err := logTrust(ctx, src, f.keyFile)
	if err != nil {
		return err
	}
	witnesses, err := f.witnesses.read()
	if err != nil {
		return err
	}
	books, err := readBooks(f.rulebooks)
	if err != nil {
		return err
	}
	cfg := notary.VerifyConfig{Trust: trust, Authors: books, Catalog: catalog.New(), Fast: f.fast, Witnesses: witnesses, Quorum: f.witnesses.quorum}
	if f.since != "" {
		state, err := readState(f.since, trust)
		if err != nil {
			return err
		}
		cfg.Since = &state
		books.goOn(state.Editions)
	}
	x, err := indexChecks(ctx, src, f)
	if err != nil {
		return err
	}
	cfg.Watchers = x.watchers()
	bar := a.progress("verifying", 0)
	cfg.Progress = bar.bytes
	report, state, err := notary.VerifyLog(ctx, src, cfg)
	defer state.Close() // what it keeps outside of memory is temporary
	bar.done()
	var listed *index.Listed
	if err == nil {
		known := trust
		if state.Keys != nil {
			known = trust.Following(state.Keys)
		}
		listed, err = x.result(ctx, &report, known)
	}
	if f.keyFile == "" {
		report.NotChecked = append(report.NotChecked, ownKeys)
	}
	if err == nil && f.save != "" {
		state.Editions = books.adopted
		err = state.WriteFile(f.save)
	}
	if errors.Is(err, notary.ErrForbidden) {
		err = hinted{err, "entries are shown to auditors: name a file that holds a sign-in token with --token"}
	}
	if failureOf(err) != nil {
		err = hinted{err, "do not rely on this copy: keep it as it is, ask for another from elsewhere, and compare"}
	}
	if f.json {
		out, bad := describeLog(report, trust, from, err)
		out.Subject = listed
		return errors.Join(bad, writeJSON(a.stdout, out), err)
	}
	if err != nil {
		return err
	}
	printListed(a.stdout, listed)
	printLogReport(a.stdout, report)
	return nil
}

func readToken(path string) (string, error) {
	if path == "" {
		return "", nil
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return "", usageError{err}
	}
	first, _, _ := strings.Cut(string(raw), "\n")
	return strings.TrimSpace(first), nil
}

// logTrust reads the trusted keys, or takes those of the copy itself.
func logTrust(ctx context.Context, src notary.Source, keyFile string) (notary.Trust, string, error) {
	if keyFile != "" {
		trust, err := readTrust(keyFile)
		return trust, keyFile, err
	}
	raw, err := src.Read(ctx, notary.KeysFile, notary.MaxTrust)
	if errors.Is(err, notary.ErrNotThere) {
		return notary.Trust{}, "", usagef("the copy brings no keys: name the file of those you trust with --key")
	}
	if err != nil {
		return notary.Trust{}, "", err
	}
	trust, err := notary.ParseTrust(raw)
	if err != nil {
		err = &ledger.IntegrityError{What: "the copy's keys file: " + err.Error()}
	}
	return trust, "the copy itself", err
}

// maxState bounds a file that is read for the keys it knows: some 16 million
// streams.
const maxState = 2 << 30

func readState(path string, trust notary.Trust) (notary.State, error) {
	f, err := os.Open(path)
	if err != nil {
		return notary.State{}, usageError{err}
	}
	defer f.Close()
	state, err := notary.ReadState(f, trust)
	if err != nil {
		err = usageError{fmt.Errorf("%s: %w", path, err)}
	}
	return state, err
}

func describeLog(r notary.Report, trust notary.Trust, from string, err error) (logVerification, error) {
	out := logVerification{OK: err == nil, Failure: failureOf(err), At: time.Now().UTC().Truncate(time.Second),
		Program: "probity " + version, Keys: from, Report: r}
	var bad error
	for _, k := range trust.Events {
		id, err := ledger.KeyIDOf(k)
		bad = errors.Join(bad, err)
		out.Trusted = append(out.Trusted, id)
	}
	switch {
	case err == nil:
		out.Verdict = fmt.Sprintf("the %d events under the checkpoint are what was signed, all of them, each in its place", r.Size)
	case out.Failure != nil:
		out.Verdict = "the copy is not what was signed"
	default:
		out.Verdict, out.Error = "not verified: the verification did not come to its end", err.Error()
	}
	return out, bad
}

func printLogReport(w io.Writer, r notary.Report) {
	fmt.Fprintf(w, "log       %s\n", r.Source)
	fmt.Fprintf(w, "ledger    %s\n", r.Origin)
	fmt.Fprintf(w, "signed    checkpoint over %d events, root %s\n", r.Size, r.Root)
	if r.Followed {
		fmt.Fprintf(w, "signed    by key %s, which was not given and which the log enrols\n", r.SignedBy[0])
	}
	if r.Since > 0 {
		fmt.Fprintf(w, "since     %d events of an earlier checkpoint, which this log continues\n", r.Since)
	}
	fmt.Fprintf(w, "events    %d checked, in %d streams; %d files, %.1f MB\n", r.Events.Events, r.Events.Streams, r.Files, float64(r.Bytes)/1e6)
	printEvents(w, r.Events)
	printWitnessed(w, r.Witnesses)
	printCover(w, r.Checked, r.OnTrust, r.NotChecked)
	fmt.Fprintf(w, "OK: the %d events under the checkpoint are what was signed, all of them, each in its place\n", r.Size)
}

// verifyReceipt checks a receipt by itself.
func (a *app) verifyReceipt(f verifyFlags) error {
	trust, err := a.receiptTrust(f.keyFile)
	if err != nil {
		return err
	}
	raw, err := os.ReadFile(f.receipt)
	if err != nil {
		return usageError{err}
	}
	file, isAnswer, err := readAnswered(raw)
	if err == nil && isAnswer {
		return a.verifyAnswer(f, trust, file)
	}
	if err == nil && f.query+f.variables != "" {
		err = usagef("--query and --variables go with an audit receipt; %s is the receipt of an event", f.receipt)
	}
	if err != nil {
		return err
	}
	witnesses, err := f.witnesses.read()
	if err != nil {
		return err
	}
	report, err := checkReceipt(raw, trust, witnesses, f.witnesses.quorum)
	if f.json {
		return errors.Join(writeJSON(a.stdout, report), err)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "ledger    %s\nevent     %s %s, %s revision %d\nlog       entry %d of the %d under the checkpoint\n",
		report.Origin, report.Kind, report.Event, report.Stream, report.Revision, report.Index, report.Size)
	fmt.Fprintln(a.stdout, "OK: the event is signed, and it is in the log under the signed checkpoint")
	printWitnessed(a.stdout, report.Witnesses)
	for _, k := range report.Unjudged {
		fmt.Fprintf(a.stdout, "unchecked the signature by key %s, which was not given\n", k)
	}
	unchecked := "unchecked what came before it in its stream, whether its keys counted then"
	if report.Witnesses == nil {
		unchecked += ", and whether others were shown the same log"
	}
	fmt.Fprintln(a.stdout, unchecked)
	return nil
}

// receiptTrust takes the keys of the data folder where none are named.
func (a *app) receiptTrust(keyFile string) (notary.Trust, error) {
	if keyFile != "" {
		return readKnownTrust(keyFile)
	}
	h, err := a.openReading()
	if err != nil {
		return notary.Trust{}, hinted{err, "name the file of the keys you trust with --key"}
	}
	return h.Trust, h.Close()
}

// receiptReport is what 'verify --receipt --json' prints.
type receiptReport struct {
	OK       bool           `json:"ok"`
	Failure  *failure       `json:"failure,omitempty"`
	Origin   string         `json:"origin,omitempty"`
	Size     int64          `json:"size"`
	Index    int64          `json:"index"`
	Event    string         `json:"event,omitempty"`
	Kind     string         `json:"kind,omitempty"`
	Stream   string         `json:"stream,omitempty"`
	Revision int64          `json:"revision"`
	SignedBy []ledger.KeyID `json:"signedBy,omitempty"`
	// Unjudged are keys that were not given, such as authors', whose
	// signatures the event bears as well.
	Unjudged []ledger.KeyID `json:"unjudged,omitempty"`
	// Witnesses cosigned the checkpoint; null when unchecked.
	Witnesses *notary.Witnessed `json:"witnesses,omitempty"`
}

func checkReceipt(raw []byte, trust notary.Trust, witnesses []*notary.WitnessKey, quorum int) (receiptReport, error) {
	fail := func(err error) (receiptReport, error) {
		if _, ok := errors.AsType[*ledger.IntegrityError](err); !ok {
			err = &ledger.IntegrityError{What: err.Error()}
		}
		return receiptReport{Failure: failureOf(err)}, err
	}
	receipt, err := notary.ParseReceipt(raw)
	if err != nil {
		return fail(err)
	}
	head, err := receipt.Verify(trust)
	if err != nil {
		return fail(err)
	}
	d, err := ledger.NewCodec(catalog.New(), head.Origin).Decode(ledger.Stored{Position: ledger.Position(receipt.Index + 1), Envelope: receipt.Envelope})
	if err != nil {
		return fail(err)
	}
	keys, err := ledger.NewKeyring(trust.Events...)
	var unknown []ledger.KeyID
	if err == nil {
		unknown, err = keys.VerifyKnown(ledger.Envelope{Payload: d.Payload, Signatures: d.Signatures})
	}
	if err != nil {
		return fail(err)
	}
	out := receiptReport{OK: true, Origin: head.Origin, Size: head.Size, Index: receipt.Index,
		Event: string(d.ID), Kind: string(d.Event.Kind()), Stream: d.Stream, Revision: d.Revision}
	for _, s := range d.Signatures {
		if !slices.Contains(unknown, s.KeyID) {
			out.SignedBy = append(out.SignedBy, s.KeyID)
		}
	}
	out.Unjudged = unknown
	if len(witnesses) > 0 {
		w, err := notary.CheckWitnesses(head, witnesses, quorum)
		if err != nil {
			return fail(err)
		}
		out.Witnesses = &w
	}
	return out, nil
}
