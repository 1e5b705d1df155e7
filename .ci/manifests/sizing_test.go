package manifests

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// What SIZING.md says that the files ask for is what they ask for.
func TestSizingIsThatOfTheFiles(t *testing.T) {
	sizing := string(read(t, deploy, "SIZING.md"))
	said := func(file, memory, goMemory, cores, disk string) {
		t.Helper()
		size := resource.MustParse(memory)
		row := fmt.Sprintf("| `%s` | %d GiB | %s | %s | %s |", file, size.Value()>>30, goMemory, cores, disk)
		if !strings.Contains(sizing, row) {
			t.Errorf("SIZING.md does not say: %s", row)
		}
	}
	for _, name := range []string{"district.yaml", "province.yaml"} {
		s, ok := project(t, name).Services["probity"]
		if !ok {
			s = project(t, name).Services["probity-1"]
		}
		said("compose/"+name, fmt.Sprint(int64(s.MemLimit)), *s.Environment["GOMEMLIMIT"], fmt.Sprint(s.CPUS), "the machine's")
	}
	for _, overlay := range []string{"district", "province"} {
		for _, o := range objects(t, overlay) {
			set, ok := o.(*appsv1.StatefulSet)
			if !ok {
				continue
			}
			c, goMemory := set.Spec.Template.Spec.Containers[0], ""
			for _, e := range c.Env {
				if e.Name == "GOMEMLIMIT" {
					goMemory = e.Value
				}
			}
			said("kubernetes/"+overlay, c.Resources.Limits.Memory().String(), goMemory, c.Resources.Requests.Cpu().String(),
				set.Spec.VolumeClaimTemplates[0].Spec.Resources.Requests.Storage().String())
		}
	}
	unit := string(read(t, deploy, "systemd", "probity.service"))
	value := func(pattern string) string {
		t.Helper()
		m := regexp.MustCompile(`(?m)^` + pattern + `$`).FindStringSubmatch(unit)
		if m == nil {
			t.Fatalf("the unit has no %s", pattern)
		}
		return m[1]
	}
	said("systemd/probity.service", value(`MemoryMax=(\d+G)`)+"i", value(`Environment=GOMEMLIMIT=(.*)`), "", "the machine's")
}
