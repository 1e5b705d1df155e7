package manifests

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
)

// identity are the files that make replicas one ledger, notary those that some
// ledgers have besides.
var (
	identity = []string{"ledger.key", "ledger.pub", "origin", "seal.key"}
	notary   = []string{"notary.key", "notary.pub"}
)

// ownFolder holds what is mounted into the data folder against what may be: a
// file at its top, which nobody writes. A mount below a folder makes that
// folder, and root's; a folder that is mounted cannot be written by the
// program, which keeps rulebooks and the log there.
func ownFolder(t *testing.T, who string, mounts map[string]bool, want []string) {
	t.Helper()
	var found []string
	for at, readOnly := range mounts {
		name, inside := strings.CutPrefix(at, "/data/")
		if !inside {
			continue
		}
		if path.Dir(name) != "." || !slices.Contains(slices.Concat(identity, notary), name) {
			t.Errorf("%s: %s is mounted into the data folder", who, at)
		}
		if !readOnly {
			t.Errorf("%s may write %s, which is the same for all", who, at)
		}
		found = append(found, name)
	}
	slices.Sort(found)
	if !slices.Equal(found, want) {
		t.Errorf("%s is given %v, want %v", who, found, want)
	}
}

func TestReplicasAreGivenFilesAndKeepTheirFolders(t *testing.T) {
	for _, s := range project(t, "province.yaml").Services {
		if !strings.HasPrefix(s.Name, "probity-") {
			continue
		}
		mounts := map[string]bool{}
		for _, v := range s.Volumes {
			mounts[v.Target] = v.ReadOnly
		}
		ownFolder(t, s.Name, mounts, identity)
	}
	runbook := string(read(t, deploy, "RUNBOOK.md"))
	for _, name := range slices.Concat(identity, notary) {
		if !strings.Contains(runbook, "`"+name+"`") {
			t.Errorf("the runbook does not say that replicas are given %s", name)
		}
	}
	for overlay, want := range map[string][]string{"district": nil, "province": identity, withNotaryKey(t): slices.Concat(identity[:2], notary, identity[2:])} {
		for _, o := range objects(t, overlay) {
			set, ok := o.(*appsv1.StatefulSet)
			if !ok {
				continue
			}
			mounts := map[string]bool{}
			for _, m := range set.Spec.Template.Spec.Containers[0].VolumeMounts {
				mounts[m.MountPath] = m.ReadOnly
			}
			ownFolder(t, overlay, mounts, want)
		}
	}
}

// withNotaryKey is a province with the component for a key of checkpoints.
func withNotaryKey(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	kubernetes, err := filepath.Abs(filepath.Join(deploy, "kubernetes"))
	if err == nil {
		kubernetes, err = filepath.Rel(dir, kubernetes)
	}
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf("resources: [%[1]s/province]\ncomponents: [%[1]s/notary-key]\n", kubernetes)
	if err := os.WriteFile(filepath.Join(dir, "kustomization.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}
