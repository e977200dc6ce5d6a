package deploy

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// pod is a collector's container on this machine: the files that its volumes
// hold, its arguments and its environment.
type pod struct {
	env     []string
	configs []string
}

// etc is where the manifests mount what the collector reads.
const etc = "/etc/otelcol-auth"

// materialize writes ConfigMaps and Secrets where a folder stands for the
// container's root, and resolves $(VARIABLE) as the kubelet does.
func (c *cluster) materialize(t *testing.T, w workload) pod {
	t.Helper()
	dir := t.TempDir()
	container := w.collector(t)
	for _, m := range container.VolumeMounts {
		for _, v := range w.pod.Spec.Volumes {
			if v.Name != m.Name {
				continue
			}
			if v.ConfigMap != nil {
				for file, text := range c.configMaps[name{w.meta.Namespace, v.ConfigMap.Name}].Data {
					write(t, text, dir, m.MountPath, file)
				}
			}
			if v.Secret != nil {
				for file, text := range c.secrets[name{w.meta.Namespace, v.Secret.SecretName}].Data {
					write(t, string(text), dir, m.MountPath, file)
				}
			}
		}
	}
	var out pod
	args := strings.Join(container.Args, "\n")
	local := strings.NewReplacer(etc, filepath.Join(dir, etc), "/var/lib/otelcol-auth", filepath.Join(dir, "state"))
	set := func(k, v string) {
		args = strings.ReplaceAll(args, "$("+k+")", v)
		out.env = append(out.env, k+"="+local.Replace(v))
	}
	for _, e := range container.EnvFrom {
		for k, v := range c.configMaps[name{w.meta.Namespace, e.ConfigMapRef.Name}].Data {
			set(k, v)
		}
	}
	for _, e := range container.Env {
		if e.ValueFrom == nil {
			set(e.Name, e.Value)
		}
	}
	for arg := range strings.Lines(local.Replace(args)) {
		if arg = strings.TrimSpace(arg); arg != "--config" {
			out.configs = append(out.configs, arg)
		}
	}
	return out
}

// TestPodConfigs: each collector's config is valid as its pod has it: from the
// ConfigMaps of the overlay, with the environment of the container, and the key
// in a file. It listens at the ports that the container declares, and no other.
func TestPodConfigs(t *testing.T) {
	for _, overlay := range overlays {
		c := build(t, overlay)
		for _, w := range c.workloads {
			t.Run(overlay+"/"+w.kind, func(t *testing.T) {
				p := c.materialize(t, w)
				require.Contains(t, strings.Join(p.env, "\n"), "PIISCRUB_KEY=${file:")
				assert.NotContains(t, strings.Join(p.env, "\n"), key)
				validate(t, p.env, p.configs...)

				config := map[string]any{}
				for _, file := range p.configs {
					text, err := os.ReadFile(file)
					require.NoError(t, err)
					config = merge(config, tree(t, string(text)))
				}
				var declared, listening []string
				for _, port := range w.collector(t).Ports {
					declared = append(declared, "0.0.0.0:"+strconv.Itoa(int(port.ContainerPort)))
				}
				for _, address := range listeners(config) {
					listening = append(listening, address)
				}
				slices.Sort(declared)
				slices.Sort(listening)
				assert.Equal(t, declared, listening)
				if len(p.configs) == 2 {
					below, err := os.ReadFile(p.configs[0])
					require.NoError(t, err)
					above, err := os.ReadFile(p.configs[1])
					require.NoError(t, err)
					keepsLists(t, string(below), string(above))
				}
			})
		}
	}
}

// TestOverlayWantsTheKey: without it nothing is applied.
func TestOverlayWantsTheKey(t *testing.T) {
	for _, overlay := range overlays {
		dir := filepath.Join(root, "deploy/kubernetes/overlays", overlay)
		text, err := os.ReadFile(filepath.Join(dir, "secrets/.gitignore"))
		require.NoError(t, err)
		assert.Equal(t, "*\n!.gitignore\n", string(text)) // it is not committed either
		assert.Equal(t, 2, strings.Count(read(t, "deploy/kubernetes/overlays", overlay, "kustomization.yaml"), "files: [secrets/piiscrub_key]"))
	}
}
