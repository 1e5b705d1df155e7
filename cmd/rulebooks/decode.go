package rulebooks

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // files name zones; a container image may hold no zone files
	"unicode"

	"github.com/goccy/go-yaml/ast"

	"github.com/probity-ledger/probity/domain"
)

// decoder fills a rulebook from the file's nodes and remembers where each
// field stands, so that what is found wrong later can be pointed at.
type decoder struct {
	file   string
	places map[string]place
}

// fail makes the error about a field at a place.
func (d *decoder) fail(at place, field, format string, args ...any) error {
	return &Error{d.file, at.line, at.column, field, fmt.Sprintf(format, args...)}
}

// at returns where the field stands, or the nearest field around it that
// stands anywhere.
func (d *decoder) at(field string) place {
	for {
		if p, ok := d.places[field]; ok {
			return p
		}
		cut := strings.LastIndexAny(field, ".[")
		if cut < 0 {
			return d.places[""]
		}
		field = field[:cut]
	}
}

// value decodes a node into a settable value.
func (d *decoder) value(n ast.Node, v reflect.Value, field string) error {
	if _, ok := d.places[field]; !ok {
		d.places[field] = whereIs(n)
	}
	switch v.Addr().Interface().(type) {
	case *domain.Date:
		return d.date(n, v.Addr().Interface().(*domain.Date), field)
	case *domain.Term:
		return d.term(n, v.Addr().Interface().(*domain.Term), field)
	case *domain.Calendar:
		return d.calendar(n, v.Addr().Interface().(*domain.Calendar), field)
	}
	switch v.Kind() {
	case reflect.Struct:
		return d.fields(n, v, field)
	case reflect.Slice:
		return d.list(n, v, field)
	case reflect.Map:
		return d.dictionary(n, v, field)
	}
	return d.scalar(n, v, field)
}

// fields decodes a mapping into a struct, its keys in camel case.
func (d *decoder) fields(n ast.Node, v reflect.Value, field string) error {
	entries, err := d.mapping(n, field)
	if err != nil {
		return err
	}
	known := map[string]int{}
	var names []string
	for i := range v.NumField() {
		name := keyOf(v.Type().Field(i).Name)
		known[name] = i
		names = append(names, name)
	}
	for _, e := range entries {
		i, ok := known[e.key]
		if !ok {
			return d.fail(e.at, under(field, e.key), "there is no such field; there are %s", strings.Join(names, ", "))
		}
		d.places[under(field, e.key)] = e.at
		if err := d.value(e.value, v.Field(i), under(field, e.key)); err != nil {
			return err
		}
	}
	return nil
}

// keyOf returns the key of a Go field: camel case, an initialism at the
// beginning in lower case.
func keyOf(name string) string {
	runes := []rune(name)
	for i, r := range runes {
		if !unicode.IsUpper(r) || (i > 0 && i+1 < len(runes) && unicode.IsLower(runes[i+1])) {
			break
		}
		runes[i] = unicode.ToLower(r)
	}
	return string(runes)
}

func under(field, key string) string {
	if field == "" {
		return key
	}
	return field + "." + key
}

func (d *decoder) list(n ast.Node, v reflect.Value, field string) error {
	nodes, err := d.sequence(n, field)
	if err != nil {
		return err
	}
	if len(nodes) == 0 {
		return d.fail(whereIs(n), field, "is empty; leave it out")
	}
	out := reflect.MakeSlice(v.Type(), len(nodes), len(nodes))
	for i, node := range nodes {
		if err := d.value(node, out.Index(i), fmt.Sprintf("%s[%d]", field, i+1)); err != nil {
			return err
		}
	}
	v.Set(out)
	return nil
}

// dictionary decodes a mapping into a map whose keys are texts.
func (d *decoder) dictionary(n ast.Node, v reflect.Value, field string) error {
	entries, err := d.mapping(n, field)
	if err != nil {
		return err
	}
	out := reflect.MakeMap(v.Type())
	for _, e := range entries {
		name := under(field, e.key)
		d.places[name] = e.at
		elem := reflect.New(v.Type().Elem()).Elem()
		if err := d.value(e.value, elem, name); err != nil {
			return err
		}
		out.SetMapIndex(reflect.ValueOf(e.key).Convert(v.Type().Key()), elem)
	}
	v.Set(out)
	return nil
}

func (d *decoder) scalar(n ast.Node, v reflect.Value, field string) error {
	text, err := d.text(n, field)
	if err != nil {
		return err
	}
	switch v.Kind() {
	case reflect.String:
		if text == "" {
			return d.fail(whereIs(n), field, "is empty; leave it out")
		}
		v.SetString(text)
	case reflect.Bool:
		if text != "true" && text != "false" {
			return d.fail(whereIs(n), field, "%q is neither true nor false", text)
		}
		v.SetBool(text == "true")
	case reflect.Int, reflect.Int64:
		i, err := wholeNumber(text)
		if err != nil {
			return d.fail(whereIs(n), field, "%v", err)
		}
		v.SetInt(i)
	default:
		return d.fail(whereIs(n), field, "a %s cannot stand in a rulebook", v.Type())
	}
	return nil
}

