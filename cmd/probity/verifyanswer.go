package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/probity-ledger/probity/console"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/notary"
	"github.com/probity-ledger/probity/ledger/notary/answer"
)

// answerReport is what 'verify --receipt --json' prints of an audit receipt.
type answerReport struct {
	OK       bool        `json:"ok"`
	Failure  *failure    `json:"failure,omitempty"`
	Origin   string      `json:"origin,omitempty"`
	At       time.Time   `json:"at,omitzero"`
	Subject  string      `json:"subject,omitempty"`
	Role     domain.Role `json:"role,omitempty"`
	Position string      `json:"position,omitempty"`
	Events   int64       `json:"events"`
	Size     int64       `json:"size"`
	// Result is the digest of what was answered; Paper the kind of paper that
	// the document is the one of, empty where it is of none.
	Result     answer.Digest `json:"result,omitempty"`
	Paper      string        `json:"paper,omitempty"`
	SignedBy   ledger.KeyID  `json:"signedBy,omitempty"`
	Checked    []string      `json:"checked"`
	NotChecked []string      `json:"notChecked"`
	// Witnesses cosigned the checkpoint; null when unchecked.
	Witnesses *notary.Witnessed `json:"witnesses,omitempty"`
}

// answered is a file that holds an audit receipt: a whole answer of the
// server, or the receipt alone.
type answered struct {
	receipt      []byte
	data, errors []byte // as JSON; nil where the file is the receipt alone
}

// readAnswered takes the file of an audit receipt apart. ok is false when it
// is none.
func readAnswered(raw []byte) (out answered, ok bool, err error) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || raw[0] != '{' {
		return out, false, nil
	}
	if bytes.HasPrefix(raw, []byte(`{"payload":`)) {
		return answered{receipt: raw}, true, nil
	}
	var whole struct {
		Data       jsontext.Value `json:"data"`
		Errors     jsontext.Value `json:"errors"`
		Extensions struct {
			Probity struct {
				Receipt string `json:"receipt"`
			} `json:"probity"`
		} `json:"extensions"`
	}
	if err := json.Unmarshal(raw, &whole); err != nil {
		return out, true, &ledger.IntegrityError{What: "the answer cannot be read: " + err.Error()}
	}
	if whole.Extensions.Probity.Receipt == "" {
		return out, true, &ledger.IntegrityError{What: "the answer holds no audit receipt; ask with \"extensions\": {\"probity\": {\"receipt\": true}}"}
	}
	if len(whole.Data) == 0 {
		whole.Data = jsontext.Value("null")
	}
	return answered{[]byte(whole.Extensions.Probity.Receipt), whole.Data, whole.Errors}, true, nil
}

// verifyAnswer checks an audit receipt, and the answer that it came with.
func (a *app) verifyAnswer(f verifyFlags, trust notary.Trust, file answered) error {
	report := answerReport{Checked: []string{}, NotChecked: []string{}}
	err := report.check(f, trust, file)
	report.OK, report.Failure = err == nil, failureOf(err)
	if report.Failure != nil {
		err = hinted{err, "do not rely on this answer; keep the file as it is, and ask again"}
	}
	if f.json {
		return errors.Join(writeJSON(a.stdout, report), err)
	}
	if err != nil {
		return err
	}
	who := string(report.Role)
	if report.Subject != "" {
		who += " " + report.Subject
	}
	fmt.Fprintf(a.stdout, "ledger    %s\nanswered  %s, to %s\nshows     the ledger up to position %s: %d events, of the %d under the checkpoint\nresult    sha256:%s\nsigned by %s\n",
		report.Origin, report.At.Format(time.RFC3339), who, report.Position, report.Events, report.Size, report.Result, report.SignedBy)
	if report.Paper != "" {
		fmt.Fprintf(a.stdout, "paper     it answers what a paper of %s asks\n", report.Paper)
	}
	fmt.Fprintln(a.stdout, "OK: the ledger's key signed this answer")
	printWitnessed(a.stdout, report.Witnesses)
	for _, c := range report.Checked {
		fmt.Fprintln(a.stdout, "checked  ", c)
	}
	for _, c := range report.NotChecked {
		fmt.Fprintln(a.stdout, "unchecked", c)
	}
	return nil
}

func (r *answerReport) check(f verifyFlags, trust notary.Trust, file answered) error {
	witnesses, err := f.witnesses.read()
	if err != nil {
		return err
	}
	query, err := readOptional(f.query)
	if err != nil {
		return err
	}
	variables, err := readOptional(f.variables)
	if err != nil {
		return err
	}
	said, by, head, err := answer.Verify(file.receipt, trust)
	if err != nil {
		return err
	}
	r.Origin, r.At, r.Subject, r.Role, r.SignedBy = said.Origin, said.At, said.Subject, said.Role, by
	r.Position, r.Events, r.Size = said.Position.String(), said.Events, head.Size
	r.Checked = append(r.Checked, "the signature of the receipt, and of its checkpoint, by a key that was given")
	r.Result = said.Result
	for kind, document := range console.PaperDocuments() {
		if said.FitsQuery(document) == nil {
			r.Paper = kind
		}
	}
	part := func(name string, given bool, fits func() error, missing string) error {
		if !given {
			r.NotChecked = append(r.NotChecked, name+": "+missing)
			return nil
		}
		if err := fits(); err != nil {
			return &ledger.IntegrityError{What: err.Error()}
		}
		r.Checked = append(r.Checked, name)
		return nil
	}
	if err := part("the result", file.data != nil, func() error { return said.FitsResult(file.data, file.errors) },
		"give the whole answer as --receipt"); err != nil {
		return err
	}
	if r.Paper != "" && f.query == "" {
		r.Checked = append(r.Checked, "the document")
	} else if err := part("the document", f.query != "", func() error { return fitsDocument(said, string(query)) },
		"give it with --query"); err != nil {
		return err
	}
	if err := part("the variables", f.variables != "" || f.query != "", func() error { return said.FitsVariables(variables) },
		"give them with --variables"); err != nil {
		return err
	}
	if len(witnesses) > 0 {
		w, err := notary.CheckWitnesses(head, witnesses, f.witnesses.quorum)
		r.Witnesses = &w
		if err != nil {
			return err
		}
	} else {
		r.NotChecked = append(r.NotChecked, "cosignatures of witnesses: whether others were shown the same log")
	}
	r.NotChecked = append(r.NotChecked, "that the answer follows from the events: the server says so under its key; ask for events with their proof, or for the proof of a file")
	return nil
}

// fitsDocument takes the document as it is in the file, or without the line
// break at its end, which many editors add.
func fitsDocument(said answer.Answer, document string) error {
	err := said.FitsQuery(document)
	if err != nil && said.FitsQuery(strings.TrimRight(document, "\r\n")) == nil {
		return nil
	}
	return err
}

func readOptional(path string) ([]byte, error) {
	if path == "" {
		return nil, nil
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, usageError{err}
	}
	return raw, nil
}
