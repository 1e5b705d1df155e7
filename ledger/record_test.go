package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/reward"
	"github.com/probity-ledger/probity/ledger"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var publiciseR1 = domain.Instruction{
	ID: "publicise-R1", Command: reward.Publicise{Medium: "notice board"},
	Act: domain.Act{Subject: "R1", Actor: "hr-li", Role: domain.RoleHR},
}

// sealed makes a signed first event of a stream, ready to be appended.
func sealed(t testing.TB, b *bench, id string) (ledger.Entry, []byte) {
	t.Helper()
	stream := "reward-" + id
	uid := ledger.EventIDOf(stream, id, 0)
	act := domaintest.By("hr-li", domain.RoleHR)
	act.Subject = id
	payload, err := b.codec.Encode(domain.Recorded{
		ID: domain.EventID(uid.String()), Stream: stream, Act: act,
		Event: reward.Nominated{Unit: "U7", Honour: "commendation", Merit: "diligence"},
	}, ledger.Hash{})
	if err != nil {
		t.Fatal(err)
	}
	envelope, err := ledger.Seal(payload, b.signer)
	if err != nil {
		t.Fatal(err)
	}
	return ledger.Entry{ID: uid, Envelope: envelope}, payload
}

func TestRecordDecidesOnWhatIsRecorded(t *testing.T) {
	b := newBench(t, ledger.Ed25519)
	b.record(t, nominate("R1", 0))
	_, err := b.recorder.Record(t.Context(), publiciseR1)
	if domain.RefusalCode(err) != domain.CodeState {
		t.Fatalf("publicising before verifying: got %v, want a refusal", err)
	}
	if n := len(b.store.events); n != 1 {
		t.Fatalf("a refusal recorded something: %d events", n)
	}
	b.record(t, verifyMerit("R1", 0), publiciseR1)
	cold := b.newRecorder(b.store)
	_, err = cold.Record(t.Context(), domain.Instruction{ID: "again", Command: reward.Verify{Opinion: "x"}, Act: domain.Act{Subject: "R1", Actor: "hr-zhao", Role: domain.RoleHR}})
	if domain.RefusalCode(err) != domain.CodeState {
		t.Fatalf("a recorder that starts cold did not see the history: %v", err)
	}
	if _, err := b.verify(t, false); err != nil {
		t.Fatal(err)
	}
}

func TestRecordSeesWhatAnotherProcessRecorded(t *testing.T) {
	b := newBench(t, ledger.Ed25519)
	other := b.newRecorder(b.store)
	b.record(t, nominate("R1", 0))
	if _, err := other.Record(t.Context(), verifyMerit("R1", 0)); err != nil {
		t.Fatal(err)
	}
	// The first recorder's cache is behind: neither a refusal nor an append
	// may rest on it.
	b.record(t, publiciseR1)
	if _, err := other.Record(t.Context(), verifyMerit("R1", 1)); domain.RefusalCode(err) != domain.CodeState {
		t.Fatalf("got %v, want the second verification refused", err)
	}
	if _, err := b.verify(t, false); err != nil {
		t.Fatal(err)
	}
}

func TestARepeatedInstructionIsRecordedOnce(t *testing.T) {
	b := newBench(t, ledger.Ed25519)
	first, err := b.recorder.Record(t.Context(), nominate("R1", 0))
	if err != nil || first.Repeated {
		t.Fatalf("first: %+v, %v", first, err)
	}
	b.record(t, verifyMerit("R1", 0))
	for _, r := range []*ledger.Recorder{b.recorder, b.newRecorder(b.store)} {
		again, err := r.Record(t.Context(), nominate("R1", 0))
		if err != nil {
			t.Fatal(err)
		}
		want := first
		want.Repeated = true
		if diff := cmp.Diff(want, again); diff != "" {
			t.Errorf("repeat (-want +got):\n%s", diff)
		}
	}
	if n := len(b.store.events); n != 2 {
		t.Errorf("%d events, want 2", n)
	}
}

func TestConcurrentCommandsOnOneStreamAllCount(t *testing.T) {
	b := newBench(t, ledger.Ed25519)
	b.record(t, nominate("R1", 0), verifyMerit("R1", 0), publiciseR1)
	recorders := []*ledger.Recorder{b.recorder, b.newRecorder(b.store), b.newRecorder(b.store)}
	var wg sync.WaitGroup
	for i := range 60 {
		wg.Go(func() {
			in := domain.Instruction{ID: fmt.Sprintf("object-%d", i), Command: reward.Object{Ground: "doubt"}, Act: domain.Act{Subject: "R1", Actor: "P9", Role: domain.RoleOfficer}}
			for {
				_, err := recorders[i%3].Record(t.Context(), in)
				if errors.Is(err, ledger.ErrWrongRevision) {
					continue // lost more races in a row than a call takes on
				}
				if err != nil {
					t.Error(err)
				}
				return
			}
		})
	}
	wg.Wait()
	if n := len(b.store.events); n != 63 {
		t.Errorf("%d events, want 63", n)
	}
	if _, err := b.verify(t, false); err != nil {
		t.Fatal(err)
	}
}

