package misconduct_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/misconduct"
)

func TestEveryEventAndCommandIsListed(t *testing.T) { domaintest.Listed(t, misconduct.Room, ".") }

func TestFoldsAreTotal(t *testing.T) { domaintest.Total(t, misconduct.Room) }
