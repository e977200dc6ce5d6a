//go:build linux

package security

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/e2etest"
)

// TestPageNamesTests: each test that docs/security.md names as showing something
// is there. And each one of this package shows something that the page says.
func TestPageNamesTests(t *testing.T) {
	root := e2etest.Root(t)
	test := regexp.MustCompile(`(?m)^func (Test[A-Za-z0-9]+)\(`)
	known, own := map[string]bool{}, map[string]bool{}
	require.NoError(t, filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		for _, name := range test.FindAllStringSubmatch(e2etest.ReadFile(t, path), -1) {
			known[name[1]] = true
			if filepath.Dir(path) == filepath.Join(root, "e2e", "security") {
				own[name[1]] = true
			}
		}
		return nil
	}))
	named := map[string]bool{}
	for _, name := range regexp.MustCompile("`(Test[A-Za-z0-9]+)`").FindAllStringSubmatch(e2etest.ReadFile(t, filepath.Join(root, "docs", "security.md")), -1) {
		named[name[1]] = true
		assert.True(t, known[name[1]], "there is no %s", name[1])
	}
	for name := range own {
		switch name {
		case "TestPageNamesTests", "TestSocketAddresses", "TestOpenListenersAreSeen": // of the tests themselves
		default:
			assert.True(t, named[name], "docs/security.md does not name %s", name)
		}
	}
}
