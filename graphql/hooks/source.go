package hooks

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
	"github.com/probity-ledger/probity/projections/roster"
)

// NoticeType is the type of the messages of a hook with Records, TestType that
// of a trial.
const (
	NoticeType = "probity.records.changed.v1"
	TestType   = "probity.webhook.test.v1"
)

// message is what is sent at once.
type message struct {
	id       string
	kind     domain.Kind     // of an event
	after    ledger.Position // where it begins
	position ledger.Position // where it ends
	recorded time.Time
	officers []domain.OfficerID // of whom it tells
	body     []byte
}

// source finds what a hook has to send.
type source interface {
	interest() projections.Interest
	// next returns messages from behind a state's position up to another, in
	// order, and how far they reach. One that was attempted is the same again.
	next(ctx context.Context, r *projections.Reader, s State, through ledger.Position) (messages []message, reached ledger.Position, err error)
	// again returns a message that was given up; false where there is nothing
	// any more that the hook may be told.
	again(ctx context.Context, r *projections.Reader, d Dead) (message, bool, error)
}

// cloudEvent is what is sent: CloudEvents 1.0 in structured mode. The names
// are those of the ledger's own payloads, and so are the values, as far as the
// hook may know them.
type cloudEvent struct {
	SpecVersion string `json:"specversion"`
	ID          string `json:"id"`
	Source      string `json:"source"`
	Type        string `json:"type"`
	Subject     string `json:"subject,omitzero"`
	Time        string `json:"time"`

	Position string `json:"position"`
	Veiled   bool   `json:"veiled,omitzero"`

	*recorded `json:",inline"`

	Data jsontext.Value `json:"data"`
}

// recorded is what events have besides.
type recorded struct {
	Stream        string `json:"stream"`
	Revision      int64  `json:"revision"`
	Actor         string `json:"actor"`
	Role          string `json:"role"`
	OccurredAt    string `json:"occurredat"`
	Rulebook      string `json:"rulebook"`
	CausationID   string `json:"causationid,omitzero"`
	CorrelationID string `json:"correlationid,omitzero"`
	SourceDigest  string `json:"sourcedigest,omitzero"`
}

const (
	specVersion = "1.0"
	timeForm    = "2006-01-02T15:04:05.000000Z"
)

func timeText(t time.Time) string { return t.UTC().Format(timeForm) }

// pageEvents is how many events are fetched at once.
const pageEvents = 100

// events sends the events of some kinds.
type events struct {
	codec *ledger.Codec
	kinds []domain.Kind
}

func (s *events) interest() projections.Interest { return projections.Interest{Kinds: s.kinds} }

func (s *events) next(ctx context.Context, r *projections.Reader, at State, through ledger.Position) ([]message, ledger.Position, error) {
	after := at.Position
	list, err := r.Events(ctx, projections.EventFilter{Kinds: s.kinds, After: after, Through: through, Order: projections.RecordedAsc}, projections.Page{First: pageEvents})
	if err != nil {
		return nil, after, err
	}
	out := make([]message, len(list.Items))
	reached := after
	for i := range list.Items {
		if out[i], err = s.message(&list.Items[i]); err != nil {
			return nil, after, err
		}
		out[i].after, reached = reached, out[i].position
	}
	if !list.HasNextPage {
		reached = through
	}
	return out, reached, nil
}

func (s *events) again(ctx context.Context, r *projections.Reader, d Dead) (message, bool, error) {
	id := domain.EventID(d.ID)
	found, err := r.EventsByID(ctx, []domain.EventID{id})
	if err != nil || found[id] == nil {
		return message{}, false, err
	}
	m, err := s.message(found[id])
	return m, true, err
}

func (s *events) message(e *projections.Event) (message, error) {
	body, err := json.Marshal(cloudEvent{
		SpecVersion: specVersion, ID: string(e.ID), Source: s.codec.Origin(), Type: string(e.Kind), Subject: e.Subject.ID, Time: timeText(e.RecordedAt),
		Position: e.Position.String(), Veiled: e.Veiled,
		recorded: &recorded{
			Stream: e.Subject.Stream(), Revision: e.Revision, Actor: string(e.Actor), Role: string(e.Role), OccurredAt: timeText(e.OccurredAt),
			Rulebook: e.Rulebook, CausationID: string(e.Cause), CorrelationID: string(e.Correlation), SourceDigest: e.Source,
		},
		Data: e.Data,
	})
	if err != nil {
		return message{}, fmt.Errorf("write event %s: %w", e.ID, err)
	}
	officers, err := s.officers(e)
	return message{id: string(e.ID), kind: e.Kind, position: e.Position, recorded: e.RecordedAt, officers: officers, body: body}, err
}

// officers are those of whom an event tells the hook.
func (s *events) officers(e *projections.Event) ([]domain.OfficerID, error) {
	t := s.codec.Catalog().Event(e.Kind)
	if t == nil {
		return nil, fmt.Errorf("event %s is of kind %q, which is not in the catalog", e.ID, e.Kind)
	}
	ptr := t.New()
	if err := json.Unmarshal(e.Data, ptr); err != nil {
		return nil, fmt.Errorf("read event %s: %w", e.ID, err)
	}
	var out []domain.OfficerID
	seen := map[string]bool{}
	for _, touch := range t.Touches(domain.Act{Subject: e.Subject.ID}, t.Value(ptr)) {
		if touch.Ref.Type == officer.Room.Name && !seen[touch.Ref.ID] {
			seen[touch.Ref.ID] = true
			out = append(out, domain.OfficerID(touch.Ref.ID))
		}
	}
	return out, nil
}

// records sends notices that the feed of record files has something new.
type records struct {
	origin, name string
	now          func() time.Time
}

func (s *records) interest() projections.Interest { return projections.Interest{} }

func (s *records) next(ctx context.Context, r *projections.Reader, at State, through ledger.Position) ([]message, ledger.Position, error) {
	after := at.Position
	if tried := at.Attempt.Through; tried > after { // it may have been taken, so it says no more than it did
		m, err := s.message(after, tried)
		return []message{m}, tried, err
	}
	begun, err := roster.Cursor{Since: after}.Begin(ctx, r, time.Time{})
	if err != nil {
		return nil, after, err
	}
	through = max(through, begun.Through)
	for _, err := range begun.Rows(ctx, r) { // one that differs is enough
		if err != nil {
			return nil, after, err
		}
		m, err := s.message(after, through)
		return []message{m}, through, err
	}
	return nil, through, nil
}

func (s *records) again(_ context.Context, _ *projections.Reader, d Dead) (message, bool, error) {
	m, err := s.message(d.After, d.Position)
	return m, true, err
}

// message is a notice; its id is that of what lies between the positions, so
// that one which tells of more is another.
func (s *records) message(after, through ledger.Position) (message, error) {
	cursor := roster.Cursor{Since: after}.String()
	data, err := json.Marshal(struct {
		Cursor string `json:"cursor"`
		Feed   string `json:"feed"`
	}{cursor, "/hr/records?" + url.Values{"cursor": {cursor}}.Encode()})
	if err != nil {
		return message{}, err
	}
	id := uuid.NewSHA1(uuid.NameSpaceURL, fmt.Appendf(nil, "%s webhook %s %s %s", s.origin, s.name, cursor, through)).String()
	now := s.now()
	body, err := json.Marshal(cloudEvent{
		SpecVersion: specVersion, ID: id, Source: s.origin, Type: NoticeType, Time: timeText(now), Position: through.String(), Data: data,
	})
	return message{id: id, after: after, position: through, recorded: now, body: body}, err
}
