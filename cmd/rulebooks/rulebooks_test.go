package rulebooks_test

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/probity-ledger/probity/cmd/rulebooks"
	"github.com/probity-ledger/probity/domain"
)

func open(t *testing.T, name string) *domain.Rulebook {
	t.Helper()
	book, digest, err := rulebooks.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := domain.CheckDigest("digest", digest); err != nil {
		t.Error(err)
	}
	return book
}

func TestTheShippedRulebooksAreReadUnderTheirNames(t *testing.T) {
	names := rulebooks.Names()
	if want := []string{"cn-2024", "eu-2019-1937", "us-police-ia"}; !slices.Equal(names, want) {
		t.Fatalf("shipped are %v, want %v", names, want)
	}
	for _, name := range names {
		if book := open(t, name); book.ID != name {
			t.Errorf("the file %s holds the rulebook %s", name, book.ID)
		}
	}
	if _, _, err := rulebooks.Open("fr-1789"); !errors.Is(err, rulebooks.ErrUnknown) || !strings.Contains(err.Error(), "cn-2024") {
		t.Errorf("an unknown name: %v", err)
	}
}

func TestTheDigestIsThatOfTheFile(t *testing.T) {
	for _, name := range rulebooks.Names() {
		onDisk, err := os.ReadFile(name + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		if _, digest, _ := rulebooks.Open(name); digest != rulebooks.Digest(onDisk) {
			t.Errorf("%s: digest %s is not that of the file", name, digest)
		}
	}
	const abc = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" // FIPS 180-4, "abc"
	if got := rulebooks.Digest([]byte("abc")); got != abc {
		t.Errorf("digest of abc is %s", got)
	}
}

// sameHours compares zones by what they do to the hours while the rulebook is
// in force: the code has a fixed zone, the file a name.
var sameHours = cmp.Comparer(func(a, b *time.Location) bool {
	if a == nil || b == nil {
		return a == b
	}
	for at := time.Date(2000, 1, 1, 12, 0, 0, 0, time.UTC); at.Year() < 2040; at = at.AddDate(0, 0, 1) {
		_, x := at.In(a).Zone()
		_, y := at.In(b).Zone()
		if x != y {
			return false
		}
	}
	return true
})

// The file is what people read: a rule that is added to domain.CN2024 is
// written into cn-2024.yaml too.
func TestTheFileOfChinaSaysWhatTheCodeSays(t *testing.T) {
	if diff := cmp.Diff(domain.CN2024(), open(t, "cn-2024"), sameHours, cmpopts.IgnoreUnexported(domain.Rulebook{})); diff != "" {
		t.Errorf("write into cn-2024.yaml what differs (-code +file):\n%s", diff)
	}
}

func TestEveryTermSaysWhereItIsWritten(t *testing.T) {
	for _, name := range rulebooks.Names() {
		source, err := rulebooks.Source(name)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(source), "\n") {
			if strings.Contains(line, "{term:") && !strings.HasPrefix(line, "#") && !strings.Contains(line, "source:") {
				t.Errorf("%s.yaml:%d: %s", name, i+1, line)
			}
		}
	}
}

func TestWhatIsNoTextIsRefused(t *testing.T) {
	good, err := rulebooks.Source("us-police-ia")
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{
		"nothing":       nil,
		"a comment":     []byte("# nothing\n"),
		"two documents": append(append([]byte("---\n"), good...), append([]byte("\n---\n"), good...)...),
		"no UTF-8":      append([]byte("\xff"), good...),
		"too much":      []byte(strings.Repeat("#", 1<<20+1)),
		"a deep nest":   []byte("id: " + strings.Repeat("[", 500) + strings.Repeat("]", 500)),
		"a list":        []byte("- id\n- name\n"),
		"broken":        []byte("id: \"cn\n"),
	} {
		if _, _, err := rulebooks.Parse("x.yaml", b); err == nil || !strings.HasPrefix(err.Error(), "x.yaml:") {
			t.Errorf("%s: got %v, want a mistake in x.yaml", name, err)
		}
	}
}

// A rulebook is read with where each rule is written.
func ExampleOpen() {
	book, _, err := rulebooks.Open("eu-2019-1937")
	if err != nil {
		panic(err)
	}
	term := book.Reporting.Feedback
	fmt.Println(term.Length, term.Unit, term.Source)
	// Output: 3 months art. 9(1)(f)
}

func ExampleError() {
	_, _, err := rulebooks.Parse("ours.yaml", []byte("id: ours\nname: Our own\ncomplaint:\n  route: {term: 15 fortnights, source: our statute}\n"))
	fmt.Println(err)
	// Output: ours.yaml:4:11: complaint.route: "fortnights" is no unit; there are [days workdays months years]
}

func FuzzParse(f *testing.F) {
	for _, name := range rulebooks.Names() {
		b, _ := rulebooks.Source(name)
		f.Add(b)
	}
	f.Add([]byte(least))
	for _, m := range mistakes {
		f.Add([]byte(strings.Replace(least, m.old, m.new, 1)))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		book, digest, err := rulebooks.Parse("f.yaml", b)
		if err != nil {
			if _, ok := errors.AsType[*rulebooks.Error](err); !ok {
				t.Errorf("%T: %v", err, err)
			}
			return
		}
		if book.ID == "" || len(book.Sanction.Ladder) == 0 || book.Calendar.Zone == nil || digest != rulebooks.Digest(b) {
			t.Errorf("an unsound rulebook was read: %+v", book)
		}
	})
}
