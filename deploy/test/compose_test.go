package deploy

import (
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const composeDir = "deploy/compose"

// composeProject loads compose.yaml as docker compose does, with the .env that
// init.sh makes, in the project's own folder.
func composeProject(t *testing.T, env ...string) *types.Project {
	t.Helper()
	file, err := filepath.Abs(filepath.Join(root, composeDir, "compose.yaml"))
	require.NoError(t, err)
	options, err := cli.NewProjectOptions([]string{file}, cli.WithEnv(env), cli.WithProfiles([]string{"sample"}))
	require.NoError(t, err)
	project, err := options.LoadProject(t.Context())
	require.NoError(t, err)
	return project
}

// TestComposeIsClosed: what each container may do, and what can be reached.
func TestComposeIsClosed(t *testing.T) {
	project := composeProject(t)
	require.Len(t, project.Services, 6)
	for name, s := range project.Services {
		assert.True(t, s.ReadOnly, name)
		assert.Equal(t, []string{"ALL"}, s.CapDrop, name)
		assert.Empty(t, s.CapAdd, name)
		assert.False(t, s.Privileged, name)
		assert.Contains(t, s.SecurityOpt, "no-new-privileges:true", name)
		assert.NotZero(t, s.MemLimit, name)
		assert.NotZero(t, s.PidsLimit, name)
		assert.Regexp(t, `:(local|v?[0-9]+\.[0-9]+.*)$`, s.Image, name)
		if name != "grafana" {
			assert.Empty(t, s.Ports, name)
			assert.NotContains(t, s.Networks, "outside", name)
		}
		for _, p := range s.Ports {
			assert.Equal(t, "127.0.0.1", p.HostIP, name)
		}
	}
	assert.Len(t, project.Services["grafana"].Ports, 1)
	assert.True(t, project.Networks["inside"].Internal)
}

// TestComposeMounts: what is mounted is there, and read-only where it is ours.
func TestComposeMounts(t *testing.T) {
	mounts := 0
	for name, s := range composeProject(t).Services {
		for _, v := range s.Volumes {
			if v.Type != types.VolumeTypeBind {
				continue
			}
			mounts++
			assert.FileExists(t, firstFile(t, v.Source), name)
			assert.True(t, v.ReadOnly, v.Source)
		}
	}
	assert.NotZero(t, mounts)

	own := composeProject(t, "IDP_LOGS=/var/log/idp").Services["collector"]
	i := slices.IndexFunc(own.Volumes, func(v types.ServiceVolumeConfig) bool { return v.Target == "/logs" })
	assert.Equal(t, types.VolumeTypeBind, own.Volumes[i].Type, "a path is a folder")
	assert.Equal(t, "/var/log/idp", own.Volumes[i].Source)
}

// firstFile is path, or a file of the folder that it is: an empty one would be
// mounted as well, and show nothing.
func firstFile(t *testing.T, path string) string {
	t.Helper()
	info, err := os.Stat(path)
	require.NoError(t, err)
	if !info.IsDir() {
		return path
	}
	found, err := filepath.Glob(filepath.Join(path, "*.*"))
	require.NoError(t, err)
	require.NotEmpty(t, found, path)
	return found[0]
}

// TestComposeCollector: the configs that the container is given are valid with
// its environment, one merged into the other.
func TestComposeCollector(t *testing.T) {
	collector := composeProject(t).Services["collector"]
	secrets := filepath.Join(initialized(t), "secrets")
	var env, files []string
	for name, value := range collector.Environment {
		env = append(env, name+"="+strings.ReplaceAll(*value, "/run/secrets", secrets))
	}
	env = append(env, "STATE_DIR="+t.TempDir()) // the image's
	for _, arg := range collector.Command {
		path, ok := strings.CutPrefix(arg, "--config=/etc/otelcol-auth/")
		require.True(t, ok, arg)
		if own, ok := strings.CutPrefix(path, "compose/"); ok {
			files = append(files, filepath.Join(composeDir, own))
			mounted := slices.ContainsFunc(collector.Volumes, func(v types.ServiceVolumeConfig) bool {
				return v.Target == "/etc/otelcol-auth/"+path && filepath.Base(v.Source) == own
			})
			assert.True(t, mounted, path)
		} else {
			files = append(files, filepath.Join("configs", path))
		}
	}
	require.Len(t, files, 3)
	validate(t, env, files...)
	var texts strings.Builder
	for _, file := range files {
		texts.WriteString(read(t, file))
	}
	for name := range collector.Environment {
		if name != "GOMEMLIMIT" && name != "HEALTHCHECK_URL" { // the runtime's, and the image's
			assert.Regexp(t, `\$\{env:`+name+`[:}]`, texts.String(), "no config asks for it")
		}
	}
	keepsLists(t, read(t, files[0]), read(t, files[1]))
}

// TestComposeParts: who is named in one file is there in the other.
func TestComposeParts(t *testing.T) {
	project := composeProject(t)
	run(t, filepath.Join(root, composeDir), nil, "promtool", "check", "config", "--syntax-only", "prometheus.yml")

	// What Prometheus scrapes, the collector listens at.
	added := tree(t, read(t, composeDir, "additions.yaml"))
	ports := slices.Sorted(maps.Values(listeners(added)))
	assert.Equal(t, []string{"0.0.0.0:8888", "0.0.0.0:9464", "127.0.0.1:13133"}, ports)
	for _, port := range []string{"8888", "9464"} {
		assert.Contains(t, read(t, composeDir, "prometheus.yml"), "[collector:"+port+"]")
	}
	assert.Equal(t, "http://127.0.0.1:13133/", *project.Services["collector"].Environment["HEALTHCHECK_URL"])

	// Alert rules and dashboards are where Prometheus and Grafana look for them.
	assert.Contains(t, read(t, composeDir, "prometheus.yml"), "/etc/prometheus/rules/*.rules.yaml")
	assert.Contains(t, read(t, composeDir, "grafana/dashboards/dashboards.yaml"), "path: /var/lib/grafana-dashboards")
	targets := map[string]bool{}
	for _, s := range project.Services {
		for _, v := range s.Volumes {
			targets[v.Target] = true
		}
	}
	assert.True(t, targets["/etc/prometheus/rules"] && targets["/var/lib/grafana-dashboards"])

	// Data sources are services, on the port that their config says.
	sources, _ := tree(t, read(t, composeDir, "grafana/datasources/datasources.yaml"))["datasources"].([]any)
	require.Len(t, sources, 3)
	for _, s := range sources {
		address, _ := at(s, "url").(string)
		if u, err := url.Parse(address); err == nil && u.Host != "" {
			address = u.Host
		}
		host, _, _ := strings.Cut(address, ":")
		assert.Contains(t, project.Services, host)
	}
	port := regexp.MustCompile(`http_listen_port: ([0-9]+)`).FindStringSubmatch(read(t, composeDir, "loki.yaml"))
	require.NotNil(t, port)
	assert.Equal(t, "http://loki:"+port[1], *project.Services["collector"].Environment["LOKI_ENDPOINT"])
}
