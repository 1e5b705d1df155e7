package agency

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/probity-ledger/probity/domain"
)

// grievance is a kind of complaint: its category, what people write (with
// {things}, {hours}, {no}), what was done where it is true, and which measure
// it tends to draw.
type grievance struct {
	category string
	texts    []string
	conduct  string
	clause   string
	measures []domain.Measure
}

// write fills in one of the grievance's texts. Each language of {things} goes
// to its half of the text.
func (g grievance) write(p *play) string {
	zh, en, _ := strings.Cut(oneOf(p, p.profile.things), " ")
	text := oneOf(p, g.texts)
	fill := strings.NewReplacer("{hours}", fmt.Sprint(p.draw(6, 16)), "{no}", fmt.Sprintf(p.profile.reference, p.rng.IntN(100_000_000)))
	text = strings.Replace(text, "{things}", zh, 1)
	return fill.Replace(strings.ReplaceAll(text, "{things}", en))
}

// digest returns the digest of a document that is as made up as the agency.
func digest(of string) string {
	sum := sha256.Sum256([]byte(of))
	return "sha256:" + hex.EncodeToString(sum[:])
}

// paper files a made-up document.
func (p *play) paper(subject, name, media string) []domain.Evidence {
	n := p.draw(20_000, 4_000_000)
	return []domain.Evidence{{Digest: digest(fmt.Sprintf("%s %s %d", subject, name, n)), MediaType: media, Size: int64(n), Name: name}}
}
