package manifests

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/json"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"
)

// objects renders an overlay, by name or absolute path, and decodes each object strictly into its type:
// a field that Kubernetes does not know fails.
func objects(t *testing.T, overlay string) []runtime.Object {
	t.Helper()
	dir, err := overlay, error(nil)
	if !filepath.IsAbs(dir) {
		dir, err = filepath.Abs(filepath.Join(deploy, "kubernetes", overlay))
	}
	if err != nil {
		t.Fatal(err)
	}
	resources, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), dir)
	if err != nil {
		t.Fatal(err)
	}
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{corev1.AddToScheme, appsv1.AddToScheme, networkingv1.AddToScheme, policyv1.AddToScheme} {
		if err := add(scheme); err != nil {
			t.Fatal(err)
		}
	}
	strict := json.NewSerializerWithOptions(json.DefaultMetaFactory, scheme, scheme, json.SerializerOptions{Yaml: true, Strict: true})
	var out []runtime.Object
	for _, r := range resources.Resources() {
		text, err := r.AsYAML()
		if err != nil {
			t.Fatal(err)
		}
		o, _, err := strict.Decode(text, nil, nil)
		if err != nil {
			t.Fatalf("%s: %v", r.CurId(), err)
		}
		if _, unknown := o.(*unstructured.Unstructured); unknown {
			t.Errorf("%s is of no known kind", r.CurId())
		}
		if r.GetNamespace() != "probity" && r.GetKind() != "Namespace" {
			t.Errorf("%s is in the namespace %q", r.CurId(), r.GetNamespace())
		}
		out = append(out, o)
	}
	return out
}

func TestKubernetes(t *testing.T) {
	for overlay, want := range map[string]struct {
		replicas, budgets int
		secrets           []string
	}{
		"district": {1, 0, []string{"probity-passphrase", "probity-tls"}},
		"province": {3, 1, []string{"probity-passphrase", "probity-tls", "probity-identity", "probity-kurrentdb", "probity-postgres"}},
	} {
		t.Run(overlay, func(t *testing.T) {
			denied, budgets, sets := false, 0, 0
			for _, o := range objects(t, overlay) {
				switch o := o.(type) {
				case *corev1.Secret:
					t.Errorf("the secret %s is in the repository", o.Name)
				case *networkingv1.NetworkPolicy:
					denied = denied || len(o.Spec.PodSelector.MatchExpressions) == 0 && len(o.Spec.Ingress) == 0 && len(o.Spec.Egress) == 0 && len(o.Spec.PolicyTypes) == 2
				case *policyv1.PodDisruptionBudget:
					budgets++
				case *appsv1.StatefulSet:
					sets++
					if o.Spec.Replicas == nil || int(*o.Spec.Replicas) != want.replicas {
						t.Errorf("%v replicas", o.Spec.Replicas)
					}
					restricted(t, o.Spec.Template.Spec)
					probed(t, o.Spec.Template.Spec)
					named(t, o.Spec.Template.Spec, want.secrets)
				}
			}
			if !denied || budgets != want.budgets || sets != 1 {
				t.Errorf("denied by default: %v, %d budgets, %d sets", denied, budgets, sets)
			}
		})
	}
}

// restricted is what the restricted Pod Security Standard asks for, and a root
// that is read only.
func restricted(t *testing.T, pod corev1.PodSpec) {
	t.Helper()
	s := pod.SecurityContext
	if s == nil || s.RunAsNonRoot == nil || !*s.RunAsNonRoot || s.SeccompProfile == nil || s.SeccompProfile.Type != corev1.SeccompProfileTypeRuntimeDefault {
		t.Errorf("the pod: %+v", s)
	}
	if pod.AutomountServiceAccountToken == nil || *pod.AutomountServiceAccountToken {
		t.Error("the pod has a token of the cluster")
	}
	for _, c := range pod.Containers {
		s := c.SecurityContext
		if s == nil || s.ReadOnlyRootFilesystem == nil || !*s.ReadOnlyRootFilesystem || s.AllowPrivilegeEscalation == nil || *s.AllowPrivilegeEscalation ||
			s.Capabilities == nil || len(s.Capabilities.Drop) != 1 || s.Capabilities.Drop[0] != "ALL" || len(s.Capabilities.Add) > 0 {
			t.Errorf("%s: %+v", c.Name, s)
		}
		if c.Resources.Limits.Memory().IsZero() || c.Resources.Requests.Cpu().IsZero() {
			t.Errorf("%s has no resources", c.Name)
		}
		if strings.HasSuffix(c.Image, ":latest") || !strings.Contains(c.Image, ":") {
			t.Errorf("%s is of any version: %s", c.Name, c.Image)
		}
	}
}

