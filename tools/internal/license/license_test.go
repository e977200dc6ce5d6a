package license

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/licenseclassifier/v2/assets"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/tools/internal/linked"
)

var newChecker = sync.OnceValues(NewChecker) // takes a second

func checker(t *testing.T) *Checker {
	t.Helper()
	c, err := newChecker()
	require.NoError(t, err)
	return c
}

// text is a license's, as the classifier's own collection has it.
func text(t *testing.T, name string) string {
	t.Helper()
	b, err := assets.ReadLicenseFile("License/" + name + "/license.txt")
	if err != nil {
		b, err = assets.ReadLicenseFile("License/" + name + "/pristine.txt")
	}
	require.NoError(t, err, "%s is no name of the classifier", name)
	return string(b)
}

// planted writes a module with these files, and one package in sub/deep.
func planted(t *testing.T, files map[string]string) linked.Module {
	t.Helper()
	dir := t.TempDir()
	pkg := filepath.Join(dir, "sub", "deep")
	require.NoError(t, os.MkdirAll(pkg, 0o755))
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "unused"), 0o755))
	for name, content := range files {
		require.NoError(t, os.WriteFile(filepath.Join(dir, filepath.FromSlash(name)), []byte(content), 0o644))
	}
	return linked.Module{Path: "example.org/planted", Version: "v1.2.3", Dir: dir, Dirs: []string{dir, pkg}}
}

func TestModules(t *testing.T) {
	checker := checker(t)
	mit, apache, gpl := text(t, "MIT"), text(t, "Apache-2.0"), text(t, "GPL-3.0")
	const planted123 = "example.org/planted@v1.2.3"
	for _, tt := range []struct {
		name     string
		files    map[string]string
		licenses []string
		err      string
	}{
		{name: "allowed", files: map[string]string{"LICENSE": mit}, licenses: []string{"MIT"}},
		{name: "spelt otherwise", files: map[string]string{"Licence.md": mit, "COPYING": apache}, licenses: []string{"Apache-2.0", "MIT"}},
		{
			name:  "beside a linked package, and of a folder above it",
			files: map[string]string{"LICENSE": apache, "sub/deep/LICENSE": mit, "sub/LICENSE.txt": text(t, "ISC")}, licenses: []string{"Apache-2.0", "ISC", "MIT"},
		},
		{name: "beside what is not linked", files: map[string]string{"LICENSE": mit, "unused/LICENSE": gpl}, licenses: []string{"MIT"}},
		{name: "none", files: map[string]string{"README": "free!", "license.go": "package planted"}, err: planted123 + " has no license file: without one nobody may pass it on; use another module"},
		{name: "a notice is none", files: map[string]string{"NOTICE": apache}, err: planted123 + " has no license file: without one nobody may pass it on; use another module"},
		{name: "not allowed", files: map[string]string{"LICENSE": gpl}, err: planted123 + ": LICENSE: license GPL-3.0 is not allowed (tools/internal/license/allowed.go)"},
		{name: "not allowed, in a package", files: map[string]string{"LICENSE": mit, "sub/deep/COPYING": gpl}, err: planted123 + ": sub/deep/COPYING: license GPL-3.0 is not allowed (tools/internal/license/allowed.go)"},
		{name: "not allowed, after one that is", files: map[string]string{"LICENSE": mit + "\n\n" + text(t, "AGPL-3.0")}, err: planted123 + ": LICENSE: license AGPL-3.0 is not allowed (tools/internal/license/allowed.go)"},
		{name: "unknown", files: map[string]string{"LICENSE": "All rights reserved. Ask me."}, err: planted123 + ": LICENSE: the text is no license that is known"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := checker.Modules([]linked.Module{{Path: "ours"}, planted(t, tt.files)})
			if tt.err != "" {
				require.EqualError(t, err, tt.err)
				return
			}
			require.NoError(t, err)
			require.Len(t, got, 1)
			assert.Equal(t, tt.licenses, got[0].Licenses)
		})
	}
}

// TestAllProblems: one run names every module that is refused.
func TestAllProblems(t *testing.T) {
	checker := checker(t)
	a, b := planted(t, map[string]string{"LICENSE": "no"}), planted(t, nil)
	a.Path, b.Path = "example.org/a", "example.org/b"
	missing := linked.Module{Path: "example.org/c", Version: "v1.0.0", Dir: filepath.Join(a.Dir, "gone")}
	_, err := checker.Modules([]linked.Module{a, b, missing})
	require.Error(t, err)
	for _, want := range []string{"example.org/a@v1.2.3: LICENSE", "example.org/b@v1.2.3 has no license", "example.org/c@v1.0.0: its files are not there (go mod download"} {
		assert.ErrorContains(t, err, want)
	}
}

// TestAllowedNames: an entry that the classifier never says would allow nothing.
func TestAllowedNames(t *testing.T) {
	checker := checker(t)
	for name, id := range allowed {
		got, err := checker.Text(text(t, name))
		require.NoError(t, err, name)
		assert.Contains(t, got, id)
	}
}

func TestTexts(t *testing.T) {
	m := func(path string, files ...File) Module {
		return Module{Module: linked.Module{Path: path, Version: "v1.0.0"}, Licenses: []string{"MIT"}, Files: files}
	}
	same := File{Name: "LICENSE", Text: "Permission is granted.\n"}
	got := Texts([]Module{m("a", same), m("b", File{Name: "LICENSE", Text: "Other.\n"}, File{Name: "NOTICE", Text: "Thanks."}), m("c", same)})
	assert.Equal(t, 1, strings.Count(got, "Permission is granted."), "a text stands once")
	assert.Contains(t, got, "\na v1.0.0, LICENSE\nc v1.0.0, LICENSE\n"+strings.Repeat("-", 80)+"\nPermission is granted.\n", "after all of whom it is")
	assert.Contains(t, got, "\nb v1.0.0: MIT\n")
	assert.Contains(t, got, "\nThanks.\n")
}
