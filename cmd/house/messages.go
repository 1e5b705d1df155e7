package house

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql"
	"github.com/probity-ledger/probity/projections"
)

// Messages returns what went to and fro on a complaint that the reader sees; nil
// where they see none. What it says is for intake and the handler of the
// complaint, unless they are complained about or were recused; others are told
// that there are messages, and of how many files.
func (h *House) Messages(ctx context.Context, reader *projections.Reader, id domain.ComplaintID) ([]graphql.Message, error) {
	c, opens, err := h.corresponds(ctx, reader, id)
	if c == nil || err != nil {
		return nil, err
	}
	o := unlocked{h: h, c: c}
	if opens == nil {
		if o, err = h.unlock(c); err != nil {
			return nil, err
		}
	}
	list := c.messages
	if len(c.files) > 0 {
		list = append([]sealedMessage{c.received}, list...)
	}
	var ids []domain.EventID
	for _, m := range list {
		ids = append(ids, m.event)
	}
	known, err := reader.EventsByID(ctx, ids) // so that the answer shows one position
	if err != nil {
		return nil, err
	}
	var out []graphql.Message
	for _, m := range list {
		if known[m.event] == nil {
			continue
		}
		text, readable, err := o.said(m)
		if err != nil {
			return nil, err
		}
		out = append(out, graphql.Message{Event: m.event, FromReporter: m.field != questionField, At: m.at, Text: text, Readable: readable, Files: o.named(m.files)})
	}
	return out, nil
}

// named are files under the names that can be unlocked.
func (o unlocked) named(list []domain.Evidence) []domain.Evidence {
	out := slices.Clone(list)
	for i, f := range o.files(list) {
		out[i].Name = f.Name
	}
	return out
}

// corresponds reads the correspondence of a complaint that the reader sees; nil
// where they see none. opens says why what it holds is not for them.
func (h *House) corresponds(ctx context.Context, reader *projections.Reader, id domain.ComplaintID) (c *correspondence, opens, err error) {
	who := reader.Principal()
	seen, err := reader.Complaint(ctx, id)
	if err != nil || seen == nil {
		return nil, nil, err
	}
	if c, err = h.correspondence(ctx, string(id)); err != nil {
		return nil, nil, err
	}
	return c, c.state.Corresponds(domain.Act{Subject: string(id), Actor: domain.ActorID(who.Subject), Role: who.Role}, h.Books.At(h.now())), nil
}

// ComplaintFile opens a file that the reporter of a complaint handed in, by its
// digest, for whom [House.Messages] shows messages to; the evidence has the name
// that they gave it. What the principal does not see, what is not there and
// what was erased are refused with NOT_FOUND. Reading ends with an error where
// the file was changed. The house must be open for writing.
func (h *House) ComplaintFile(ctx context.Context, who projections.Principal, id domain.ComplaintID, digest string) (io.ReadCloser, domain.Evidence, error) {
	none := domain.Refuse(domain.CodeNotFound, "digest", "there is no such file that %s sees", who.Subject)
	if h.vault == nil {
		return nil, domain.Evidence{}, domain.Refuse(domain.CodeForbidden, "", "this copy of the ledger is open for reading alone, and opens nothing that is sealed; ask the server")
	}
	c, opens, err := h.corresponds(ctx, h.Views.As(who), id)
	if err != nil {
		return nil, domain.Evidence{}, err
	}
	if c == nil {
		return nil, domain.Evidence{}, none
	}
	if opens != nil {
		return nil, domain.Evidence{}, opens
	}
	e, found := c.evidence(digest)
	if !found {
		return nil, e, none
	}
	o, err := h.unlock(c)
	if err != nil {
		return nil, e, err
	}
	if o.u == nil {
		return nil, e, none
	}
	r, name, err := h.vault.files.open(o.u, c.key, digest)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, e, none
	}
	e.Name = name
	return r, e, err
}
