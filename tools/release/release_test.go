package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/licenseclassifier/v2/assets"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// smallProject makes a repository with the shape of ours, and commands that
// link nothing but Go's standard library, of version 0.1.0 and with its tag: one in
// a module of its own, one in the project's.
func smallProject(t *testing.T) string {
	t.Helper()
	t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
	t.Setenv("SOURCE_DATE_EPOCH", "")
	apache, err := assets.ReadLicenseFile("License/Apache-2.0/pristine.txt")
	require.NoError(t, err)
	root := filepath.Join(t.TempDir(), "project")
	for name, content := range map[string]string{
		"LICENSE":                  string(apache),
		"README.md":                "# Small\n",
		"CHANGELOG.md":             "# Changes\n",
		"configs/loki.yaml":        "receivers:\n",
		"configs/Kustomization":    "not a config\n",
		"builder-config.yaml":      "dist:\n  version: 0.1.0\n",
		"go.mod":                   "module example.org/small\n\ngo 1.26.0\n",
		"cmd/authctl/main.go":      "package main\n\nfunc main() { println(\"smaller\") }\n",
		"cmd/otelcol-auth/go.mod":  "module example.org/small/cmd/otelcol-auth\n\ngo 1.26.0\n",
		"cmd/otelcol-auth/main.go": "package main\n\nfunc main() { println(\"small\") }\n",
	} {
		file := filepath.Join(root, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte(content), 0o600))
	}
	git(t, root, "init", "-q")
	git(t, root, "add", ".")
	git(t, root, "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "first")
	git(t, root, "tag", "v0.1.0")
	return root
}

func git(t *testing.T, root string, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "git", append([]string{"-C", root}, args...)...).CombinedOutput()
	require.NoError(t, err, string(out))
	return strings.TrimSpace(string(out))
}

// unpack returns the contents of an archive by name.
func unpack(t *testing.T, file string) map[string]string {
	t.Helper()
	f, err := os.Open(file)
	require.NoError(t, err)
	defer func() { assert.NoError(t, f.Close()) }()
	z, err := gzip.NewReader(f)
	require.NoError(t, err)
	files := map[string]string{}
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		require.NoError(t, err)
		content, err := io.ReadAll(r)
		require.NoError(t, err)
		files[h.Name] = string(content)
	}
}

func TestRelease(t *testing.T) {
	root, out := smallProject(t), t.TempDir()
	// What an earlier release left goes; what is none of it stays.
	require.NoError(t, os.WriteFile(filepath.Join(out, "otelcol-auth_0.0.9_linux_amd64.tar.gz"), nil, 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(out, "notes.txt"), nil, 0o600))
	require.NoError(t, run(t.Context(), root, out, "linux/amd64", false))

	const name = "otelcol-auth_0.1.0_linux_amd64"
	left, err := filepath.Glob(filepath.Join(out, "*"))
	require.NoError(t, err)
	const authctl = "authctl_0.1.0_linux_amd64.cdx.json"
	assert.Equal(t, []string{"SHA256SUMS", authctl, "notes.txt", name + ".cdx.json", name + ".tar.gz"}, bases(left))

	files := unpack(t, filepath.Join(out, name+".tar.gz"))
	assert.Len(t, files, 7, "two binaries, four documents, the licenses")
	for _, want := range []string{"otelcol-auth", "authctl", "LICENSE", "README.md", "CHANGELOG.md", "configs/loki.yaml", "THIRD_PARTY_LICENSES"} {
		assert.Contains(t, files, name+"/"+want)
	}
	assert.Contains(t, files[name+"/THIRD_PARTY_LICENSES"], "std go1.")

	var want bytes.Buffer
	for _, file := range []string{authctl, name + ".cdx.json", name + ".tar.gz"} {
		content, err := os.ReadFile(filepath.Join(out, file))
		require.NoError(t, err)
		fmt.Fprintf(&want, "%x  %s\n", sha256.Sum256(content), file)
	}
	sums, err := os.ReadFile(filepath.Join(out, "SHA256SUMS"))
	require.NoError(t, err)
	assert.Equal(t, want.String(), string(sums))

	var doc struct {
		Metadata struct {
			Component struct {
				Version string
				Hashes  []struct{ Content string }
			}
		}
	}
	text, err := os.ReadFile(filepath.Join(out, name+".cdx.json"))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &doc))
	assert.Equal(t, "0.1.0", doc.Metadata.Component.Version)
	require.Len(t, doc.Metadata.Component.Hashes, 1)
	assert.Equal(t, fmt.Sprintf("%x", sha256.Sum256([]byte(files[name+"/otelcol-auth"]))), doc.Metadata.Component.Hashes[0].Content, "the SBOM is of the binary in the archive")
}

// TestSameElsewhere: a clone in another folder gives the same bytes, whatever
// its user's flags for go are.
func TestSameElsewhere(t *testing.T) {
	root, out := smallProject(t), t.TempDir()
	require.NoError(t, run(t.Context(), root, filepath.Join(out, "one"), "linux/amd64", false))
	other := filepath.Join(t.TempDir(), "another", "place")
	git(t, root, "clone", "-q", "file://"+root, other)
	t.Setenv("GOFLAGS", "-tags=debug -race")
	t.Setenv("GOAMD64", "v3")
	t.Setenv("TZ", "Pacific/Auckland")
	require.NoError(t, run(t.Context(), other, filepath.Join(out, "two"), "linux/amd64", false))
	one, err := os.ReadFile(filepath.Join(out, "one", "SHA256SUMS"))
	require.NoError(t, err)
	two, err := os.ReadFile(filepath.Join(out, "two", "SHA256SUMS"))
	require.NoError(t, err)
	assert.Equal(t, string(one), string(two))
}

func TestRefused(t *testing.T) {
	root, out := smallProject(t), t.TempDir()
	assert.EqualError(t, run(t.Context(), root, out, "plan9/mips", false), `-targets: "plan9/mips" is none of [linux/amd64 linux/arm64 darwin/amd64 darwin/arm64]`)

	// Go stamps no commit in a worktree: such a binary is not passed on.
	worktree := filepath.Join(t.TempDir(), "worktree")
	git(t, root, "worktree", "add", "-q", worktree)
	assert.ErrorContains(t, run(t.Context(), worktree, out, "linux/amd64", false), `the binary names commit "", not `+git(t, root, "rev-parse", "HEAD"))

	require.NoError(t, os.WriteFile(filepath.Join(root, "new"), nil, 0o600))
	assert.ErrorContains(t, run(t.Context(), root, out, "linux/amd64", false), "the work tree has changes")
	require.NoError(t, run(t.Context(), root, out, "linux/amd64", true))
	assert.FileExists(t, filepath.Join(out, "otelcol-auth_0.1.0-dirty_linux_amd64.tar.gz"))

	require.NoError(t, os.WriteFile(filepath.Join(root, "LICENSE"), []byte("Mine!"), 0o600))
	assert.ErrorContains(t, run(t.Context(), root, out, "linux/amd64", true), "LICENSE must be one known license")
	require.NoError(t, os.Remove(filepath.Join(root, "configs", "loki.yaml")))
	assert.ErrorContains(t, run(t.Context(), root, out, "linux/amd64", true), "no file is named configs/*.yaml")
}

func bases(files []string) []string {
	out := make([]string, 0, len(files))
	for _, f := range files {
		out = append(out, filepath.Base(f))
	}
	return out
}
