package project

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// repository makes one with a commit, whose manifest has this version.
func repository(t *testing.T, version string) string {
	t.Helper()
	root := t.TempDir()
	t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
	t.Setenv("GIT_COMMITTER_DATE", "2026-11-23T11:29:15Z")
	t.Setenv("SOURCE_DATE_EPOCH", "")
	require.NoError(t, os.WriteFile(filepath.Join(root, "builder-config.yaml"), []byte("dist:\n  version: "+version+"\n"), 0o600))
	run(t, root, "init", "-q")
	run(t, root, "add", ".")
	run(t, root, "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "first")
	return root
}

func run(t *testing.T, root string, args ...string) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "git", append([]string{"-C", root}, args...)...).CombinedOutput()
	require.NoError(t, err, string(out))
}

func TestReadSource(t *testing.T) {
	root := repository(t, "0.1.0")
	s, err := ReadSource(t.Context(), root, false)
	require.NoError(t, err)
	assert.Len(t, s.Commit, 40)
	assert.Equal(t, "0.1.0-dev.g"+s.Commit[:12], s.Version, "a commit without a tag is not the release")
	assert.Equal(t, int64(1795433355), s.Time.Unix())

	run(t, root, "tag", "v0.1.0")
	run(t, root, "tag", "unrelated")
	s, err = ReadSource(t.Context(), root, false)
	require.NoError(t, err)
	assert.Equal(t, "0.1.0", s.Version)
	assert.False(t, s.Dirty)

	t.Setenv("SOURCE_DATE_EPOCH", "1700000000")
	s, err = ReadSource(t.Context(), root, false)
	require.NoError(t, err)
	assert.Equal(t, int64(1700000000), s.Time.Unix())

	require.NoError(t, os.WriteFile(filepath.Join(root, "new"), nil, 0o600))
	_, err = ReadSource(t.Context(), root, false)
	assert.ErrorContains(t, err, "the work tree has changes")
	s, err = ReadSource(t.Context(), root, true)
	require.NoError(t, err)
	assert.Equal(t, "0.1.0-dirty", s.Version)
	assert.True(t, s.Dirty)
}

func TestVersion(t *testing.T) {
	const commit = "012345678901234567890123456789"
	for _, tt := range []struct {
		tags      []string
		dirty     bool
		want, err string
	}{
		{want: "0.2.0-dev.g012345678901"},
		{dirty: true, want: "0.2.0-dev.g012345678901.dirty"},
		{tags: []string{"v0.2.0"}, want: "0.2.0"},
		{tags: []string{"v0.3.0"}, err: "the commit has tag v0.3.0, and builder-config.yaml dist.version is 0.2.0"},
		{tags: []string{"v0.2.0", "v0.2.1"}, err: "the commit has tag v0.2.1"},
		{tags: []string{"v0.two"}, err: "tag v0.two is no version"},
	} {
		got, err := version("0.2.0", tt.tags, commit, tt.dirty)
		if tt.err != "" {
			assert.ErrorContains(t, err, tt.err)
			continue
		}
		require.NoError(t, err)
		assert.Equal(t, tt.want, got)
	}
}

func TestRefusedSources(t *testing.T) {
	_, err := ReadSource(t.Context(), repository(t, "soon"), false)
	assert.ErrorContains(t, err, `dist.version must be MAJOR.MINOR.PATCH (got "soon")`)
	_, err = ReadSource(t.Context(), t.TempDir(), false)
	assert.ErrorContains(t, err, "builder-config.yaml")
	root := repository(t, "0.1.0")
	t.Setenv("SOURCE_DATE_EPOCH", "today")
	_, err = ReadSource(t.Context(), root, false)
	assert.ErrorContains(t, err, `must be seconds since 1970 (got "today")`)
}

// TestManifestAndCode: what ocb wrote into the collector is the version that a
// release of it would have, and every listed command is there.
func TestManifestAndCode(t *testing.T) {
	root := filepath.Join("..", "..", "..")
	v, err := manifestVersion(filepath.Join(root, "builder-config.yaml"))
	require.NoError(t, err)
	code, err := os.ReadFile(filepath.Join(root, "cmd", "otelcol-auth", "main.go"))
	require.NoError(t, err)
	assert.Regexp(t, `Version:\s+"`+v+`"`, string(code))
	for _, b := range Binaries {
		assert.FileExists(t, filepath.Join(root, b.Dir, "main.go"))
	}
}
