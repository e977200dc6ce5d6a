package linked

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestBothViews: of one command, here one of our own, go
// list and the linker name the same modules.
func TestBothViews(t *testing.T) {
	const pkg = "../../licenses"
	out := filepath.Join(t.TempDir(), "licenses")
	cmd := exec.CommandContext(t.Context(), "go", "-C", pkg, "build", "-trimpath", "-o", out, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	printed, err := cmd.CombinedOutput()
	require.NoError(t, err, string(printed))
	binary, err := Read(out)
	require.NoError(t, err)
	source, err := Source(t.Context(), pkg, []string{"CGO_ENABLED=0"})
	require.NoError(t, err)

	assert.Empty(t, Differences(source, binary.Modules))
	assert.Equal(t, "github.com/authevents/otelcol-auth/tools", binary.Main)
	assert.Equal(t, "0", binary.Settings["CGO_ENABLED"])
	assert.Regexp(t, `^go1\.\d+`, binary.GoVersion)
	for _, m := range source {
		assert.DirExists(t, m.Dir)
		assert.NotEmpty(t, m.Dirs, m.Path)
		assert.Equal(t, m.Path == binary.Main, m.Version == "", m.Path)
	}
	for _, m := range binary.Modules {
		assert.Equal(t, m.Path != binary.Main, m.Sum != "", m.Path)
	}
}

func TestFromList(t *testing.T) {
	got, err := fromList([]byte(`
		{"Dir": "/go/src/fmt", "Standard": true}
		{"Dir": "/mod/b/y", "Module": {"Path": "example.org/b", "Version": "v1.0.0", "Dir": "/mod/b"}}
		{"Dir": "/mod/b/x", "Module": {"Path": "example.org/b", "Version": "v1.0.0", "Dir": "/mod/b"}}
		{"Dir": "/mod/fork", "Module": {"Path": "example.org/a", "Version": "v1.0.0", "Dir": "/mod/a",
			"Replace": {"Path": "example.org/fork", "Version": "v1.0.1", "Dir": "/mod/fork"}}}
		{"Dir": "/src", "Module": {"Path": "example.org/ours", "Version": "v0.0.0", "Dir": "/src", "Replace": {"Path": "../..", "Dir": "/src"}}}
		{"Dir": "/src/cmd", "Module": {"Path": "example.org/ours/cmd", "Main": true, "Dir": "/src/cmd"}}
	`))
	require.NoError(t, err)
	assert.Equal(t, []Module{
		{Path: "example.org/b", Version: "v1.0.0", Dir: "/mod/b", Dirs: []string{"/mod/b/x", "/mod/b/y"}},
		{Path: "example.org/fork", Version: "v1.0.1", Dir: "/mod/fork", Dirs: []string{"/mod/fork"}},
		{Path: "example.org/ours", Dir: "/src", Dirs: []string{"/src"}},
		{Path: "example.org/ours/cmd", Dir: "/src/cmd", Dirs: []string{"/src/cmd"}},
	}, got)
	_, err = fromList([]byte(`{"Dir": `))
	assert.ErrorContains(t, err, "output of go list")
}

func TestDifferences(t *testing.T) {
	a, b, newer := Module{Path: "a", Version: "v1.0.0"}, Module{Path: "b", Version: "v1.0.0"}, Module{Path: "b", Version: "v1.1.0"}
	assert.Empty(t, Differences([]Module{a, b}, []Module{b, a}))
	assert.Equal(t, []string{"b@v1.0.0: in the source only", "b@v1.1.0: in the binary only"}, Differences([]Module{a, b}, []Module{a, newer}))
}

func TestUnion(t *testing.T) {
	linux := []Module{{Path: "a", Version: "v1.0.0", Dirs: []string{"/a/x", "/a/y"}}}
	darwin := []Module{{Path: "a", Version: "v1.0.0", Dirs: []string{"/a/w", "/a/x"}}, {Path: "b", Version: "v1.0.0"}}
	got := Union(linux, darwin)
	require.Len(t, got, 2)
	assert.Equal(t, []string{"/a/w", "/a/x", "/a/y"}, got[0].Dirs)
	assert.Equal(t, []string{"/a/x", "/a/y"}, linux[0].Dirs, "what was given stays as it was")
}

func TestErrors(t *testing.T) {
	_, err := Source(t.Context(), t.TempDir(), nil)
	assert.ErrorContains(t, err, "go list -deps in ")
	file := filepath.Join(t.TempDir(), "text")
	require.NoError(t, os.WriteFile(file, []byte("no binary"), 0o600))
	_, err = Read(file)
	assert.ErrorContains(t, err, file+" has no build information")
}
