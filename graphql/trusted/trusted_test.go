package trusted_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/graphql/trusted"
)

// The two examples of the appendix on persisted documents.
const (
	pretty   = "query ($id: ID!) {\n  user(id: $id) {\n    name\n  }\n}"
	prettyID = "sha256:7dba4bd717b41f10434822356a93c32b1fb4907b983e854300ad839f84cdcd6e"
	dense    = "query($id:ID!){user(id:$id){name}}"
	denseID  = "sha256:71f7dc5758652baac68e4a10c50be732b741c892ade2883a99358f52b555286b"
)

func write(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func encode(t testing.TB, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestIDsAreThoseOfTheAppendix(t *testing.T) {
	if got := trusted.ID(pretty); got != prettyID {
		t.Errorf("got %s", got)
	}
	if got := trusted.ID(dense); got != denseID {
		t.Errorf("got %s", got)
	}
}

func TestEveryFormIsRead(t *testing.T) {
	bare := strings.TrimPrefix(denseID, "sha256:")
	forms := map[string]string{
		"digest to text": encode(t, map[string]string{prettyID: pretty, bare: dense}),
		"Apollo": encode(t, map[string]any{"format": "apollo-persisted-query-manifest", "version": 1, "operations": []map[string]string{
			{"id": bare, "name": "Dense", "type": "query", "body": dense}, {"id": prettyID, "name": "Pretty", "type": "query", "body": pretty}}}),
	}
	for name, manifest := range forms {
		t.Run(name, func(t *testing.T) {
			check(t, filepath.Join(write(t, map[string]string{"m.json": manifest}), "m.json"))
		})
	}
	t.Run("a folder", func(t *testing.T) {
		dir := write(t, map[string]string{"a.graphql": pretty, "b.gql": dense, "z-again.graphql": dense, "README.md": "no document"})
		check(t, dir)
		if d, err := trusted.Load(dir); err != nil || d.Name(prettyID) != "a.graphql" {
			t.Errorf("name %q, %v", d.Name(prettyID), err)
		}
	})
}

func check(t *testing.T, path string) {
	t.Helper()
	d, err := trusted.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{prettyID: pretty, denseID: dense}, maps.Collect(d.All())); diff != "" {
		t.Errorf("documents (-want +got):\n%s", diff)
	}
	if text, ok := d.Text(denseID); !ok || text != dense || d.Len() != 2 {
		t.Errorf("text %q, %d documents", text, d.Len())
	}
	if _, ok := d.Text(strings.TrimPrefix(denseID, "sha256:")); ok {
		t.Error("found without its prefix")
	}
}

func TestWrongManifestsAreRefused(t *testing.T) {
	const sha1, md5 = "da39a3ee5e6b4b0d3255bfef95601890afd80709", "d41d8cd98f00b204e9800998ecf8427e"
	for _, c := range []struct{ name, manifest, want string }{
		{"another text under the digest", encode(t, map[string]string{prettyID: dense}), "is not the SHA-256 of the document, which is 71f7"},
		{"one byte more", encode(t, map[string]string{denseID: dense + "\n"}), "the document was changed"},
		{"a digest in capitals", encode(t, map[string]string{strings.ToUpper(strings.TrimPrefix(denseID, "sha256:")): dense}), "lower case"},
		{"SHA-1", encode(t, map[string]string{sha1: dense}), "SHA-1"},
		{"MD5", encode(t, map[string]string{md5: dense}), "MD5"},
		{"a name of one's own", encode(t, map[string]string{"officers": dense}), `the id "officers" is not`},
		{"no text", `{"` + denseID + `": 7}`, "is not followed by the text"},
		{"an id twice", `{"` + denseID + `": "a", "` + denseID + `": "b"}`, "each name once"},
		{"a list", `[]`, "not a JSON object"},
		{"null", `null`, "it is null"},
		{"nothing", ``, "not a JSON object"},
		{"no document", `{}`, "holds no document"},
		{"another format", `{"format": "other", "version": 1, "operations": []}`, "is not known"},
		{"another version", `{"format": "apollo-persisted-query-manifest", "version": 2, "operations": []}`, "is not known"},
		{"Apollo's with a wrong id", encode(t, map[string]any{"format": "apollo-persisted-query-manifest", "version": 1,
			"operations": []map[string]string{{"id": md5, "name": "Dense", "body": dense}}}), "Dense: the id"},
		{"Apollo's without operations", `{"format": "apollo-persisted-query-manifest", "version": 1}`, "operations"},
		{"a document of 65 KB", encode(t, map[string]string{trusted.ID(strings.Repeat("#", 65<<10)): strings.Repeat("#", 65<<10)}), "more than 65536"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := trusted.Load(filepath.Join(write(t, map[string]string{"m.json": c.manifest}), "m.json"))
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "m.json") {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
	if _, err := trusted.Load(write(t, map[string]string{"a.graphql": "\xff"})); err == nil || !strings.Contains(err.Error(), "a.graphql") {
		t.Errorf("not UTF-8: %v", err)
	}
	if _, err := trusted.Load(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("a file that is not there")
	}
}

func TestNoDocumentsAreNone(t *testing.T) {
	var d *trusted.Documents
	if _, ok := d.Text(denseID); ok || d.Len() != 0 || len(slices.Collect(maps.Keys(maps.Collect(d.All())))) != 0 || d.Name(denseID) != "" {
		t.Error("nil holds documents")
	}
}

func FuzzManifest(f *testing.F) {
	f.Add(encode(f, map[string]string{denseID: dense}))
	f.Add(`{"format": "apollo-persisted-query-manifest", "version": 1, "operations": [{"id": "` + denseID + `", "body": "` + dense + `"}]}`)
	f.Add(`{"format": {}, "version": [], "operations": {}}`)
	f.Fuzz(func(t *testing.T, manifest string) {
		d, err := trusted.Load(filepath.Join(write(t, map[string]string{"m.json": manifest}), "m.json"))
		if err != nil {
			return
		}
		for id, text := range d.All() {
			if trusted.ID(text) != id {
				t.Errorf("%s is the id of %q", id, text)
			}
		}
	})
}