// wholeNumber reads a number of 0 or more, in one spelling. No number of a
// rule is negative.
func wholeNumber(text string) (int64, error) {
	i, err := strconv.ParseInt(text, 10, 64)
	if err != nil || strconv.FormatInt(i, 10) != text {
		return 0, fmt.Errorf("%q is not a whole number", text)
	}
	if i < 0 {
		return 0, fmt.Errorf("%d is negative", i)
	}
	return i, nil
}

func (d *decoder) date(n ast.Node, into *domain.Date, field string) error {
	text, err := d.text(n, field)
	if err != nil {
		return err
	}
	if *into, err = domain.ParseDate(text); err != nil {
		return d.fail(whereIs(n), field, "%v", err)
	}
	return nil
}

// term decodes {term: 15 days, source: …}.
func (d *decoder) term(n ast.Node, into *domain.Term, field string) error {
	var form struct{ Term, Source string }
	if err := d.fields(n, reflect.ValueOf(&form).Elem(), field); err != nil {
		return err
	}
	length, unit, two := strings.Cut(form.Term, " ")
	if length == "1" && !strings.HasSuffix(unit, "s") {
		unit += "s" // 1 month
	}
	i, err := wholeNumber(length)
	at, units := d.at(field+".term"), []domain.Unit{domain.Days, domain.Workdays, domain.Months, domain.Years}
	switch {
	case form.Term == "":
		return d.fail(d.at(field), field, "a term is written {term: 15 days, source: …}")
	case form.Source == "":
		return d.fail(d.at(field), field, "say where the term is written: {term: %s, source: …}", form.Term)
	case err != nil || !two:
		return d.fail(at, field, "%q is no length and unit, such as 15 days", form.Term)
	case i == 0:
		return d.fail(at, field, "a term of nothing is no rule; leave it out")
	case i > longest:
		return d.fail(at, field, "%d is longer than any rule sets, %d", i, longest)
	case !slices.Contains(units, domain.Unit(unit)):
		return d.fail(at, field, "%q is no unit; there are %v", unit, units)
	}
	*into = domain.Term{Length: int(i), Unit: domain.Unit(unit), Source: form.Source}
	return nil
}

// longest is more than any term of any rule, whatever the unit.
const longest = 100_000

// calendar decodes the zone by its name, and days as lists.
func (d *decoder) calendar(n ast.Node, into *domain.Calendar, field string) error {
	var form struct {
		Zone       string
		Holidays   []string
		MakeUpDays []string
	}
	if err := d.fields(n, reflect.ValueOf(&form).Elem(), field); err != nil {
		return err
	}
	zone, err := time.LoadLocation(form.Zone)
	if err != nil || form.Zone == "" || form.Zone == "Local" {
		return d.fail(d.at(field+".zone"), under(field, "zone"), "%q is no name of the IANA time zone database, such as Asia/Shanghai", form.Zone)
	}
	into.Zone = zone
	if into.MakeUpDays, err = d.days(form.MakeUpDays, field+".makeUpDays"); err != nil {
		return err
	}
	holidays, err := d.days(form.Holidays, field+".holidays")
	if err != nil {
		return err
	}
	for i, text := range form.MakeUpDays {
		name := fmt.Sprintf("%s.makeUpDays[%d]", field, i+1)
		day, _, _ := strings.Cut(text, "..")
		switch date := domain.MustDate(day); {
		case !weekend(date):
			return d.fail(d.at(name), name, "%s is a %s: a day that is made up for is one of a weekend", day, date.Weekday())
		case holidays[date]:
			return d.fail(d.at(name), name, "%s is a holiday too", day)
		}
	}
	for day := range holidays {
		if weekend(day) {
			delete(holidays, day)
		}
	}
	into.Holidays = holidays
	return nil
}

func weekend(d domain.Date) bool {
	return d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
}

// longestRun is the longest run of days in one entry.
const longestRun = 31

// days reads days and runs of them, each day once.
func (d *decoder) days(list []string, field string) (map[domain.Date]bool, error) {
	if len(list) == 0 {
		return nil, nil
	}
	out := map[domain.Date]bool{}
	for i, text := range list {
		name := fmt.Sprintf("%s[%d]", field, i+1)
		first, last, run := strings.Cut(text, "..")
		if !run {
			last = first
		}
		from, err := domain.ParseDate(first)
		if err != nil {
			return nil, d.fail(d.at(name), name, "%v", err)
		}
		to, err := domain.ParseDate(last)
		if err != nil {
			return nil, d.fail(d.at(name), name, "%v", err)
		}
		if to.Before(from) || to.DaysPast(from) >= longestRun || (run && from == to) {
			return nil, d.fail(d.at(name), name, "%s is no run of 2 to %d days", text, longestRun)
		}
		for day := from; !day.After(to); day = day.AddDays(1) {
			if out[day] {
				return nil, d.fail(d.at(name), name, "%s is named twice", day)
			}
			out[day] = true
		}
	}
	return out, nil
}
