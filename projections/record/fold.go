package record

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/access"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/reward"
	"github.com/probity-ledger/probity/domain/sanction"
)

// AsOf asks for the file as of another moment. The two sides combine; the
// zero AsOf leaves nothing out.
type AsOf struct {
	// Recorded: only events recorded up to and including this moment.
	Recorded time.Time
	// Occurred: only what had happened by then.
	Occurred time.Time
}

// Includes tells whether the event belongs in the file as of the moment.
func (a AsOf) Includes(act domain.Act) bool {
	return (a.Recorded.IsZero() || !act.RecordedAt.After(a.Recorded)) &&
		(a.Occurred.IsZero() || !act.OccurredAt.After(a.Occurred))
}

// Days says on which day something happened: the domain.Calendar of a
// rulebook, or the domain.Shelf of several.
type Days interface{ Day(time.Time) domain.Date }

// Fold makes the record file of the officer from entries, in the order of
// the ledger, as it stands on the day. Entries that do not concern the
// officer change nothing. cal says on which day an event without a date of
// its own took place.
func Fold(id domain.OfficerID, entries []Entry, day domain.Date, cal Days) File {
	file := Contents(id, entries, day, cal)
	file.Head = HeadOf(entries)
	return file
}

// Contents is the file that Fold makes, without its head.
func Contents(id domain.OfficerID, entries []Entry, day domain.Date, cal Days) File {
	f := folder{
		file: File{Officer: id, Day: day, Readings: []Reading{}}, cal: cal,
		sanctions: map[string]*sanctionFold{}, rewards: map[string]*rewardFold{},
		complaints: map[string]*complaintFold{}, cases: map[string]*caseFold{},
	}
	for _, e := range entries {
		f.source = sourceOf(e)
		f.add(e)
	}
	f.finish()
	return f.file
}

// ReadAgain adds to a file who read it since: entries of that stream, later
// than all that the file was folded from. head is the head with them. The
// file given stays as it is.
func ReadAgain(file File, entries []Entry, head Head) File {
	f := folder{file: file}
	f.file.Readings = slices.Clip(file.Readings)
	f.file.Head = head
	for _, e := range entries {
		f.source = sourceOf(e)
		f.addReading(e.Event)
	}
	return f.file
}

// HeadOf makes the head of a file that was folded from the entries.
func HeadOf(entries []Entry) Head {
	var head Head
	ids := sha256.New()
	for _, e := range entries {
		ids.Write([]byte(e.ID))
		head.Position, head.Events = e.Position, head.Events+1
	}
	head.Hash = "sha256:" + hex.EncodeToString(ids.Sum(nil))
	return head
}

func sourceOf(e Entry) Source {
	return Source{Event: e.ID, Kind: e.Event.Kind(), Position: e.Position,
		OccurredAt: e.Act.OccurredAt, RecordedAt: e.Act.RecordedAt, Imported: e.Act.Imported()}
}

// folder holds the file while it is folded.
type folder struct {
	file   File
	cal    Days
	source Source // of the entry being folded

	service      officer.Officer
	restrictions []Restriction
	sanctions    map[string]*sanctionFold
	rewards      map[string]*rewardFold
	complaints   map[string]*complaintFold
	cases        map[string]*caseFold
	order        int // counts what is put on file, to keep its order
}

func applyTo[S any](state *S, e Entry) {
	if ev, ok := e.Event.(domain.EventOf[S]); ok {
		ev.Apply(state, e.Act)
	}
}

func (f *folder) add(e Entry) {
	switch e.Event.Kind().Room() {
	case officer.Room.Name:
		if e.Act.Subject == string(f.file.Officer) {
			f.addService(e)
		}
	case sanction.Room.Name:
		f.addSanction(e)
	case reward.Room.Name:
		f.addReward(e)
	case complaint.Room.Name:
		f.addComplaint(e)
	case misconduct.Room.Name:
		f.addCase(e)
	case access.Room.Name:
		if e.Act.Subject == string(f.file.Officer) {
			f.addReading(e.Event)
		}
	}
}

// orDay returns the date, or the day of the entry when there is none.
func (f *folder) orDay(d domain.Date) domain.Date {
	if d.IsZero() {
		return f.cal.Day(f.source.OccurredAt)
	}
	return d
}

// finish turns what was folded by aggregate into lists, in the order in
// which each came on file.
func (f *folder) finish() {
	file := &f.file
	for _, r := range f.restrictions {
		if !file.Day.Before(r.From) && (r.ForGood || !file.Day.After(r.Until)) {
			file.Restrictions = append(file.Restrictions, r)
		}
	}
	barred := len(file.Inquiries) > 0
	file.Barred = &barred
	for _, s := range inOrder(f.sanctions, func(s *sanctionFold) int { return s.order }) {
		if s.state.Officer == file.Officer {
			file.Sanctions = append(file.Sanctions, s.entry(file.Day))
		}
	}
	for _, r := range inOrder(f.rewards, func(r *rewardFold) int { return r.order }) {
		if r.state.Officer == file.Officer {
			file.Rewards = append(file.Rewards, r.entry())
		}
	}
	for _, c := range inOrder(f.complaints, func(c *complaintFold) int { return c.order }) {
		if c.named {
			file.Complaints = append(file.Complaints, c.entry())
		}
	}
	slices.SortFunc(file.Training, func(a, b TrainingYear) int { return cmp.Compare(a.Year, b.Year) })
	slices.SortStableFunc(file.Appraisals, func(a, b Appraisal) int { return cmp.Compare(a.Year, b.Year) })
	slices.SortFunc(file.Indicators, func(a, b YearIndicators) int { return cmp.Compare(a.Year, b.Year) })
}

func inOrder[T any](m map[string]*T, order func(*T) int) []*T {
	out := make([]*T, 0, len(m))
	for _, v := range m {
		out = append(out, v)
	}
	slices.SortFunc(out, func(a, b *T) int { return cmp.Compare(order(a), order(b)) })
	return out
}

// next numbers what comes on file.
func (f *folder) next() int {
	f.order++
	return f.order
}
