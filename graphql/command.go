package graphql

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
	gql "github.com/graphql-go/graphql"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
)

// mutationOf is a command as a field of the mutation.
type mutationOf struct {
	*domain.CommandType
	// sealed is the member whose plain text is sealed on its way in; empty for
	// nearly all commands.
	sealed string
	// members are the names of the command's members in JSON.
	members map[string]bool
}

func newMutationOf(t *domain.CommandType) *mutationOf {
	m := &mutationOf{CommandType: t, members: map[string]bool{}}
	for i := range t.Type.NumField() {
		f := t.Type.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		m.members[name] = true
		if isSealed(f.Type) {
			m.sealed = name
		}
	}
	return m
}

// isSealed tells the types of what is given in plain words and sealed on its
// way in.
func isSealed(t reflect.Type) bool {
	return t == reflect.TypeFor[domain.Sealed]() || t == reflect.TypeFor[domain.SealedText]()
}

// defineCommands gives the mutation a field for each command of the catalog.
func (b *builder) defineCommands(w writing) error {
	words, err := readWords()
	if err != nil {
		return err
	}
	types := newCommandTypes(b, words)
	outcome := b.defineOutcome(w)
	for _, room := range b.catalog.Aggregates {
		for _, t := range room.Commands {
			m := newMutationOf(t)
			b.define(b.mutation, rooted(camel(string(t.Name)), commandDoc(words, t), outcome, m.arguments(types, room),
				func(r *request, in input) (any, error) { return r.command(m, in) }))
		}
	}
	return nil
}

func commandDoc(w *words, t *domain.CommandType) string {
	roles := make([]string, len(t.By))
	for i, role := range t.By {
		roles[i] = strings.ToUpper(string(role))
	}
	return fmt.Sprintf("%s For %s, unless the rulebook says otherwise.", w.typeDoc(t.Type), strings.Join(roles, ", "))
}

func (m *mutationOf) arguments(types *commandTypes, room *domain.Aggregate) []argument {
	args := append([]argument{arg("subject", gql.NewNonNull(gql.ID), "To whom or what it is done, by its id: "+room.Name+" "+room.Chinese+".")}, types.input(m.CommandType)...)
	if slices.Contains(m.By, domain.RoleImporter) {
		args = append(args, arg("source", gql.String, "The digest of the source record, \"sha256:\" and 64 lower-case hex digits."))
	}
	return append(args,
		arg("id", gql.ID, "Your own id of this wish: asked again with it, nothing is recorded twice. Made when absent."),
		arg("occurredAt", scalarDateTime, "When it happened; now when absent."),
		arg("dryRun", gql.Boolean, "Decide alone, and record nothing."),
		arg("prepare", gql.Boolean, "Return what is recorded for your signature, and record nothing; see submit."))
}

// outcome is what became of a command.
type outcome struct {
	id       string
	recorded bool
	unsigned bool
	ledger.Receipt
	prepared *prepared
}

// commandEvent is one event of an outcome.
type commandEvent struct {
	id      domain.EventID
	kind    domain.Kind
	outcome *outcome
}

// defineOutcome makes the type of what a mutation answers.
func (b *builder) defineOutcome(w writing) *gql.Object {
	one := b.object("CommandEvent", "An event that a command became, or would become.")
	b.define(one,
		id("id", "The id, a UUID. It derives from stream and instruction: asked again it is the same.", func(e *commandEvent) domain.EventID { return e.id }),
		word("kind", "What happened and the version of its form.", func(e *commandEvent) domain.Kind { return e.kind }),
		read("event", "The event; null when it is not recorded or you may not see it.", b.event, nil,
			func(r *request, e *commandEvent, _ input) (any, error) { return r.recorded(e) }))
	o := b.object("CommandOutcome", "What became of a command.")
	b.define(o,
		id("id", "The id of the instruction, yours or the one that was made.", func(o *outcome) string { return o.id }),
		word("stream", "The stream of the subject.", func(o *outcome) string { return o.Stream }),
		flag("recorded", "Whether it is on file; false for what was decided alone, or prepared.", func(o *outcome) bool { return o.recorded }),
		flag("repeated", "Whether it was on file before; nothing was added then.", func(o *outcome) bool { return o.Repeated }),
		flag("needsSignature", "Whether it counts only with your signature, and so has to be prepared and submitted.", func(o *outcome) bool { return o.unsigned }),
		plain("events", "Its events, in order.", mustList(one), func(o *outcome) any {
			list := make([]*commandEvent, len(o.Events))
			for i, id := range o.Events {
				list[i] = &commandEvent{id, o.Kinds[i], o}
			}
			return list
		}),
		plain("revision", "The place of the last event in its stream; null when it is not recorded.", scalarLong, func(o *outcome) any { return o.onFile(uint64(o.Revision)) }),
		plain("position", "The place of the last event in the ledger; null when it is not recorded.", scalarLong, func(o *outcome) any { return o.onFile(o.Position) }),
		read("followed", "What followed by reaction in the same moment, as far as you may see it.", listOf(b.event), nil,
			func(r *request, o *outcome, _ input) (any, error) { return r.followed(o) }),
		plain("prepared", "What is to be signed, where that was asked for.", w.prepared, func(o *outcome) any {
			if o.prepared == nil {
				return nil
			}
			return o.prepared
		}))
	return o
}

func (o *outcome) onFile(value any) any {
	if !o.recorded {
		return nil
	}
	return value
}

