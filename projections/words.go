package projections

import (
	"fmt"
	"sync"
)

// wordCache remembers the interned words of the present file. Words are only
// ever added, so what is remembered stays right until a rebuild.
type wordCache struct {
	mu    sync.RWMutex
	words map[int64]string
}

// forget drops everything: another file numbers its words anew. The caller
// keeps readers out.
func (w *wordCache) forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.words = nil
}

// get returns the word, reading all words again when it is not known. c must
// be a connection to the present file.
func (w *wordCache) get(c conn, id int64) (string, error) {
	w.mu.RLock()
	word, ok := w.words[id]
	w.mu.RUnlock()
	if ok {
		return word, nil
	}
	fresh, err := readWords(c)
	if err != nil {
		return "", err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.words = fresh
	if word, ok = fresh[id]; !ok {
		return "", fmt.Errorf("the views know no word %d", id)
	}
	return word, nil
}

func readWords(c conn) (map[int64]string, error) {
	words := map[int64]string{}
	err := c.query("SELECT id, word FROM words", nil, func(s dbRow) error {
		words[s.ColumnInt64(0)] = s.ColumnText(1)
		return nil
	})
	return words, err
}
