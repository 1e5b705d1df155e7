package main

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/probity-ledger/probity/cmd/probity/spreadsheet"
)

func TestTheBarOfAnImport(t *testing.T) {
	var shown strings.Builder
	b := newRowsBar(&shown)
	b.began = time.Now().Add(-10 * time.Second)
	b.show(spreadsheet.Progress{Rows: 5000, Bytes: 50, Total: 100})
	b.show(spreadsheet.Progress{Rows: 5001, Bytes: 51, Total: 100}) // too soon to be drawn
	if want := regexp.MustCompile(`5000 rows, (500|49\d) rows/s +50% .*\[0s:0s\]`); !want.MatchString(shown.String()) {
		t.Errorf("%q does not match %s", shown.String(), want)
	}
	if strings.Contains(shown.String(), "5001") {
		t.Errorf("%q is drawn more than ten times a second", shown.String())
	}
	(&rowsBar{}).show(spreadsheet.Progress{Rows: 1}) // not on a terminal
}
