// Package manifests reads everything in deploy/ with the tools that will: the
// builder's parser of container files, compose's loader, kustomize and the
// types of Kubernetes. Nothing is started.
package manifests

import (
	"os"
	"path/filepath"
	"testing"
)

// deploy is the folder of what is read, root that of the repository.
const (
	root   = "../.."
	deploy = root + "/deploy"
)

func read(t *testing.T, path ...string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}
