package manifests

import (
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// selects tells whether a selector means what has these labels.
func selects(t *testing.T, s *metav1.LabelSelector, of map[string]string) bool {
	t.Helper()
	selector, err := metav1.LabelSelectorAsSelector(s)
	if err != nil {
		t.Fatal(err)
	}
	return selector.Matches(labels.Set(of))
}

// peer is a pod of others, with the labels that its makers give it.
type peer struct {
	namespace string
	labels    map[string]string
}

// among tells whether one of the peers of a rule is that pod.
func (p peer) among(t *testing.T, peers []networkingv1.NetworkPolicyPeer) bool {
	t.Helper()
	for _, to := range peers {
		if to.NamespaceSelector != nil && selects(t, to.NamespaceSelector, map[string]string{"kubernetes.io/metadata.name": p.namespace}) &&
			(to.PodSelector == nil || selects(t, to.PodSelector, p.labels)) {
			return true
		}
	}
	return false
}

func opens(ports []networkingv1.NetworkPolicyPort, protocol corev1.Protocol, port intstr.IntOrString) bool {
	for _, p := range ports {
		if *p.Protocol == protocol && *p.Port == port {
			return true
		}
	}
	return false
}

// What is rendered lets our pods ask for names, reach their stores and be
// reached, and its selectors mean our pods.
func TestPodsReachWhatTheyNeed(t *testing.T) {
	dns := peer{"kube-system", map[string]string{"k8s-app": "kube-dns"}}
	ingress := peer{"ingress-nginx", map[string]string{"app.kubernetes.io/name": "ingress-nginx"}}
	prometheus := peer{"monitoring", map[string]string{"app.kubernetes.io/name": "prometheus"}}
	type way struct {
		to       peer
		protocol corev1.Protocol
		port     int32
	}
	names := []way{{dns, corev1.ProtocolUDP, 53}, {dns, corev1.ProtocolTCP, 53}}
	for overlay, out := range map[string][]way{
		"district": names,
		"province": append(names, way{peer{"kurrentdb", map[string]string{"app": "kurrentdb"}}, corev1.ProtocolTCP, 2113},
			way{peer{"postgres", map[string]string{"cnpg.io/cluster": "probity"}}, corev1.ProtocolTCP, 5432},
			way{peer{"monitoring", map[string]string{"app": "collector"}}, corev1.ProtocolTCP, 4318}),
	} {
		t.Run(overlay, func(t *testing.T) {
			var pod map[string]string
			var policies []*networkingv1.NetworkPolicy
			var selectors []*metav1.LabelSelector
			for _, o := range objects(t, overlay) {
				switch o := o.(type) {
				case *appsv1.StatefulSet:
					pod = o.Spec.Template.Labels
					selectors = append(selectors, o.Spec.Selector)
					for _, c := range o.Spec.Template.Spec.TopologySpreadConstraints {
						selectors = append(selectors, c.LabelSelector)
					}
				case *corev1.Service:
					if len(o.Spec.Selector) == 0 {
						t.Errorf("the service %s leads to no pod", o.Name)
					}
					selectors = append(selectors, &metav1.LabelSelector{MatchLabels: o.Spec.Selector})
				case *policyv1.PodDisruptionBudget:
					selectors = append(selectors, o.Spec.Selector)
				case *networkingv1.NetworkPolicy:
					policies = append(policies, o)
					selectors = append(selectors, &o.Spec.PodSelector)
				}
			}
			for _, s := range selectors {
				if !selects(t, s, pod) {
					t.Errorf("a selector that means no pod of ours: %v", s)
				}
			}
			for _, w := range out {
				reached := false
				for _, p := range policies {
					for _, rule := range p.Spec.Egress {
						reached = reached || w.to.among(t, rule.To) && opens(rule.Ports, w.protocol, intstr.FromInt32(w.port))
					}
				}
				if !reached {
					t.Errorf("no policy lets a pod out to %v, port %d %s", w.to, w.port, w.protocol)
				}
			}
			for _, from := range []peer{ingress, prometheus} {
				reached := false
				for _, p := range policies {
					for _, rule := range p.Spec.Ingress {
						reached = reached || from.among(t, rule.From) && opens(rule.Ports, corev1.ProtocolTCP, intstr.FromString("https"))
					}
				}
				if !reached {
					t.Errorf("no policy lets %v in", from)
				}
			}
		})
	}
}
