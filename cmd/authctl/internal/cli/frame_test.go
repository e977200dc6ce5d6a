package cli

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// root is the project's.
var root = filepath.Join("..", "..", "..", "..")

// every lists root and all commands below it, but for cobra's own help.
func every(cmd *cobra.Command) []*cobra.Command {
	list := []*cobra.Command{cmd}
	for _, sub := range cmd.Commands() {
		if sub.Name() != "help" {
			list = append(list, every(sub)...)
		}
	}
	return list
}

// TestEveryCommandHasHelp: what it is for, in short and long, with an example.
func TestEveryCommandHasHelp(t *testing.T) {
	seen := 0
	for _, cmd := range every(newRoot(nil, io.Discard, io.Discard)) {
		seen++
		path := cmd.CommandPath()
		assert.NotEmpty(t, cmd.Short, path)
		assert.NotEmpty(t, cmd.Long, path)
		assert.False(t, strings.HasSuffix(cmd.Short, "."), "%s: Short is a heading", path)
		if strings.HasPrefix(path, "authctl completion ") {
			continue // cobra's, whose Long has one for each shell
		}
		assert.NotEmpty(t, cmd.Example, path)
		for line := range strings.Lines(cmd.Example) {
			assert.True(t, strings.HasPrefix(line, "  "), "%s: cobra prints an example as it stands: two spaces before %q", path, line)
		}
		cmd.Flags().VisitAll(func(f *pflag.Flag) { assert.NotEmpty(t, f.Usage, "%s --%s", path, f.Name) })
	}
	assert.Greater(t, seen, 7)
}

// calls finds the calls of authctl in a line of an example: each ends at a pipe or
// a redirection. Quotes are as in a shell, but for their nesting.
func calls(line string) [][]string {
	var all [][]string
	var call []string
	in := false
	for _, word := range regexp.MustCompile(`'[^']*'|"[^"]*"|[|;<>()]|&&|[^\s'"|;<>()&]+`).FindAllString(line, -1) {
		switch {
		case word == "authctl":
			in, call = true, []string{}
			continue
		case strings.ContainsAny(word[:1], "|;<>()&#"):
			if in {
				all = append(all, call)
			}
			in = false
			continue
		}
		if in {
			call = append(call, strings.Trim(word, `'"`))
		}
	}
	if in {
		all = append(all, call)
	}
	return all
}

// TestExamplesParse: each example is a call that its own command takes, and the
// project's files in it are there.
func TestExamplesParse(t *testing.T) {
	checked := 0
	for _, cmd := range every(newRoot(nil, io.Discard, io.Discard)) {
		for line := range strings.Lines(cmd.Example) {
			for _, args := range calls(line) {
				checked++
				top := newRoot(nil, io.Discard, io.Discard) // flags keep what was parsed
				found, rest, err := top.Find(args)
				require.NoError(t, err, line)
				if cmd.Name() != "authctl" {
					assert.True(t, strings.HasPrefix(found.CommandPath(), cmd.CommandPath()), "%s: of another command: %s", cmd.CommandPath(), line)
				}
				found.InitDefaultHelpFlag()
				require.NoError(t, found.ParseFlags(rest), line)
				if help, err := found.Flags().GetBool("help"); err == nil && help {
					continue
				}
				assert.NoError(t, found.ValidateRequiredFlags(), line)
				assert.NoError(t, found.ValidateArgs(found.Flags().Args()), line)
				for _, word := range rest {
					if strings.HasPrefix(word, "configs/") || strings.HasPrefix(word, "testdata/") {
						files, err := filepath.Glob(filepath.Join(root, word))
						require.NoError(t, err)
						assert.NotEmpty(t, files, line)
					}
				}
			}
		}
	}
	assert.Greater(t, checked, 8)
}

func TestCalls(t *testing.T) {
	assert.Equal(t, [][]string{{"a", "-c", "b c"}, {"d", "-"}}, calls(`  tail x | authctl a -c 'b c' | authctl d - >e`))
	assert.Equal(t, [][]string{{"completion", "bash"}}, calls(`  source <(authctl completion bash)`))
	assert.Empty(t, calls("  cat x"))
}

// TestVersionIsTheCollectors holds the version to the one that ocb writes.
func TestVersionIsTheCollectors(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "builder-config.yaml"))
	require.NoError(t, err)
	var manifest struct {
		Dist struct {
			Version string `yaml:"version"`
		} `yaml:"dist"`
	}
	require.NoError(t, yaml.Unmarshal(text, &manifest))
	out, _, code := call(t, "--version")
	assert.Equal(t, exitOK, code)
	assert.Equal(t, "authctl version "+manifest.Dist.Version+"\n", out)
}

// TestCompletion: a script for each shell, and what stands behind it: commands,
// flags, values and files.
func TestCompletion(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		out, _, code := call(t, "completion", shell)
		assert.Equal(t, exitOK, code)
		assert.Contains(t, out, "__complete", shell)
	}
	for typed, want := range map[string]string{
		"be":                   "bench\t",
		"bench --dur":          "--duration\t",
		"bench -c ":            "yaml\nyml\n:8\n", // files of these kinds
		"pseudonym --kind ":    "identity\nemail\nip\n",
		"completion po":        "powershell\t",
		"bench -c x.yaml some": ":0\n", // files
	} {
		out, _, code := call(t, append([]string{"__complete"}, strings.Split(typed, " ")...)...)
		assert.Equal(t, exitOK, code)
		assert.Contains(t, out, want, typed)
	}
}

// TestNoColourWhenPiped: a buffer is no terminal.
func TestNoColourWhenPiped(t *testing.T) {
	for _, cmd := range every(newRoot(nil, io.Discard, io.Discard)) {
		args := append(strings.Fields(cmd.CommandPath()), "--help")[1:]
		out, errOut, code := call(t, args...)
		assert.Equal(t, exitOK, code, args)
		assert.NotContains(t, out+errOut, "\x1b", args)
		assert.NotEmpty(t, out, args)
	}
}

// TestGroupsKnowTheirCommands: a wrong name below a command is an error, and not
// the help.
func TestGroupsKnowTheirCommands(t *testing.T) {
	top := &cobra.Command{Use: "authctl", SilenceErrors: true, SilenceUsage: true}
	group := &cobra.Command{Use: "profile", Short: "Profiles"}
	group.AddCommand(&cobra.Command{Use: "draft", Run: func(*cobra.Command, []string) {}})
	top.AddCommand(group)
	frame(top)
	top.SetOut(io.Discard)
	for _, tc := range []struct {
		args []string
		want string
	}{
		{[]string{"profile"}, ""},
		{[]string{"profile", "draft"}, ""},
		{[]string{"profile", "drfat"}, "unknown command \"drfat\" for \"authctl profile\": see authctl profile --help\n\nDid you mean this?\n\tdraft\n"},
		{[]string{"profile", "elsewhere"}, `unknown command "elsewhere" for "authctl profile": see authctl profile --help`},
	} {
		top.SetArgs(tc.args)
		err := top.ExecuteContext(t.Context())
		if tc.want == "" {
			assert.NoError(t, err, tc.args)
			continue
		}
		assert.EqualError(t, err, tc.want)
	}
}

// call runs authctl with nothing on standard input.
func call(t *testing.T, args ...string) (out, errOut string, code int) {
	t.Helper()
	var o, e bytes.Buffer
	code = Run(t.Context(), slices.Clone(args), strings.NewReader(""), &o, &e)
	return o.String(), e.String(), code
}
