package deploy

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// TestReferencesExist: what an object names is in the overlay, in its namespace.
func TestReferencesExist(t *testing.T) {
	for _, overlay := range overlays {
		c := build(t, overlay)
		require.Len(t, c.workloads, 2)
		for _, w := range c.workloads {
			at := overlay + "/" + w.meta.Name
			ns := w.meta.Namespace
			assert.Contains(t, c.namespaces, ns, at)
			assert.Contains(t, c.accounts, name{ns, w.pod.Spec.ServiceAccountName}, at)
			assert.False(t, *c.accounts[name{ns, w.pod.Spec.ServiceAccountName}].AutomountServiceAccountToken, at)
			assert.True(t, selects(w.selector.MatchLabels, w.pod.Labels), at)

			volumes := map[string]int{}
			for _, v := range w.pod.Spec.Volumes {
				volumes[v.Name] = 0
				c.volumeExists(t, ns, v)
			}
			for _, container := range w.containers() {
				for _, m := range container.VolumeMounts {
					assert.Contains(t, volumes, m.Name, at)
					volumes[m.Name]++
				}
				for _, e := range container.EnvFrom {
					assert.Contains(t, c.configMaps, name{ns, e.ConfigMapRef.Name}, at)
				}
				for _, p := range []*corev1.Probe{container.StartupProbe, container.LivenessProbe, container.ReadinessProbe} {
					if container.Name == "collector" {
						require.NotNil(t, p, at)
						assert.EqualValues(t, 13133, w.port(p.HTTPGet.Port.StrVal), at)
					}
				}
			}
			for v, mounts := range volumes {
				assert.NotZero(t, mounts, "%s: nobody mounts %s", at, v)
			}
		}
		for _, h := range c.scalers {
			assert.NotNil(t, c.workload(h.Namespace, h.Spec.ScaleTargetRef.Kind, h.Spec.ScaleTargetRef.Name), h.Name)
		}
	}
}

func (c *cluster) volumeExists(t *testing.T, ns string, v corev1.Volume) {
	t.Helper()
	switch {
	case v.ConfigMap != nil:
		assert.Contains(t, c.configMaps, name{ns, v.ConfigMap.Name})
	case v.Secret != nil:
		assert.Contains(t, c.secrets, name{ns, v.Secret.SecretName})
		assert.EqualValues(t, 0o440, *v.Secret.DefaultMode)
	case v.PersistentVolumeClaim != nil:
		assert.Contains(t, c.claims, name{ns, v.PersistentVolumeClaim.ClaimName})
	case v.HostPath != nil:
	default:
		t.Errorf("volume %s is of a kind that nothing here checks", v.Name)
	}
}

func (c *cluster) workload(namespace, kind, called string) *workload {
	for i, w := range c.workloads {
		if w.meta.Namespace == namespace && w.kind == kind && w.meta.Name == called {
			return &c.workloads[i]
		}
	}
	return nil
}

// pods are the workloads of a namespace whose pods have the labels.
func (c *cluster) pods(namespace string, labels map[string]string) []workload {
	var out []workload
	for _, w := range c.workloads {
		if w.meta.Namespace == namespace && selects(labels, w.pod.Labels) {
			out = append(out, w)
		}
	}
	return out
}

// TestSelectorsFind: Services, budgets and monitors select pods that are there,
// with the ports that they name.
func TestSelectorsFind(t *testing.T) {
	for _, overlay := range overlays {
		c := build(t, overlay)
		require.NotEmpty(t, c.services)
		for _, s := range c.services {
			pods := c.pods(s.Namespace, s.Spec.Selector)
			require.Len(t, pods, 1, s.Name)
			for _, p := range s.Spec.Ports {
				require.Equal(t, intstr.String, p.TargetPort.Type, "%s: name the port", s.Name)
				assert.NotZero(t, pods[0].port(p.TargetPort.StrVal), "%s/%s: %s", overlay, s.Name, p.Name)
			}
		}
		for _, b := range c.budgets {
			assert.Len(t, c.pods(b.Namespace, b.Spec.Selector.MatchLabels), 1, b.Name)
		}
		require.Len(t, c.podMonitors, 1)
		monitor, found := c.podMonitors[0], 0
		for _, ns := range monitor.Spec.NamespaceSelector.MatchNames {
			for _, w := range c.pods(ns, monitor.Spec.Selector.MatchLabels) {
				found++
				assert.NotZero(t, w.port(monitor.Spec.PodMetricsEndpoints[0].Port), w.meta.Name)
			}
		}
		assert.Equal(t, len(c.workloads), found)
	}
}
