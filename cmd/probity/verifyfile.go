package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/probity-ledger/probity/domain/catalog"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/notary"
	"github.com/probity-ledger/probity/ledger/notary/index"
	"github.com/probity-ledger/probity/projections"
)

// fileVerification is what 'verify --proof --json' prints.
type fileVerification struct {
	OK      bool         `json:"ok"`
	Verdict string       `json:"verdict"`
	Failure *failure     `json:"failure,omitempty"`
	Report  index.Report `json:"report"`
}

// verifyFile checks the proof of somebody's whole file by itself.
func (a *app) verifyFile(ctx context.Context, f verifyFlags) error {
	raw, err := readProof(f.proof)
	if err != nil {
		return err
	}
	trust, err := a.receiptTrust(f.keyFile)
	if err != nil {
		return err
	}
	report, err := checkFile(ctx, raw, f.subject, trust)
	if f.json {
		out := fileVerification{OK: err == nil, Failure: failureOf(err), Report: report, Verdict: "the proof does not show the whole file"}
		if err == nil {
			out.Verdict = fileVerdict(report)
		}
		return errors.Join(writeJSON(a.stdout, out), err)
	}
	if err != nil {
		return err
	}
	printFile(a.stdout, report)
	return nil
}

func readProof(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err == nil && info.Size() > index.MaxFile {
		err = fmt.Errorf("%s is longer than any proof", path)
	}
	if err != nil {
		return nil, usageError{err}
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, usageError{err}
	}
	return raw, nil
}

func checkFile(ctx context.Context, raw []byte, subject string, trust notary.Trust) (index.Report, error) {
	ref, err := index.ParseRef(subject)
	if err != nil {
		return index.Report{}, usageError{err}
	}
	report, err := index.VerifyFile(ctx, raw, ref, index.VerifyConfig{Trust: trust, Catalog: catalog.New(), Rooms: projections.FileRooms()})
	if failureOf(err) != nil {
		err = hinted{err, "do not rely on this proof: keep it as it is, and ask for another, and for a copy of the whole log"}
	}
	return report, err
}

func fileVerdict(r index.Report) string {
	if r.Events == 0 {
		return fmt.Sprintf("none of the %d events under the checkpoint touches %s", r.Size, r.Subject)
	}
	return fmt.Sprintf("of the %d events under the checkpoint, %d touch %s, and they are all in this proof", r.Size, r.Events, r.Subject)
}

func printFile(w io.Writer, r index.Report) {
	fmt.Fprintf(w, "ledger    %s\n", r.Origin)
	fmt.Fprintf(w, "signed    checkpoint over %d events, root %s\n", r.Size, r.Root)
	fmt.Fprintf(w, "signed    index over the same, root %s\n", r.Map)
	fmt.Fprintf(w, "subject   %s: %d events, and with its %d matters %d\n", r.Subject, r.Events, len(r.Matters), r.Entries)
	for _, m := range r.Matters {
		fmt.Fprintf(w, "matter    %s\n", m)
	}
	for _, e := range r.Kinds {
		fmt.Fprintf(w, "event     %d: %s, %s revision %d\n", e.Index+1, e.Kind, e.Stream, e.Revision)
	}
	if r.Closed > 0 {
		fmt.Fprintf(w, "closed    %d entries are in the log and belong to the file, and are not open to you\n", r.Closed)
	}
	printCover(w, r.Checked, r.OnTrust, r.NotChecked)
	fmt.Fprintf(w, "OK: %s\n", fileVerdict(r))
}

// printCover says what a report covers and what it does not.
func printCover(w io.Writer, checked, onTrust, notChecked []string) {
	for _, c := range checked {
		fmt.Fprintf(w, "checked   %s\n", c)
	}
	for _, c := range onTrust {
		fmt.Fprintf(w, "on trust  %s\n", c)
	}
	for _, c := range notChecked {
		fmt.Fprintf(w, "unchecked %s\n", c)
	}
}