// recorded is an event of an outcome as the views show it.
func (r *request) recorded(e *commandEvent) (any, error) {
	if err := r.shown(e.outcome); err != nil || !e.outcome.recorded {
		return nil, err
	}
	return one(r, &r.events, e.id)
}

func (r *request) followed(o *outcome) (any, error) {
	if err := r.shown(o); err != nil {
		return nil, err
	}
	return several(r, &r.events, o.Followed)
}

// shown waits until the views show what was recorded.
func (r *request) shown(o *outcome) error {
	if !o.recorded {
		return nil
	}
	return r.service.config.Recorder.Shown(r.ctx, o.Settled)
}

// command carries out a mutation, or decides it alone. Mutations of one
// document come here one after another; each looks with eyes of its own, for
// the one before may have changed what may be seen.
func (r *request) command(m *mutationOf, in input) (any, error) {
	recorder, err := r.recorder()
	if err != nil {
		return nil, err
	}
	if err := r.mayAct(); err != nil {
		return nil, err
	}
	*r = *newRequest(r.ctx, r.service.config.Views.As(r.reader.Principal()), r.service)
	w := &wish{mutationOf: m, who: r.reader.Principal(), in: in, id: in.text("id")}
	if w.id == "" {
		if _, given := in["id"].(string); given {
			return nil, domain.Refuse(domain.CodeInvalid, "id", "is empty; leave it out to have one made")
		}
		w.id = uuid.NewString()
	}
	out, err := r.carryOut(recorder, w)
	if err != nil {
		return nil, w.explain(err)
	}
	return out, nil
}

func (r *request) carryOut(recorder Recorder, w *wish) (*outcome, error) {
	line, err := w.line()
	if err != nil {
		return nil, err
	}
	dry, prepare := w.in.flag("dryRun"), w.in.flag("prepare")
	switch {
	case dry && prepare:
		return nil, domain.Refuse(domain.CodeInvalid, "prepare", "goes with no dryRun: what is prepared is recorded by submit alone")
	case dry:
		p, err := recorder.Try(r.ctx, w.who, line)
		return w.prepared(p), err
	case prepare:
		if w.sealed != "" && w.in.object("input")[w.sealed] != nil {
			return nil, domain.Refuse(domain.CodeInvalid, w.sealed, "is sealed while it is recorded, and goes with nothing prepared: record it without prepare, by a command of its own")
		}
		instruction, err := r.service.config.Codec.ParseInstruction(line)
		if err != nil {
			return nil, err
		}
		p, err := recorder.Prepare(r.ctx, w.who, instruction)
		if err != nil {
			return nil, err
		}
		out := w.prepared(p)
		out.prepared, err = newPrepared(p)
		return out, err
	}
	receipt, err := recorder.Record(r.ctx, w.who, line)
	if err != nil {
		return nil, err
	}
	return w.receipt(receipt), nil
}

// wish is a command that a principal gives through a mutation.
type wish struct {
	*mutationOf
	who projections.Principal
	in  input
	id  string
}

// line is the instruction in its JSON form: the way in is the same for all.
func (w *wish) line() ([]byte, error) {
	var out struct {
		ID         string         `json:"id"`
		Command    string         `json:"command"`
		Subject    string         `json:"subject"`
		Actor      string         `json:"actor"`
		Role       string         `json:"role"`
		OccurredAt *time.Time     `json:"occurredAt,omitempty"`
		Source     string         `json:"source,omitzero"`
		Data       map[string]any `json:"data,omitzero"`
		// Sealed holds what is sealed, under the name of its member.
		Sealed map[string]any `json:",embed"`
	}
	out.ID, out.Command, out.Subject = w.id, string(w.Name), w.in.text("subject")
	out.Actor, out.Role, out.Source = w.who.Subject, string(w.who.Role), w.in.text("source")
	if at, ok := w.in["occurredAt"].(time.Time); ok {
		out.OccurredAt = &at
	}
	out.Data = w.in.object("input")
	if w.sealed != "" {
		out.Data = maps.Clone(out.Data)
		if given := out.Data[w.sealed]; given != nil {
			out.Sealed = map[string]any{w.sealed: given}
		}
		delete(out.Data, w.sealed)
	}
	line, err := json.Marshal(&out, json.Deterministic(true))
	if err != nil {
		return nil, errors.New("an instruction cannot be written as JSON") // and not why: that may tell who reported
	}
	return line, nil
}

func (w *wish) receipt(r ledger.Receipt) *outcome {
	return &outcome{id: w.id, recorded: true, Receipt: r}
}

func (w *wish) prepared(p ledger.Prepared) *outcome {
	if p.Recorded != nil {
		return w.receipt(*p.Recorded)
	}
	return &outcome{id: w.id, unsigned: p.Unsigned, Receipt: ledger.Receipt{Stream: p.Stream, Events: p.Events, Kinds: p.Kinds}}
}

// explain has a refusal name the member of the input that it is about.
func (w *wish) explain(err error) error {
	refusal, ok := errors.AsType[*domain.Refusal](err)
	if !ok {
		return err
	}
	told := *refusal
	first, rest, _ := strings.Cut(told.Field, ".")
	switch {
	case first == "data":
		told.Field = "input." + rest
	case w.members[first]:
		told.Field = "input." + told.Field
	case first == "signature" && told.Code == domain.CodeIncomplete:
		told.Message += "; here: ask with prepare: true, sign what it returns and give it to submit"
	}
	return &told
}
