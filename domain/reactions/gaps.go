package reactions

import (
	"fmt"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/domain/post"
)

// openGaps has what the case taught followed up where it can be closed: every
// risk of a post without a control is rated anew, once for all its gaps, and
// the gap of a text is filed there. A rule that does not exist yet is
// nobody's to mend; the case keeps it.
func openGaps(cause domain.Act, e misconduct.Analysed) []domain.Instruction {
	id := domain.CaseID(cause.Subject)
	var out []domain.Instruction
	lacking := map[domain.PostID]int{}
	for _, g := range e.Gaps {
		if g.Kind == misconduct.GapControl {
			lacking[g.Post]++
		}
	}
	for i, g := range e.Gaps {
		switch {
		case g.Kind == misconduct.GapControl && lacking[g.Post] > 0:
			why := g.Description
			if n := lacking[g.Post]; n > 1 {
				why = fmt.Sprintf("%d controls are missing", n)
			}
			out = append(out, tell(g.Post, post.RequireRerating{Cause: why, Case: id}))
			delete(lacking, g.Post)
		case g.Kind == misconduct.GapNorm && g.Norm != "":
			out = append(out, tell(g.Norm, norm.FindGap{Gap: GapOfCase(id, e.Earlier+i+1), Text: g.Description, Case: id}))
		}
	}
	return out
}

// GapOfCase returns the code under which the n-th gap that analyses of the
// case name is filed with a text, counted from 1.
func GapOfCase(c domain.CaseID, n int) string { return fmt.Sprintf("%s.%d", c, n) }
