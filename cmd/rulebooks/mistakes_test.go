package rulebooks_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/probity-ledger/probity/cmd/rulebooks"
)

// least is a small rulebook that is sound.
const least = `id: ours
name: Our own
version: 1
validFrom: 2024-01-01
calendar:
  zone: Asia/Shanghai
  holidays: [2024-02-10..2024-02-17, 2024-05-01]
  makeUpDays: [2024-02-18]
authority:
  sanction.impose: [leader]
complaint:
  handle: {term: 60 days, source: our statute}
sanction:
  ladder:
    - measure: warning
      effect: {term: 6 months, source: our statute}
      barsPromotion: true
      source: our statute
    - measure: dismissal
      forGood: true
      source: our statute
  maxMonths: 12
  execute: {term: 1 month, source: our statute}
post:
  highScore: 75
  mediumScore: 36
matrix:
  classes:
    - class: A
      steps: [{least: warning, most: dismissal}]
reward:
  kinds: [medal]
`

// mistakes are what is made of least, and what is said to it.
var mistakes = []struct{ name, old, new, want string }{
	{"an unknown field", "name: Our own", "nome: Our own", `2:1: nome: there is no such field; there are id, name, version`},
	{"an unknown field further down", "handle:", "handel:", `12:3: complaint.handel: there is no such field`},
	{"an author's signature without a source", "reward:\n", "authorSignature: {kinds: [sanction.imposed]}\nreward:\n", ` authorSignature.source: is required`},
	{"an author's signature on what is no event", "reward:\n", "authorSignature: {kinds: [sanction.sung], source: our order}\nreward:\n", ` authorSignature.kinds[1]: there is no event "sanction.sung"`},
	{"an author's signature on one version", "reward:\n", "authorSignature: {kinds: [sanction.imposed.v1], source: our order}\nreward:\n", `authorSignature.kinds[1]: sanction.imposed.v1: leave the version out`},
	{"an author's signature twice", "reward:\n", "authorSignature: {kinds: [sanction.imposed, sanction.imposed], source: our order}\nreward:\n", `authorSignature.kinds[2]: sanction.imposed stands twice`},
	{"a field twice", "name: Our own", "name: Our own\nname: Theirs", `3:1: `},
	{"a field without a value", "name: Our own", "name:", `2:6: name: has no value; leave it out`},
	{"an empty text", "name: Our own", `name: ""`, `2:7: name: is empty; leave it out`},
	{"an anchor", "name: Our own", "name: &a Our own", `2:7: name: anchors, aliases and tags are not used`},
	{"a tag", "name: Our own", "name: !!str Our own", `2:7: name: anchors, aliases and tags are not used`},
	{"a merge key", "complaint:\n", "complaint:\n  <<: {}\n", `12:3: complaint: merge keys are not used`},
	{"a mapping for a text", "name: Our own", "name: {a: b}", `2:7: name: must be a plain value`},
	{"a text for a mapping", "  handle: {term: 60 days, source: our statute}", "  handle: soon", `12:11: complaint.handle: must be a mapping`},
	{"no calendar", "calendar:\n  zone: Asia/Shanghai\n  holidays: [2024-02-10..2024-02-17, 2024-05-01]\n  makeUpDays: [2024-02-18]\n", "", ` calendar: is required, with its zone`},
	{"a list with a hole", "kinds: [medal]", "kinds:\n    - medal\n    -", `34:7: reward.kinds[2]: has no value; leave it out`},
	{"a list for a mapping", "  handle: {term: 60 days, source: our statute}", "  - handle", `12:3: complaint: must be a mapping`},
	{"a text for a list", "kinds: [medal]", "kinds: medal", `32:10: reward.kinds: must be a list`},
	{"an empty list", "kinds: [medal]", "kinds: []", `32:10: reward.kinds: is empty; leave it out`},
	{"no id", "id: ours", "id: our own", `1:1: id: holds ' '`},
	{"no version", "version: 1\n", "", ` version: is required`},
	{"no name", "name: Our own\n", "", ` name: is required`},
	{"no first day", "validFrom: 2024-01-01\n", "", ` validFrom: is required`},
	{"a malformed day", "validFrom: 2024-01-01", "validFrom: 2023-02-29", `4:12: validFrom: "2023-02-29" is not a date`},
	{"a period out of order", "validFrom: 2024-01-01", "validFrom: 2024-01-01\nvalidTo: 2023-12-31", `5:1: validTo: 2023-12-31 lies before the first day, 2024-01-01`},

	{"no zone", "  zone: Asia/Shanghai\n", "", `calendar.zone: "" is no name of the IANA time zone database`},
	{"an unknown zone", "Asia/Shanghai", "Asia/Atlantis", `6:3: calendar.zone: "Asia/Atlantis" is no name`},
	{"the zone of some machine", "Asia/Shanghai", "Local", `6:3: calendar.zone: "Local" is no name`},
	{"a malformed holiday", "2024-05-01]", "May]", `7:38: calendar.holidays[2]: "May" is not a date`},
	{"a holiday twice", "2024-05-01]", "2024-02-12]", `7:38: calendar.holidays[2]: 2024-02-12 is named twice`},
	{"a run that goes back", "2024-02-10..2024-02-17", "2024-02-17..2024-02-10", `7:14: calendar.holidays[1]: 2024-02-17..2024-02-10 is no run of 2 to 31 days`},
	{"a run of one day", "2024-02-10..2024-02-17", "2024-02-10..2024-02-10", `7:14: calendar.holidays[1]: 2024-02-10..2024-02-10 is no run`},
	{"a run of a year", "2024-02-10..2024-02-17", "2024-01-01..2024-12-31", `7:14: calendar.holidays[1]: 2024-01-01..2024-12-31 is no run`},
	{"a run to nowhere", "2024-02-10..2024-02-17", "2024-02-10..", `7:14: calendar.holidays[1]: "" is not a date`},
	{"a made-up weekday", "[2024-02-18]", "[2024-02-19]", `8:16: calendar.makeUpDays[1]: 2024-02-19 is a Monday`},
	{"a made-up holiday", "[2024-02-18]", "[2024-02-17]", `8:16: calendar.makeUpDays[1]: 2024-02-17 is a holiday too`},
	{"a malformed make-up day", "[2024-02-18]", "[Sunday]", `8:16: calendar.makeUpDays[1]: "Sunday" is not a date`},

	{"authority over an unknown command", "sanction.impose", "sanction.inflict", `10:3: authority.sanction.inflict: there is no command of that name`},
	{"authority for an unknown role", "[leader]", "[king]", `10:21: authority.sanction.impose[1]: "king" is no role`},
	{"authority for the auditor", "[leader]", "[leader, auditor]", `10:29: authority.sanction.impose[2]: an auditor writes nothing`},
	{"authority twice for one role", "[leader]", "[leader, leader]", `10:29: authority.sanction.impose[2]: leader is named twice`},
	{"authority for nobody", "[leader]", "[]", `10:20: authority.sanction.impose: is empty`},

	{"an unknown unit", "60 days", "60 moons", `12:12: complaint.handle: "moons" is no unit`},
	{"a length without a unit", "60 days", "60", `12:12: complaint.handle: "60" is no length and unit`},
	{"a unit without a length", "60 days", "days", `12:12: complaint.handle: "days" is no length and unit`},
	{"a negative length", "60 days", "-60 days", `12:12: complaint.handle: "-60 days" is no length and unit`},
	{"a length of nothing", "60 days", "0 days", `12:12: complaint.handle: a term of nothing is no rule; leave it out`},
	{"a length without end", "60 days", "1000000 days", `12:12: complaint.handle: 1000000 is longer than any rule sets`},
	{"a term without a source", "{term: 60 days, source: our statute}", "{term: 60 days}", `12:3: complaint.handle: say where the term is written`},
	{"a source without a term", "{term: 60 days, source: our statute}", "{source: our statute}", `12:3: complaint.handle: a term is written`},

	{"an empty ladder", least[strings.Index(least, "  ladder:"):strings.Index(least, "  maxMonths")], "", `13:1: sanction.ladder: is empty; a rulebook has at least one measure`},
	{"a measure twice", "measure: dismissal", "measure: warning", `19:7: sanction.ladder[2].measure: warning stands on the ladder twice`},
	{"a nameless measure", "    - measure: dismissal\n      forGood", "    - forGood", `19:7: sanction.ladder[2]: has no measure`},
	{"a measure without a source", "      forGood: true\n      source: our statute\n", "      forGood: true\n", `19:7: sanction.ladder[2]: dismissal has no source`},
	{"an effect in days", "6 months", "180 days", `16:7: sanction.ladder[1].effect: an effect period is counted in months`},
	{"for good, for a time", "forGood: true", "forGood: true\n      effect: {term: 6 months, source: our statute}", `21:7: sanction.ladder[2].effect: what is for good has no period`},
	{"a cap below one period", "maxMonths: 12", "maxMonths: 3", `22:3: sanction.maxMonths: 3 caps a combined period below the single one of warning, 6`},
	{"a negative number", "maxMonths: 12", "maxMonths: -12", `22:14: sanction.maxMonths: -12 is negative`},
	{"a broken number", "maxMonths: 12", "maxMonths: 12.5", `22:14: sanction.maxMonths: "12.5" is not a whole number`},
	{"a number in another spelling", "maxMonths: 12", "maxMonths: 012", `22:14: sanction.maxMonths: "012" is not a whole number`},
	{"neither true nor false", "forGood: true", "forGood: maybe", `20:16: sanction.ladder[2].forGood: "maybe" is neither true nor false`},
	{"terms out of order", "  execute:", "  executeMost: {term: 2 days, source: our statute}\n  execute:", `23:3: sanction.executeMost: 2 days is shorter than 1 months`},
	{"scores out of order", "mediumScore: 36", "mediumScore: 75", `26:3: post.mediumScore: 75 is not below the high score, 75`},
	{"a class twice", "steps: [{least: warning, most: dismissal}]\n", "steps: [{least: warning, most: dismissal}]\n    - class: A\n", `31:7: matrix.classes[2]: the class "A" has no name, or stands twice`},
	{"a class without steps", "      steps: [{least: warning, most: dismissal}]\n", "", `29:7: matrix.classes[1]: class A has no steps`},
	{"a step off the ladder below", "least: warning", "least: frown", `30:16: matrix.classes[1].steps[1].least: "frown" is not on the ladder`},
	{"a step off the ladder above", "most: dismissal", "most: flogging", `30:32: matrix.classes[1].steps[1].most: "flogging" is not on the ladder`},
	{"a step that falls", "least: warning, most: dismissal", "least: dismissal, most: warning", `30:15: matrix.classes[1].steps[1]: warning is lighter than dismissal`},
	{"a limit of no indicator", "reward:\n", "indicators:\n  limits:\n    - {indicator: I1.late, limit: 1, source: us}\nreward:\n", `33:8: indicators.limits[1].indicator: there is no indicator "I1.late"`},
	{"a limit that stands elsewhere", "reward:\n", "indicators:\n  limits:\n    - {indicator: I2.coverage, limit: 1, source: us}\nreward:\n", `indicators.limits[1].indicator: there is no indicator "I2.coverage" that takes a limit`},
	{"a limit twice", "reward:\n", "indicators:\n  limits:\n    - {indicator: I1.on_time, limit: 1, source: us}\n    - {indicator: I1.on_time, limit: 2, source: us}\nreward:\n", `indicators.limits[2].indicator: I1.on_time has a limit already`},
	{"a limit without a source", "reward:\n", "indicators:\n  limits:\n    - {indicator: I1.on_time, limit: 1}\nreward:\n", `indicators.limits[1]: the limit of I1.on_time has no source`},
	{"a limit above all", "reward:\n", "indicators:\n  limits:\n    - {indicator: I1.on_time, limit: 101, source: us}\nreward:\n", `indicators.limits[1].limit: 101 is above 100 per cent`},
	{"a tail above all", "reward:\n", "indicators:\n  tail: 101\nreward:\n", `indicators.tail: 101 is above 100 per cent`},
	{"a pattern of no rule", "reward:\n", "warning:\n  patterns:\n    - {rule: gossip, times: 2, within: {term: 1 months, source: us}}\nreward:\n", `warning.patterns[1].rule: there is no rule "gossip" that takes a pattern`},
	{"a pattern of a rule that takes none", "reward:\n", "warning:\n  patterns:\n    - {rule: activity.minutes, times: 2, within: {term: 1 months, source: us}}\nreward:\n", `warning.patterns[1].rule: there is no rule "activity.minutes" that takes a pattern`},
	{"a pattern twice", "reward:\n", "warning:\n  patterns:\n    - {rule: pair.levy, times: 2, within: {term: 1 months, source: us}}\n    - {rule: pair.levy, times: 3, within: {term: 1 months, source: us}}\nreward:\n", `warning.patterns[2].rule: pair.levy has a pattern already`},
	{"a pattern that is no repeat", "reward:\n", "warning:\n  patterns:\n    - {rule: pair.levy, times: 1, within: {term: 1 months, source: us}}\nreward:\n", `warning.patterns[1].times: 1 is no repeat`},
	{"a pattern without a term", "reward:\n", "warning:\n  patterns:\n    - {rule: pair.levy, times: 2}\nreward:\n", `warning.patterns[1].within: the pattern of pair.levy has no term`},
	{"an amount of no stream", "reward:\n", "warning:\n  amounts:\n    - {stream: gifts, amount: 5, source: us}\nreward:\n", `warning.amounts[1].stream: "gifts" is no stream`},
	{"an amount of no party", "reward:\n", "warning:\n  amounts:\n    - {stream: levy, party: friend, amount: 5, source: us}\nreward:\n", `warning.amounts[1].party: "friend" is neither person nor organisation`},
	{"no amount", "reward:\n", "warning:\n  amounts:\n    - {stream: levy, source: us}\nreward:\n", `warning.amounts[1].amount: 0 is no amount`},
	{"an amount without a source", "reward:\n", "warning:\n  amounts:\n    - {stream: levy, amount: 5}\nreward:\n", `warning.amounts[1]: the amount of levy has no source`},
	{"near that is above", "reward:\n", "warning:\n  near: 100\n  nearSource: us\nreward:\n", `warning.near: 100 per cent of an amount do not lie below it`},
	{"near without a source", "reward:\n", "warning:\n  near: 90\nreward:\n", `warning.near: has no source (nearSource)`},
	{"a number at once without a source", "reward:\n", "warning:\n  atOnce: 9\nreward:\n", `warning.atOnce: has no source (atOnceSource)`},
	{"a screening of no months", "reward:\n", "warning:\n  screening: {window: 1, learn: 12, peers: 5, discovery: 125, times: 2, alarms: 50, source: us}\nreward:\n", `warning.screening.window: 1 months over which peers are compared cannot be; say 3 to 60`},
	{"a screening without a source", "reward:\n", "warning:\n  screening: {window: 12, learn: 12, peers: 5, discovery: 125, times: 2, alarms: 50}\nreward:\n", `warning.screening: has no source`},
	{"a level of no article", "reward:\n", "programme:\n  articles: [I1]\n  recommended: [I2]\nreward:\n", `programme.recommended[1]: article I2 is not among those that are scored`},
}

func TestMistakesAreFoundAtTheirPlace(t *testing.T) {
	if _, _, err := rulebooks.Parse("least.yaml", []byte(least)); err != nil {
		t.Fatalf("the sound rulebook is refused: %v", err)
	}
	for _, m := range mistakes {
		t.Run(m.name, func(t *testing.T) {
			if strings.Count(least, m.old) != 1 {
				t.Fatalf("%q does not stand once in the sound rulebook", m.old)
			}
			_, _, err := rulebooks.Parse("x.yaml", []byte(strings.Replace(least, m.old, m.new, 1)))
			mistake, ok := errors.AsType[*rulebooks.Error](err)
			if !ok {
				t.Fatalf("got %v, want a mistake", err)
			}
			if got := strings.TrimPrefix(mistake.Error(), "x.yaml:"); !strings.Contains(got, m.want) {
				t.Errorf("got  %s\nwant %s", got, m.want)
			}
		})
	}
}
