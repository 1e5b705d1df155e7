package ledger

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/probity-ledger/probity/domain"
)

// repeated returns the first result of an instruction recorded before.
//
// The ledger keeps what an instruction became, not the instruction. Whether
// this one is the same is therefore found by deciding it again on the state
// and under the act of the first time: Decide is a function of its arguments
// alone. An id that two people or programs happened to choose on one stream
// is refused thereby, instead of losing the second wish in silence. It is
// decided by the rulebook of the first time. Only the act is compared where
// that one is not known any more, or where the command saw other aggregates,
// which have moved on since.
//
// Nothing is compared for reactions, whose ids nobody else can use, and for
// imports: their ids stand for what the source tells of, such as "officer 7
// is on file", and the first record that tells it is the one kept.
func (r *Recorder) repeated(ctx context.Context, room *domain.Aggregate, stream string, in domain.Instruction, first Revision) ([]domain.Recorded, Receipt, error) {
	receipt := Receipt{Stream: stream, Repeated: true}
	var events []domain.Recorded
	var data [][]byte
	before := room.NewState()
	from := Revision(0)
	named := isReaction(in.ID) || in.Act.Imported()
	if named {
		from = first
	}
	for s, err := range r.cfg.Store.ReadStream(ctx, stream, from) {
		if err != nil {
			return nil, Receipt{}, fmt.Errorf("load %s: %w", stream, err)
		}
		if s.Revision >= first && s.ID != EventIDOf(stream, in.ID, len(events)) {
			break
		}
		d, err := r.cfg.Codec.Decode(s)
		if err != nil {
			return nil, Receipt{}, err
		}
		if s.Revision < first {
			room.Apply(before, d.Event, d.Act)
			continue
		}
		events, data = append(events, d.Recorded), append(data, d.Data)
		receipt.Events = append(receipt.Events, d.ID)
		receipt.Kinds = append(receipt.Kinds, d.Event.Kind())
		receipt.Revision, receipt.Position, receipt.Settled = s.Revision, s.Position, s.Position
	}
	if len(events) == 0 {
		return nil, Receipt{}, fmt.Errorf("load %s: revision %d was there and is no longer", stream, first)
	}
	if (!named || in.Act.Imported() != events[0].Act.Imported()) && !r.sameWish(room, before, in, events, data) {
		return nil, Receipt{}, domain.Refuse(domain.CodeInvalid, "id",
			"%q was used on %s before, for another instruction (recorded %s); give this one an id of its own",
			in.ID, stream, events[0].Act.RecordedAt.Format(time.RFC3339))
	}
	r.enact(room, events)
	return events, receipt, nil
}

// sameWish tells whether the instruction is the one that became the events.
func (r *Recorder) sameWish(room *domain.Aggregate, before any, in domain.Instruction, events []domain.Recorded, data [][]byte) bool {
	act, was := in.Act, events[0].Act
	act.RecordedAt, act.Rulebook = was.RecordedAt, was.Rulebook
	if act.OccurredAt.IsZero() {
		act.OccurredAt = was.OccurredAt
	}
	act.OccurredAt = act.OccurredAt.UTC().Truncate(time.Microsecond)
	if act.Actor != was.Actor || act.Role != was.Role || !act.OccurredAt.Equal(was.OccurredAt) ||
		act.Cause != was.Cause || act.Correlation != was.Correlation || act.Source != was.Source {
		return false
	}
	book := r.bookOf(was.RecordedAt)
	if book == nil || was.Rulebook != book.Edition() || len(room.Reads(before, in.Command, act)) > 0 {
		return true
	}
	decided, err := room.Decide(before, in.Command, act, book)
	if err != nil || len(decided) != len(events) {
		return false
	}
	for i, e := range decided {
		again, err := json.Marshal(e, json.Deterministic(true))
		if err != nil || e.Kind() != events[i].Event.Kind() || !bytes.Equal(again, data[i]) {
			return false
		}
	}
	return true
}

func isReaction(instruction string) bool { return strings.HasPrefix(instruction, reactionPrefix) }
