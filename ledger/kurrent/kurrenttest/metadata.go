package kurrenttest

import (
	"encoding/json"
	"maps"
	"strings"
	"time"

	"github.com/google/uuid"
)

// streamMeta is what a stream's $$ stream says of it. Zero values: not set.
type streamMeta struct {
	maxCount       int64
	maxAge         time.Duration
	truncateBefore int64
	acl            *acl
	raw            map[string]json.RawMessage
}

// acl lists who may do what to a stream; nil lists say nothing.
type acl struct {
	Read      roles `json:"$r"`
	Write     roles `json:"$w"`
	Delete    roles `json:"$d"`
	MetaRead  roles `json:"$mr"`
	MetaWrite roles `json:"$mw"`
}

// roles is a list of roles, written as one name or a list of names.
type roles []string

// UnmarshalJSON implements [json.Unmarshaler].
func (r *roles) UnmarshalJSON(b []byte) error {
	var one string
	if json.Unmarshal(b, &one) == nil {
		*r = roles{one}
		return nil
	}
	var many []string
	err := json.Unmarshal(b, &many)
	*r = many
	return err
}

// parseACL reads a list; nil when there is none.
func parseACL(text []byte) *acl {
	var a acl
	if len(text) == 0 || json.Unmarshal(text, &a) != nil {
		return nil
	}
	return &a
}

// softDeleted is the truncation of a stream that was deleted but may be
// written again (`EventNumber.DeletedStream` as $tb).
const softDeleted = tombstone

// metaOf returns the stream whose metadata the named stream holds.
func metaOf(name string) (string, bool) { return strings.CutPrefix(name, "$$") }

// parseMetadata reads metadata. What is no metadata says nothing, as in
// `StreamMetadata.TryFromJsonBytes`.
func parseMetadata(data []byte) streamMeta {
	var m streamMeta
	if json.Unmarshal(data, &m.raw) != nil {
		return streamMeta{}
	}
	var seconds int64
	for name, to := range map[string]*int64{"$maxCount": &m.maxCount, "$maxAge": &seconds, "$tb": &m.truncateBefore} {
		if v, ok := m.raw[name]; ok && json.Unmarshal(v, to) != nil {
			return streamMeta{}
		}
	}
	m.maxAge = time.Duration(seconds) * time.Second
	m.acl = parseACL(m.raw["$acl"])
	return m
}

// firstVisible is the first revision that a read of the stream shows; reads
// of $all show the others too until they are scavenged.
func (m streamMeta) firstVisible(s *stream, now time.Time) int64 {
	first := max(s.first, m.truncateBefore)
	if m.maxCount > 0 {
		first = max(first, s.last-m.maxCount+1)
	}
	if m.maxAge > 0 {
		since := now.Add(-m.maxAge).UnixNano() / 100
		for first <= s.last && (s.at(first) == nil || s.at(first).created < since) {
			first++
		}
	}
	return first
}

// isSoftDeleted tells whether the stream was deleted in the way that lets it
// be written again. The caller holds mu.
func (l *log) isSoftDeleted(name string) bool {
	s := l.streams[name]
	return s != nil && s.meta.truncateBefore == softDeleted
}

// truncate hides what lies before a revision, by a record of metadata that
// keeps all else. The caller holds mu.
func (l *log) truncate(name string, before int64) *record {
	raw := maps.Clone(l.stream(name).meta.raw)
	if raw == nil {
		raw = make(map[string]json.RawMessage)
	}
	raw["$tb"], _ = json.Marshal(before)
	data, _ := json.Marshal(raw) // all of it was parsed before
	return l.put("$$"+name, l.lastOf("$$"+name)+1, event{id: uuid.New(), kind: "$metadata", json: true, data: data})
}

// delete hides a stream, or buries it for good.
func (l *log) delete(name string, expected int64, forGood bool) result {
	l.mu.Lock()
	defer l.mu.Unlock()
	id := uuid.New()
	r := l.check(name, expected, []uuid.UUID{id})
	if r.outcome != written {
		return r
	}
	if forGood {
		r.position = l.put(name, tombstone, event{id: id, kind: "$streamDeleted"}).position
	} else {
		r.position = l.truncate(name, softDeleted).position
	}
	return r
}
