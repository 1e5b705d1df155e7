package record_test

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections/record"
)

func TestTwoFilesAreCompared(t *testing.T) {
	of := func(event string) record.Source {
		return record.Source{Event: domain.EventID("e-" + event)}
	}
	before := record.File{Officer: "P1", Status: "serving",
		Posts:        []record.PostHeld{{Post: "K1", Source: of("1")}},
		Certificates: []record.Certificate{{Number: "N1", Status: "valid", Source: of("2")}, {Number: "", Source: of("3")}, {Number: "", Source: of("4")}},
		Training:     []record.TrainingYear{{Year: 2023, Hours: 10}},
		Restrictions: []record.Restriction{{Sanction: "S1", Source: of("5")}},
		Sanctions:    []record.Sanction{{ID: "S1", Status: "imposed", InForce: true, Source: of("5")}},
		Inquiries:    []record.Inquiry{{Case: "M5", Source: of("6")}},
	}
	after := record.File{Officer: "P1", Status: "suspended", StatusSince: of("7"),
		Posts:        []record.PostHeld{{Post: "K1", Source: of("1")}, {Post: "K2", Source: of("8")}},
		Certificates: []record.Certificate{{Number: "N1", Status: "suspended", Source: of("2")}, {Number: "", Source: of("3")}},
		Training:     []record.TrainingYear{{Year: 2023, Hours: 12}, {Year: 2024, Hours: 1}},
		Sanctions:    []record.Sanction{{ID: "S1", Status: "released", Source: of("9")}},
		Rewards:      []record.Reward{{ID: "G1", Source: of("10")}},
	}
	want := []record.Change{
		{record.SectionStatus, record.Changed, "suspended", of("7").Event},
		{record.SectionPosts, record.Added, "e-8", of("8").Event},
		{record.SectionCertificates, record.Changed, "N1", of("2").Event},
		{record.SectionCertificates, record.Removed, "", of("4").Event},
		{record.SectionTraining, record.Changed, "2023", ""},
		{record.SectionTraining, record.Added, "2024", ""},
		{record.SectionRestrictions, record.Removed, "S1", of("5").Event},
		{record.SectionInquiries, record.Removed, "M5", of("6").Event},
		{record.SectionSanctions, record.Changed, "S1", of("9").Event},
		{record.SectionRewards, record.Added, "G1", of("10").Event},
	}
	if diff := cmp.Diff(want, record.Compare(&before, &after)); diff != "" {
		t.Error(diff)
	}
	if got := record.Compare(&after, &after); len(got) != 0 {
		t.Errorf("a file differs from itself: %v", got)
	}
}

// Every list of a file is compared: a section that is added and forgotten
// would be a change that nobody is told of.
func TestEverySectionIsCompared(t *testing.T) {
	file := reflect.TypeFor[record.File]()
	for i := range file.NumField() {
		f := file.Field(i)
		if f.Type.Kind() != reflect.Slice {
			continue
		}
		var after record.File
		list := reflect.ValueOf(&after).Elem().Field(i)
		list.Set(reflect.MakeSlice(f.Type, 1, 1))
		if got := record.Compare(&record.File{}, &after); len(got) != 1 || got[0].Difference != record.Added {
			t.Errorf("an entry added to %s is told as %v", f.Name, got)
		}
	}
}
