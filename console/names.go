package console

import (
	"cmp"
	"encoding/json"
	"fmt"
	"html/template"
	"slices"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"github.com/probity-ledger/probity/console/tongues"
)

// isolate shows a text of somebody's: on its own in the order of writing, with
// its language where that is another, and with the characters one would not
// see written out.
func (t *tongue) isolate(v any) template.HTML {
	s, ok := v.(string)
	if n, is := v.(json.Number); is {
		s, ok = n.String(), true
	}
	if !ok || s == "" {
		return t.nothing()
	}
	return tongues.Isolate(t.lang, s)
}

// english shows a text of the ledger's own, which is in English.
func (t *tongue) english(s string) template.HTML {
	if t.lang == "en" {
		return t.isolate(s)
	}
	return template.HTML(`<bdi lang="en">` + tongues.Visible(s) + `</bdi>`)
}

// text shows a text of several lines.
func (t *tongue) text(v any) template.HTML {
	return `<span class="prose">` + t.isolate(v) + `</span>`
}

// person names an officer, with a link to their page.
func (t *tongue) person(v any) template.HTML {
	o, _ := v.(map[string]any)
	if o == nil {
		return t.nothing()
	}
	name := t.isolate(o["name"])
	latin, _ := o["latinName"].(string)
	if s, _ := o["name"].(string); s == "" {
		name = t.isolate(o["id"])
	} else if t.lang != "zh" && latin != "" {
		name = t.isolate(latin) + " " + name
	}
	return template.HTML(`<a class="person" href="` + template.HTMLEscapeString(pathTo("officers", fmt.Sprint(o["id"]))) + `">` + string(name) + `</a>`)
}

// either is the name in the language of the page, where there are two.
func (t *tongue) either(zh, en any) template.HTML {
	if s, _ := en.(string); t.lang != "zh" && s != "" {
		return t.isolate(s)
	}
	return t.isolate(zh)
}

// inOur is what was said in Chinese, for readers in Chinese, where it was; and
// what was said in English otherwise.
func (t *tongue) inOur(chinese, english any) any {
	if s, _ := chinese.(string); t.lang == "zh" && s != "" {
		return s
	}
	return english
}

// named names a unit or a post, which may have names in both languages.
func (t *tongue) named(v any) template.HTML {
	u, _ := v.(map[string]any)
	if u == nil {
		return t.nothing()
	}
	if s, _ := u["name"].(string); s == "" {
		return t.isolate(u["id"])
	}
	return t.either(u["name"], u["nameEn"])
}

// plainName is the name of a unit, a post or an officer where no markup can
// stand.
func (t *tongue) plainName(v any) string {
	o, _ := v.(map[string]any)
	name := asText(o["name"])
	if other := cmp.Or(asText(o["nameEn"]), asText(o["latinName"])); t.lang != "zh" && other != "" {
		name = other
	}
	return tongues.Plainly(cmp.Or(name, asText(o["id"])))
}

// byName orders objects as a reader of the language expects: by pinyin in
// Chinese, else by the Latin name.
func (t *tongue) byName(v any) []any {
	all, _ := v.([]any)
	all = slices.Clone(all)
	tag := language.English
	if t.lang == "zh" {
		tag = language.MustParse("zh-u-co-pinyin")
	}
	order := collate.New(tag)
	slices.SortStableFunc(all, func(a, b any) int { return order.CompareString(t.sortName(a), t.sortName(b)) })
	return all
}

func (t *tongue) sortName(v any) string {
	o, _ := v.(map[string]any)
	for _, member := range map[string][]string{"zh": {"name", "id"}, "en": {"latinName", "nameEn", "name", "id"}}[t.lang] {
		if s, _ := o[member].(string); s != "" {
			return s
		}
	}
	return ""
}
