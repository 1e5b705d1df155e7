package spreadsheet

import (
	"slices"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/catalog"
)

func TestSuggestedWordsAreOfCommandsThatThereAre(t *testing.T) {
	all := catalog.New()
	may := importerCommands(all, domain.CN2024())
	for _, v := range vocabularies() {
		if !slices.Contains(may, v.command) {
			t.Errorf("an importer may not give %s", v.command)
			continue
		}
		known := jsonFields(all.Command(domain.CommandName(v.command)).Type)
		for _, f := range v.fields {
			if _, ok := known[f.name]; !ok && f.name != "subject" {
				t.Errorf("%s has no field %s", v.command, f.name)
			}
			if slices.Contains(f.words, "") {
				t.Errorf("%s %s has an empty word", v.command, f.name)
			}
		}
	}
}
