package officer_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/officer"
)

func TestEveryEventAndCommandIsListed(t *testing.T) { domaintest.Listed(t, officer.Room, ".") }

func TestFoldsAreTotal(t *testing.T) { domaintest.Total(t, officer.Room) }
