package embedded

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/probity-ledger/probity/ledger"
)

func TestStreamsByPrefix(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	for _, name := range []string{"rulebook-us", "unit-1", "rulebook", "rulebook-cn-2024", "rulebook.x", "rulebook-规则", "a"} {
		if _, err := s.Append(t.Context(), name, ledger.NoStream, []ledger.Entry{{ID: uuid.New(), Envelope: []byte("{}")}}); err != nil {
			t.Fatal(err)
		}
	}
	for prefix, want := range map[string][]string{
		"rulebook-": {"rulebook-cn-2024", "rulebook-us", "rulebook-规则"},
		"unit-1":    {"unit-1"},
		"post-":     nil,
	} {
		got, err := s.Streams(t.Context(), prefix)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", prefix, diff)
		}
	}
}
