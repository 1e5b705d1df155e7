package console

import (
	"encoding/csv"
	"os"
	"regexp"
	"strings"
	"testing"
)

// Most of what may be refused in these rooms is said in Chinese; the rest is
// shown in English.
func TestRefusalsAreSaidInChinese(t *testing.T) {
	w, err := loadWords()
	if err != nil {
		t.Fatal(err)
	}
	zh := &tongue{lang: "zh", words: w}
	f, err := os.Open("../docs/catalogue/refusals.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	hole := regexp.MustCompile(`‹[^›]*›`)
	form := regexp.MustCompile(`^(an empty or overlong|an id that could|an overlong or|malformed evidence|a list that|a value that|what cannot be)`) // checks of form, described and not said
	said, met := 0, 0
	for _, row := range all[1:] {
		command, message := row[0], row[3]
		form1, m := findForm(command)
		if form1 == nil || form.MatchString(message) {
			continue
		}
		met++
		text, ok := zh.refusal(m.states, hole.ReplaceAllString(message, "accepted"))
		if ok {
			said++
		}
		if strings.ContainsAny(text, "{}") {
			t.Errorf("%q is said as %q", message, text)
		}
	}
	if met < 400 || said*100 < met*85 {
		t.Errorf("%d of %d refusals are said in Chinese", said, met)
	}
	t.Logf("%d of %d refusals are said in Chinese", said, met)
	for english, want := range map[string]string{
		"a complaint that is received cannot be concluded":         "投诉状态为“已收到”，不能办理此事项",
		"it must be approved first; it is only finding proposed":   "须先批准；目前为“拟作认定”",
		"2026-01-01 lies before the day of the notice, 2026-02-01": "2026-01-01 早于告知之日 2026-02-01",
		"is required": "为必填项",
		"is 30000 bytes long, at most 8192 are allowed; file longer matter as evidence": "长 30000 字节，最多 8192 字节；更长的内容请作为材料归入",
		"L1 proposed this sanction; another person must approve it":                     "L1 提出了此惩戒，须由他人批准",
	} {
		if got, _ := zh.refusal("ComplaintStatus", english); got != want {
			t.Errorf("%q is said as %q, want %q", english, got, want)
		}
	}
	if _, ok := zh.refusal("CaseStatus", "something nobody knows"); ok {
		t.Error("what is not known is said")
	}
	if _, ok := (&tongue{lang: "en", words: w}).refusal("CaseStatus", "is required"); ok {
		t.Error("English is said twice")
	}
}