func probed(t *testing.T, pod corev1.PodSpec) {
	t.Helper()
	for _, c := range pod.Containers {
		if c.LivenessProbe == nil || c.LivenessProbe.HTTPGet.Path != "/healthz" || c.ReadinessProbe == nil || c.ReadinessProbe.HTTPGet.Path != "/readyz" || c.StartupProbe == nil {
			t.Errorf("%s is not probed", c.Name)
		}
	}
}

// The pod that moves a ledger takes it from where the first pod has it to where
// all will look for it, and is none that people are sent to.
func TestThePodThatMovesALedger(t *testing.T) {
	var pod corev1.Pod
	if err := yaml.UnmarshalStrict(read(t, deploy, "kubernetes", "moving.yaml"), &pod); err != nil {
		t.Fatal(err)
	}
	restricted(t, pod.Spec)
	if len(pod.Labels) > 0 {
		t.Errorf("a service may take it for one that serves: %v", pod.Labels)
	}
	var settings struct {
		Store string
		CA    string `json:"store-ca"`
		User  string `json:"store-credentials-file"`
	}
	if err := yaml.Unmarshal(read(t, deploy, "kubernetes", "province", "settings.yaml"), &settings); err != nil {
		t.Fatal(err)
	}
	want := []string{"migrate", "--from=embedded", "--to=" + settings.Store + "?tlsCAFile=" + settings.CA, "--to-credentials=file:" + settings.User}
	if got := pod.Spec.Containers[0].Args; !slices.Equal(got, want) {
		t.Errorf("it runs %q, want %q", got, want)
	}
	for _, o := range objects(t, "province") {
		set, ok := o.(*appsv1.StatefulSet)
		if !ok {
			continue
		}
		if got, want := pod.Spec.Containers[0].Image, set.Spec.Template.Spec.Containers[0].Image; got != want {
			t.Errorf("it is of %s, and those that serve of %s", got, want)
		}
		if got, want := pod.Spec.Volumes[0].PersistentVolumeClaim.ClaimName, set.Spec.VolumeClaimTemplates[0].Name+"-"+set.Name+"-0"; got != want {
			t.Errorf("it has the claim %s, the first pod %s", got, want)
		}
	}
}

// named holds the secrets that a pod mounts against those that the runbook
// tells to make.
func named(t *testing.T, pod corev1.PodSpec, want []string) {
	t.Helper()
	runbook := string(read(t, deploy, "RUNBOOK.md"))
	found := map[string]bool{}
	for _, v := range pod.Volumes {
		if v.Secret != nil {
			found[v.Secret.SecretName] = true
		}
	}
	for _, name := range want {
		if !found[name] {
			t.Errorf("the secret %s is not mounted", name)
		}
		if !strings.Contains(runbook, name) {
			t.Errorf("the runbook does not say how %s is made", name)
		}
		delete(found, name)
	}
	for name := range found {
		t.Errorf("the secret %s is not expected", name)
	}
	mounts := map[string]bool{}
	for _, m := range pod.Containers[0].VolumeMounts {
		if mounts[m.MountPath] {
			t.Errorf("%s is mounted twice", m.MountPath)
		}
		mounts[m.MountPath] = true
	}
}
