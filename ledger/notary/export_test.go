package notary

// NotesIn returns the signed checkpoints that a turn holds; none where its
// state cannot be read.
func NotesIn(t Turn) [][]byte {
	var out [][]byte
	if s, err := parseShared(t); err == nil {
		for _, n := range [][]byte{s.Signed, s.Shown} {
			if n != nil {
				out = append(out, n)
			}
		}
	}
	return out
}
