package spreadsheet

import (
	"errors"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/probity-ledger/probity/domain"
)

// sourceRow is a record that could be read, with its digest.
type sourceRow struct {
	line, number int
	fields       []string
	digest       digest
}

// prepared is an instruction ready to be recorded.
type prepared struct {
	instruction domain.Instruction
	rule        *instruction
	stream      string
	// once is shared by all rows that need the instruction; nil when it is
	// this row's own.
	once *onceEntry
}

// key names a once instruction in the whole run.
func (p prepared) key() string {
	return string(p.instruction.Command.Name()) + "\x00" + p.instruction.Act.Subject
}

// mapper turns rows into instructions. It is used by one goroutine.
type mapper struct {
	plan   *Plan
	tables []table
	now    func() time.Time
}

// noneApplies is the reason of rows that no instruction applies to.
const noneApplies = "no instruction of the map applies to this row; say what it is to become, or skip it with a reason"

// prepare returns the instructions of a row, or of the rows of one group, or
// the reason for which the map skips it. ordinal counts the rows with this
// digest. The error is a *cellError unless the program is wrong.
func (m *mapper) prepare(f *plannedFile, rows []sourceRow, ordinal int) (out []prepared, skip string, err error) {
	e := m.environment(f, rows)
	d := rows[0].digest
	if f.in.group != nil {
		digests := make([]digest, len(rows))
		for i, r := range rows {
			digests[i] = r.digest
		}
		d = digestGroup(digests)
		if err := agree(f, rows); err != nil {
			return nil, "", err
		}
	}
	for _, s := range f.in.skips {
		if ok, err := holds(s.when, e); ok || err != nil {
			return nil, s.reason, err
		}
	}
	for _, rule := range f.in.rows {
		ok, err := holds(rule.when, e)
		if err != nil {
			return nil, "", err
		}
		if !ok {
			continue
		}
		p, err := m.one(e, rule, d)
		if err != nil {
			return nil, "", err
		}
		name := rule.command.text
		if rule.once {
			p.instruction.ID = instructionID(m.plan.m.ID, "once", name, p.instruction.Act.Subject)
			if slices.ContainsFunc(out, func(o prepared) bool { return o.rule.once && o.key() == p.key() }) {
				continue
			}
		} else {
			p.instruction.ID = instructionID(m.plan.m.ID, "row", f.in.name.text, string(d[:]), strconv.Itoa(ordinal), name, strconv.Itoa(rule.ordinal))
		}
		out = append(out, p)
	}
	if len(out) == 0 {
		return nil, "", &cellError{"", "", noneApplies}
	}
	// What other rows need too goes first, so that a refusal of it leaves
	// nothing of this row behind.
	slices.SortStableFunc(out, func(a, b prepared) int { return later(a) - later(b) })
	return out, "", nil
}

func later(p prepared) int {
	if p.rule.once {
		return 0
	}
	return 1
}

func (m *mapper) environment(f *plannedFile, rows []sourceRow) *env {
	envs := make([]*env, len(rows))
	for i, r := range rows {
		envs[i] = &env{in: f.in, zone: m.plan.m.zone, tables: m.tables, fields: r.fields, slots: f.slots}
		if len(f.in.lets) > 0 {
			envs[i].lets = make([]letValue, len(f.in.lets))
		}
	}
	envs[0].group = envs
	return envs[0]
}

// agree refuses a group whose rows differ in a column that stands for the
// whole group.
func agree(f *plannedFile, rows []sourceRow) error {
	for slot, shared := range f.in.shared {
		if !shared {
			continue
		}
		first := strings.TrimFunc(rows[0].fields[f.slots[slot]], blank)
		for _, r := range rows[1:] {
			if v := strings.TrimFunc(r.fields[f.slots[slot]], blank); v != first {
				return &cellError{f.in.columns[slot].text, v, "differs within the group, in which line " + strconv.Itoa(rows[0].line) + " has " + strconv.Quote(first)}
			}
		}
	}
	return nil
}

