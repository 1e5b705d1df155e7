package kurrent

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"github.com/probity-ledger/probity/ledger"
)

// The names that the server gives its own streams and types of events.
const (
	metadataMark    = "$$" // a stream's metadata lie in the stream of this and its name
	metadataType    = "$metadata"
	tombstoneType   = "$streamDeleted"
	scavengeMark    = "$scavenge"
	scavengeStarted = "$scavengeStarted"
	scavengePoint   = "$scavengePoint"
)

// limits are the settings of a stream that make the server forget its events.
var limits = []string{"$maxCount", "$maxAge", "$tb"}

// forgetful returns the setting by which a stream forgets, "" when there is
// none. The client's own reading of metadata fails on lists of roles.
func forgetful(metadata []byte) (string, error) {
	if len(metadata) == 0 {
		return "", nil
	}
	var settings map[string]json.RawMessage
	if err := json.Unmarshal(metadata, &settings); err != nil {
		return "", fmt.Errorf("the stream's metadata are not JSON: %w", err)
	}
	for _, name := range limits {
		if v := string(settings[name]); v != "" && v != "null" && v != "0" {
			return fmt.Sprintf("%s is %s", name, v), nil
		}
	}
	return "", nil
}

// inspect says what the server's own events about our streams mean. It returns
// the stream, and an *ledger.IntegrityError where events are or will be lost.
func (s *Store) inspect(e *esdb.RecordedEvent) (stream string, failure error) {
	name, isMetadata := strings.CutPrefix(e.StreamID, metadataMark)
	stream, isOurs := strings.CutPrefix(name, s.opts.Prefix)
	lost := &ledger.IntegrityError{Position: ledger.Position(e.Position.Commit), Stream: stream}
	switch {
	case strings.HasPrefix(e.StreamID, scavengeMark):
		if e.EventType == scavengeStarted || e.EventType == scavengePoint {
			s.log.Warn("the KurrentDB server is being scavenged; events of streams that were deleted or truncated are lost by it",
				"stream", e.StreamID, "position", e.Position.Commit)
		}
		return "", nil
	case !isOurs:
		return "", nil
	case e.EventType == tombstoneType:
		lost.What = "the stream was deleted for good; compare with a backup"
		return stream, lost
	case isMetadata && e.EventType == metadataType:
		setting, err := forgetful(e.Data)
		if err != nil {
			lost.What = err.Error()
			return stream, lost
		}
		if setting == "" {
			s.log.Warn("somebody changed the metadata of a stream of the ledger", "stream", stream, "metadata", string(e.Data))
			return stream, nil
		}
		lost.What = fmt.Sprintf("the metadata of the stream %s make the server forget its events (%s): set them to {} and compare with a backup", name, setting)
		return stream, lost
	}
	return stream, nil
}
