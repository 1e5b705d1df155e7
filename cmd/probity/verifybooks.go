package main

import (
	"fmt"
	"maps"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/cmd/rulebooks"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/rulebook"
)

// heldBooks are the rulebook files at hand when a ledger is verified, and what
// the ledger says of rulebooks. It implements [ledger.AuthorRules].
type heldBooks struct {
	files map[string]*domain.Rulebook // by digest
	// adopted is the digest of each edition; "" where the log names two, which
	// no recorder would.
	adopted map[string]string
	base    string // the edition lived by before any is adopted
	shipped string // its digest
}

// readBooks takes the rulebooks that come with the program, and the files
// named with --rulebook.
func readBooks(paths []string) (*heldBooks, error) {
	b := &heldBooks{files: map[string]*domain.Rulebook{}, adopted: map[string]string{}}
	for _, name := range rulebooks.Names() {
		raw, err := rulebooks.Source(name)
		if err != nil {
			return nil, err
		}
		book, digest, err := rulebooks.Parse(name+".yaml", raw)
		if err != nil {
			return nil, err
		}
		b.files[digest] = book
		if name == house.DefaultRulebook {
			b.base, b.shipped = book.Edition(), digest
		}
	}
	for _, path := range paths {
		raw, err := readFileUpTo(path, rulebooks.MaxBytes)
		if err != nil {
			return nil, usageError{err}
		}
		book, digest, err := rulebooks.Parse(path, raw)
		if err != nil {
			return nil, usageError{fmt.Errorf("--rulebook: %w", err)}
		}
		b.files[digest] = book
	}
	return b, nil
}

// hold adds the files of a data folder. Those that do not parse are left out:
// what they were adopted for is reported as not checked.
func (b *heldBooks) hold(books *house.Books) error {
	files, err := books.Files()
	for _, f := range files {
		if f.Err == nil {
			b.files[f.Digest] = f.Book
		}
	}
	return err
}

// Adopts implements [ledger.AuthorRules].
func (b *heldBooks) Adopts(k domain.Kind) bool {
	return k == rulebook.Adopted{}.Kind() || k == rulebook.Amended{}.Kind()
}

// Learn implements [ledger.AuthorRules].
func (b *heldBooks) Learn(r domain.Recorded) {
	switch e := r.Event.(type) {
	case rulebook.Adopted:
		b.bind(r.Act.Subject, e.Version, e.Digest)
	case rulebook.Amended:
		b.bind(r.Act.Subject, e.Version, e.Digest)
	}
}

func (b *heldBooks) bind(id, version, digest string) {
	edition := domain.EditionOf(id, version)
	if was, ok := b.adopted[edition]; ok && was != digest {
		digest = ""
	}
	b.adopted[edition] = digest
}

// Of implements [ledger.AuthorRules].
func (b *heldBooks) Of(edition string) (domain.AuthorSignatureRules, bool) {
	digest, ok := b.adopted[edition]
	if !ok && edition == b.base {
		digest = b.shipped
	}
	book, ok := b.files[digest]
	if !ok {
		return domain.AuthorSignatureRules{}, false
	}
	return book.AuthorSignature, true
}

// goOn takes up what an earlier verification knew of editions.
func (b *heldBooks) goOn(editions map[string]string) { maps.Copy(b.adopted, editions) }