// lossy is a store whose acknowledgements get lost.
type lossy struct {
	*shelf
	lose int
}

func (l *lossy) Append(ctx context.Context, stream string, expected ledger.Revision, entries []ledger.Entry) (ledger.Appended, error) {
	done, err := l.shelf.Append(ctx, stream, expected, entries)
	if errors.Is(err, ledger.ErrWrongRevision) {
		if last := l.events[len(l.events)-1]; last.ID == entries[len(entries)-1].ID {
			done, err = ledger.Appended{Revision: last.Revision, Position: last.Position}, nil
		}
	}
	if err == nil && l.lose > 0 {
		l.lose--
		return ledger.Appended{}, ledger.ErrUnknownOutcome
	}
	return done, err
}

func TestALostAcknowledgementIsAnsweredByTheSameAppend(t *testing.T) {
	b := newBench(t, ledger.Ed25519)
	r := b.newRecorder(&lossy{b.store, 3})
	receipt, err := r.Record(t.Context(), nominate("R1", 0))
	if err != nil || receipt.Position != 1 {
		t.Fatalf("got %+v, %v", receipt, err)
	}
	if n := len(b.store.events); n != 1 {
		t.Errorf("%d events, want 1", n)
	}
}

func TestRefusedInstructions(t *testing.T) {
	b := newBench(t, ledger.Ed25519)
	cases := map[string]struct {
		change func(in *domain.Instruction)
		field  string
	}{
		"without an id":              {func(in *domain.Instruction) { in.ID = "" }, "id"},
		"with an endless id":         {func(in *domain.Instruction) { in.ID = strings.Repeat("x", 129) }, "id"},
		"with a reaction's id":       {func(in *domain.Instruction) { in.ID = "reaction:x/y/0" }, "id"},
		"without a subject":          {func(in *domain.Instruction) { in.Act.Subject = "" }, "subject"},
		"with a subject that breaks": {func(in *domain.Instruction) { in.Act.Subject = "R 1\n" }, "subject"},
		"without an actor":           {func(in *domain.Instruction) { in.Act.Actor = "" }, "actor"},
		"by the system as a person":  {func(in *domain.Instruction) { in.Act.Actor = domain.ActorSystem }, "actor"},
		"without a command":          {func(in *domain.Instruction) { in.Command = nil }, "command"},
		"with a cause that is none":  {func(in *domain.Instruction) { in.Act.Cause = "yesterday" }, "cause"},
		"with a cause in capitals": {func(in *domain.Instruction) {
			in.Act.Cause = "5A8F5C0E-0D63-5C5B-9D3A-6F0F2B1D7C11"
		}, "cause"},
		"with a broken correlation": {func(in *domain.Instruction) { in.Act.Correlation = "\xff" }, "correlation"},
		"from before there was writing": {func(in *domain.Instruction) {
			in.Act.OccurredAt = time.Date(-1, 12, 31, 1, 0, 0, 0, time.UTC)
		}, "occurredAt"},
		"by a person as the system": {func(in *domain.Instruction) { in.Act.Role = domain.RoleSystem }, "role"},
		"by a role without power":   {func(in *domain.Instruction) { in.Act.Role = domain.RolePublic }, "role"},
		"from the future":           {func(in *domain.Instruction) { in.Act.OccurredAt = domaintest.On("2030-01-01") }, "occurredAt"},
		"with a source, not import": {func(in *domain.Instruction) { in.Act.Source = "sha256:00" }, "source"},
		"with overlong matter": {func(in *domain.Instruction) {
			in.Command = reward.Nominate{Unit: "U7", Honour: "commendation", Merit: strings.Repeat("勤", 4000)}
		}, "merit"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			in := nominate("R1", 0)
			c.change(&in)
			_, err := b.recorder.Record(t.Context(), in)
			refusal, ok := errors.AsType[*domain.Refusal](err)
			if !ok || refusal.Field != c.field {
				t.Fatalf("got %v, want a refusal of %s", err, c.field)
			}
			if len(b.store.events) != 0 {
				t.Fatal("something was recorded")
			}
		})
	}
}

