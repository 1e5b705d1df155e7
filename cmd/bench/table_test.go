package main

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFigure(t *testing.T) {
	for value, want := range map[float64]string{
		0: "0.00", 0.456: "0.46", 9.99: "9.99", 12.34: "12.3", 123.4: "123", 1234: "1,234", 1234567: "1,234,567", -1234: "-1,234",
	} {
		if got := figure(value); got != want {
			t.Errorf("figure(%v) = %q, want %q", value, got, want)
		}
	}
	for _, value := range []float64{math.NaN(), math.Inf(1)} {
		if got := figure(value); got != "–" {
			t.Errorf("figure(%v) = %q, want a dash", value, got)
		}
	}
}

func TestRatiosAreFormedWithinEachRound(t *testing.T) {
	var p report
	// The machine became four times slower after the first round: what is
	// compared is always half of its reference.
	p.compare("ours", "events/s", []float64{400, 100, 100}, "theirs", []float64{800, 200, 200}, ratioAtLeast(0.5))
	yes := true
	want := []row{{
		Name: "ours", Value: 100, Unit: "events/s", Reference: "theirs", ReferenceValue: 200, Ratio: 0.5,
		Goal: "≥ 0.50 ×", Met: &yes, Rounds: []float64{400, 100, 100},
	}}
	if diff := cmp.Diff(want, p.Rows); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func TestGoals(t *testing.T) {
	for _, tt := range []struct {
		name string
		goal goal
		row  row
		want bool
	}{
		{"a ratio on the mark is enough", ratioAtLeast(0.5), row{Ratio: 0.5}, true},
		{"a ratio below the mark is not", ratioAtLeast(0.5), row{Ratio: 0.49, Value: 1000}, false},
		{"a value on the mark is enough", atLeast(40000), row{Value: 40000}, true},
		{"a value below the mark is not", atLeast(40000), row{Value: 39999}, false},
		{"what must be below is not met on the mark", below(50), row{Value: 50}, false},
		{"what must be below is met below", below(50), row{Value: 49.9}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.goal.met(tt.row); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestTheTableSaysWhatWasMetAndWhatHasNoGoal(t *testing.T) {
	p := report{Machine: machine{CPU: "Z80", Cores: 1, Go: "go1.26", OS: "cpm/z80", Filesystem: "tmpfs", LoadBefore: "0.1 0.1 0.1"}}
	p.compare("append", "events/s", []float64{12000}, "sign", []float64{20000}, ratioAtLeast(0.5))
	p.add("append, p99", "ms", []float64{70}, below(50))
	p.add("hot", "events/s", []float64{3})
	p.note("serve was left out")
	var out bytes.Buffer
	p.write(&out)
	want := `Z80, 1 cores, go1.26, cpm/z80, filesystem tmpfs, load 0.1 0.1 0.1
warning: tmpfs keeps files in memory, where fsync costs nothing; choose a real disk with --dir
measure      value   unit      reference  reference value  ratio  goal      met
append       12,000  events/s  sign       20,000           0.60   ≥ 0.50 ×  yes
append, p99  70.0    ms        –          –                –      < 50.0    no
hot          3.00    events/s  –          –                –      –         –
note: serve was left out
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("table (-want +got):\n%s", diff)
	}
}

func TestTheReportIsSavedAsJSON(t *testing.T) {
	var p report
	p.compare("append", "events/s", []float64{1, 2, 3}, "sign", []float64{2, 4, 6}, ratioAtLeast(0.6))
	path := filepath.Join(t.TempDir(), "bench.json")
	if err := p.save(path); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var back report
	if err := json.Unmarshal(raw, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(p, back); diff != "" {
		t.Errorf("read back (-want +got):\n%s", diff)
	}
}

func TestMountOf(t *testing.T) {
	const mounts = `/dev/sda1 / ext4 rw 0 0
tmpfs /tmp tmpfs rw 0 0
/dev/sdb1 /srv/my\040data xfs rw 0 0
/dev/sdc1 /srv btrfs rw 0 0
overlay /srv overlay rw 0 0
`
	for path, want := range map[string]string{
		"/home/x":           "ext4",
		"/tmp":              "tmpfs",
		"/tmp/a/b":          "tmpfs",
		"/tmpfile":          "ext4",
		"/srv/my data/deep": "xfs",
		"/srv/other":        "overlay", // mounted over the btrfs
	} {
		if got := mountOf(path, mounts); got != want {
			t.Errorf("mountOf(%q) = %q, want %q", path, got, want)
		}
	}
	if got := mountOf("/x", ""); got != unknown {
		t.Errorf("without mounts: %q", got)
	}
}

func TestUsageErrors(t *testing.T) {
	for _, tt := range []struct{ args, want string }{
		{"--only append,nonsense", "nonsense"},
		{"--events -1", "--events"},
		{"surplus", "surplus"},
		{"--no-such-flag", "no-such-flag"},
	} {
		t.Run(tt.args, func(t *testing.T) {
			_, err := parse(strings.Fields(tt.args), &bytes.Buffer{})
			if _, ok := err.(usageError); !ok || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want a usage error that names %s", err, tt.want)
			}
		})
	}
}
