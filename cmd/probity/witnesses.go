package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/probity-ledger/probity/ledger/notary"
)

// witnessSettings say whom the transparency log asks to confirm its
// checkpoints.
type witnessSettings struct {
	Quorum    int
	OnTimeout string
	Timeout   time.Duration
	// asked are the witnesses of the file or the environment.
	asked []notary.Witness
}

func witnessFlags(flags *pflag.FlagSet, s *witnessSettings) {
	flags.IntVar(&s.Quorum, "quorum", 0, "how many witnesses must confirm a checkpoint before it is published (default: more than half)")
	flags.StringVar(&s.OnTimeout, "on-timeout", "wait", "without the quorum: wait (the earlier checkpoint stays published) or publish")
	flags.DurationVar(&s.Timeout, "witness-timeout", notary.DefaultWitnessTimeout, "how long a witness, and the quorum, is waited for")
}

// witnessEntry is one of the witnesses in a settings file.
type witnessEntry struct {
	Name said `yaml:"name"`
	URL  said `yaml:"url"`
	Key  said `yaml:"key"`
}

// fromFile reads the witnesses of a settings file.
func (s *witnessSettings) fromFile(path string) error {
	file, err := readSettings(path)
	if err != nil {
		return err
	}
	var entries []witnessEntry
	if err := file.decodeAt("witnesses", &entries); err != nil {
		return err
	}
	for i, e := range entries {
		field := func(name string) string { return fmt.Sprintf("witnesses[%d].%s", i, name) }
		line := max(e.Key.line, e.URL.line, e.Name.line)
		switch {
		case e.Key.text == "":
			return file.wrong(line, field("key"), "is missing: the witness' public key (name+hash+key), from its witness.pub or its status page")
		case e.URL.text == "":
			return file.wrong(line, field("url"), "is missing: the address of the witness")
		}
		key, err := notary.ParseWitnessKey(e.Key.text)
		if err != nil {
			return file.wrong(e.Key.line, field("key"), "%w", err)
		}
		if e.Name.text != "" && e.Name.text != key.Name() {
			return file.wrong(e.Name.line, field("name"), "is %q, but the key is that of %q", e.Name.text, key.Name())
		}
		if err := notary.CheckWitnessURL(e.URL.text); err != nil {
			return file.wrong(e.URL.line, field("url"), "%w", err)
		}
		s.asked = append(s.asked, notary.Witness{Key: key, URL: e.URL.text})
		if err := s.check(); err != nil {
			return file.wrong(e.Key.line, field("key"), "%w", err)
		}
	}
	return nil
}

// fromEnvironment reads PROBITY_WITNESSES: a key and an address for each,
// with a comma between them.
func (s *witnessSettings) fromEnvironment(text string) error {
	s.asked = nil
	for _, one := range strings.Split(text, ",") {
		words := strings.Fields(one)
		if len(words) != 2 {
			return usagef("PROBITY_WITNESSES: %q is not a key and an address; give KEY URL, KEY URL…", strings.TrimSpace(one))
		}
		key, err := notary.ParseWitnessKey(words[0])
		if err == nil {
			err = notary.CheckWitnessURL(words[1])
		}
		if err != nil {
			return usagef("PROBITY_WITNESSES: %q: %w", words[0], err)
		}
		s.asked = append(s.asked, notary.Witness{Key: key, URL: words[1]})
	}
	if err := s.check(); err != nil {
		return usagef("PROBITY_WITNESSES: %w", err)
	}
	return nil
}

func (s *witnessSettings) check() error {
	keys := make([]*notary.WitnessKey, len(s.asked))
	for i, w := range s.asked {
		keys[i] = w.Key
	}
	return notary.CheckWitnessKeys(keys)
}

// policy is what the notary is told; without witnesses an empty one.
func (s *witnessSettings) policy() (*notary.WitnessPolicy, error) {
	if s.OnTimeout != "wait" && s.OnTimeout != "publish" {
		return nil, usagef("--on-timeout %q: use wait or publish", s.OnTimeout)
	}
	if s.Timeout <= 0 || s.Timeout > notary.MaxWitnessTimeout {
		return nil, usagef("--witness-timeout %s: use more than nothing and at most %s", s.Timeout, notary.MaxWitnessTimeout)
	}
	if s.Quorum < 0 || s.Quorum > len(s.asked) {
		return nil, usagef("--quorum %d: there are %d witnesses", s.Quorum, len(s.asked))
	}
	return &notary.WitnessPolicy{
		Witnesses: s.asked, Quorum: s.Quorum, PublishAnyway: s.OnTimeout == "publish", Timeout: s.Timeout,
	}, nil
}
