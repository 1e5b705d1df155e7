package console

import (
	"slices"
	"strings"
)

// navItem is an entry of the navigation.
type navItem struct {
	Key, Href string
	Here      bool
}

// rooms are what the navigation leads to, and for whom: the roles that
// docs/access.csv lets ask for what is there.
var rooms = []struct {
	key, path string
	roles     []string
}{
	{"nav.home", "", nil},
	{"nav.officers", "officers", []string{"inspector", "leader", "hr", "auditor", "intake"}},
	{"nav.complaints", "complaints", []string{"inspector", "leader", "auditor", "intake", "handler"}},
	{"nav.clocks", "clocks", []string{"inspector", "leader", "auditor", "intake"}},
	{"nav.cases", "cases", []string{"inspector", "leader", "auditor"}},
	{"nav.enforcements", "enforcements", []string{"inspector", "leader", "auditor", "officer"}},
	{"nav.warnings", "warnings", []string{"inspector", "leader", "auditor"}},
	{"nav.warningRules", "warning-rules", []string{"inspector", "leader", "auditor", "overseer"}},
	{"nav.reviewQueue", "review-queue", []string{"inspector", "leader", "auditor"}},
	{"nav.remedies", "remedies", []string{"inspector", "leader", "auditor"}},
	{"nav.obligations", "obligations", []string{"inspector", "leader", "hr", "auditor", "intake", "officer"}},
	{"nav.posts", "posts", []string{"inspector", "leader", "hr", "auditor", "intake"}},
	{"nav.discretion", "discretion", []string{"inspector", "leader", "auditor"}},
	{"nav.plans", "plans", []string{"inspector", "leader", "hr", "auditor"}},
	{"nav.scorecards", "scorecards", []string{"inspector", "leader", "hr", "auditor", "overseer"}},
	{"nav.agencies", "agencies", []string{"overseer", "auditor"}},
	{"nav.programmes", "programmes", []string{"inspector", "leader", "hr", "auditor", "overseer"}},
	{"nav.disclosures", "disclosures", nil},
	{"nav.keys", "keys", []string{"hr", "leader", "auditor"}},
	{"nav.search", "search", []string{"inspector", "leader", "hr", "auditor", "intake", "handler", "officer", "overseer"}},
}

func nav(v Visitor, path string) []navItem {
	var out []navItem
	for _, room := range rooms {
		if room.roles != nil && !slices.Contains(room.roles, v.Role) {
			continue
		}
		item := navItem{Key: room.key, Href: Path + "/" + room.path}
		item.Here = path == item.Href || room.path != "" && strings.HasPrefix(path, item.Href+"/")
		out = append(out, item)
	}
	return out
}
