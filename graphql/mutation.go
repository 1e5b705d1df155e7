package graphql

import (
	"context"
	"encoding/base64"
	"slices"

	gql "github.com/graphql-go/graphql"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
)

// Recorder records what people wish. It answers for it that nobody commands
// on what they may not see, and is given nobody's wish in another's name. A
// line is an instruction in its JSON form; who reported stands in it in plain
// words, as the member "reporter", and is sealed on the way.
type Recorder interface {
	Record(ctx context.Context, who projections.Principal, line []byte) (ledger.Receipt, error)
	// Try decides and records nothing.
	Try(ctx context.Context, who projections.Principal, line []byte) (ledger.Prepared, error)
	Prepare(ctx context.Context, who projections.Principal, in domain.Instruction) (ledger.Prepared, error)
	Submit(ctx context.Context, who projections.Principal, p ledger.Prepared) (ledger.Receipt, error)
	// Shown returns once the views show what is recorded up to the position,
	// or after a while without them.
	Shown(context.Context, ledger.Position) error
}

// prepared is the source of what was prepared.
type prepared struct {
	ledger.Prepared
	text string
}

// writing are the types of the two steps by which something is recorded.
type writing struct {
	prepared, recorded *gql.Object
	signatureInput     *gql.InputObject
}

// defineMutation: whoever records through GraphQL does so in their own name
// and role, by the mutation of a command, or in two steps where they sign with
// a key of their own. What is opened from under its seal is recorded first.
func (b *builder) defineMutation() error {
	b.mutation = b.object("Mutation", "What can be recorded: in your own name and role. There is a field for each command; prepare and submit are for what you sign with your own key. Several in one document are carried out one after another, and one that is refused undoes none before it.")
	w := writing{
		prepared: b.object("Prepared", "What will be recorded, for its author to sign. It is good for one hour, and until somebody else records something about the same subject."),
		recorded: b.object("Recorded", "What an instruction became."),
		signatureInput: b.input("SignatureInput", "A signature of one payload.",
			arg("payload", gql.NewNonNull(gql.Int), "Which of the payloads, counted from 0."),
			arg("keyid", gql.NewNonNull(gql.String), "The key: the SHA-256 of its SPKI DER, in hex. It is enrolled as yours."),
			arg("sig", gql.NewNonNull(gql.String), "The signature over the bytes of toSign, in base64.")),
	}
	b.define(w.recorded,
		word("stream", "The stream it lies in.", func(r *ledger.Receipt) string { return r.Stream }),
		plain("events", "The ids of its events, in order.", mustList(gql.ID), func(r *ledger.Receipt) any {
			ids := make([]string, len(r.Events))
			for i, id := range r.Events {
				ids[i] = string(id)
			}
			return ids
		}),
		long("revision", "The place of the last in its stream.", func(r *ledger.Receipt) uint64 { return uint64(r.Revision) }),
		long("position", "The place of the last in the ledger.", func(r *ledger.Receipt) ledger.Position { return r.Position }),
		flag("repeated", "Whether it was on file before; nothing was added then.", func(r *ledger.Receipt) bool { return r.Repeated }))
	b.define(w.prepared,
		plain("prepared", "To be handed to submit as it is; null when it is on file already.", gql.String, func(p *prepared) any { return orNull(p.text) }),
		plain("payloads", "The events, in base64, byte for byte as they will be recorded.", mustList(gql.String), func(p *prepared) any {
			return encoded(p.Payloads, func(payload []byte) []byte { return payload })
		}),
		plain("toSign", "What is signed for each payload: its DSSE pre-authentication encoding, in base64.", mustList(gql.String), func(p *prepared) any {
			return encoded(p.Payloads, ledger.PAE)
		}),
		plain("recorded", "What it became, when it is on file already.", w.recorded, func(p *prepared) any {
			if p.Recorded == nil {
				return nil
			}
			return p.Recorded
		}))
	b.define(b.mutation,
		rooted("prepare", "Decides an instruction without recording it.", w.prepared,
			[]argument{arg("instruction", gql.NewNonNull(gql.String), "The instruction, a JSON text: id, command, subject, actor, role, data.")},
			func(r *request, in input) (any, error) { return r.prepare(in.text("instruction")) }),
		rooted("submit", "Records what was prepared and signed. What it shows is in the views a moment later.", w.recorded,
			[]argument{
				arg("prepared", gql.NewNonNull(gql.String), "What prepare answered."),
				arg("signatures", gql.NewNonNull(gql.NewList(gql.NewNonNull(w.signatureInput))), "The author's signatures: one for each payload."),
			},
			func(r *request, in input) (any, error) { return r.submit(in) }),
		b.unsealing())
	return b.defineCommands(w)
}

