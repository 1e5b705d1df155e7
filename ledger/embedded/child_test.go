package embedded

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/probity-ledger/probity/ledger"
)

// childVar names, for a copy of this test binary, the part it plays.
const childVar = "PROBITY_EMBEDDED_CHILD"

func TestMain(m *testing.M) {
	part, dir, _ := strings.Cut(os.Getenv(childVar), " ")
	switch part {
	case "":
		os.Exit(m.Run())
	case "append":
		fail(appendUntilKilled(dir))
	case "read":
		fail(readAsStranger(dir))
	}
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// readAsStranger is the part of a user who may read the folder but not write
// to it: it prints how many events there are.
func readAsStranger(dir string) error {
	if _, err := Open(dir, Options{}); !errors.Is(err, ledger.ErrReadOnly) {
		return fmt.Errorf("opening for writing gave %w, want ErrReadOnly", err)
	}
	s, err := Open(dir, Options{ReadOnly: true})
	if err != nil {
		return err
	}
	n, err := count(s, ledger.Start)
	if err != nil {
		return err
	}
	fmt.Println(n)
	return s.Close()
}
