package house

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/cmd/rulebooks"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/domain/rulebook"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
)

// file writes a rulebook into the life's folder: a shipped one, changed, and
// returns its digest.
func (l *life) file(name, shipped string, oldnew ...string) string {
	l.t.Helper()
	raw, err := rulebooks.Source(shipped)
	if err != nil {
		l.t.Fatal(err)
	}
	for i := 0; i < len(oldnew); i += 2 {
		if !strings.Contains(string(raw), oldnew[i]) {
			l.t.Fatalf("%s does not say %q", shipped, oldnew[i])
		}
	}
	text := strings.NewReplacer(oldnew...).Replace(string(raw))
	if err := os.MkdirAll(filepath.Join(l.dir, rulebooksDir), 0o700); err != nil {
		l.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(l.dir, rulebooksDir, name), []byte(text), 0o600); err != nil {
		l.t.Fatal(err)
	}
	return rulebooks.Digest([]byte(text))
}

// try records a command and returns the error and the last event's rulebook.
func (l *life) try(by, subject string, occurred time.Time, c domain.Command) (edition string, err error) {
	l.t.Helper()
	role, actor, _ := strings.Cut(by, ":")
	l.count++
	receipt, err := l.Recorder.Record(context.Background(), domain.Instruction{ID: fmt.Sprintf("i%d", l.count), Command: c,
		Act: domain.Act{Subject: subject, Actor: domain.ActorID(actor), Role: domain.Role(role), OccurredAt: occurred}})
	if err != nil {
		return "", err
	}
	for s, err := range l.Store.ReadStream(context.Background(), receipt.Stream, receipt.Revision) {
		if err != nil {
			l.t.Fatal(err)
		}
		d, err := l.Codec.Decode(s)
		if err != nil {
			l.t.Fatal(err)
		}
		edition = d.Act.Rulebook
	}
	return edition, nil
}

// list drafts a list of prohibited conduct that punishes by the measure.
func list(m domain.Measure) norm.Draft {
	return norm.Draft{Title: "list", NormKind: norm.KindProhibition, Unit: "U1", Owner: "P1",
		Clauses: []norm.Clause{{Code: "1", Text: "discourtesy", Least: m, Most: m}}}
}

// at moves the clock to the hour of the day, in UTC.
func (l *life) at(day string, hour int) {
	l.now = domain.MustDate(day).In(time.UTC).Add(time.Duration(hour) * time.Hour)
}

var day = domain.MustDate

func TestTheAdoptedRulebookDecides(t *testing.T) {
	l := begin(t, "2024-01-08")
	second := l.file("ours.yaml", "us-police-ia", "version: 1", "version: 2", "measure: retraining", "measure: coaching")
	const us = "us-police-ia"
	expect := func(what string, m domain.Measure, occurred time.Time, want string) {
		t.Helper()
		got, err := l.try("leader:L1", strings.ReplaceAll(what, " ", "-"), occurred, list(m))
		if refusal, ok := errors.AsType[*domain.Refusal](err); ok && strings.Contains(refusal.Message, "no range on the ladder") {
			got = "refused"
		} else if err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Errorf("%s at %s: %s, want %s (%v)", what, l.now, got, want, err)
		}
	}
	expect("by default the Chinese ladder", domain.MeasureWarning, time.Time{}, "cn-2024")
	expect("has no retraining", "retraining", time.Time{}, "refused")
	l.do("leader:L1", us, rulebook.Adopt{Version: "1", Digest: digestOf(t, us), ValidFrom: day("2024-02-01")})
	expect("not before its first day", "retraining", time.Time{}, "refused")
	l.at("2024-02-01", 7)
	expect("nor before that day has begun in California", "retraining", time.Time{}, "refused")
	l.at("2024-02-01", 9)
	expect("from then on", "retraining", time.Time{}, us)
	expect("and the former ladder no more", domain.MeasureWarning, time.Time{}, "refused")
	past := day("2024-01-10").In(time.UTC)
	expect("a backdated act picks no rulebook", domain.MeasureWarning, past, "refused")
	expect("it is decided by that of its recording", "retraining", past, us)

	l.close()
	l.open()
	expect("after a restart", "retraining", time.Time{}, us)
	l.do("overseer:O1", us, rulebook.Amend{Version: "2", Digest: second, From: day("2024-03-01"), Reason: "coaching"})
	expect("before the amendment", "coaching", time.Time{}, "refused")
	l.at("2024-03-01", 12)
	expect("in the midst of the period", "coaching", time.Time{}, us+"/2")
	expect("the former version is over", "retraining", time.Time{}, "refused")
	l.close()
	l.open()
	expect("after another restart", "coaching", time.Time{}, us+"/2")
	book := l.Books.At(l.now)
	if was := []string{book.On(day("2024-01-01")).Edition(), book.On(day("2024-02-15")).Edition()}; was[0] != "cn-2024" || was[1] != us {
		t.Errorf("the books of earlier days are %v", was)
	}
}

