package main

import (
	"strings"
	"testing"

	"github.com/probity-ledger/probity/cmd/house"
)

// Erasures that nobody carried out are not said to be.
func TestWhatARestoreSaysOfErasures(t *testing.T) {
	for _, tt := range []struct {
		elsewhere bool
		says      []string
		not       string
	}{
		{false, []string{"2 erasures recorded since were carried out on it", "what was recorded later is not here"}, "next start"},
		{true, []string{"carried out on it by the next start, not yet", "as far as the cluster has it"}, "were carried out"},
	} {
		r := house.Restored{Vault: &house.Manifest{}, Erased: 2}
		r.Elsewhere = tt.elsewhere
		var out strings.Builder
		tellRestored(&out, r)
		for _, text := range tt.says {
			if !strings.Contains(out.String(), text) {
				t.Errorf("elsewhere %t: no %q in\n%s", tt.elsewhere, text, out.String())
			}
		}
		if strings.Contains(out.String(), tt.not) {
			t.Errorf("elsewhere %t: %q in\n%s", tt.elsewhere, tt.not, out.String())
		}
	}
}
