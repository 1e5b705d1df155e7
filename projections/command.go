package projections

import (
	"context"
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/disclosure"
	"github.com/probity-ledger/probity/domain/key"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/post"
	"github.com/probity-ledger/probity/domain/rulebook"
	"github.com/probity-ledger/probity/domain/unit"
)

// Unbound tells the principal whom nothing keeps from anything: all units are
// in their scope, and they are recused from nobody.
func (r *Reader) Unbound() bool { return scope{who: r.who, everywhere: r.who.everywhere()}.unbound() }

// Reaches tells whether the principal may command on what the instruction is
// addressed to: it lies in their units, or concerns somebody who serves there,
// and it concerns nobody they are recused from. Handlers command on the
// complaints assigned to them, officers on their own matters. What is not on
// file is not reached.
//
// It says nothing of the command itself: who may give it, and in which state
// of things, is the rulebook's and the room's to say.
func (r *Reader) Reaches(ctx context.Context, in domain.Instruction) (bool, error) {
	s, err := r.reaching(ctx)
	if err != nil || s.unbound() {
		return s.unbound(), err
	}
	t := r.views.codec.Catalog().Command(in.Command.Name())
	room := t.Name.Room()
	switch {
	case room == key.Room.Name:
		holder, found, err := r.holder(ctx, in.Act.Subject)
		if err != nil || !found {
			return false, err
		}
		return r.vouches(ctx, s, holder)
	case slices.Contains(ofAll, room):
		return s.everywhere, nil
	}
	cond := s.reach(room)
	if t.Outward("subject") {
		cond = s.naming(room)
	}
	ids, err := r.within(ctx, room, []string{in.Act.Subject}, cond)
	return ids[in.Act.Subject], err
}

// MayName refuses a command that names what the principal may not: units,
// posts and people outside their units, matters that they do not see, and in a
// matter that is judged, anybody they are recused from. onFile: the subject is
// one that the principal reaches, and what its events touch may be named.
//
// What is hidden and what is not on file are refused alike, with the path of
// the member.
func (r *Reader) MayName(ctx context.Context, in domain.Instruction, onFile bool) error {
	s, err := r.reaching(ctx)
	if err != nil || s.unbound() {
		return err
	}
	t := r.views.codec.Catalog().Command(in.Command.Name())
	subject := domain.Ref{Type: t.Name.Room(), ID: in.Act.Subject}
	if slices.Contains(ofAll, subject.Type) && !s.everywhere {
		return domain.Refuse(domain.CodeForbidden, "", "this holds for the whole ledger, and your units do not take in all of it")
	}
	named := slices.DeleteFunc(t.Names(in.Command), func(n domain.Touch) bool { return reached[n.Ref.Type] == "" || t.Outward(n.As) })
	seen, err := r.nameable(ctx, s, named)
	if err != nil {
		return err
	}
	for _, n := range named {
		ok := seen[n.Ref] && !s.recusedFrom(subject.Type, n.Ref)
		if !ok && onFile {
			if ok, err = r.linked(ctx, subject, n.Ref); err != nil {
				return err
			}
		}
		if !ok {
			return domain.Refuse(domain.CodeNotFound, n.As, "there is no %s %s that you may name here", n.Ref.Type, n.Ref.ID)
		}
	}
	return nil
}

// nameable returns those of what is named that the principal may name. All
// units being in scope, the room is asked whether there is such a unit, post
// or officer.
func (r *Reader) nameable(ctx context.Context, s scope, named []domain.Touch) (map[domain.Ref]bool, error) {
	out, byRoom := map[domain.Ref]bool{}, map[string][]string{}
	for _, n := range named {
		if room := n.Ref.Type; s.everywhere && (room == unit.Room.Name || room == post.Room.Name || room == officer.Room.Name) {
			out[n.Ref] = true
		} else {
			byRoom[room] = append(byRoom[room], n.Ref.ID)
		}
	}
	for room, ids := range byRoom {
		found, err := r.within(ctx, room, ids, s.naming(room))
		if err != nil {
			return nil, err
		}
		for id := range found {
			out[domain.Ref{Type: room, ID: id}] = true
		}
	}
	return out, nil
}

// recusedFrom tells whom and what the principal may not bring into a matter of
// the room.
func (s scope) recusedFrom(room string, ref domain.Ref) bool {
	switch {
	case !s.judges(room):
		return false
	case ref.Type == officer.Room.Name:
		return slices.Contains(s.recused, ref.ID)
	case ref.Type == unit.Room.Name:
		return slices.Contains(s.recusedUnits, ref.ID)
	}
	return false
}

// MayBegin refuses a command that would begin something outside the
// principal's units: the new thing belongs to what the command names, all of
// which MayName has let through, and it names something. What holds for the
// whole ledger, such as a rulebook or a new agency, is begun by those alone who
// have all of it in scope.
func (r *Reader) MayBegin(ctx context.Context, in domain.Instruction) error {
	s, err := r.reaching(ctx)
	if err != nil || s.unbound() {
		return err
	}
	t := r.views.codec.Catalog().Command(in.Command.Name())
	room := t.Name.Room()
	if room == key.Room.Name {
		var holder domain.ActorID
		for _, n := range t.Names(in.Command) {
			if n.As == "holder" {
				holder = domain.ActorID(n.Ref.ID)
			}
		}
		ok, err := r.vouches(ctx, s, holder)
		if err == nil && !ok {
			err = domain.Refuse(domain.CodeForbidden, "holder", "you vouch for those alone who serve in your units")
		}
		return err
	}
	common := []string{norm.Room.Name, disclosure.Room.Name, rulebook.Room.Name}
	if !slices.Contains(ofAll, room) && slices.ContainsFunc(t.Names(in.Command), func(n domain.Touch) bool {
		return reached[n.Ref.Type] != "" && !slices.Contains(common, n.Ref.Type) && !t.Outward(n.As)
	}) {
		return nil
	}
	if !s.everywhere {
		return domain.Refuse(domain.CodeForbidden, "", "your units do not take in the whole ledger: name the unit, or the person, that this belongs to")
	}
	return nil
}
