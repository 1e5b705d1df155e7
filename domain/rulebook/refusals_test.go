package rulebook_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/rulebook"
)

func TestRefusalsOfLaterVersions(t *testing.T) {
	domaintest.Run(t, rulebook.Room, []domaintest.Scenario{
		{
			Name: "an amendment is a version of its own", Given: []domaintest.Past{adopted},
			When: rulebook.Amend{Version: "1", Digest: digest("b"), From: day("2024-07-01"), Reason: "the terms of review"}, As: leader,
			Refused: domain.CodeExists, Field: "version",
		},
		{
			Name: "a succession has a first day", Given: []domaintest.Past{adopted},
			When: rulebook.Supersede{Successor: "cn-2025"}, As: leader,
			Refused: domain.CodeInvalid, Field: "from",
		},
		{
			Name: "a file is imported once", Given: []domaintest.Past{adopted},
			When: rulebook.Import{Version: "0", Digest: digest("a"), ValidFrom: day("2018-01-01"), ValidTo: day("2020-06-30")}, As: importer,
			Refused: domain.CodeExists, Field: "digest",
		},
		{
			Name: "history begins on a day",
			When: rulebook.Import{Version: "0", ValidTo: day("2020-06-30")}, As: importer,
			Refused: domain.CodeInvalid, Field: "validFrom",
		},
	})
}
