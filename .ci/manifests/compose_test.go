package manifests

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
)

func project(t *testing.T, name string) *types.Project {
	t.Helper()
	file, err := filepath.Abs(filepath.Join(deploy, "compose", name))
	if err != nil {
		t.Fatal(err)
	}
	options, err := cli.NewProjectOptions([]string{file}, cli.WithEnv([]string{"LEDGER_HOST=ledger.example.org"}),
		cli.WithProfiles([]string{"*"}), cli.WithoutEnvironmentResolution)
	if err != nil {
		t.Fatal(err)
	}
	p, err := options.LoadProject(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestCompose(t *testing.T) {
	for name, want := range map[string]struct{ services, replicas int }{
		"district.yaml": {2, 1},
		"province.yaml": {10, 3},
	} {
		t.Run(name, func(t *testing.T) {
			p := project(t, name)
			if len(p.Services) != want.services {
				t.Errorf("%d services: %v", len(p.Services), p.ServiceNames())
			}
			replicas := 0
			for _, s := range p.Services {
				hardened(t, s)
				if strings.HasPrefix(s.Name, "probity") {
					replicas++
					if !slices.Equal(s.Command[:3], []string{"serve", "--config", "/etc/probity/settings.yaml"}) {
						t.Errorf("%s runs %v", s.Name, s.Command)
					}
				}
			}
			if replicas != want.replicas {
				t.Errorf("%d replicas", replicas)
			}
			for _, secret := range p.Secrets {
				if secret.File == "" || !strings.Contains(secret.File, "/secrets/") {
					t.Errorf("the secret %s is no file in secrets/", secret.Name)
				}
			}
			mounted(t, p)
		})
	}
}

// hardened is what holds of every container.
func hardened(t *testing.T, s types.ServiceConfig) {
	t.Helper()
	switch {
	case !s.ReadOnly:
		t.Errorf("%s may write its root", s.Name)
	case !slices.Contains(s.CapDrop, "ALL"):
		t.Errorf("%s keeps capabilities", s.Name)
	case !slices.Contains(s.SecurityOpt, "no-new-privileges:true"):
		t.Errorf("%s may gain privileges", s.Name)
	case s.MemLimit == 0 || s.CPUS == 0:
		t.Errorf("%s has no limits", s.Name)
	case s.Privileged:
		t.Errorf("%s is privileged", s.Name)
	case len(s.Ports) > 0 && s.Name != "proxy":
		t.Errorf("%s is reached from outside past the proxy", s.Name)
	case !strings.Contains(s.Image, ":"):
		t.Errorf("%s has no version", s.Name)
	case strings.HasPrefix(s.Name, "probity") && s.User != "65532:65532":
		t.Errorf("%s is the user %q", s.Name, s.User)
	}
	for key, value := range s.Environment {
		if value != nil && *value != "" && (strings.Contains(key, "PASS") || strings.Contains(key, "SECRET")) && !strings.HasSuffix(key, "_FILE") {
			t.Errorf("%s has a secret in its environment: %s", s.Name, key)
		}
	}
}

// mounted holds mounts of files in the repository against the files that there
// are.
func mounted(t *testing.T, p *types.Project) {
	t.Helper()
	for _, s := range p.Services {
		for _, v := range s.Volumes {
			made := slices.ContainsFunc([]string{"/certs", "/identity", "/secrets"}, func(dir string) bool {
				return strings.Contains(v.Source, "/compose"+dir)
			})
			if v.Type != "bind" || made {
				continue
			}
			if !v.ReadOnly {
				t.Errorf("%s may write %s", s.Name, v.Source)
			}
			if _, err := os.Stat(v.Source); err != nil {
				t.Errorf("%s: %v", s.Name, err)
			}
		}
	}
}
