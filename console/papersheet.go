package console

import (
	"errors"
	"fmt"
	"html/template"
	"strconv"
	"strings"

	"github.com/probity-ledger/probity/console/tongues"
)

// sheet is what a paper shows beside the answer.
type sheet struct {
	// Style is the style sheet, and Policy what the file may load, of a paper
	// that is read without a server.
	Style  template.CSS
	Policy string
	// Lines are what Code holds.
	Lines []line
	Code  *code
	// Receipt is nil where nobody signed for the answer, or Long.
	Receipt    *code
	Long       bool
	Checkpoint string
	At, Day    string // as of which the paper shows something: the moment, and its day
	Signs      []string
}

// line is a name and a value that a reader checks.
type line struct{ Name, Value string }

// newSheet writes what lets a reader check the paper.
func newSheet(v *view, p paper, at string, proof *Proof) (*sheet, error) {
	s := &sheet{Checkpoint: proof.Checkpoint, Signs: p.signs, At: at}
	add := func(name, value string) {
		if value != "" {
			s.Lines = append(s.Lines, line{name, oneLine(value)})
		}
	}
	add("ledger", v.Origin)
	add("file", p.refType+"/"+v.PathValue("id"))
	add("at", at)
	add("shownTo", shownTo(v.Visitor))
	add("position", proof.Position)
	if p.asOf {
		var answer struct {
			Officer struct {
				RecordFile struct {
					Day  string
					Head struct {
						Events int
						Hash   string
					}
				}
			}
		}
		if err := v.into(&answer); err != nil {
			return nil, err
		}
		file := answer.Officer.RecordFile
		s.Day = file.Day
		add("events", strconv.Itoa(file.Head.Events))
		add("state", file.Head.Hash)
	}
	add("answer", "sha256:"+proof.Digest)
	// A signed note is the ledger, the size and the root, and then signatures.
	if note := strings.SplitN(proof.Checkpoint, "\n", 4); len(note) == 4 {
		add("tree", note[1]+" "+note[2])
	}
	add("address", paperAddress(v.Request, at))
	var err error
	if s.Code, err = newCode(s.held(), moderate); err != nil {
		return nil, err
	}
	if proof.Receipt != "" {
		if s.Receipt, err = newCode(proof.Receipt, dense); errors.Is(err, errLongCode) {
			s.Long, err = true, nil
		}
	}
	return s, err
}

// shownTo names who is shown a paper, as 'probity export paper --as' takes it;
// more units than have room are counted, and a longer name is cut.
func shownTo(v Visitor) string {
	who := v.Role + ":" + v.Subject
	if len(who) > 200 {
		who = v.Role + ":" + cut(v.Subject, 100)
	}
	switch units := strings.Join(v.Units, ","); {
	case units == "":
		return who
	case len(units) > 200:
		return fmt.Sprintf("%s@(%d units)", who, len(v.Units))
	default:
		return who + "@" + units
	}
}

// held is the text in the code: a line for each.
func (s *sheet) held() string {
	out := "probity-paper/1"
	for _, l := range s.Lines {
		out += "\n" + l.Name + " " + l.Value
	}
	return out
}

// oneLine keeps a text from being several lines.
func oneLine(s string) string {
	return tongues.Plainly(strings.NewReplacer("\n", " ", "\r", " ", "\t", " ").Replace(s))
}
