package agency_test

import (
	"cmp"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/probity-ledger/probity/cmd/probity/agency"
	"github.com/probity-ledger/probity/cmd/rulebooks"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/catalog"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/reactions"
	"github.com/probity-ledger/probity/domain/rulebook"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/ledgertest"
)

var update = flag.Bool("update", false, "append histories for kinds that stand in none to ledger/testdata/histories")

// historyOrigin names the ledger of the committed histories, and gives their
// key, which protects nothing.
const historyOrigin = "probity.test/histories"

var histories = filepath.Join("..", "..", "..", "ledger", "testdata", "histories")

// Every kind stands in a whole history of its aggregate that is committed as
// bytes. This test makes what is missing; ledger replays them. With -update
// whole streams of the agency are appended, as few as meet the kinds that
// stand in none so far; what stands there is never written again.
func TestEveryKindStandsInACommittedHistory(t *testing.T) {
	var recorded map[string][]event
	for _, room := range catalog.New().Aggregates {
		path := filepath.Join(histories, room.Name+".ndjson")
		text, err := os.ReadFile(path)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		kept, err := ledgertest.ParseHistory(text)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		codec := ledger.NewCodec(catalog.New(), historyOrigin)
		missing := map[domain.Kind]bool{}
		for _, k := range room.Events {
			missing[k.Kind] = true
		}
		taken := map[string]bool{}
		for _, s := range kept {
			d, err := codec.Decode(s)
			if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			delete(missing, d.Event.Kind())
			taken[s.Stream] = true
		}
		if len(missing) > 0 && *update {
			if recorded == nil {
				recorded = play(t)
			}
			text = append(text, choose(t, recorded, taken, missing)...)
			if err := os.WriteFile(path, text, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		for k := range missing {
			t.Errorf("%s stands in no committed history; let the agency record it and run 'go test ./cmd/probity/agency -run History -update', then 'go test ./ledger -run Histor -update'", k)
		}
	}
}

// play records the agency of the default plan, and what it leaves out, under
// the key of the histories, and returns its streams.
func play(t *testing.T) map[string][]event {
	t.Helper()
	seed := sha256.Sum256([]byte(historyOrigin))
	signer, err := ledger.NewSigner(ed25519.NewKeyFromSeed(seed[:]))
	if err != nil {
		t.Fatal(err)
	}
	public, err := ledger.MarshalPublicKey(signer.Public())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(histories, "key.pem"), public, 0o644); err != nil {
		t.Fatal(err)
	}
	store, codec, clock := ledgertest.NewMemory(), ledger.NewCodec(catalog.New(), historyOrigin), agency.NewClock()
	defer store.Close()
	recorder := ledger.NewRecorder(ledger.RecorderConfig{
		Store: store, Signer: signer, Codec: codec, Book: domain.CN2024(), Reactions: reactions.All(), Now: clock.Now,
	})
	if _, err := agency.Build(t.Context(), agency.Plan{End: end, Clock: clock}, recorder.Record, nil); err != nil {
		t.Fatal(err)
	}
	tell(t, recorder, domain.RoleLeader, twoRulebooks(domain.DateOf(end)))
	tell(t, recorder, domain.RoleHR, outsidePost())
	tell(t, recorder, domain.RoleIntake, sealedReporter())
	tell(t, recorder, domain.RolePublic, correspondence())
	tell(t, recorder, domain.RoleIntake, asked())
	police, _, err := rulebooks.Open("us-police-ia")
	if err != nil {
		t.Fatal(err)
	}
	tell(t, ledger.NewRecorder(ledger.RecorderConfig{Store: store, Signer: signer, Codec: codec, Book: police, Now: clock.Now}),
		domain.RoleInspector, tolledCase())
	keys := keyLives(t, signer, codec, clock.Now)
	defer keys.Close()
	out := map[string][]event{}
	for _, store := range []ledger.Store{store, keys} {
		for s, err := range store.ReadAll(t.Context(), ledger.Start) {
			if err != nil {
				t.Fatal(err)
			}
			d, err := codec.Decode(s)
			if err != nil {
				t.Fatal(err)
			}
			out[s.Stream] = append(out[s.Stream], event{s, d.Event.Kind()})
		}
	}
	return out
}

// event is a stored event whose kind is known.
type event struct {
	ledger.Stored
	kind domain.Kind
}

type toldTo struct {
	subject string
	command domain.Command
}

// tell records what the agency leaves out.
func tell(t *testing.T, recorder *ledger.Recorder, role domain.Role, list []toldTo) {
	t.Helper()
	for i, o := range list {
		in := domain.Instruction{ID: fmt.Sprint("history-", role, "-", i), Command: o.command,
			Act: domain.Act{Subject: o.subject, Actor: domain.ActorID(role + "-history"), Role: role}}
		if _, err := recorder.Record(t.Context(), in); err != nil {
			t.Fatalf("%s: %v", o.command.Name(), err)
		}
	}
}

// outsidePost is a service from its first day to a post outside.
func outsidePost() []toldTo {
	return []toldTo{
		{"HG-9001", officer.Enroll{FullName: "周远行", LatinName: "Zhou Yuanxing", Unit: "HG"}},
		{"HG-9001", officer.Separate{Reason: officer.ReasonResigned}},
		{"HG-9001", officer.ClearOutsidePost{Employer: "临浦图书馆"}},
	}
}

// sealedReporter is a complaint whose reporter is put under seal, opened and
// erased: the play has no vault.
func sealedReporter() []toldTo {
	under := domain.Sealed{Key: "0f5ad1e3", Ciphertext: "AWZha2Ugc2VhbGVkIHRleHQ="}
	return []toldTo{
		{"HG-TS-9001", complaint.Receive{Channel: complaint.ChannelLetter, Category: "delay", Summary: "goods held for a week", RealName: true, Reporter: under}},
		{"HG-TS-9001", complaint.UnsealReporter{Reason: "to ask for the date"}},
		{"HG-TS-9001", complaint.EraseReporter{Ground: "个人信息保护法 art. 47"}},
	}
}

// correspondence is a complaint with a receipt code, which its reporter adds to.
func correspondence() []toldTo {
	under := domain.SealedText{Key: "7be1d0a4", Ciphertext: "AWZha2Ugc2VhbGVkIHRleHQ="}
	file := domain.Evidence{Digest: "sha256:" + strings.Repeat("ab", 32), MediaType: "image/jpeg", Size: 4096}
	return []toldTo{
		{"HG-TS-9002", complaint.Receive{Channel: complaint.ChannelWeb, Category: "delay", Summary: "goods held for a week", Evidence: []domain.Evidence{file},
			Receipt: complaint.Receipt{Hash: "5f0c7a1be2d34496a1b2c3d4e5f60718", Key: under.Key}}},
		{"HG-TS-9002", complaint.Reply{Reply: under, Evidence: []domain.Evidence{file}}},
	}
}

// asked is a question to that reporter.
func asked() []toldTo {
	return []toldTo{{"HG-TS-9002", complaint.AskReporter{Question: domain.SealedText{Key: "7be1d0a4", Ciphertext: "AWZha2Ugc2VhbGVkIHRleHQ="}}}}
}

// tolledCase is a case whose limitation stands still for a while, which only
// a rulebook with a limitation has.
func tolledCase() []toldTo {
	return []toldTo{
		{"IA-0001", misconduct.Open{Origin: misconduct.OriginSelfReport, Officers: []domain.OfficerID{"PO-0001"}, Conduct: "force beyond policy"}},
		{"IA-0001", misconduct.RecordDiscovery{Officer: "PO-0001", On: domain.DateOf(end).AddDays(-10), Basis: "the sergeant's report"}},
		{"IA-0001", misconduct.BeginTolling{Officer: "PO-0001", Ground: "criminal_case", Reason: "the district attorney investigates"}},
		{"IA-0001", misconduct.EndTolling{Officer: "PO-0001"}},
	}
}

// twoRulebooks amends one rulebook and replaces it by another.
func twoRulebooks(today domain.Date) []toldTo {
	digest := func(digit string) string { return "sha256:" + strings.Repeat(digit, 64) }
	return []toldTo{
		{"old-book", rulebook.Adopt{Version: "1", Digest: digest("1"), ValidFrom: today}},
		{"old-book", rulebook.Amend{Version: "2", Digest: digest("2"), From: today.AddDays(30), Reason: "the terms of review"}},
		{"new-book", rulebook.Adopt{Version: "1", Digest: digest("3"), ValidFrom: today.AddDays(90)}},
		{"old-book", rulebook.Supersede{Successor: "new-book", From: today.AddDays(90)}},
	}
}

// choose picks streams until no kind is missing that any of them has, the one
// with most of them first, and returns their lines.
func choose(t *testing.T, recorded map[string][]event, taken map[string]bool, missing map[domain.Kind]bool) []byte {
	t.Helper()
	var out []ledger.Stored
	for {
		best, most := "", 0
		for stream, events := range recorded {
			news := map[domain.Kind]bool{}
			for _, e := range events {
				if missing[e.kind] {
					news[e.kind] = true
				}
			}
			better := len(news) > most || (len(news) == most && most > 0 && shorter(stream, best, recorded))
			if !taken[stream] && better {
				best, most = stream, len(news)
			}
		}
		if best == "" {
			lines, err := ledgertest.FormatHistory(out)
			if err != nil {
				t.Fatal(err)
			}
			return lines
		}
		taken[best] = true
		for _, e := range recorded[best] {
			delete(missing, e.kind)
			out = append(out, e.Stored)
		}
	}
}

// shorter orders streams by their length, then by name.
func shorter(a, b string, recorded map[string][]event) bool {
	return cmp.Or(cmp.Compare(len(recorded[a]), len(recorded[b])), cmp.Compare(a, b)) < 0
}
