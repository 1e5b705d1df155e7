package post_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/post"
)

func TestEveryEventAndCommandIsListed(t *testing.T) { domaintest.Listed(t, post.Room, ".") }

func TestFoldsAreTotal(t *testing.T) { domaintest.Total(t, post.Room) }
