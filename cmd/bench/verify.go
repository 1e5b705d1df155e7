package main

import (
	"context"
	"fmt"
	"time"

	"github.com/probity-ledger/probity/ledger"
)

// verify measures the verification of a whole ledger, in full and fast.
func (s *suite) verify(ctx context.Context) error {
	past, err := s.history(ctx)
	if err != nil {
		return err
	}
	message, err := past.message(ctx)
	if err != nil {
		return err
	}
	keys, err := ledger.NewKeyring(s.signer.Public())
	if err != nil {
		return err
	}
	whole := func(name string, fast bool) workload {
		return workload{name, func(ctx context.Context) (sample, error) {
			start := time.Now()
			rep, err := ledger.Verify(ctx, past.store, ledger.VerifyConfig{Codec: s.codec, Keys: keys, Fast: fast})
			return sample{rate: float64(rep.Events) / time.Since(start).Seconds()}, err
		}}
	}
	full, fast := fmt.Sprintf("verify %s events", figure(float64(past.events))), "verify --fast"
	got, err := s.rounds(ctx, s.turns(), s.verifyAlone(message), whole(full, false), whole(fast, true))
	if err != nil {
		return err
	}
	s.report.compare(full, "events/s", got.rates(full), rawVerify, got.rates(rawVerify), ratioAtLeast(0.9))
	s.report.compare(fast, "events/s", got.rates(fast), full, got.rates(full), ratioAtLeast(2))
	return nil
}
