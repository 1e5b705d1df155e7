package projections_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/projections"
)

// Views are opened in a folder, brought up to date from a store, and asked
// in the name of a principal.
func Example() {
	ctx := context.Background()
	house := newHouse(new(testing.T)).on("2024-01-08")
	house.do("hr:R1", "A", unit.Establish{UnitName: "海关", UnitKind: unit.KindAgency})
	house.do("hr:R1", "P1", officer.Enroll{FullName: "张伟", LatinName: "Zhang Wei", Unit: "A"})

	dir, err := os.MkdirTemp("", "views")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	views, err := projections.Open(dir, house.codec, projections.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer views.Close()
	if err := views.CatchUp(ctx, house.store, nil); err != nil {
		fmt.Println(err)
		return
	}

	hr := views.As(projections.Principal{Subject: "R1", Role: domain.RoleHR, Units: []domain.UnitID{"A"}})
	file, err := hr.RecordFile(ctx, "P1", projections.AsOf{})
	fmt.Println(file.Identity.LatinName, file.Status, err)

	stranger := views.As(projections.Principal{Subject: "R2", Role: domain.RoleHR})
	file, err = stranger.RecordFile(ctx, "P1", projections.AsOf{})
	fmt.Println(file, err)
	// Output:
	// Zhang Wei serving <nil>
	// <nil> <nil>
}
