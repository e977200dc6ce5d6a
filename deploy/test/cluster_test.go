package deploy

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/json"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"
)

// overlays are those that a user applies.
var overlays = []string{"minimal", "kafka"}

// cluster is what an overlay makes, by type.
type cluster struct {
	workloads   []workload
	services    []corev1.Service
	policies    []networkingv1.NetworkPolicy
	budgets     []policyv1.PodDisruptionBudget
	scalers     []autoscalingv2.HorizontalPodAutoscaler
	configMaps  map[name]corev1.ConfigMap
	secrets     map[name]corev1.Secret
	claims      map[name]corev1.PersistentVolumeClaim
	accounts    map[name]corev1.ServiceAccount
	namespaces  map[string]corev1.Namespace
	podMonitors []podMonitor
}

type name struct{ namespace, name string }

// workload is what makes pods.
type workload struct {
	kind     string
	meta     metav1.ObjectMeta
	selector *metav1.LabelSelector
	pod      corev1.PodTemplateSpec
}

// podMonitor is what we use of the Prometheus operator's type.
type podMonitor struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`
	Spec              struct {
		NamespaceSelector struct {
			MatchNames []string `json:"matchNames"`
		} `json:"namespaceSelector"`
		Selector            metav1.LabelSelector `json:"selector"`
		PodMetricsEndpoints []struct {
			Port string `json:"port"`
		} `json:"podMetricsEndpoints"`
	} `json:"spec"`
}

// build runs kustomize as kubectl does, on a copy in which the key is there,
// and decodes each object. A field that its type does not have fails.
func build(t *testing.T, overlay string) *cluster {
	t.Helper()
	dir := t.TempDir()
	for _, part := range []string{"configs", "deploy/kubernetes"} {
		require.NoError(t, os.CopyFS(filepath.Join(dir, part), os.DirFS(filepath.Join(root, part))))
	}
	at := filepath.Join(dir, "deploy/kubernetes/overlays", overlay)
	write(t, key, at, "secrets/piiscrub_key")
	file := filepath.Join(at, "kustomization.yaml")
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	write(t, string(text)+"\ncomponents: [../../components/monitoring]\n", file)

	objects, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), at)
	require.NoError(t, err)
	c := &cluster{
		configMaps: map[name]corev1.ConfigMap{}, secrets: map[name]corev1.Secret{},
		claims: map[name]corev1.PersistentVolumeClaim{}, accounts: map[name]corev1.ServiceAccount{},
		namespaces: map[string]corev1.Namespace{},
	}
	for _, object := range objects.Resources() {
		c.add(t, object.GetKind(), object.MustYaml())
	}
	return c
}

// add decodes an object strictly. A kind that is not known here fails too.
func (c *cluster) add(t *testing.T, kind, text string) {
	t.Helper()
	switch kind {
	case "DaemonSet":
		o := decode[appsv1.DaemonSet](t, text)
		c.workloads = append(c.workloads, workload{kind, o.ObjectMeta, o.Spec.Selector, o.Spec.Template})
	case "StatefulSet":
		o := decode[appsv1.StatefulSet](t, text)
		c.workloads = append(c.workloads, workload{kind, o.ObjectMeta, o.Spec.Selector, o.Spec.Template})
	case "Deployment":
		o := decode[appsv1.Deployment](t, text)
		c.workloads = append(c.workloads, workload{kind, o.ObjectMeta, o.Spec.Selector, o.Spec.Template})
	case "Service":
		c.services = append(c.services, decode[corev1.Service](t, text))
	case "NetworkPolicy":
		c.policies = append(c.policies, decode[networkingv1.NetworkPolicy](t, text))
	case "PodDisruptionBudget":
		c.budgets = append(c.budgets, decode[policyv1.PodDisruptionBudget](t, text))
	case "HorizontalPodAutoscaler":
		c.scalers = append(c.scalers, decode[autoscalingv2.HorizontalPodAutoscaler](t, text))
	case "PodMonitor":
		c.podMonitors = append(c.podMonitors, decode[podMonitor](t, text))
	case "ConfigMap":
		o := decode[corev1.ConfigMap](t, text)
		c.configMaps[name{o.Namespace, o.Name}] = o
	case "Secret":
		o := decode[corev1.Secret](t, text)
		c.secrets[name{o.Namespace, o.Name}] = o
	case "PersistentVolumeClaim":
		o := decode[corev1.PersistentVolumeClaim](t, text)
		c.claims[name{o.Namespace, o.Name}] = o
	case "ServiceAccount":
		o := decode[corev1.ServiceAccount](t, text)
		c.accounts[name{o.Namespace, o.Name}] = o
	case "Namespace":
		o := decode[corev1.Namespace](t, text)
		c.namespaces[o.Name] = o
	default:
		t.Fatalf("no type for %s:\n%s", kind, text)
	}
}

// decode is as strict as the API server: encoding/json would take a field's name
// in other letters, too.
func decode[T any](t *testing.T, text string) (out T) {
	t.Helper()
	data, err := yaml.YAMLToJSONStrict([]byte(text))
	require.NoError(t, err)
	unknown, err := json.UnmarshalStrict(data, &out)
	require.NoError(t, err)
	require.Empty(t, unknown, text)
	return out
}

// selects tells whether the labels are those that a selector asks for. An empty
// selector takes all.
func selects(want, labels map[string]string) bool {
	for k, v := range want {
		if labels[k] != v {
			return false
		}
	}
	return true
}

// containers are those of a pod, and those that run before it.
func (w *workload) containers() []corev1.Container {
	return append(append([]corev1.Container{}, w.pod.Spec.InitContainers...), w.pod.Spec.Containers...)
}

// port is a container port of a pod by its name; 0 if there is none.
func (w *workload) port(called string) int32 {
	for _, c := range w.containers() {
		for _, p := range c.Ports {
			if p.Name == called {
				return p.ContainerPort
			}
		}
	}
	return 0
}

// collector is the container that runs our image.
func (w *workload) collector(t *testing.T) corev1.Container {
	t.Helper()
	for _, c := range w.containers() {
		if strings.Contains(c.Image, "otelcol-auth:") {
			return c
		}
	}
	t.Fatalf("%s has no collector", w.meta.Name)
	return corev1.Container{}
}
