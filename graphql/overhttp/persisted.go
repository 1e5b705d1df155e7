package overhttp

import (
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"
)

// sha256Prefix begins an id that is the SHA-256 of the document's text.
const sha256Prefix = "sha256:"

// longestID bounds an id of any kind.
const longestID = 200

// identify completes a request with the id of the document it asks for, from
// the parameter documentId or from extensions.persistedQuery, and refuses one
// that names no document at all.
func identify(request Request, documentID string, hasQuery bool) (Request, *problem) {
	byHash, p := persistedQuery(request.Extensions)
	if p != nil {
		return Request{}, p
	}
	switch {
	case documentID != "" && byHash != "" && documentID != byHash:
		return Request{}, fault(http.StatusBadRequest, "BAD_REQUEST", "documentId and extensions.persistedQuery name different documents; give one of them")
	case documentID == "":
		documentID = byHash
	}
	if documentID == "" && !hasQuery {
		return Request{}, missing()
	}
	if documentID != "" && !isID(documentID) {
		return Request{}, fault(http.StatusBadRequest, "BAD_REQUEST",
			"the parameter documentId is no id of a document; give sha256: and the 64 hexadecimal digits, in lower case, of the SHA-256 of its text")
	}
	request.DocumentID = documentID
	return request, nil
}

// persistedQuery reads the extension of Apollo's clients, "" without one.
func persistedQuery(extensions map[string]any) (string, *problem) {
	value, given := extensions["persistedQuery"]
	if !given || value == nil {
		return "", nil
	}
	wrong := fault(http.StatusBadRequest, "BAD_REQUEST", "extensions.persistedQuery must hold version 1 and sha256Hash, the SHA-256 of the document in lower case hex")
	asked, _ := value.(map[string]any)
	hash, _ := asked["sha256Hash"].(string)
	if version, _ := asked["version"].(json.Number); version != "1" || !isHex(hash) {
		return "", wrong
	}
	return sha256Prefix + hash, nil
}

// isID says whether an id has one of the shapes of the appendix on persisted
// documents: by SHA-256, with a prefix of somebody's own, or a plain name.
func isID(id string) bool {
	if hash, ok := strings.CutPrefix(id, sha256Prefix); ok {
		return isHex(hash)
	}
	if len(id) > longestID {
		return false
	}
	if prefix, payload, ok := strings.Cut(id, ":"); ok {
		return len(prefix) > 2 && strings.HasPrefix(prefix, "x-") && isPlain(prefix) && isPlain(payload)
	}
	return isPlain(id)
}

func isHex(hash string) bool {
	if len(hash) != 64 || hash != strings.ToLower(hash) {
		return false
	}
	_, err := hex.DecodeString(hash)
	return err == nil
}

func isPlain(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return !(r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || strings.ContainsRune("-._~", r))
	})
}
