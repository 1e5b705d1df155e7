package console

import (
	"cmp"
	"time"
)

// source is asked of every entry of a record file: when it was recorded, and the
// event behind it, which need not be open to whom the entry is.
const source = `recordedAt imported event { id }`

// fileSections are asked of a record file that is shown whole.
const fileSections = `day status
      identity { name latinName staffNumber rank enrolledOn separatedOn separationReason unit { id name nameEn } ` + source + ` }
      barred inquiries { case { id } ` + source + ` }
      posts { postId post { id name nameEn } unit { id name nameEn } leader highRisk from to deferredUntil ` + source + ` }
      ranks { rank on ` + source + ` }
      suspensions { reason from to ` + source + ` }
      certificates { number validFrom validTo status ` + source + ` }
      training { year hours }
      courses { course hours on ` + source + ` }
      appraisals { year grade corrected ` + source + ` }
      interests { nature with unit { id name nameEn } officer { id name latinName } until ` + source + ` }
      restrictions { measure from until forGood barsPromotion barsPayRise barsHonours ` + source + ` }
      sanctions { id case { id } measure label status from until forGood inForce ` + source + ` }
      rewards { id honour merit status grantedOn ` + source + ` }
      findings { id case { id } category result discipline measure foundOn clause overturned ` + source + ` }
      complaints { id complaint { id } receivedOn category status result responsible ` + source + ` }
      head { position events hash }`

// officerPage is the record file, as it stands or as it stood at the end of a
// day.
var officerPage = page{
	name: "officer", route: "/officers/{id}", must: "officer",
	document: `query RecordFile($id: ID!, $at: DateTime) {
  officer(id: $id) {
    id name latinName status leader barred unit { id name nameEn } post { id name nameEn } postSince
    certificate { number status validUntil }
    fileReadings { by role why count from to imported }
    recordFile(recordedAsOf: $at) {
      ` + fileSections + `
    }
  }
}`,
	variables: func(a *asked) (map[string]any, error) {
		vars, _ := id(a)
		at, err := endOfDay(a, "on")
		if at != "" {
			vars["at"] = at
		}
		return vars, err
	},
}

// endOfDay reads a day of the address, and returns its last moment; "" where
// there is none.
func endOfDay(a *asked, name string) (string, error) {
	day, err := dayOf(a, name)
	if err != nil || day.IsZero() {
		return "", err
	}
	return day.AddDate(0, 0, 1).Add(-time.Millisecond).UTC().Format(time.RFC3339Nano), nil
}

// dayOf reads a day of the address, and returns where it begins.
func dayOf(a *asked, name string) (time.Time, error) {
	text := a.URL.Query().Get(name)
	if text == "" {
		return time.Time{}, nil
	}
	day, err := time.ParseInLocation(time.DateOnly, text, a.zone)
	if err != nil || day.Year() < 1900 || day.Year() > 2200 {
		return time.Time{}, wrongInput("error.date")
	}
	return day, nil
}

// comparePage tells what changed in a record file between the ends of two
// days.
var comparePage = page{
	name: "compare", route: "/officers/{id}/compare", must: "officer",
	document: `query CompareFiles($id: ID!, $from: DateTime!, $to: DateTime!) {
  officer(id: $id) {
    id name latinName
    recordFileComparison(from: $from, to: $to) {
      before { day status head { events hash } }
      after { day status head { events hash } }
      changes { section difference key event { id kind occurredAt actor role } }
    }
  }
}`,
	variables: func(a *asked) (map[string]any, error) {
		vars, _ := id(a)
		query := a.URL.Query()
		if query.Get("to") == "" {
			query.Set("to", a.now.In(a.zone).Format(time.DateOnly))
		}
		if query.Get("from") == "" {
			query.Set("from", a.now.In(a.zone).AddDate(-1, 0, 0).Format(time.DateOnly))
		}
		a.URL.RawQuery = query.Encode()
		for _, name := range []string{"from", "to"} {
			at, err := endOfDay(a, name)
			if err != nil {
				return nil, err
			}
			vars[name] = at
		}
		return vars, nil
	},
}

// FileDay is the day as of which a record file is shown.
func (v *view) FileDay() string { return cmp.Or(v.Param("on"), v.Today()) }
