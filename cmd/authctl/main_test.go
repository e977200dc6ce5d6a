package main

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// asAuthctl in the environment has the test's binary be authctl: a process of its
// own, and no second build.
const asAuthctl = "AUTHCTL_TEST_MAIN"

func TestMain(m *testing.M) {
	if os.Getenv(asAuthctl) != "" {
		main()
	}
	os.Exit(m.Run())
}

// authctl is a shell that knows the command.
func authctl(t *testing.T, script string) (out, errOut string, code int) {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), "bash", "-c", `authctl() { "$SELF" "$@"; }; `+script)
	cmd.Env = append(os.Environ(), asAuthctl+"=1", "SELF="+self)
	var o, e bytes.Buffer
	cmd.Stdout, cmd.Stderr = &o, &e
	if err := cmd.Run(); err != nil {
		var exit *exec.ExitError
		require.ErrorAs(t, err, &exit)
	}
	return o.String(), e.String(), cmd.ProcessState.ExitCode()
}

// TestHead: the script of completion is long, and one line of it is read.
func TestHead(t *testing.T) {
	out, errOut, code := authctl(t, `authctl completion bash | head -1; exit "${PIPESTATUS[0]}"`)
	assert.Equal(t, 0, code)
	assert.Empty(t, errOut)
	assert.Equal(t, 1, strings.Count(out, "\n"))
}

// TestNobodyReads: the reader is gone before a byte is written.
func TestNobodyReads(t *testing.T) {
	self, err := os.Executable()
	require.NoError(t, err)
	read, write, err := os.Pipe()
	require.NoError(t, err)
	require.NoError(t, read.Close())
	for _, args := range [][]string{{"completion", "zsh"}, {"keys", "--help"}} {
		cmd := exec.CommandContext(t.Context(), self, args...)
		cmd.Env = append(os.Environ(), asAuthctl+"=1")
		var errOut bytes.Buffer
		cmd.Stdout, cmd.Stderr = write, &errOut
		assert.NoError(t, cmd.Run(), args)
		assert.Empty(t, errOut.String(), args)
	}
	require.NoError(t, write.Close())
}

// TestCodesOfTheProcess: what Run returns is what a shell sees.
func TestCodesOfTheProcess(t *testing.T) {
	_, errOut, code := authctl(t, "authctl nonsense")
	assert.Equal(t, 2, code)
	assert.Contains(t, errOut, "unknown command")
	_, _, code = authctl(t, `authctl keys -c 'yaml:{processors: {pii_scrub: {keys: [{id: k1, secret: "11111111111111111111111111111111"}, {id: k0, secret: "00000000000000000000000000000000", until: 2020-01-01, destroy_after: 2020-02-01}]}}, service: {pipelines: {logs: {processors: [pii_scrub]}}}}'`)
	assert.Equal(t, 1, code)
}

// TestBashCompletes: bash takes the script, and it offers the commands.
func TestBashCompletes(t *testing.T) {
	out, errOut, code := authctl(t, `source <(authctl completion bash); complete -p authctl; authctl __complete ke 2>/dev/null`)
	assert.Equal(t, 0, code, errOut)
	assert.Contains(t, out, "-F __start_authctl authctl")
	assert.Contains(t, out, "keys\t")
}
