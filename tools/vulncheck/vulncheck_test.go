package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// database writes one whose only entry is of this package.
func database(t *testing.T, module, pkg string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range map[string]string{
		"index/db.json":        `{"modified":"2026-11-01T00:00:00Z"}`,
		"index/modules.json":   fmt.Sprintf(`[{"path":%q,"vulns":[{"id":"GO-2099-0001","modified":"2026-11-01T00:00:00Z","fixed":"9.9.9"}]}]`, module),
		"index/vulns.json":     `[{"id":"GO-2099-0001","modified":"2026-11-01T00:00:00Z","aliases":[]}]`,
		"ID/GO-2099-0001.json": fmt.Sprintf(`{"schema_version":"1.3.1","id":"GO-2099-0001","modified":"2026-11-01T00:00:00Z","published":"2026-11-01T00:00:00Z","summary":"planted","details":"planted","affected":[{"package":{"name":%q,"ecosystem":"Go"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"9.9.9"}]}],"ecosystem_specific":{"imports":[{"path":%q}]}}],"database_specific":{"url":"https://pkg.go.dev/vuln/GO-2099-0001","review_status":"REVIEWED"}}`, module, pkg),
	} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte(content), 0o600))
	}
	return "file://" + dir
}

// TestFindings: govulncheck itself, on a small command, with an entry of what it
// calls and one of what it does not have.
func TestFindings(t *testing.T) {
	self := filepath.Join(t.TempDir(), "licenses")
	out, err := exec.CommandContext(t.Context(), "go", "-C", "..", "build", "-ldflags", "-s -w", "-o", self, "./licenses").CombinedOutput()
	require.NoError(t, err, string(out))
	const module, pkg = "github.com/google/licenseclassifier/v2", "github.com/google/licenseclassifier/v2/assets"
	assert.Equal(t, 1, run(t.Context(), database(t, module, pkg), false, []string{self}))
	assert.Equal(t, 1, run(t.Context(), database(t, "example.org/other", "example.org/other"), false, []string{"no such file", self}), "what can't be read is not checked")
	assert.Equal(t, 0, run(t.Context(), database(t, "example.org/other", "example.org/other"), true, []string{self}))
}

// TestNoDatabase: not checked is no failure, unless strict.
func TestNoDatabase(t *testing.T) {
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	for _, db := range []string{gone.URL, "file://" + t.TempDir(), "vuln.go.dev", "https://%"} {
		assert.Error(t, reachable(t.Context(), db), db)
		assert.Equal(t, 0, run(t.Context(), db, false, []string{"no such file"}), db)
		assert.Equal(t, 1, run(t.Context(), db, true, []string{"no such file"}), db)
	}
}

func TestReachable(t *testing.T) {
	status := http.StatusOK
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		assert.Equal(t, "/copy/index/modules.json", r.URL.Path)
		w.WriteHeader(status)
	}))
	defer server.Close()
	assert.NoError(t, reachable(t.Context(), server.URL+"/copy"))
	status = http.StatusForbidden
	assert.ErrorContains(t, reachable(t.Context(), server.URL+"/copy"), "403 Forbidden")
}
