package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
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

// TestFindings: govulncheck itself, on this test's own binary, with an entry that
// meets it and one that does not.
func TestFindings(t *testing.T) {
	self, err := os.Executable()
	require.NoError(t, err)
	assert.Equal(t, 1, run(t.Context(), "", database(t, "golang.org/x/mod", "golang.org/x/mod/semver"), self, false))
	assert.Equal(t, 0, run(t.Context(), "", database(t, "example.org/other", "example.org/other"), self, true))
}

// TestNoDatabase: not checked is no failure, unless strict.
func TestNoDatabase(t *testing.T) {
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	for _, db := range []string{gone.URL, "file://" + t.TempDir(), "vuln.go.dev", "https://%"} {
		assert.Error(t, reachable(t.Context(), db), db)
		assert.Equal(t, 0, run(t.Context(), "", db, "no such file", false), db)
		assert.Equal(t, 1, run(t.Context(), "", db, "no such file", true), db)
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

func TestScans(t *testing.T) {
	assert.Equal(t, [][]string{{"-mode", "binary", "file"}}, scans("..", "file"))
	assert.Contains(t, scans("..", ""), []string{"-C", filepath.Join("..", "cmd", "otelcol-auth"), "./..."})
}
