package witness

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/probity-ledger/probity/ledger/notary"
)

const (
	// maxProof is the most hashes that a consistency proof is sent with, as
	// C2SP tlog-witness has it.
	maxProof = 63

	// maxRequest is the longest request, in bytes.
	maxRequest = len("old \n\n") + 19 + maxProof*(4*((tlog.HashSize+2)/3)+1) + notary.MaxCheckpoint
)

// request is what a ledger asks to have cosigned.
type request struct {
	// old is the size that the ledger believes was cosigned last.
	old   int64
	proof tlog.TreeProof
	note  []byte
}

// parseRequest reads the body of an add-checkpoint request. It takes one
// spelling only.
func parseRequest(body []byte) (request, error) {
	if len(body) > maxRequest {
		return request{}, fmt.Errorf("request of %d bytes, at most %d are taken", len(body), maxRequest)
	}
	head, signed, found := bytes.Cut(body, []byte("\n\n"))
	if !found {
		return request{}, errors.New("there is no empty line between the proof and the checkpoint")
	}
	lines := strings.Split(string(head), "\n")
	size, found := strings.CutPrefix(lines[0], "old ")
	old, err := strconv.ParseInt(size, 10, 64)
	if !found || err != nil || old < 0 || strconv.FormatInt(old, 10) != size {
		return request{}, errors.New(`the first line is not "old" and a size`)
	}
	if len(lines)-1 > maxProof {
		return request{}, fmt.Errorf("a proof of %d hashes, at most %d are taken", len(lines)-1, maxProof)
	}
	r := request{old: old, note: signed}
	for i, line := range lines[1:] {
		h, err := base64.StdEncoding.Strict().DecodeString(line)
		if err != nil || len(h) != tlog.HashSize || len(line) != base64.StdEncoding.EncodedLen(tlog.HashSize) {
			return request{}, fmt.Errorf("line %d is not a hash in base64", i+2)
		}
		r.proof = append(r.proof, tlog.Hash(h))
	}
	return r, nil
}

// origin is the name of the log in the first line of the checkpoint.
func (r request) origin() string {
	first, _, _ := bytes.Cut(r.note, []byte("\n"))
	return string(first)
}
