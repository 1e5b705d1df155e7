package console

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/probity-ledger/probity/domain/catalog"
)

var verb = regexp.MustCompile(`%(?:\[\d\])?[a-z%]`)

func TestBothLanguagesHaveTheSameWords(t *testing.T) {
	w, err := loadWords()
	if err != nil {
		t.Fatal(err)
	}
	for key, en := range w.by["en"] {
		zh, ok := w.by["zh"][key]
		if !ok || zh == "" || en == "" {
			t.Errorf("%s is not in both languages", key)
		}
		if fmt.Sprint(verb.FindAllString(en, -1)) != fmt.Sprint(verb.FindAllString(zh, -1)) {
			t.Errorf("%s has other arguments: %q and %q", key, en, zh)
		}
	}
	if len(w.by["en"]) != len(w.by["zh"]) {
		t.Errorf("%d words in English, %d in Chinese", len(w.by["en"]), len(w.by["zh"]))
	}
	kinds := map[string]bool{}
	for _, room := range catalog.New().Aggregates {
		for _, event := range room.Events {
			kinds["k."+string(event.Kind)] = true
			if w.by["zh"]["k."+string(event.Kind)] == "" {
				t.Errorf("there is no word for %s", event.Kind)
			}
		}
	}
	for key := range w.by["zh"] { // a filter names every kind there is a word for
		if strings.HasPrefix(key, "k.") && !kinds[key] {
			t.Errorf("%s is no kind of event", key)
		}
	}
	used := regexp.MustCompile(`\bt "([^"]+)"|"label" "([^"]+)"|"((?:error|signin|zoom|nav)\.[A-Za-z]+)"`)
	for _, pattern := range []string{"*.go", "templates/*.html"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		for _, file := range files {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, found := range used.FindAllStringSubmatch(string(raw), -1) {
				if key := found[1] + found[2] + found[3]; w.by["en"][key] == "" && key != "signin.js" && !strings.HasSuffix(file, "_test.go") {
					t.Errorf("%s: there is no word %s", file, key)
				}
			}
		}
	}
}

// Every value of an enum that pages show has a word.
func TestValuesHaveWords(t *testing.T) {
	w, err := loadWords()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile("../graphql/schema.graphql")
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	err = fs.WalkDir(templateFiles, "templates", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(templateFiles, path)
		for _, found := range regexp.MustCompile(`value "([A-Z]\w+)"|"enum" "([A-Z]\w+)"`).FindAllStringSubmatch(string(text), -1) {
			shown[found[1]+found[2]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	enums := regexp.MustCompile(`(?s)\nenum (\w+) \{(.*?)\n\}`).FindAllStringSubmatch(string(raw), -1)
	met := 0
	for _, enum := range enums {
		if !shown[enum[1]] {
			continue
		}
		met++
		for _, value := range regexp.MustCompile(`(?m)^  ([A-Z][A-Z_0-9]*)$`).FindAllStringSubmatch(enum[2], -1) {
			if w.by["zh"]["v."+enum[1]+"."+value[1]] == "" && w.by["zh"]["v."+value[1]] == "" {
				t.Errorf("there is no word for %s of %s", value[1], enum[1])
			}
		}
	}
	if met < 20 {
		t.Errorf("pages show %d enums of the schema; is it read?", met)
	}
}

func TestTheLanguageIsChosen(t *testing.T) {
	h := newHandler(t, &fake{})
	for accept, want := range map[string]string{"": "en", "zh-CN,zh;q=0.9,en;q=0.8": "zh-Hans", "zh-TW": "zh-Hans", "en-GB": "en", "fr": "en", "fr, zh;q=0.1": "zh-Hans", "*": "en", "\x00": "en"} {
		resp, body := request{path: signInPath, header: map[string]string{"Accept-Language": accept}}.to(t, h)
		if !strings.Contains(body, `<html lang="`+want+`">`) || resp.Header.Get("Content-Language") != want {
			t.Errorf("%q is answered in %s", accept, resp.Header.Get("Content-Language"))
		}
	}
	resp, _ := request{path: "/console/officers?name=a&lang=zh"}.to(t, h)
	if resp.Header.Get("Location") != "/console/officers?name=a" || !strings.HasPrefix(resp.Header.Get("Set-Cookie"), "probity-lang=zh;") {
		t.Errorf("chosen: %v", resp.Header)
	}
	_, body := request{path: signInPath, header: map[string]string{"Accept-Language": "en", "Cookie": "probity-lang=zh"}}.to(t, h)
	if !strings.Contains(body, `lang="zh-Hans"`) || !strings.Contains(body, "登录") {
		t.Error("the choice is not kept")
	}
}

func TestNamesStandInTheOrderOfTheLanguage(t *testing.T) {
	people := []any{}
	for _, p := range [][2]string{{"张伟", "Zhang Wei"}, {"李娜", "Li Na"}, {"欧阳雨", "Ouyang Yu"}, {"陈涛", "Chen Tao"}, {"阿明", "A Ming"}} {
		people = append(people, map[string]any{"id": "x", "name": p[0], "latinName": p[1]})
	}
	for _, lang := range languages {
		var got []string
		for _, p := range (&tongue{lang: lang}).byName(people) {
			got = append(got, p.(map[string]any)["name"].(string))
		}
		if want := "阿明 陈涛 李娜 欧阳雨 张伟"; strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s", lang, got, want)
		}
	}
}

func TestNumbersAndDaysAreWrittenInTheLanguage(t *testing.T) {
	w, err := loadWords()
	if err != nil {
		t.Fatal(err)
	}
	en, zh := &tongue{lang: "en", words: w, zone: time.FixedZone("CST", 8*3600)}, &tongue{lang: "zh", words: w, zone: time.FixedZone("CST", 8*3600)}
	for got, want := range map[string]string{
		string(en.date("2025-03-09")):             `<time datetime="2025-03-09">9 Mar 2025</time>`,
		string(zh.date("2025-03-09")):             `<time datetime="2025-03-09">2025年3月9日</time>`,
		string(en.date("2025-03-09T16:00:00Z")):   `<time datetime="2025-03-10">10 Mar 2025</time>`, // midnight there
		string(zh.moment("2025-03-09T20:30:00Z")): `<time datetime="2025-03-10T04:30:00+08:00">2025年3月10日 04:30</time>`,
		string(en.date(`"><script>`)):             `<span class="none">—</span>`,
		en.number(json.Number("1234567")):         "1,234,567", en.number(-1200): "−1,200", en.number(nil): "—", en.number(999): "999",
		en.money(235000001): "CNY 2,350,000.01", zh.money(100): "1.00 元",
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
