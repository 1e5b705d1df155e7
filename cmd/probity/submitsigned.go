package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/pflag"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
)

// signing is how 'submit' gets the signatures of those who act.
type signing struct {
	key     string
	prepare bool
	sign    bool
	signed  bool
}

func (s *signing) flags(f *pflag.FlagSet) {
	f.StringVar(&s.key, "key", "", "sign every command as its author, with the private key in this file or at this address (awskms://…)")
	f.BoolVar(&s.prepare, "prepare", false, "record nothing: print what the author of each command signs")
	f.BoolVar(&s.sign, "sign", false, "sign what was prepared with --key, and print it; needs no ledger")
	f.BoolVar(&s.signed, "signed", false, "record what was prepared and signed")
}

func (s *signing) check() error {
	modes := 0
	for _, on := range []bool{s.prepare, s.sign, s.signed} {
		if on {
			modes++
		}
	}
	if modes > 1 || s.sign != (s.key != "") && modes == 1 {
		return hinted{usagef("--prepare, --sign and --signed are three steps; --key goes with --sign, or alone"), "see 'probity submit --help'"}
	}
	return nil
}

// signer reads the key file; nil when there is none.
func (a *app) signer(s signing) (*ledger.Signer, error) {
	if s.key == "" {
		return nil, nil
	}
	signer, _, err := a.readSigner(s.key, func(bool) ([]byte, error) { return a.keyPassphrase(s.key, false) })
	return signer, err
}

// step handles one line of a submission: it returns the result to print, or
// text to print in its place.
type step func(ctx context.Context, line []byte) (out submitted, text []byte, err error)

// step returns what is done with each line.
func (s signing) step(h *house.House, signer *ledger.Signer) step {
	switch {
	case s.sign:
		return func(_ context.Context, line []byte) (submitted, []byte, error) { return signLine(line, signer) }
	case s.signed:
		return func(ctx context.Context, line []byte) (submitted, []byte, error) {
			p, err := ledger.ParsePrepared(line)
			if err != nil {
				return submitted{}, nil, err
			}
			out := submitted{}
			if in, err := h.Codec.ParseInstruction(p.Instruction); err == nil {
				out.ID = in.ID
			}
			receipt, err := h.Signed().Submit(ctx, p)
			return out.of(receipt, err), nil, err
		}
	case s.prepare:
		return func(ctx context.Context, line []byte) (submitted, []byte, error) {
			in, p, err := h.Signed().PrepareLine(ctx, line)
			out := submitted{ID: in.ID}
			if err != nil {
				return out, nil, err
			}
			if p.Recorded != nil {
				return out.of(*p.Recorded, nil), nil, nil
			}
			text, err := ledger.MarshalPrepared(p)
			return out, text, err
		}
	}
	var signers []*ledger.Signer
	if signer != nil {
		signers = append(signers, signer)
	}
	return func(ctx context.Context, line []byte) (submitted, []byte, error) {
		in, receipt, err := h.Submit(ctx, line, signers...)
		out := submitted{ID: in.ID}
		return out.of(receipt, err), nil, err
	}
}

// of fills in what was recorded.
func (s submitted) of(r ledger.Receipt, err error) submitted {
	if err == nil {
		s.Recorded, s.Repeated, s.Stream, s.Revision, s.Events = true, r.Repeated, r.Stream, int64(r.Revision), r.Events
	}
	return s
}

// signLine signs one line of what was prepared.
func signLine(line []byte, signer *ledger.Signer) (submitted, []byte, error) {
	p, err := ledger.ParsePrepared(line)
	if err != nil {
		return submitted{}, nil, err
	}
	if len(p.Payloads) == 0 {
		return submitted{}, nil, domain.Refuse(domain.CodeInvalid, "payloads", "there is nothing to sign")
	}
	if err := p.Sign(signer); err != nil {
		return submitted{}, nil, domain.Refuse(domain.CodeInvalid, "", "%v", err)
	}
	text, err := ledger.MarshalPrepared(p)
	return submitted{}, text, err
}

// result is what is printed for a line: a refusal is told, not returned.
func (s submitted) result(n int, err error) (submitted, error) {
	s.Line = n
	if r, ok := errors.AsType[*domain.Refusal](err); ok {
		s.Refusal = &refusal{r.Code, r.Field, r.Message, r.Rule}
		return s, nil
	}
	if err != nil {
		return s, fmt.Errorf("line %d: %w", n, err)
	}
	return s, nil
}