func digestOf(t *testing.T, shipped string) string {
	t.Helper()
	raw, err := rulebooks.Source(shipped)
	if err != nil {
		t.Fatal(err)
	}
	return rulebooks.Digest(raw)
}

func TestWhatTheHouseDoesNotPutInForce(t *testing.T) {
	l := begin(t, "2024-01-08")
	ours := l.file("ours.yaml", "eu-2019-1937", "id: eu-2019-1937", "id: ours")
	broken := l.file("broken.yaml", "eu-2019-1937", "id: eu-2019-1937", "id: broken", "zone: Europe/Brussels", "zone: Europe/Bruxelles")
	china := l.file("china.yaml", "cn-2024", "zone: Asia/Shanghai", "zone: Asia/Urumqi")
	l.file("us-police-ia-1.yaml", "us-police-ia", "version: 1", "version: 9")
	nowhere := "sha256:" + strings.Repeat("0", 64)
	adopt := func(digest, version, from, to string) rulebook.Adopt {
		c := rulebook.Adopt{Version: version, Digest: digest, ValidFrom: day(from)}
		if to != "" {
			c.ValidTo = day(to)
		}
		return c
	}
	l.do("leader:L1", "ours", adopt(ours, "1", "2023-06-01", "2024-06-30"))
	for _, x := range []struct {
		name, subject string
		c             domain.Command
		field, says   string
	}{
		{"a file that is not here", "other", adopt(nowhere, "1", "2025-01-01", ""), "digest", "the folder " + rulebooksDir + " of the data folder"},
		{"an amendment whose file is not here", "ours", rulebook.Amend{Version: "2", Digest: nowhere, From: day("2024-03-01"), Reason: "x"}, "digest", "probity doctor"},
		{"a file with a mistake", "broken", adopt(broken, "1", "2025-01-01", ""), "digest", "broken.yaml:14:"},
		{"under another id", "theirs", adopt(ours, "1", "2025-01-01", ""), "subject", "holds the rulebook ours"},
		{"under another version", "ours", adopt(digestOf(t, "us-police-ia"), "2", "2025-01-01", ""), "subject", "us-police-ia"},
		{"another file as the version that is shipped", "cn-2024", adopt(china, "1", "2025-01-01", ""), "version", "comes with the program"},
		{"for past days on which another was in force", "eu-2019-1937", adopt(digestOf(t, "eu-2019-1937"), "1", "2023-12-01", ""), "validFrom", "2024-01-08 at the earliest"},
		{"in the place of a file of the same name", "us-police-ia", adopt(digestOf(t, "us-police-ia"), "1", "2025-01-01", ""), "digest", "us-police-ia-1.yaml"},
	} {
		t.Run(x.name, func(t *testing.T) {
			_, err := l.try("leader:L1", x.subject, time.Time{}, x.c)
			refusal, ok := errors.AsType[*domain.Refusal](err)
			if !ok || refusal.Field != x.field || !strings.Contains(refusal.Message, x.says) {
				t.Errorf("got %v, want a refusal of %s that says %q", err, x.field, x.says)
			}
		})
	}
	if _, err := l.try("leader:L1", "eu-2019-1937", time.Time{}, adopt(digestOf(t, "eu-2019-1937"), "1", "2018-01-01", "2023-05-31")); err != nil {
		t.Errorf("for past days of the default: %v", err)
	}
	if _, err := l.try("leader:L1", "eu-2019-1937", time.Time{}, rulebook.Adopt{Version: "1", Digest: digestOf(t, "eu-2019-1937"), ValidFrom: day("2024-01-08")}); domain.RefusalCode(err) != domain.CodeExists {
		t.Errorf("a file is adopted once: %v", err)
	}
}