// logIndex is what the verification of a copy has to do with its index.
type logIndex struct {
	checks  []*index.Check
	of      []string // whose index each check is about
	listing *index.Listing
	subject string // whose proof it is
	proof   []byte
	missing string // why the copy's own index is not checked
	bad     error  // what is wrong with the copy's index, or with the proof
}

// indexChecks prepares what is checked of the index beside a copy's events:
// the copy's own, that of a proof, and the list of a subject.
func indexChecks(ctx context.Context, src notary.Source, f verifyFlags) (*logIndex, error) {
	x := &logIndex{}
	if f.since != "" {
		if f.subject != "" {
			return nil, usagef("--subject needs the whole log: leave --since out")
		}
		x.missing = "the index of who is touched by what (it is made again from a whole log, not from a part)"
		return x, nil
	}
	own, err := index.OpenCheck(ctx, src)
	switch {
	case errors.Is(err, index.ErrNoCopy):
		x.missing = "the index of who is touched by what (the copy has none, or lacks its secret)"
	case errors.Is(err, notary.ErrForbidden):
		x.missing = "the index of who is touched by what (the server does not show it to us)"
	case failureOf(err) != nil:
		x.bad = err // what is wrong with the events matters more
	case err != nil:
		return nil, err
	default:
		x.checks, x.of = append(x.checks, own), append(x.of, "the copy")
	}
	if f.subject == "" {
		return x, nil
	}
	ref, err := index.ParseRef(f.subject)
	if err != nil {
		return nil, usageError{err}
	}
	x.listing = index.NewListing(ref, projections.FileRooms())
	if f.proof == "" {
		return x, nil
	}
	raw, err := readProof(f.proof)
	if err != nil {
		return nil, err
	}
	x.subject, x.proof = f.subject, raw
	if file, err := index.ParseFile(raw); err != nil || file.Subject != index.SpellRef(ref) {
		_, x.bad = checkFile(ctx, raw, f.subject, notary.Trust{})
	}
	switch {
	case x.bad != nil:
	case own == nil:
		return nil, hinted{errors.New("the copy lacks the secret of the index, by which the proof's index could be made again"), "ask for a copy made by 'probity export log'"}
	default:
		of, err := own.Against(raw)
		if err != nil {
			x.bad = err
			return x, nil
		}
		x.checks, x.of = append(x.checks, of), append(x.of, "the proof")
	}
	return x, nil
}

func (x *logIndex) watchers() []notary.Watcher {
	var out []notary.Watcher
	for _, c := range x.checks {
		out = append(out, c)
	}
	if x.listing != nil {
		out = append(out, x.listing)
	}
	return out
}

// result compares, once the copy is verified, and adds to its report. The keys
// are those that the copy was verified by, and that it enrols.
func (x *logIndex) result(ctx context.Context, r *notary.Report, trust notary.Trust) (*index.Listed, error) {
	if x.bad != nil {
		return nil, x.bad
	}
	var file index.Report
	if x.proof != nil {
		var err error
		if file, err = checkFile(ctx, x.proof, x.subject, trust); err != nil {
			return nil, err
		}
	}
	if x.missing != "" {
		r.NotChecked = append(r.NotChecked, x.missing)
	}
	for i, c := range x.checks {
		if err := c.Result(trust); err != nil {
			return nil, err
		}
		r.Checked = append(r.Checked, fmt.Sprintf("that the signed index of %s, over %d events, is the one that these events give", x.of[i], c.Signed().Size))
	}
	if x.listing == nil {
		return nil, nil
	}
	listed := x.listing.Result()
	if file.Events > listed.Events {
		return nil, &ledger.IntegrityError{What: "the proof has more events of the subject than the log"}
	}
	return &listed, nil
}

func printListed(w io.Writer, l *index.Listed) {
	if l == nil {
		return
	}
	fmt.Fprintf(w, "subject   %s: %d events touch it, and with its %d matters %d\n", l.Subject, l.Events, len(l.Matters), len(l.Entries))
	for _, m := range l.Matters {
		fmt.Fprintf(w, "matter    %s\n", m)
	}
	for _, i := range l.Entries {
		fmt.Fprintf(w, "entry     %d\n", i+1)
	}
}
