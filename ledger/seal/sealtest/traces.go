// Package sealtest searches files for what should be sealed: a word is found
// in whatever spelling it may lie in a database, a log or an envelope.
package sealtest

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf16"
)

// spellings are the forms in which a word may lie in a file.
func spellings(word string) map[string][]byte {
	out := map[string][]byte{
		"plain":          []byte(word),
		"hex":            []byte(hex.EncodeToString([]byte(word))),
		"HEX":            []byte(strings.ToUpper(hex.EncodeToString([]byte(word)))),
		"percent":        []byte(url.QueryEscape(word)),
		"UTF-16LE":       nil,
		"UTF-16BE":       nil,
		"escaped \\u":    nil,
		"reversed bytes": nil,
	}
	for _, u := range utf16.Encode([]rune(word)) {
		out["UTF-16LE"] = append(out["UTF-16LE"], byte(u), byte(u>>8))
		out["UTF-16BE"] = append(out["UTF-16BE"], byte(u>>8), byte(u))
		out["escaped \\u"] = fmt.Appendf(out["escaped \\u"], `\u%04x`, u)
	}
	for _, b := range []byte(word) {
		out["reversed bytes"] = append([]byte{b}, out["reversed bytes"]...)
	}
	for i, once := range inBase64([]byte(word)) {
		out[fmt.Sprintf("base64 at %d", i)] = once
		for j, twice := range inBase64(once) {
			out[fmt.Sprintf("base64 at %d of base64 at %d", j, i)] = twice
		}
	}
	return out
}

// inBase64 returns what a word looks like within longer base64, at each of
// the three places where it may begin; without the characters that its
// neighbours have a share in.
func inBase64(word []byte) [][]byte {
	var out [][]byte
	for lead := range 3 {
		text := base64.StdEncoding.EncodeToString(append(make([]byte, lead), word...))
		first := (lead*8 + 5) / 6
		whole := (lead + len(word)) * 8 / 6
		out = append(out, []byte(text[first:whole]))
	}
	return out
}

// Traces lists where in a file, or in the files of a folder, one of the words
// lies, in any spelling; names of files count as well.
func Traces(dir string, words ...string) (found []string, err error) {
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(dir, path)
		for _, word := range words {
			for how, s := range spellings(word) {
				if bytes.Contains(raw, s) || strings.Contains(name, string(s)) {
					found = append(found, fmt.Sprintf("%s: %s in %s", name, word, how))
				}
			}
		}
		return nil
	})
	return found, err
}