// What is adopted from the program is kept in the folder, so that another
// program, which ships another file, goes on.
func TestAShippedRulebookIsKeptInTheFolder(t *testing.T) {
	l := begin(t, "2024-01-08")
	l.do("leader:L1", "eu-2019-1937", rulebook.Adopt{Version: "1", Digest: digestOf(t, "eu-2019-1937"), ValidFrom: day("2024-01-08")})
	raw, err := os.ReadFile(filepath.Join(l.dir, rulebooksDir, "eu-2019-1937-1.yaml"))
	if err != nil || rulebooks.Digest(raw) != digestOf(t, "eu-2019-1937") {
		t.Errorf("%d bytes, %v", len(raw), err)
	}
}

func TestAHouseWithoutItsRulebookDoesNotRecord(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		name string
		do   func(t *testing.T, l *life, path string)
		says []string
	}{
		{"missing", func(t *testing.T, l *life, path string) {
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
		}, []string{"rulebook ours, version 1", "2024-01-08", "sha256:", rulebooksDir, "ours-1.yaml"}},
		{"changed", func(t *testing.T, l *life, path string) {
			l.file("ours.yaml", "eu-2019-1937", "id: eu-2019-1937", "id: ours", "7 days", "70 days")
		}, []string{"rulebook ours, version 1", "ours.yaml says it is that version, but was changed"}},
		{"spoilt", func(t *testing.T, l *life, path string) {
			if err := os.Rename(path, filepath.Join(filepath.Dir(path), "ours-1.yaml")); err != nil {
				t.Fatal(err)
			}
			l.file("ours-1.yaml", "eu-2019-1937", "id: eu-2019-1937", "id: ours", "zone: Europe/Brussels", "zone: Brussels")
		}, []string{"rulebook ours, version 1", "ours-1.yaml:14:3: calendar.zone:"}},
	} {
		t.Run(x.name, func(t *testing.T) {
			l := begin(t, "2024-01-08")
			digest := l.file("ours.yaml", "eu-2019-1937", "id: eu-2019-1937", "id: ours")
			l.do("leader:L1", "ours", rulebook.Adopt{Version: "1", Digest: digest, ValidFrom: day("2024-01-08")})
			l.close()
			path := filepath.Join(l.dir, rulebooksDir, "ours.yaml")
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			x.do(t, l, path)
			_, err = Open(Config{Dir: l.dir, Write: true, PlainKey: true})
			if !errors.Is(err, ErrNoRulebook) {
				t.Errorf("opened for writing: %v", err)
			}
			for _, says := range x.says {
				if err != nil && !strings.Contains(err.Error(), says) {
					t.Errorf("%q is not said in: %v", says, err)
				}
			}
			h, err := Open(Config{Dir: l.dir})
			if err != nil || !errors.Is(h.NoBooks, ErrNoRulebook) || !errors.Is(h.OpenViews(t.Context(), nil), ErrNoRulebook) {
				t.Fatalf("reading: %v", err)
			}
			if _, err := ledger.Verify(t.Context(), h.Store, ledger.VerifyConfig{Codec: h.Codec, Keys: h.Keys}); err != nil {
				t.Errorf("the ledger does not verify without the file: %v", err)
			}
			if err := h.Close(); err != nil {
				t.Error(err)
			}
			// Put back under any name, all is well.
			if err := os.WriteFile(filepath.Join(filepath.Dir(path), "found.yml"), raw, 0o600); err != nil {
				t.Fatal(err)
			}
			l.open()
			if got := l.Books.At(l.now).ID; got != "ours" {
				t.Errorf("%s is in force", got)
			}
		})
	}
}