func TestReactionsFollowOnceAndNameTheirCause(t *testing.T) {
	follow := domain.Reaction{
		Name: "refuse-at-once", On: "reward.nominated.v1",
		Then: func(r domain.Recorded) []domain.Instruction {
			return []domain.Instruction{
				{Command: reward.AnswerObjection{Answer: "none open"}, Act: domain.Act{Subject: r.Act.Subject}}, // refused
				{Command: reward.Import{Officer: "P7", Honour: "shadow"}, Act: domain.Act{Subject: r.Act.Subject + "-x"}},
			}
		},
	}
	b := newBench(t, ledger.Ed25519)
	var refused []string
	book := domain.CN2024()
	book.Authority = map[domain.CommandName][]domain.Role{
		"reward.answer_objection": {domain.RoleSystem}, "reward.import": {domain.RoleSystem},
	}
	newRecorder := func() *ledger.Recorder {
		return ledger.NewRecorder(ledger.RecorderConfig{
			Store: b.store, Signer: b.signer, Codec: b.codec, Book: book, Now: domaintestNow, Reactions: []domain.Reaction{follow},
			ReactionRefused: func(_ domain.Recorded, in domain.Instruction, err error) {
				refused = append(refused, string(in.Command.Name()))
			},
		})
	}
	if _, err := newRecorder().Record(t.Context(), nominate("R1", 0)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"reward.answer_objection"}, refused); diff != "" {
		t.Errorf("refused reactions (-want +got):\n%s", diff)
	}
	// A restart follows everything again and adds nothing.
	if err := newRecorder().CatchUp(t.Context(), ledger.Start, nil); err != nil {
		t.Fatal(err)
	}
	if n := len(b.store.events); n != 2 {
		t.Fatalf("%d events, want the cause and one effect", n)
	}
	cause, err := b.codec.Decode(b.store.events[0])
	if err != nil {
		t.Fatal(err)
	}
	effect, err := b.codec.Decode(b.store.events[1])
	if err != nil {
		t.Fatal(err)
	}
	if effect.Act.Cause != cause.ID || effect.Act.Correlation != cause.ID || effect.Act.Actor != domain.ActorSystem {
		t.Errorf("effect %+v does not name its cause %s", effect.Act, cause.ID)
	}
}

func domaintestNow() time.Time { return domaintest.Now }

func TestInstructionsSurviveTheirJSONForm(t *testing.T) {
	b := newBench(t, ledger.Ed25519)
	in := nominate("R1", 0)
	raw, err := ledger.MarshalInstruction(in)
	if err != nil {
		t.Fatal(err)
	}
	got, err := b.codec.ParseInstruction(raw)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(in, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestMalformedInstructionsNameTheField(t *testing.T) {
	b := newBench(t, ledger.Ed25519)
	const head = `{"id":"1","command":"reward.nominate","subject":"R1","actor":"hr-li","role":"hr",`
	const sanctionHead = `{"id":"1","command":"sanction.propose","subject":"S1","actor":"x","role":"hr",`
	cases := map[string]struct{ text, field, says string }{
		"not JSON":             {`{"id":`, "id", "malformed JSON"},
		"an array":             {`[]`, "", ""},
		"an unknown field":     {head + `"colour":"red","data":{}}`, "colour", "no such field"},
		"a twin field":         {head + `"actor":"hr-wu","data":{}}`, "actor", "duplicate"},
		"an unknown role":      {`{"id":"1","command":"reward.nominate","subject":"R1","actor":"x","role":"king"}`, "role", "king"},
		"the system role":      {`{"id":"1","command":"reward.nominate","subject":"R1","actor":"x","role":"system"}`, "role", "system"},
		"an unknown command":   {`{"id":"1","command":"reward.steal","subject":"R1","actor":"x","role":"hr"}`, "command", "reward.steal"},
		"unknown data":         {head + `"data":{"merits":"x"}}`, "data.merits", "no such field"},
		"mistyped data":        {head + `"data":{"merit":7}}`, "data.merit", "must be text"},
		"a list for an object": {head + `"data":[]}`, "data", "must be an object"},
		"a broken time":        {head + `"occurredAt":"yesterday","data":{}}`, "occurredAt", "a time of the form"},
		"the zero of programs": {head + `"occurredAt":"0001-01-01T00:00:00Z","data":{}}`, "occurredAt", "leave it out"},
		"a number for a time":  {head + `"occurredAt":7,"data":{}}`, "occurredAt", "a time of the form"},
		"a name to escape":     {head + `"data":{"a/b~c":1}}`, "data.a/b~c", "no such field"},
		"invalid UTF-8":        {head + `"data":{"merit":"` + "\xff" + `"}}`, "data.merit", "UTF-8"},
		"a number too large":   {sanctionHead + `"data":{"months":99999999999999999999}}`, "data.months", "a whole number"},
		"a broken number":      {sanctionHead + `"data":{"months":1.5}}`, "data.months", "a whole number"},
		"an object for a list": {sanctionHead + `"data":{"acts":{}}}`, "data.acts", "must be a list"},
		"two in one line":      {head + `"data":{}} {}`, "", "after top-level value"},
		"endless":              {head + `"data":{"merit":"` + strings.Repeat("x", 4*ledger.MaxEnvelope) + `"}}`, "", "bytes long"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			in, err := b.codec.ParseInstruction([]byte(c.text))
			if named := strings.HasPrefix(c.text, head) || strings.HasPrefix(c.text, sanctionHead); named && in.ID == "" {
				t.Error("the id could be read and is not told")
			}
			refusal, ok := errors.AsType[*domain.Refusal](err)
			if !ok || refusal.Field != c.field || !strings.Contains(refusal.Message, c.says) {
				t.Fatalf("got %#v, want a refusal of field %q that says %q", err, c.field, c.says)
			}
			if strings.Contains(refusal.Message, "Go ") || strings.Contains(refusal.Message, "2006") {
				t.Errorf("%q speaks of the program's own types", refusal.Message)
			}
		})
	}
}
