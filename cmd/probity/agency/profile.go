package agency

import (
	"fmt"
	"slices"
	"strings"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/activity"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/domain/unit"
)

// The agencies, as a plan names them.
const (
	Customs           = "customs" // 海关
	Tax               = "tax"     // 税务局
	MarketSupervision = "market"  // 市场监督管理局
)

// Agencies lists the agencies of the district, in their order.
func Agencies() []string {
	var out []string
	for _, p := range profiles {
		out = append(out, p.key)
	}
	return out
}

var profiles = []*profile{customs, tax, market}

// profileOf returns the profile of the agency, nil when there is none.
func profileOf(key string) *profile {
	i := slices.IndexFunc(profiles, func(p *profile) bool { return p.key == key })
	if i < 0 {
		return nil
	}
	return profiles[i]
}

// profile is what makes one agency another than the next. The scripts are
// the same for all: an agency is data.
type profile struct {
	key    string // names it in a plan, and its own chance
	prefix string // of all its ids: two letters
	zh, en string
	// head is what its director is called, clerk what its officers are.
	head, clerk string
	site        string // host of its website
	// departments stand beside those that every agency has. The sections of
	// its duties lie under them, its windows under the hall.
	departments []department
	hall        string // code of the department where the windows are
	hallPlace   string // where it posts what is due to the public
	renamed     [2]string
	// sample is the department shown to an inspector of one part.
	sample string
	duties []*duty
	window *duty
	// grievances by the keys of the duties. The keys slow, attitude, favours,
	// inspection and penalty are in every agency.
	grievances map[string]grievance
	things     []string // what complaints are about
	reference  string   // how the papers that complaints cite are numbered
	// clauses, tiers and milder are the benchmark of discretion, and the form
	// it takes once a first breach is treated more mildly.
	clauses       []norm.Clause
	tiers, milder []norm.Tier
	matters       map[enforcement.Kind][]string
	certificate   string // the word before the number of its certificates
	courses       []string
	merits        []string
	ties          []tie
	aims          []target
	elsewhere     string    // to whom it passes on what is not its own
	former        [2]string // the office whose old records it took over

	// stories are those planted here where the whole district is played.
	stories []int
	troubles
}

// troubles are what is planted beside the stories, for the warnings of the
// articles to find.
type troubles struct {
	// dull is the one format in which a stretch of sessions is held (I2).
	dull activity.Format
	// stale: its carriers of culture are left alone for more than half a year
	// (I8).
	stale bool
	// untested is the key of the duty whose controls nobody tests (I9).
	untested string
	// idle: one officer is graded incompetent year after year (D4).
	idle bool
	// gap: a gap in its window standard is found and stays open (D9).
	gap bool
	// unreviewed: one penalty is overturned and nobody reviews whose fault
	// it was (D6).
	unreviewed bool
}

// department is a unit that stands from the first day. Codes are ids less
// the prefix of the agency; "" is the agency itself.
type department struct {
	code   string
	kind   unit.Kind
	zh, en string
	parent string
}

// tie is an interest that officers declare.
type tie struct{ nature, with string }

// target is what a plan is broken down to: what, and how one will see it.
type target struct {
	key           string // of the core staff who answers; "" for a section's chief
	title, metric string
}

// unit returns the id of the unit of the code.
func (p *profile) unit(code string) domain.UnitID { return domain.UnitID(p.id(code)) }

// normID returns the id of the text of the code.
func (p *profile) normID(code string) domain.NormID { return domain.NormID(p.id(code)) }

// id puts the agency's prefix before a code.
func (p *profile) id(code string) string {
	if code == "" {
		return p.prefix
	}
	return p.prefix + "-" + code
}

// serial is the number of a person, without the agency.
func (p *profile) serial(m *member) string { return strings.TrimPrefix(string(m.id), p.prefix+"-") }

// number is that of a person's n-th certificate.
func (p *profile) number(m *member, n int) string {
	return fmt.Sprintf("%s%s-%d号", p.certificate, p.serial(m), n)
}

// benchmark writes the tiers of two clauses: the factors of each, and the
// ranges, which are those of the law times a scale.
func benchmark(first, second norm.Clause, factors [3]string, scale int64) (clauses []norm.Clause, tiers, milder []norm.Tier) {
	tier := func(code string, clause norm.Clause, least, most int64) norm.Tier {
		return norm.Tier{Code: code, Clause: clause.Code, Factors: factors[code[1]-'1'], MinAmount: least * scale * 100, MaxAmount: most * scale * 100}
	}
	tiers = []norm.Tier{tier("T1", first, 1_000, 5_000), tier("T2", first, 5_000, 30_000), tier("T3", second, 30_000, 100_000)}
	milder = []norm.Tier{tier("T1", first, 0, 3_000), tier("T2", first, 3_000, 30_000), tiers[2]}
	return []norm.Clause{first, second}, tiers, milder
}