// A ledger that lived under two rulebooks shows each deadline as it began,
// kept from day to day and built at once, and warns of it so.
func TestObligationsUnderTwoRulebooks(t *testing.T) {
	l := begin(t, "2024-01-08")
	receive := complaint.Receive{Channel: complaint.ChannelLetter, Category: "delay", Summary: "slow", Unit: "U1"}
	l.do("hr:R1", "U1", unit.Establish{UnitName: "海关", UnitKind: unit.KindAgency})
	l.do("leader:L1", "us-police-ia", rulebook.Adopt{Version: "1", Digest: digestOf(t, "us-police-ia"), ValidFrom: day("2024-02-01")})
	l.at("2024-01-31", 12)
	l.do("intake:T1", "C1", receive)
	l.catchUp()
	l.at("2024-02-02", 12)
	if _, err := l.try("intake:T1", "C2", day("2024-01-31").In(time.UTC), receive); err != nil {
		t.Fatal(err)
	}
	l.do("intake:T1", "C3", receive)
	l.catchUp()
	l.close()
	l.open() // the views go on in the midst of it
	l.do("intake:T1", "C4", receive)
	l.catchUp()
	want := []string{
		"C1 2024-01-31 to 2024-02-15 cn-2024 信访工作条例 art. 22",
		"C2 2024-01-31 to 2024-02-15 cn-2024 信访工作条例 art. 22", // recorded under the second, begun under the first
		"C3 2024-02-02 to 2024-02-09 us-police-ia common practice",
		"C4 2024-02-02 to 2024-02-09 us-police-ia common practice",
	}
	show := func(f projections.ObligationFilter) (out []string) {
		t.Helper()
		f.Clock = "complaint.route"
		o, err := l.Views.As(projections.Principal{Subject: "A", Role: domain.RoleAuditor}).Obligations(t.Context(), f, projections.Page{First: 10})
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range o.Items {
			out = append(out, fmt.Sprintf("%s %s to %s %s %s", x.SubjectID, x.Started, x.Due, x.Rulebook, x.Source))
		}
		slices.Sort(out)
		return out
	}
	if diff := cmp.Diff(want, show(projections.ObligationFilter{})); diff != "" {
		t.Errorf("from day to day (-want +got):\n%s", diff)
	}
	if err := l.Views.Rebuild(t.Context(), l.Store, nil); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, show(projections.ObligationFilter{})); diff != "" {
		t.Errorf("built at once (-want +got):\n%s", diff)
	}
	if err := l.Views.Close(); err != nil {
		t.Fatal(err)
	}
	l.now = day("2024-02-07").In(time.UTC).Add(20 * time.Hour)
	if err := l.OpenViews(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	views := l.Views
	opts := l.ViewOptions()
	opts.ReadOnly, opts.Now = true, func() time.Time { return l.now }
	var err error
	if l.Views, err = projections.Open(l.dir, l.Codec, opts); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want[2:], show(projections.ObligationFilter{ShareAtLeast: 60})); diff != "" {
		t.Errorf("60 per cent used (-want +got):\n%s", diff)
	}
	if err := l.Views.Close(); err != nil {
		t.Fatal(err)
	}
	l.Views = views
	l.pass()
	if diff := cmp.Diff([]string{"2024-02-07 clock:complaint.route 70 U1", "2024-02-07 clock:complaint.route 70 U1"}, l.done()); diff != "" {
		t.Errorf("warned of (-want +got):\n%s", diff)
	}
}

// An adoption beside other commands: what lies before it in the ledger was
// decided by the former rulebook, what lies behind it by the new one.
func TestAnAdoptionBesideOtherCommands(t *testing.T) {
	l := begin(t, "2024-01-08")
	var wg sync.WaitGroup
	record := func(id, subject string, role domain.Role, c domain.Command) {
		_, err := l.Recorder.Record(context.Background(), domain.Instruction{ID: id, Command: c, Act: domain.Act{Subject: subject, Actor: "L1", Role: role}})
		if err != nil && domain.RefusalCode(err) == "" {
			t.Error(err)
		}
	}
	for i := range 16 {
		wg.Go(func() {
			for n := range 10 {
				record("a", fmt.Sprintf("N%d-%d", i, n), domain.RoleLeader, list("retraining"))
				record("b", fmt.Sprintf("N%d-%d", i, n), domain.RoleLeader, list(domain.MeasureWarning))
			}
			if i == 7 {
				record("adopt", "us-police-ia", domain.RoleLeader, rulebook.Adopt{Version: "1", Digest: digestOf(t, "us-police-ia"), ValidFrom: day("2023-01-01")})
			}
		})
	}
	wg.Wait()
	record("a", "last", domain.RoleLeader, list("retraining"))
	now, drafts := "cn-2024", map[string]int{}
	for s, err := range l.Store.ReadAll(t.Context(), ledger.Start) {
		if err != nil {
			t.Fatal(err)
		}
		d, err := l.Codec.Decode(s)
		if err != nil {
			t.Fatal(err)
		}
		switch e := d.Event.(type) {
		case rulebook.Adopted:
			now = "us-police-ia"
		case norm.Drafted:
			drafts[now]++
			if of := map[domain.Measure]string{"retraining": "us-police-ia", domain.MeasureWarning: "cn-2024"}[e.Clauses[0].Least]; of != now || d.Act.Rulebook != now {
				t.Errorf("position %s: by the ladder of %s, under %s, where %s was in force", d.Position, of, d.Act.Rulebook, now)
			}
		}
	}
	if drafts["cn-2024"] == 0 || drafts["us-police-ia"] == 0 {
		t.Errorf("drafts under each: %v", drafts)
	}
}