func encoded(payloads [][]byte, of func([]byte) []byte) []string {
	out := make([]string, len(payloads))
	for i, p := range payloads {
		out[i] = base64.StdEncoding.EncodeToString(of(p))
	}
	return out
}

// recorder refuses where nothing can be recorded.
func (r *request) recorder() (Recorder, error) {
	if r.service.config.Recorder == nil {
		return nil, domain.Refuse(domain.CodeState, "", "this ledger is open for reading only")
	}
	return r.service.config.Recorder, nil
}

// mayAct refuses whoever is not signed in.
func (r *request) mayAct() error {
	if who := r.reader.Principal(); who.Subject == "" || who.Role == domain.RolePublic {
		return domain.Refuse(domain.CodeForbidden, "role", "sign in to record anything")
	}
	return nil
}

// ownInstruction reads an instruction and refuses one in another's name.
func (r *request) ownInstruction(text []byte) (domain.Instruction, error) {
	if err := r.mayAct(); err != nil {
		return domain.Instruction{}, err
	}
	in, err := r.service.config.Codec.ParseInstruction(text)
	if err != nil {
		return in, err
	}
	who := r.reader.Principal()
	switch {
	case string(in.Act.Actor) != who.Subject:
		return in, domain.Refuse(domain.CodeForbidden, "actor", "you act as %s and in no other name", who.Subject)
	case in.Act.Role != who.Role:
		return in, domain.Refuse(domain.CodeForbidden, "role", "you are signed in as %s", who.Role)
	}
	return in, nil
}

func (r *request) prepare(text string) (any, error) {
	recorder, err := r.recorder()
	if err != nil {
		return nil, err
	}
	in, err := r.ownInstruction([]byte(text))
	if err != nil {
		return nil, err
	}
	p, err := recorder.Prepare(r.ctx, r.reader.Principal(), in)
	if err != nil {
		return nil, err
	}
	return newPrepared(p)
}

func newPrepared(p ledger.Prepared) (*prepared, error) {
	out := &prepared{Prepared: p}
	if p.Recorded == nil {
		raw, err := ledger.MarshalPrepared(p)
		if err != nil {
			return nil, err
		}
		out.text = string(raw)
	}
	return out, nil
}

func (r *request) submit(in input) (any, error) {
	recorder, err := r.recorder()
	if err != nil {
		return nil, err
	}
	p, err := ledger.ParsePrepared([]byte(in.text("prepared")))
	if err != nil {
		return nil, err
	}
	if _, err := r.ownInstruction(p.Instruction); err != nil {
		return nil, err
	}
	if err := addSignatures(&p, in); err != nil {
		return nil, err
	}
	receipt, err := recorder.Submit(r.ctx, r.reader.Principal(), p)
	if err != nil {
		return nil, err
	}
	return &receipt, nil
}

// addSignatures puts the signatures to their payloads, at least one to each.
func addSignatures(p *ledger.Prepared, in input) error {
	p.Signatures = make([][]ledger.Signature, len(p.Payloads))
	list, _ := in["signatures"].([]any)
	for _, item := range list {
		one, _ := item.(map[string]any)
		s := input(one)
		i := s.number("payload")
		if i < 0 || i >= len(p.Payloads) {
			return domain.Refuse(domain.CodeInvalid, "payload", "%d is none of the %d payloads, which are counted from 0", i, len(p.Payloads))
		}
		sig, err := base64.StdEncoding.Strict().DecodeString(s.text("sig"))
		if err != nil {
			return domain.Refuse(domain.CodeInvalid, "sig", "is not base64")
		}
		p.Signatures[i] = append(p.Signatures[i], ledger.Signature{KeyID: ledger.KeyID(s.text("keyid")), Sig: sig})
	}
	if i := slices.IndexFunc(p.Signatures, func(s []ledger.Signature) bool { return len(s) == 0 }); i >= 0 {
		return domain.Refuse(domain.CodeIncomplete, "signatures", "payload %d has none: what is recorded here is signed by its author", i)
	}
	return nil
}
