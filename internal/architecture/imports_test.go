// Package architecture holds the tests of the layout's rules.
package architecture

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const module = "github.com/authevents/otelcol-auth/"

// components are the folders that hold them.
var components = []string{"receiver", "extension", "processor", "connector", "exporter", "converter"}

// imports calls visit for every import of every Go file below dir, a path
// from the project's root, with the file's folder as such a path too.
func imports(t *testing.T, dir string, visit func(folder, imported string)) {
	t.Helper()
	root := filepath.Join("..", "..")
	files := 0
	err := filepath.WalkDir(filepath.Join(root, dir), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		files++
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		folder, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			visit(filepath.ToSlash(folder), imported)
		}
		return nil
	})
	require.NoError(t, err)
	require.NotZero(t, files, "no Go file below %s: has the layout changed?", dir)
}

// componentOf returns the component that a folder belongs to:
// receiver/authevents for receiver/authevents/internal/metadata.
func componentOf(folder string) string {
	parts := strings.SplitN(folder, "/", 3)
	if len(parts) < 2 {
		return folder
	}
	return parts[0] + "/" + parts[1]
}

// TestComponentsImportInternalOnly: of this module, a component imports
// internal/ and its own packages, never another component.
func TestComponentsImportInternalOnly(t *testing.T) {
	for _, dir := range components {
		imports(t, dir, func(folder, imported string) {
			own, ours := strings.CutPrefix(imported, module)
			if ours {
				assert.True(t, strings.HasPrefix(own, "internal/") || componentOf(own) == componentOf(folder),
					"%s imports %s: components import internal/ only", folder, imported)
			}
		})
	}
}

// TestInternalImportsNoComponent: what the components share knows none of them.
func TestInternalImportsNoComponent(t *testing.T) {
	imports(t, "internal", func(folder, imported string) {
		own, ours := strings.CutPrefix(imported, module)
		assert.True(t, !ours || strings.HasPrefix(own, "internal/"), "%s imports %s", folder, imported)
	})
}

// TestAuthctlIsOnTop: the companion command may import components, as a collector
// does, and nothing imports it. It has no network: not by Go's own packages for it.
func TestAuthctlIsOnTop(t *testing.T) {
	const authctl = module + "cmd/authctl"
	for _, dir := range append([]string{"internal", "bench", "e2e", "deploy", "tools", "cmd/otelcol-auth"}, components...) {
		imports(t, dir, func(folder, imported string) {
			assert.False(t, imported == authctl || strings.HasPrefix(imported, authctl+"/"), "%s imports %s", folder, imported)
		})
	}
	uses := false
	imports(t, "cmd/authctl", func(folder, imported string) {
		uses = uses || strings.HasPrefix(imported, module+"processor/")
		assert.NotContains(t, []string{"net", "net/http", "net/rpc", "crypto/tls"}, imported, "%s: authctl needs no network", folder)
		assert.False(t, strings.HasPrefix(imported, module+"exporter/"), "%s imports %s: authctl sends nothing", folder, imported)
	})
	assert.True(t, uses, "what authctl shows is what the collector's own components do")
}

// TestEveryPackageIsOnThePage: docs/architecture.md says what each package is for.
func TestEveryPackageIsOnThePage(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "architecture.md"))
	require.NoError(t, err)
	seen := map[string]bool{}
	imports(t, "internal", func(folder, _ string) {
		generated := strings.Contains(folder, "/internal/metadata") // by mdatagen
		if !seen[folder] && !generated {
			seen[folder] = true
			assert.True(t, strings.Contains(string(page), "`"+folder+"`"), "docs/architecture.md does not name `%s`", folder)
		}
	})
}

// TestCoresKnowNoCollector: parse, scrub and count are bytes and pdata in,
// pdata out. They have no logger, no component's config, no host. pdata's own gates
// they may know, for their tests.
func TestCoresKnowNoCollector(t *testing.T) {
	for _, core := range []string{"attr", "authevent", "eventmetrics", "jsonscan", "pii", "scrub", "wrapper"} {
		imports(t, "internal/"+core, func(folder, imported string) {
			const collector = "go.opentelemetry.io/collector/"
			known := strings.HasPrefix(imported, collector+"pdata/") || imported == collector+"featuregate"
			assert.True(t, !strings.HasPrefix(imported, collector) || known, "%s imports %s: a core knows pdata only", folder, imported)
			assert.NotEqual(t, "go.uber.org/zap", imported, folder)
		})
	}
}