// one fills in one instruction, but for its id.
func (m *mapper) one(e *env, rule *instruction, d digest) (prepared, error) {
	p := prepared{rule: rule}
	subject, ok, err := rule.subject.text(e)
	if err == nil && !ok {
		err = rule.subject.reject("", "is absent, but names the subject of %s", rule.command.text)
	}
	if err != nil {
		return p, err
	}
	occurred, err := m.occurred(e, rule)
	if err != nil {
		return p, err
	}
	data, _, err := appendObject(make([]byte, 0, 512), rule.fields, e)
	if err != nil {
		return p, err
	}
	name := domain.CommandName(rule.command.text)
	cmd, err := m.plan.codec.ParseCommand(name, data)
	if err != nil {
		return p, m.blame(e, rule, err)
	}
	p.instruction = domain.Instruction{
		Command: cmd,
		Act: domain.Act{
			Subject:    subject,
			Actor:      domain.ActorID(m.plan.m.actor),
			Role:       domain.RoleImporter,
			OccurredAt: occurred,
			Source:     d.source(),
		},
	}
	p.stream = domain.Ref{Type: name.Room(), ID: subject}.Stream()
	return p, m.blame(e, rule, m.check(p.instruction))
}

// occurred returns when it happened; zero when the map does not say.
func (m *mapper) occurred(e *env, rule *instruction) (time.Time, error) {
	f := rule.occurred
	if f == nil {
		f = e.in.occurred
	}
	if f == nil {
		return time.Time{}, nil
	}
	s, ok, err := f.fetch(e)
	if err == nil && ok {
		s, ok, err = f.steps(s, true)
	}
	if err == nil && !ok {
		err = f.reject("", "is absent, but says when it happened")
	}
	if err != nil {
		return time.Time{}, err
	}
	return f.instant(s, m.plan.m.zone)
}

// check asks the room, before anything is recorded, what it would say to the
// instruction if its aggregate had no history: for a command that only an
// importer gives, that is a check of form. Other commands depend on history
// and are left to the ledger.
func (m *mapper) check(in domain.Instruction) error {
	by := m.plan.book.MayGive(in.Command)
	if len(by) != 1 || by[0] != domain.RoleImporter {
		return domain.CheckID("subject", in.Act.Subject)
	}
	act := in.Act
	act.RecordedAt = m.now()
	act.Rulebook = m.plan.book.Edition()
	if act.OccurredAt.IsZero() {
		act.OccurredAt = act.RecordedAt
	}
	room := m.plan.codec.Catalog().Room(in.Command.Name().Room())
	_, err := room.Decide(room.NewState(), in.Command, act, m.plan.book)
	return err
}

// blame turns a refusal into a rejection that names the column behind the
// refused field. Other errors pass.
func (m *mapper) blame(e *env, rule *instruction, err error) error {
	r, ok := errors.AsType[*domain.Refusal](err)
	if !ok {
		return err
	}
	out := &cellError{reason: rule.command.text + ": " + r.Error()}
	f := rule.behind(e.in, r.Field)
	if f == nil {
		return out
	}
	out.column = f.source
	if f.ref >= 0 && f.column.text != "" {
		out.value = e.fields[e.slots[f.ref]]
	} else if s, ok, err := f.fetchText(e); ok && err == nil {
		out.value = s
	}
	return out
}

// fetchText is the field's text for a message; nothing for lists.
func (f *field) fetchText(e *env) (string, bool, error) {
	if f.object != nil || f.list != nil || f.each != nil {
		return "", false, nil
	}
	return f.fetch(e)
}

// behind returns the field of the map that a refusal is about; nil when it
// is about none.
func (rule *instruction) behind(in *input, name string) *field {
	name = strings.TrimPrefix(name, "data.")
	name, _, _ = strings.Cut(name, ".")
	switch name {
	case "subject":
		return rule.subject
	case "occurredAt":
		if rule.occurred != nil {
			return rule.occurred
		}
		return in.occurred
	}
	for _, nf := range rule.fields {
		if nf.name == name {
			return nf.value
		}
	}
	return nil
}

// sizeOf estimates the memory that a row holds, in bytes.
func sizeOf(r sourceRow) int {
	n := int(reflect.TypeFor[sourceRow]().Size())
	for _, f := range r.fields {
		n += len(f) + 16
	}
	return n
}
