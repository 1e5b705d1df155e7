package seal_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"testing"

	"github.com/probity-ledger/probity/ledger/seal"
)

var inFile = seal.Place{Stream: place.Stream, Field: "file:sha256:aa"}

// sealFile returns a sealed file that holds what is given.
func sealFile(t *testing.T, v *seal.Vault, key string, at seal.Place, content []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	u, err := v.Unlock(key, at.Stream)
	if err != nil {
		t.Fatal(err)
	}
	w, err := u.SealFile(at.Field, &out)
	if err == nil {
		_, err = w.Write(content)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func openFile(v *seal.Vault, key string, at seal.Place, file []byte) ([]byte, error) {
	u, err := v.Unlock(key, at.Stream)
	if err != nil {
		return nil, err
	}
	r, err := u.OpenFile(at.Field, bytes.NewReader(file))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

func TestAFileOpensInItsPlaceAlone(t *testing.T) {
	dir, m, v, key, _ := sealed(t)
	for _, size := range []int{1, 4096, 100_000} {
		content := make([]byte, size)
		rand.Read(content)
		file := sealFile(t, v, key, inFile, content)
		if got, err := openFile(open(t, dir, m), key, inFile, file); err != nil || !bytes.Equal(got, content) {
			t.Errorf("%d bytes do not come back: %v", size, err)
		}
		if bytes.Equal(file, sealFile(t, v, key, inFile, content)) {
			t.Errorf("two sealings of %d bytes are the same", size)
		}
		for name, at := range map[string]seal.Place{
			"another file": {Stream: inFile.Stream, Field: "file:sha256:bb"}, "another stream": {Stream: "complaint-C-2", Field: inFile.Field},
		} {
			if _, err := openFile(v, key, at, file); !errors.Is(err, seal.ErrBroken) {
				t.Errorf("%d bytes as %s: %v", size, name, err)
			}
		}
	}
}

// Wherever a file is cut off or changed, what comes out of it is right and the
// end is an error.
func TestABrokenFileIsNoticed(t *testing.T) {
	_, _, v, key, _ := sealed(t)
	content := make([]byte, 10_000)
	rand.Read(content)
	file := sealFile(t, v, key, inFile, content)
	check := func(what string, at int, broken []byte) {
		t.Helper()
		got, err := openFile(v, key, inFile, broken)
		if !errors.Is(err, seal.ErrBroken) || !bytes.HasPrefix(content, got) {
			t.Errorf("%s at %d: %d bytes, %v", what, at, len(got), err)
		}
	}
	for at := 0; at < len(file); at += 7 {
		check("cut off", at, file[:at])
		changed := bytes.Clone(file)
		changed[at] ^= 1
		check("changed", at, changed)
	}
	check("longer", len(file), append(bytes.Clone(file), 0))
}

func TestADestroyedKeyTakesItsFiles(t *testing.T) {
	_, _, v, key, _ := sealed(t)
	file := sealFile(t, v, key, inFile, []byte("a photograph"))
	if err := v.Destroy(key); err != nil {
		t.Fatal(err)
	}
	if _, err := openFile(v, key, inFile, file); !errors.Is(err, seal.ErrNoKey) {
		t.Errorf("it opens: %v", err)
	}
}
