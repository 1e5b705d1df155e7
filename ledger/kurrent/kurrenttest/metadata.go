package kurrenttest

import (
	"encoding/json"
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
	Read, Write, Delete, MetaRead, MetaWrite roles
}

// roles is a list of roles, written as one name or a list of names.
type roles []string

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

// softDeletedBefore is the truncation of a stream that was deleted but may be
// written again.
const softDeletedBefore = tombstone

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
	var a struct {
		Read      roles `json:"$r"`
		Write     roles `json:"$w"`
		Delete    roles `json:"$d"`
		MetaRead  roles `json:"$mr"`
		MetaWrite roles `json:"$mw"`
	}
	for name, to := range map[string]any{"$maxCount": &m.maxCount, "$maxAge": &seconds, "$tb": &m.truncateBefore, "$acl": &a} {
		if v, ok := m.raw[name]; ok && json.Unmarshal(v, to) != nil {
			return streamMeta{}
		}
	}
	m.maxAge = time.Duration(seconds) * time.Second
	if _, ok := m.raw["$acl"]; ok {
		m.acl = &acl{Read: a.Read, Write: a.Write, Delete: a.Delete, MetaRead: a.MetaRead, MetaWrite: a.MetaWrite}
	}
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

// softDeleted tells whether the stream was deleted in the way that lets it be
// written again. The caller holds mu.
func (l *log) softDeleted(name string) bool {
	s := l.streams[name]
	return s != nil && s.meta.truncateBefore == softDeletedBefore
}

// undelete lets a soft-deleted stream be seen again from a revision on
// (`StorageWriterService.SoftUndeleteStream`). The caller holds mu.
func (l *log) undelete(name string, from int64) { l.truncate(name, from) }

// truncate hides what lies before a revision, by a record of metadata that
// keeps all else. The caller holds mu.
func (l *log) truncate(name string, before int64) *record {
	raw := make(map[string]json.RawMessage)
	for k, v := range l.stream(name).meta.raw {
		raw[k] = v
	}
	raw["$tb"], _ = json.Marshal(before)
	data, _ := json.Marshal(raw) // raw JSON that was parsed before
	e := event{id: uuid.New(), kind: "$metadata", json: true, data: data}
	return l.put("$$"+name, l.lastOf("$$"+name)+1, e)
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
		r.position = l.truncate(name, softDeletedBefore).position
	}
	return r
}
