package main

import (
	"time"

	"github.com/probity-ledger/probity/cmd/probity/settings"
	"github.com/probity-ledger/probity/ledger/notary"
)

// witnessSettings say whom the transparency log asks to confirm its
// checkpoints.
type witnessSettings struct {
	Quorum    int
	OnTimeout string
	Timeout   time.Duration
	asked     []notary.Witness
}

// witnessesFrom reads them out of the settings.
func witnessesFrom(v *settings.Values) witnessSettings {
	s := witnessSettings{Quorum: int(v.Whole("quorum")), OnTimeout: v.Text("on-timeout"), Timeout: v.Duration("witness-timeout")}
	var keys []*notary.WitnessKey
	for i := range v.Entries("witnesses") {
		entry := settings.Entry("witnesses", i)
		if w, ok := witnessFrom(v, entry); ok {
			s.asked = append(s.asked, w)
			keys = append(keys, w.Key)
			if err := notary.CheckWitnessKeys(keys); err != nil {
				v.Wrong(entry+".key", "%w", err)
				keys = keys[:len(keys)-1]
			}
		}
	}
	if s.Quorum > v.Entries("witnesses") {
		v.Wrong("quorum", "is %d, and there are %d witnesses", s.Quorum, v.Entries("witnesses"))
	}
	return s
}

// witnessFrom reads one witness, if it is one.
func witnessFrom(v *settings.Values, entry string) (notary.Witness, bool) {
	w := notary.Witness{URL: v.Text(entry + ".url")}
	if !v.Said(entry + ".key") {
		v.Wrong(entry+".key", "is missing: the witness' public key (name+hash+key), from its witness.pub or its status page")
	}
	if !v.Said(entry + ".url") {
		v.Wrong(entry+".url", "is missing: the address of the witness")
	}
	if !v.Good(entry) {
		return w, false
	}
	var err error
	if w.Key, err = notary.ParseWitnessKey(v.Text(entry + ".key")); err != nil {
		v.Wrong(entry+".key", "%w", err)
		return w, false
	}
	if name := v.Text(entry + ".name"); name != "" && name != w.Key.Name() {
		v.Wrong(entry+".name", "is %q, but the key is that of %q", name, w.Key.Name())
	}
	return w, v.Good(entry)
}

// policy is what the notary is told; without witnesses an empty one.
func (s *witnessSettings) policy() *notary.WitnessPolicy {
	return &notary.WitnessPolicy{
		Witnesses: s.asked, Quorum: s.Quorum, PublishAnyway: s.OnTimeout == "publish", Timeout: s.Timeout,
	}
}
