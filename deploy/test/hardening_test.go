package deploy

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

// TestPodsAreHardened: what each pod and each container of it may do. One is
// excepted by name: the agent's first container hands a folder of the node to
// the collector's user, and needs to be root with one capability for that.
func TestPodsAreHardened(t *testing.T) {
	for _, overlay := range overlays {
		for _, w := range build(t, overlay).workloads {
			pod := w.pod.Spec
			at := overlay + "/" + w.meta.Name
			require.NotNil(t, pod.SecurityContext, at)
			assert.True(t, *pod.SecurityContext.RunAsNonRoot, at)
			assert.NotZero(t, *pod.SecurityContext.RunAsUser, at)
			assert.Equal(t, corev1.SeccompProfileTypeRuntimeDefault, pod.SecurityContext.SeccompProfile.Type, at)
			assert.False(t, *pod.AutomountServiceAccountToken, at)
			assert.False(t, pod.HostNetwork || pod.HostPID || pod.HostIPC, at)
			for _, c := range w.containers() {
				hardened(t, at+"/"+c.Name, c)
			}
		}
	}
}

func hardened(t *testing.T, at string, c corev1.Container) {
	t.Helper()
	s := c.SecurityContext
	require.NotNil(t, s, at)
	assert.False(t, *s.AllowPrivilegeEscalation, at)
	assert.True(t, *s.ReadOnlyRootFilesystem, at)
	assert.Nil(t, s.Privileged, at)
	assert.Nil(t, s.SeccompProfile, at) // the pod's
	assert.Equal(t, []corev1.Capability{"ALL"}, s.Capabilities.Drop, at)
	if c.Name == "own-state" {
		assert.Equal(t, []corev1.Capability{"CHOWN"}, s.Capabilities.Add, at)
		assert.Equal(t, []string{"chown", "65532:65532", "/state"}, c.Command, at)
		assert.Len(t, c.VolumeMounts, 1, at)
	} else {
		assert.Empty(t, s.Capabilities.Add, at)
		assert.Nil(t, s.RunAsUser, at)
		assert.Nil(t, s.RunAsNonRoot, at)
	}
	for _, r := range []corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceMemory} {
		assert.False(t, c.Resources.Limits.Name(r, "").IsZero(), "%s: no limit of %s", at, r)
		assert.False(t, c.Resources.Requests.Name(r, "").IsZero(), "%s: no request of %s", at, r)
	}
	assert.Regexp(t, `^[^:]+:[0-9]+\.[0-9]+\.[0-9]+`, c.Image, at)
}

// TestHostPaths: of the node, an agent has the logs, which it can't write, and a
// folder of its own.
func TestHostPaths(t *testing.T) {
	for _, overlay := range overlays {
		found := map[string]bool{} // by path, whether a container may write
		for _, w := range build(t, overlay).workloads {
			for _, v := range w.pod.Spec.Volumes {
				if v.HostPath == nil {
					continue
				}
				for _, c := range w.containers() {
					for _, m := range c.VolumeMounts {
						if m.Name == v.Name {
							found[v.HostPath.Path] = found[v.HostPath.Path] || !m.ReadOnly
						}
					}
				}
				assert.Equal(t, "DaemonSet", w.kind, w.meta.Name)
			}
		}
		assert.Equal(t, map[string]bool{"/var/log/pods": false, "/var/lib/otelcol-auth": true}, found, overlay)
	}
}

// TestCollectorsKeepTheirMemory: Go is told of the request, and the limit leaves
// a fifth at least for what it does not count.
func TestCollectorsKeepTheirMemory(t *testing.T) {
	for _, overlay := range overlays {
		for _, w := range build(t, overlay).workloads {
			c := w.collector(t)
			var from *corev1.ResourceFieldSelector
			for _, e := range c.Env {
				if e.Name == "GOMEMLIMIT" {
					from = e.ValueFrom.ResourceFieldRef
				}
			}
			require.NotNil(t, from, w.meta.Name)
			assert.Equal(t, "requests.memory", from.Resource)
			assert.Equal(t, c.Name, from.ContainerName)
			request, limit := c.Resources.Requests.Memory().Value(), c.Resources.Limits.Memory().Value()
			assert.GreaterOrEqual(t, float64(limit), 1.25*float64(request), w.meta.Name)
		}
	}
}

// TestNamespacesAreRestricted: only the agent's, for its hostPath, is not.
func TestNamespacesAreRestricted(t *testing.T) {
	for _, overlay := range overlays {
		c := build(t, overlay)
		hostPaths := map[string]bool{}
		for _, w := range c.workloads {
			for _, v := range w.pod.Spec.Volumes {
				if v.HostPath != nil {
					hostPaths[w.meta.Namespace] = true
				}
			}
		}
		for _, n := range c.namespaces {
			want := "restricted"
			if hostPaths[n.Name] {
				want = "privileged"
			}
			assert.Equal(t, want, n.Labels["pod-security.kubernetes.io/enforce"], n.Name)
		}
		assert.Len(t, c.namespaces, 2)
	}
}
