package spreadsheet

import (
	"regexp"
	"strings"

	"github.com/xuri/excelize/v2"
)

// The forms in which dates and times of a workbook are read, whatever it
// shows them as.
var (
	dayForm    = "yyyy-mm-dd"
	momentForm = "yyyy-mm-dd hh:mm:ss"
	clockForm  = "hh:mm:ss"
)

// storedForms makes the library give what is stored instead of what is shown:
// a day as 2024-03-05, a number with all its digits and nothing else.
func storedForms(f *excelize.File) error {
	if f.Styles == nil || f.Styles.CellXfs == nil {
		return nil
	}
	styles := len(f.Styles.CellXfs.Xf)
	var ids [3]*int
	for i, form := range []*string{&dayForm, &momentForm, &clockForm} {
		style, err := f.NewStyle(&excelize.Style{CustomNumFmt: form})
		if err != nil {
			return err
		}
		ids[i] = f.Styles.CellXfs.Xf[style].NumFmtID
	}
	custom := map[int]string{}
	if f.Styles.NumFmts != nil {
		for _, n := range f.Styles.NumFmts.NumFmt {
			custom[n.NumFmtID] = n.FormatCode
		}
	}
	general := 0
	for i := range f.Styles.CellXfs.Xf[:styles] {
		id := f.Styles.CellXfs.Xf[i].NumFmtID
		if id == nil {
			continue
		}
		code, ok := custom[*id]
		if !ok {
			code = builtInDates[*id]
		}
		to := &general
		switch day, clock := datesOf(code); {
		case day && clock:
			to = ids[1]
		case day:
			to = ids[0]
		case clock:
			to = ids[2]
		}
		f.Styles.CellXfs.Xf[i].NumFmtID = to
	}
	return nil
}

// builtInDates are the formats for dates and times that have a number and no
// code of their own in a workbook; 27 to 36 and 50 to 58 are those of China,
// Japan and Korea.
var builtInDates = map[int]string{
	14: "m/d/y", 15: "d-m-y", 16: "d-m", 17: "m-y", 18: "h:mm", 19: "h:mm:ss", 20: "h:mm", 21: "h:mm:ss", 22: "m/d/y h:mm",
	27: "y-m", 28: "m-d", 29: "m-d", 30: "m/d/y", 31: "y-m-d", 32: "h:mm", 33: "h:mm:ss", 34: "h:mm", 35: "h:mm:ss", 36: "y-m",
	45: "mm:ss", 47: "mm:ss",
	50: "y-m", 51: "m-d", 52: "y-m", 53: "m-d", 54: "m-d", 55: "h:mm", 56: "h:mm:ss", 57: "y-m", 58: "m-d",
}

// aside is what a format code shows as it stands, pads with, or says of
// colours, conditions and languages.
var aside = regexp.MustCompile(`"[^"]*"|\\.|_.|\*.|\[(?:[^hms\]][^\]]*|[hms][^hms\]][^\]]*)\]`)

// datesOf tells whether a format code shows a day, and a time of day. A length
// of time, such as [h]:mm, is neither: it is read as the number of days it is.
func datesOf(code string) (day, clock bool) {
	code = aside.ReplaceAllString(strings.ToLower(code), "")
	code, _, _ = strings.Cut(code, ";")
	if strings.Contains(code, "general") || strings.Contains(code, "[") {
		return false, false
	}
	code = strings.NewReplacer("am/pm", "", "a/p", "").Replace(code)
	clock = strings.ContainsAny(code, "hs")
	day = strings.ContainsAny(code, "yd") || strings.Contains(code, "m") && !clock
	return day, clock
}
