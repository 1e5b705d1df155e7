package ledger

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Whatever is put, in memory or beyond it, the table holds what a map would,
// and writes it in the order of the keys.
func TestHeadsAreThoseOfAMap(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		inMemory := rapid.SampledFrom([]int64{1, 4, 64, memorySlots}).Draw(rt, "slots in memory")
		h := newHeads(inMemory)
		defer h.Close()
		want := map[headKey]streamHead{}
		// Keys that crowd at the end of the table, at its beginning, or nowhere.
		crowd := rapid.SampledFrom([]byte{0, 1, 0x7f, 0xff}).Draw(rt, "crowd")
		for i := range rapid.IntRange(0, 200).Draw(rt, "puts") {
			var key headKey
			binary.BigEndian.PutUint32(key[4:], uint32(rapid.IntRange(0, 90).Draw(rt, "key")))
			if crowd != 1 {
				copy(key[:], bytes.Repeat([]byte{crowd}, 4))
			} else {
				copy(key[:], key[7:8])
			}
			head := streamHead{Revision(i), Hash{byte(i)}, int64(i) - 50}
			was, place, ok, err := h.find(key)
			if before, there := want[key]; err != nil || ok != there || was != before {
				rt.Fatalf("%x: %+v %t %v, want %+v", key, was, ok, err, before)
			}
			if err := h.put(key, head, place, !ok); err != nil {
				rt.Fatal(err)
			}
			want[key] = head
		}
		if h.Streams() != len(want) {
			rt.Fatalf("%d streams, want %d", h.Streams(), len(want))
		}
		var text bytes.Buffer
		if n, err := h.WriteTo(&text); err != nil || n != int64(text.Len()) {
			rt.Fatalf("wrote %d of %d bytes: %v", n, text.Len(), err)
		}
		lines := []string{fmt.Sprintf("heads %d", len(want))}
		for _, k := range slices.SortedFunc(maps.Keys(want), func(a, b headKey) int { return bytes.Compare(a[:], b[:]) }) {
			lines = append(lines, fmt.Sprintf("%x %d %x %d", [16]byte(k), want[k].revision, [32]byte(want[k].hash), want[k].recorded))
		}
		if got := strings.Join(lines, "\n") + "\n"; got != text.String() {
			rt.Fatalf("written:\n%swant:\n%s", text.String(), got)
		}
		again, err := ReadHeads(bufio.NewReader(&text))
		if err != nil {
			rt.Fatal(err)
		}
		for k, head := range want {
			if got, _, ok, err := again.find(k); !ok || err != nil || got != head {
				rt.Fatalf("read again: %x %+v %v", k, got, err)
			}
		}
	})
}

func TestHeadsLeaveNoFileBehind(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	t.Setenv("TMP", dir)
	h := newHeads(4)
	for i := range 100 {
		key := headKeyOf(fmt.Sprint("stream-", i))
		_, place, _, err := h.find(key)
		if err == nil {
			err = h.put(key, streamHead{}, place, true)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if h.table.file == nil {
		t.Fatal("all is in memory: this test shows nothing")
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	if left, err := filepath.Glob(filepath.Join(dir, "*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

// A disk that is full is an error of the verification, and no crash.
func TestHeadsThatCannotBeKept(t *testing.T) {
	h := newHeads(4)
	t.Setenv("TMPDIR", filepath.Join(t.TempDir(), "missing"))
	t.Setenv("TMP", os.Getenv("TMPDIR"))
	var err error
	for i := 0; i < 100 && err == nil; i++ {
		var place int64
		key := headKeyOf(fmt.Sprint("stream-", i))
		if _, place, _, err = h.find(key); err == nil {
			err = h.put(key, streamHead{}, place, true)
		}
	}
	if err == nil || !strings.Contains(err.Error(), "where the streams end") {
		t.Errorf("got %v", err)
	}
}

// BenchmarkHeads takes in the first events of so many streams and reports the
// time for each, the heap that is held, and its highest point.
func BenchmarkHeads(b *testing.B) {
	for _, streams := range []int{500_000, 5_000_000} {
		b.Run(fmt.Sprint(streams), func(b *testing.B) {
			rounds := 0
			for b.Loop() {
				rounds++
				runtime.GC()
				var before, m runtime.MemStats
				runtime.ReadMemStats(&before)
				h := NewHeads()
				high := uint64(0)
				for i := range streams {
					key := headKeyOf(fmt.Sprintf("complaint-%d", i))
					_, place, ok, err := h.find(key)
					if err == nil {
						err = h.put(key, streamHead{recorded: int64(i)}, place, !ok)
					}
					if err != nil {
						b.Fatal(err)
					}
					if i%100_000 == 0 {
						runtime.ReadMemStats(&m)
						high = max(high, m.HeapInuse-min(m.HeapInuse, before.HeapInuse))
					}
				}
				runtime.GC()
				runtime.ReadMemStats(&m)
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(rounds*streams), "ns/stream")
				b.ReportMetric(float64(m.HeapInuse-min(m.HeapInuse, before.HeapInuse))/1e6, "MB-held")
				b.ReportMetric(float64(high)/1e6, "MB-highest")
				if err := h.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
