package live

// DecodeMessage is what the fuzzer looks at.
func DecodeMessage(raw []byte) (kind, id string, err error) {
	m, err := decodeMessage(raw)
	return m.kind, m.id, err
}

// EncodeMessage writes a message of the server.
func EncodeMessage(kind, id string, payload []byte) []byte { return encodeMessage(kind, id, payload) }
