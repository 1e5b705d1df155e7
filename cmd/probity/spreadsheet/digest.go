package spreadsheet

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
)

// digest is the SHA-256 of a source record.
type digest [sha256.Size]byte

// digestRecord is the digest of a record's fields in the order of the file,
// decoded to UTF-8, unquoted, line ends as LF, not trimmed: each as a
// netstring (its length in bytes in decimal, a colon, the bytes, a comma),
// one after another. In Python:
//
//	hashlib.sha256(b"".join(b"%d:%s," % (len(f), f) for f in fields))
func digestRecord(fields []string) digest {
	size := 0
	for _, f := range fields {
		size += len(f) + 8
	}
	b := make([]byte, 0, size)
	for _, f := range fields {
		b = appendNetstring(b, f)
	}
	return sha256.Sum256(b)
}

// digestGroup is the digest of the digests of a group's records in rising
// order, each 32 bytes, so that the order of the rows does not matter.
func digestGroup(rows []digest) digest {
	sorted := slices.Clone(rows)
	slices.SortFunc(sorted, func(a, b digest) int { return bytes.Compare(a[:], b[:]) })
	h := sha256.New()
	for _, d := range sorted {
		h.Write(d[:])
	}
	return digest(h.Sum(nil))
}

func (d digest) source() string { return "sha256:" + hex.EncodeToString(d[:]) }

func appendNetstring(b []byte, s string) []byte {
	b = strconv.AppendInt(b, int64(len(s)), 10)
	b = append(b, ':')
	b = append(b, s...)
	return append(b, ',')
}

// instructionID names an instruction by what it came from, so that the same
// row gives the same id wherever in a file it stands and however often it is
// imported: "import:", the map's id, ":" and the SHA-256 in hex of parts.
func instructionID(mapID string, parts ...string) string {
	var b []byte
	b = appendNetstring(b, mapID)
	for _, p := range parts {
		b = appendNetstring(b, p)
	}
	sum := sha256.Sum256(b)
	return "import:" + mapID + ":" + hex.EncodeToString(sum[:])
}
