package console

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// toldIn is what a refusal of the ledger's is in another language: "{}" of its
// English words stands for what is filled in, "{s}" for a status, and "{1}" of
// the text for the first of them.
type toldIn struct {
	english *regexp.Regexp
	status  map[int]bool // which of what is filled in are statuses
	text    string
}

// loadRefusals reads them: those that say more are tried before those that say
// less.
func loadRefusals(raw []byte) ([]toldIn, error) {
	var pairs [][2]string
	if err := json.Unmarshal(raw, &pairs); err != nil {
		return nil, fmt.Errorf("words of refusals: %w", err)
	}
	slices.SortStableFunc(pairs, func(a, b [2]string) int { return len(b[0]) - len(a[0]) })
	hole := regexp.MustCompile(`\\\{s?\\\}`)
	out := make([]toldIn, len(pairs))
	for i, p := range pairs {
		t, n := toldIn{status: map[int]bool{}, text: p[1]}, 0
		pattern := hole.ReplaceAllStringFunc(regexp.QuoteMeta(p[0]), func(found string) string {
			n++
			t.status[n] = strings.Contains(found, "s")
			return "(.+?)"
		})
		t.english = regexp.MustCompile("^" + pattern + "$")
		out[i] = t
	}
	return out, nil
}

// refusal says a refusal in the language of the page; it is false where only
// the English words are known. States are the enum of what may be a status.
func (t *tongue) refusal(states, english string) (string, bool) {
	for _, told := range t.words.refusals[t.lang] {
		found := told.english.FindStringSubmatch(english)
		if found == nil {
			continue
		}
		text := told.text
		for i, filled := range found[1:] {
			if told.status[i+1] {
				filled = t.plain(states, strings.ToUpper(strings.ReplaceAll(filled, " ", "_")))
			}
			text = strings.ReplaceAll(text, "{"+strconv.Itoa(i+1)+"}", filled)
		}
		return text, true
	}
	return "", false
}
