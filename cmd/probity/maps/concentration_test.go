package maps_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"os"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger/ledgertest"
	"github.com/probity-ledger/probity/projections"
)

// tenth is what one tenth of the officers holds.
type tenth struct{ officers, count int }

// counted counts from the rows of the source itself, apart from everything
// the ledger does: complaints and sustained findings of each officer. A row
// of a broken formula tells nothing but that there is the officer.
func counted(t *testing.T, path string) (complaints, sustained map[string]int) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	complaints, sustained = map[string]int{}, map[string]int{}
	met := map[[2]string]bool{}
	for _, row := range rows[1:] {
		complaint, officer, result := row[0], row[1], row[6]
		if officer == "NA" {
			continue
		}
		complaints[officer] += 0
		if result == "#VALUE!" {
			continue
		}
		if key := [2]string{complaint, officer}; !met[key] {
			met[key] = true
			complaints[officer]++
		}
		if result == "Sustained Finding" {
			sustained[officer]++
		}
	}
	return complaints, sustained
}

// cut deals the counts out from the greatest to the least, by how many
// officers have each count: the tenth of the officer in place i (from 0) is
// the first k with i < k tenths of them.
func cut(officers int, counts map[string]int) (out [10]tenth) {
	having, most := map[int]int{}, 0
	for _, n := range counts {
		having[n]++
		most = max(most, n)
	}
	having[0] = officers
	for n := 1; n <= most; n++ {
		having[0] -= having[n]
	}
	i := 0
	for n := most; n >= 0; n-- {
		for range having[n] {
			k := i * 10 / officers
			out[k].officers++
			out[k].count += n
			i++
		}
	}
	return out
}

func TestConcentrationOfPhiladelphia(t *testing.T) {
	complaintsFile, findingsFile := records(t)
	h := newHouse(t, ledgertest.NewMemory())
	run(t, h, new(bytes.Buffer), complaintsFile, findingsFile)
	v, err := projections.Open(t.TempDir(), h.codec, projections.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	if err := v.CatchUp(context.Background(), h.store, nil); err != nil {
		t.Fatal(err)
	}
	got, err := v.As(projections.Principal{Role: domain.RoleAuditor, Subject: "X"}).ComplaintConcentration(context.Background(), projections.ConcentrationFilter{})
	if err != nil || got == nil {
		t.Fatal(got, err)
	}
	complaints, sustained := counted(t, findingsFile)
	if got.Officers != 3006 || got.Officers != len(complaints) {
		t.Fatalf("%d officers, the source has %d", got.Officers, len(complaints))
	}
	for name, c := range map[string]struct {
		got  []projections.Tenth
		want [10]tenth
		sum  int
	}{
		"complaints": {got.ByComplaints, cut(len(complaints), complaints), got.Complaints.Count},
		"sustained":  {got.BySustained, cut(len(complaints), sustained), got.Sustained.Count},
	} {
		sum := 0
		for k, x := range c.got {
			if x.Officers != c.want[k].officers || x.Count != c.want[k].count || x.Suppressed {
				t.Errorf("%s, tenth %d: %+v, counted from the source %+v", name, k+1, x, c.want[k])
			}
			sum += c.want[k].count
		}
		if sum != c.sum || c.got[9].Cumulative != 10000 {
			t.Errorf("%s: %d in all, counted from the source %d", name, c.sum, sum)
		}
		t.Logf("%s: %d; the tenth with most holds %d.%02d %%, three tenths %d.%02d %%", name, sum,
			c.got[0].Share/100, c.got[0].Share%100, c.got[2].Cumulative/100, c.got[2].Cumulative%100)
	}

	// Everybody may ask as the public: no tenth is small.
	public, err := v.As(projections.Principal{Role: domain.RolePublic}).ComplaintConcentration(context.Background(), projections.ConcentrationFilter{})
	if err != nil || public == nil {
		t.Fatal(public, err)
	}
	for k, x := range public.ByComplaints {
		if x != got.ByComplaints[k] {
			t.Errorf("the public is told of tenth %d %+v, an auditor %+v", k+1, x, got.ByComplaints[k])
		}
	}
}
