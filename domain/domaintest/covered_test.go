package domaintest

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
)

// A refusal without a case is named, and so is an excuse that no longer
// holds.
func TestUncovered(t *testing.T) {
	state := Refusal{"door.paint", domain.CodeState, ""}
	colour := Refusal{"door.paint", domain.CodeInvalid, "colour"}
	anyField := Refusal{"door.paint", domain.CodeRule, "‹field›"}
	listed := []Refusal{state, colour, anyField}
	all := map[Refusal]bool{state: true, colour: true, {"door.paint", domain.CodeRule, "hook"}: true}
	for _, c := range []struct {
		name        string
		met         map[Refusal]bool
		unreachable []Refusal
		want        []string
	}{
		{"all are met", all, nil, nil},
		{"none is met", nil, nil, []string{
			"no test of the room meets the refusal door.paint STATE; add a case to it",
			"no test of the room meets the refusal door.paint INVALID colour; add a case to it",
			"no test of the room meets the refusal door.paint RULE ‹field›; add a case to it"}},
		{"another command met it", map[Refusal]bool{state: true, colour: true, {"door.lock", domain.CodeRule, "hook"}: true}, nil,
			[]string{"no test of the room meets the refusal door.paint RULE ‹field›; add a case to it"}},
		{"one is unreachable", map[Refusal]bool{state: true, {"door.paint", domain.CodeRule, "hook"}: true}, []Refusal{colour}, nil},
		{"or so it is said", all, []Refusal{colour}, []string{"door.paint INVALID colour is listed as unreachable, but a test meets it"}},
		{"and of one there is not", all, []Refusal{{"door.lock", domain.CodeState, ""}},
			[]string{"door.lock STATE is listed as unreachable, but the room has no such refusal"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, uncovered(listed, c.met, c.unreachable)); diff != "" {
				t.Errorf("what is wrong (-want +got):\n%s", diff)
			}
		})
	}
}
