package deploy

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/linter"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const dockerfile = "deploy/docker/Dockerfile"

// stages parses the Dockerfile as BuildKit does. A warning of its linter fails.
func stages(t *testing.T) []instructions.Stage {
	t.Helper()
	parsed, err := parser.Parse(strings.NewReader(read(t, dockerfile)))
	require.NoError(t, err)
	assert.Empty(t, parsed.Warnings)
	out, _, err := instructions.Parse(parsed.AST, linter.New(&linter.Config{
		Warn: func(rule, _, _, message string, at []parser.Range) {
			t.Errorf("%s: %s %v", rule, message, at)
		},
	}))
	require.NoError(t, err)
	require.NotEmpty(t, out)
	return out
}

// TestDockerfileBases: each base is a version, or a stage above.
func TestDockerfileBases(t *testing.T) {
	known := map[string]bool{"scratch": true}
	for _, s := range stages(t) {
		name, tag, _ := strings.Cut(s.BaseName, ":")
		if !known[name] {
			assert.Regexp(t, `^[0-9]+\.[0-9]+\.[0-9]+`, tag, s.BaseName)
		}
		known[s.Name] = true
	}
}

// TestDockerfileCollector: what the last stage, the one that is built unless
// another is asked for, says of the container.
func TestDockerfileCollector(t *testing.T) {
	all := stages(t)
	last := all[len(all)-1]
	assert.Equal(t, "scratch", last.BaseName)
	assert.Equal(t, "collector", last.Name)
	seen := map[string]bool{}
	for _, c := range last.Commands {
		seen[strings.ToLower(c.Name())] = true
		switch c := c.(type) {
		case *instructions.UserCommand:
			assert.Equal(t, "65532:65532", c.User) // by number: runAsNonRoot knows no names
		case *instructions.EntrypointCommand:
			assert.False(t, c.PrependShell, "there is no shell")
		case *instructions.CmdCommand:
			assert.False(t, c.PrependShell, "there is no shell")
		case *instructions.HealthCheckCommand:
			assert.Equal(t, []string{"CMD", "/healthcheck"}, c.Health.Test)
		case *instructions.RunCommand:
			t.Error("nothing can run in an empty image")
		}
	}
	for _, name := range []string{"user", "entrypoint", "cmd", "healthcheck", "expose", "volume", "label"} {
		assert.True(t, seen[name], name)
	}
}

// TestDockerfileProgramsAreBuilt: each program that the last stage copies is one
// that the first builds, the collector's companion too.
func TestDockerfileProgramsAreBuilt(t *testing.T) {
	all := stages(t)
	built := ""
	for _, c := range all[0].Commands {
		if run, ok := c.(*instructions.RunCommand); ok {
			built += strings.Join(run.CmdLine, " ")
		}
	}
	var programs []string
	for _, c := range all[len(all)-1].Commands {
		c, ok := c.(*instructions.CopyCommand)
		if !ok || c.From != "build" || !strings.HasPrefix(c.SourcePaths[0], "/out/") || c.SourcePaths[0] == "/out/state" {
			continue
		}
		assert.Contains(t, built, "-o "+c.SourcePaths[0]+" ")
		programs = append(programs, c.DestPath)
	}
	assert.Equal(t, []string{"/healthcheck", "/otelcol-auth", "/authctl"}, programs)
}

// ignored tells which paths of the project Docker does not send to the build.
func ignored(t *testing.T) *patternmatcher.PatternMatcher {
	t.Helper()
	patterns, err := ignorefile.ReadAll(strings.NewReader(read(t, dockerfile+".dockerignore")))
	require.NoError(t, err)
	m, err := patternmatcher.New(patterns)
	require.NoError(t, err)
	return m
}

// TestDockerfileSources: what is copied from the context is there and is sent.
func TestDockerfileSources(t *testing.T) {
	ignore, copied := ignored(t), 0
	for _, s := range stages(t) {
		for _, c := range s.Commands {
			c, ok := c.(*instructions.CopyCommand)
			if !ok || c.From != "" {
				continue
			}
			for _, source := range c.SourcePaths {
				if source == "." {
					continue
				}
				found, err := filepath.Glob(filepath.Join(root, source))
				require.NoError(t, err)
				assert.NotEmpty(t, found, source)
				for _, path := range found {
					path, err = filepath.Rel(root, path)
					require.NoError(t, err)
					skip, err := ignore.MatchesOrParentMatches(path)
					require.NoError(t, err)
					assert.False(t, skip, "%s is in .dockerignore", path)
					copied++
				}
			}
		}
	}
	assert.NotZero(t, copied)
	for _, path := range []string{".git/config", "_build/otelcol-auth", "deploy/compose/.env", "deploy/compose/secrets/piiscrub_key", "deploy/kubernetes/overlays/kafka/secrets/piiscrub_key"} {
		skip, err := ignore.MatchesOrParentMatches(path)
		require.NoError(t, err)
		assert.True(t, skip, path)
	}
}

// TestDockerBuildHasItsFiles: every file that the image's programs are
// compiled from is sent, embedded ones too, and no package of them needs C.
func TestDockerBuildHasItsFiles(t *testing.T) {
	ignore := ignored(t)
	top, err := filepath.Abs(root)
	require.NoError(t, err)
	for _, program := range []struct{ module, pkg string }{
		{"cmd/otelcol-auth", "."}, {".", "./cmd/authctl"}, {".", "./deploy/docker/healthcheck"}, {"bench", "./gen"},
	} {
		files := 0
		decoder := json.NewDecoder(strings.NewReader(goList(t, filepath.Join(top, program.module), program.pkg)))
		for {
			var p struct {
				ImportPath, Dir                       string
				GoFiles, CgoFiles, SFiles, EmbedFiles []string
				Error                                 *struct{ Err string }
			}
			if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				require.NoError(t, err)
			}
			assert.Nil(t, p.Error, p.ImportPath)
			assert.Empty(t, p.CgoFiles, p.ImportPath)
			dir, err := filepath.Rel(top, p.Dir)
			require.NoError(t, err)
			if strings.HasPrefix(dir, "..") {
				continue // a dependency
			}
			for _, file := range append(append(p.GoFiles, p.EmbedFiles...), p.SFiles...) {
				files++
				skip, err := ignore.MatchesOrParentMatches(filepath.Join(dir, file))
				require.NoError(t, err)
				assert.False(t, skip, "%s/%s is in .dockerignore", dir, file)
			}
		}
		assert.NotZero(t, files, program.module)
	}
}

// goList describes the package and all that it is made of, as JSON, for a build
// without C.
func goList(t *testing.T, dir, pkg string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-e", "-deps", "-json=ImportPath,Dir,GoFiles,CgoFiles,SFiles,EmbedFiles,Error", pkg)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := cmd.Output()
	require.NoError(t, err)
	return string(out)
}
