// Package thirdparty lets tools of other makers judge a log: what the program
// exports is read by golang.org/x/mod/sumdb and by fsck of
// transparency-dev/tessera, and nothing of the program is linked in.
package thirdparty

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/tessera/api/layout"
	"github.com/transparency-dev/tessera/client"
	"github.com/transparency-dev/tessera/fsck"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// events is more than two full tiles of entries and a partial one.
const events = 600

// export records events with the program and exports their log.
func export(t *testing.T) (dir, vkey string) {
	t.Helper()
	work := t.TempDir()
	program := filepath.Join(work, "probity")
	run(t, "", "go", "build", "-C", "../..", "-o", program, "./cmd/probity")
	var commands bytes.Buffer
	for i := range events {
		fmt.Fprintf(&commands, `{"id":"c%d","command":"unit.establish","subject":"u%d","actor":"hr-li","role":"hr","data":{"name":"海关","kind":"agency"}}`+"\n", i, i)
	}
	data, dir := filepath.Join(work, "data"), filepath.Join(work, "copy")
	run(t, commands.String(), program, "submit", "--plain-key", "--data", data, "-")
	run(t, "", program, "export", "log", "--data", data, "--out", dir)
	keys, err := os.ReadFile(filepath.Join(dir, "keys"))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(string(keys), "\n") {
		if verifierKey.MatchString(line) {
			return dir, line
		}
	}
	t.Fatal("the keys file names no checkpoint key")
	return "", ""
}

func run(t *testing.T, stdin, name string, args ...string) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Stdin = strings.NewReader(stdin)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", name, args[0], err, out[max(0, len(out)-2000):])
	}
}

// check lets fsck judge a copy.
func check(t *testing.T, dir, vkey string) error {
	t.Helper()
	v, err := note.NewVerifier(vkey)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	return fsck.New(v.Name(), v, client.FileFetcher{Root: dir}, leafHashes, fsck.Opts{N: 4}).Check(ctx)
}

// leafHashes takes a bundle of entries apart, as tlog-tiles has it.
func leafHashes(bundle []byte) ([][]byte, error) {
	var out [][]byte
	for len(bundle) > 0 {
		if len(bundle) < 2 || len(bundle) < 2+int(binary.BigEndian.Uint16(bundle)) {
			return nil, fmt.Errorf("bundle is cut short")
		}
		n := 2 + int(binary.BigEndian.Uint16(bundle))
		out, bundle = append(out, rfc6962.DefaultHasher.HashLeaf(bundle[2:n])), bundle[n:]
	}
	return out, nil
}

func TestTesseraFsckAcceptsTheLogAndRejectsChanges(t *testing.T) {
	dir, vkey := export(t)
	if err := check(t, dir, vkey); err != nil {
		t.Fatalf("fsck rejects a good log: %v", err)
	}
	t.Logf("fsck accepts a log of %d events", events)
	for _, name := range list(t, dir) {
		switch name {
		case "keys", "index", "index-secret":
			continue // ours, no part of the format: 'probity verify --log' judges them
		}
		path := filepath.Join(dir, name)
		good, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		bad := bytes.Clone(good)
		at := rand.IntN(len(bad))
		if name == "checkpoint" {
			at = strings.Index(string(bad), "\n") + 1 // its size
		}
		bad[at] ^= 1
		write(t, path, bad)
		err = check(t, dir, vkey)
		write(t, path, good)
		if err == nil {
			t.Errorf("fsck accepts a changed bit in byte %d of %s", at, name)
			continue
		}
		t.Logf("fsck rejects a changed bit of %s: %.120v", name, err)
	}
	other := strings.Replace(vkey, "+", "x+", 1)
	if _, err := note.NewVerifier(other); err == nil {
		t.Error("a key under another name was taken")
	}
}

func list(t *testing.T, dir string) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			name, _ := filepath.Rel(dir, path)
			out = append(out, filepath.ToSlash(name))
		}
		return err
	})
	if err != nil || len(out) < 8 {
		t.Fatalf("the copy has the files %q, %v", out, err)
	}
	return out
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// tiles reads the copy for package tlog of the Go checksum database.
type tiles struct{ dir string }

func (tiles) Height() int                     { return 8 }
func (tiles) SaveTiles([]tlog.Tile, [][]byte) {}
func (r tiles) ReadTiles(want []tlog.Tile) (data [][]byte, err error) {
	for _, t := range want {
		partial := uint8(t.W % 256)
		raw, err := os.ReadFile(filepath.Join(r.dir, layout.TilePath(uint64(t.L), uint64(t.N), partial)))
		if err != nil {
			return nil, err
		}
		data = append(data, raw)
	}
	return data, nil
}

// The Go checksum database's own code authenticates every leaf and proves
// inclusion and consistency from the tiles.
func TestSumdbReadsTheTiles(t *testing.T) {
	dir, vkey := export(t)
	v, err := note.NewVerifier(vkey)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	if err != nil {
		t.Fatal(err)
	}
	opened, err := note.Open(raw, note.VerifierList(v))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size != events {
		t.Fatalf("size %q, %v", lines[1], err)
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		t.Fatal(err)
	}
	reader := tlog.TileHashReader(tlog.Tree{N: size, Hash: root}, tiles{dir})
	index := int64(0)
	for number := int64(0); number*256 < size; number++ {
		partial := uint8(min(size-number*256, 256) % 256)
		bundle, err := os.ReadFile(filepath.Join(dir, layout.EntriesPath(uint64(number), partial)))
		if err != nil {
			t.Fatal(err)
		}
		for len(bundle) > 0 {
			n := 2 + int(binary.BigEndian.Uint16(bundle))
			leaf := sha256.Sum256(append([]byte{0}, bundle[2:n]...))
			proof, err := tlog.ProveRecord(size, index, reader)
			if err != nil {
				t.Fatal(err)
			}
			if err := tlog.CheckRecord(proof, size, root, index, leaf); err != nil {
				t.Fatalf("event %d: %v", index, err)
			}
			index, bundle = index+1, bundle[n:]
		}
	}
	if index != size {
		t.Fatalf("%d entries under a checkpoint over %d", index, size)
	}
	for _, earlier := range []int64{1, 255, 256, 257, 512, 599} {
		was, err := tlog.TreeHash(earlier, reader)
		if err != nil {
			t.Fatal(err)
		}
		proof, err := tlog.ProveTree(size, earlier, reader)
		if err != nil {
			t.Fatal(err)
		}
		if err := tlog.CheckTree(proof, size, root, earlier, was); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("sumdb/tlog proves each of %d events under the signed checkpoint", index)
	path := filepath.Join(dir, "tile", "0", "001")
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	good[5000] ^= 4
	write(t, path, good)
	if _, err := tlog.ProveRecord(size, 300, reader); err == nil {
		t.Error("sumdb/tlog accepts a changed tile")
	} else {
		t.Logf("sumdb/tlog rejects a changed tile: %v", err)
	}
}
