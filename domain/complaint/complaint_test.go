package complaint_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/complaint"
)

func TestEveryEventAndCommandIsListed(t *testing.T) { domaintest.Listed(t, complaint.Room, ".") }

func TestFoldsAreTotal(t *testing.T) { domaintest.Total(t, complaint.Room) }
