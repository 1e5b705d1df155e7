package trusted

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"

	strict "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// The limits of what is loaded.
const (
	MaxManifest  = 16 << 20 // bytes of a manifest
	MaxDocuments = 5000
	MaxBytes     = 64 << 10 // of one document
)

// Load reads a folder or a manifest. Errors name the file and the document.
// That none is found is an error as well: it would refuse everybody.
func Load(path string) (*Documents, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read the trusted documents: %w", err)
	}
	d := none()
	if info.IsDir() {
		err = d.readFolder(path)
	} else {
		err = d.readManifest(path)
	}
	if err == nil && d.Len() == 0 {
		err = errors.New("holds no document")
	}
	if err != nil {
		return nil, fmt.Errorf("trusted documents in %s: %w", path, err)
	}
	return d, nil
}

func (d *Documents) readFolder(path string) error {
	entries, err := os.ReadDir(path)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if extension := filepath.Ext(entry.Name()); entry.IsDir() || extension != ".graphql" && extension != ".gql" {
			continue
		}
		raw, err := readFile(filepath.Join(path, entry.Name()), MaxBytes)
		if err != nil {
			return err
		}
		if err := d.add(entry.Name(), string(raw)); err != nil {
			return err
		}
	}
	return nil
}

// readFile reads a file of most bytes.
func readFile(path string, most int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(raw)) > most {
		err = fmt.Errorf("%s has more than %d bytes", filepath.Base(path), most)
	}
	return raw, err
}

// apollo is the format that Apollo's manifests name.
const apollo = "apollo-persisted-query-manifest"

func (d *Documents) readManifest(path string) error {
	raw, err := readFile(path, MaxManifest)
	if err != nil {
		return err
	}
	var members map[string]jsontext.Value
	if err := strict.Unmarshal(raw, &members); err != nil || members == nil {
		return fmt.Errorf("not a JSON object with each name once: %w", orNoObject(err))
	}
	if format, ok := members["format"]; ok {
		return d.readApollo(format, members)
	}
	for _, id := range slices.Sorted(maps.Keys(members)) {
		var text string
		if members[id].Kind() != '"' || strict.Unmarshal(members[id], &text) != nil {
			return fmt.Errorf("%.80q is not followed by the text of a document", id)
		}
		if err := d.addAs("", id, text); err != nil {
			return err
		}
	}
	return nil
}

func orNoObject(err error) error {
	if err == nil {
		return errors.New("it is null")
	}
	return err
}

func (d *Documents) readApollo(format jsontext.Value, members map[string]jsontext.Value) error {
	var name string
	var version int
	if strict.Unmarshal(format, &name) != nil || strict.Unmarshal(members["version"], &version) != nil || name != apollo || version != 1 {
		return fmt.Errorf("format %.80s in version %.20s is not known; there is %q in version 1", format, members["version"], apollo)
	}
	var operations []struct {
		ID   string `json:"id"`
		Name string `json:"name"`
		Body string `json:"body"`
	}
	if err := strict.Unmarshal(members["operations"], &operations); err != nil {
		return fmt.Errorf("operations: %w", err)
	}
	for i, o := range operations {
		name := o.Name
		if name == "" {
			name = fmt.Sprintf("operations[%d]", i)
		}
		if err := d.addAs(name, o.ID, o.Body); err != nil {
			return err
		}
	}
	return nil
}
