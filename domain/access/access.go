// Package access is the room of who read a record file, and why (查阅记录).
// Its id is the officer's: the file as something that is read, apart from the
// officer's own stream, so that looking never stands in the way of acting.
//
// The server notes readings as the system, those of one reader for one
// purpose grouped into one event, and nothing is ever taken out: officers see
// who has read their file.
package access

import (
	"slices"
	"time"

	"github.com/probity-ledger/probity/domain"
)

// Room is the catalog entry.
var Room = domain.NewAggregate("access", "查阅记录",
	[]domain.EventOf[File]{Read{}, Imported{}},
	[]domain.CommandOf[File]{Note{}, Import{}})

// File is the state of one record file as something that is read.
type File struct {
	// Readings is how often it was read.
	Readings int
	// Readers are those who read it, in the order of their first reading in
	// each role.
	Readers []Reader
}

// Reader is one who read the file.
type Reader struct {
	By       domain.ActorID
	Role     domain.Role
	Readings int
	// Last is when they last read it; zero where an old log does not say.
	Last time.Time
}

// read folds readings by one reader.
func (f *File) read(by domain.ActorID, role domain.Role, count int, last time.Time) {
	f.Readings += count
	i := slices.IndexFunc(f.Readers, func(r Reader) bool { return r.By == by && r.Role == role })
	f.Readers = slices.Clone(f.Readers)
	if i < 0 {
		f.Readers = append(f.Readers, Reader{By: by, Role: role, Readings: count, Last: last})
		return
	}
	f.Readers[i].Readings += count
	if last.After(f.Readers[i].Last) {
		f.Readers[i].Last = last
	}
}

// Read: the file was read, once or several times between From and To.
type Read struct {
	Reader domain.ActorID `json:"by"`
	Role   domain.Role    `json:"role"`
	Why    string         `json:"why"`
	Count  int            `json:"count"`
	From   time.Time      `json:"from"`
	To     time.Time      `json:"to"`
}

func (Read) Kind() domain.Kind { return "access.read.v1" }

func (e Read) Apply(f *File, act domain.Act) { f.read(e.Reader, e.Role, e.Count, e.To) }

// Note records that a person read the file. The server gives it, as the
// system; several readings for one purpose may be noted at once.
type Note struct {
	// Reader is who read, in which Role.
	Reader domain.ActorID `json:"by"`
	Role   domain.Role    `json:"role"`
	// Why is the purpose the reader gave, or the page that shows the file.
	Why string `json:"why"`
	// Count is how often; From and To are the first and the last time.
	Count int       `json:"count"`
	From  time.Time `json:"from"`
	To    time.Time `json:"to"`
}

func (Note) Name() domain.CommandName { return "access.note" }

func (Note) By() []domain.Role { return []domain.Role{domain.RoleSystem} }

// Decide refuses readings without a reader or a purpose, and times that run
// backwards or lie after the note.
func (c Note) Decide(f File, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(domain.CheckID("by", c.Reader), domain.CheckOneOf("role", c.Role, readers()...),
		domain.CheckText("why", c.Why), checkCount(c.Count)); err != nil {
		return nil, err
	}
	switch {
	case c.From.IsZero():
		return nil, domain.Refuse(domain.CodeInvalid, "from", "is required")
	case c.To.Before(c.From):
		return nil, domain.Refuse(domain.CodeInvalid, "to", "lies before the first reading")
	case c.To.After(act.OccurredAt):
		return nil, domain.Refuse(domain.CodeInvalid, "to", "lies after the note itself")
	case c.Count == 1 && !c.To.Equal(c.From):
		return nil, domain.Refuse(domain.CodeInvalid, "to", "one reading has one time")
	}
	return []domain.Event{Read(c)}, nil
}

// readers are the roles a person can read in.
func readers() []domain.Role {
	return slices.DeleteFunc(domain.Roles(), func(r domain.Role) bool { return r == domain.RoleSystem || r == domain.RoleImporter })
}

func checkCount(n int) error {
	if n < 1 {
		return domain.Refuse(domain.CodeInvalid, "count", "must be 1 or more")
	}
	return nil
}
