package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	scrubbed = `yaml:{receivers: {auth_events: {stdin: {}}}, processors: {pii_scrub: {keys: [{id: k, secret: "11111111111111111111111111111111"}]}}, service: {pipelines: {logs: {receivers: [auth_events], processors: [pii_scrub]}}}}`
	overdue  = `yaml:{processors: {pii_scrub: {keys: [{id: k1, secret: "11111111111111111111111111111111"}, {id: k0, secret: "00000000000000000000000000000000", until: 2020-01-01, destroy_after: 2020-02-01}]}}, service: {pipelines: {logs: {processors: [pii_scrub]}}}}`
)

// TestExitCodes: scripts depend on them. The error says what to do.
func TestExitCodes(t *testing.T) {
	for name, tc := range map[string]struct {
		args []string
		code int
		want string // on standard error
	}{
		"help":             {nil, 0, ""},
		"done":             {[]string{"keys", "-c", scrubbed}, 0, ""},
		"found":            {[]string{"keys", "-c", overdue}, 1, ""},
		"unknown command":  {[]string{"pseudonim"}, 2, "authctl: unknown command \"pseudonim\" for \"authctl\"\n\nDid you mean this?\n\tpseudonym\n"},
		"unknown flag":     {[]string{"keys", "--sauce"}, 2, "authctl: unknown flag: --sauce: see authctl keys --help\n"},
		"missing flag":     {[]string{"bench"}, 2, "authctl: bench: --config is missing\nWrite it as in: authctl bench -c collector.yaml [SAMPLE…]\nMore: authctl bench --help\n"},
		"too many":         {[]string{"keys", "-c", scrubbed, "x"}, 2, "authctl: keys: takes other arguments (got 1)\nWrite it as in: authctl keys -c collector.yaml\n"},
		"both":             {[]string{"policy", "diff", "a"}, 2, "authctl: policy diff: --sample is missing, and takes other arguments (got 1)\n"},
		"a line":           {[]string{"explain", `{"user_id":"ann"}`}, 2, "authctl: the argument is a line, not the name of a file: give lines on standard input\n"},
		"no YAML":          {[]string{"keys", "-c", "cli.go"}, 2, "authctl: cli.go: "},
		"no config":        {[]string{"bench", "-c", "not-there.yaml"}, 2, "not-there.yaml: no such file or directory\nA path counts from the folder that authctl is run in: check it.\n"},
		"no file":          {[]string{"bench", "-c", scrubbed, "not-there.log"}, 2, "sample not-there.log: no such file or directory: name a file of lines, - for standard input, or none"},
		"nothing on stdin": {[]string{"bench", "-c", scrubbed, "-"}, 2, "sample -: holds no line"},
		"a folder":         {[]string{"bench", "-c", scrubbed, "."}, 2, "sample .: is a directory"},
	} {
		t.Run(name, func(t *testing.T) {
			_, errOut, code := call(t, tc.args...)
			assert.Equal(t, tc.code, code, errOut)
			assert.Contains(t, errOut, tc.want)
			if tc.code != ExitError {
				assert.Empty(t, errOut)
			}
		})
	}
}

// TestErrorsShowNoSecret: a config that is wrong beside its key.
func TestErrorsShowNoSecret(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.yaml")
	require.NoError(t, os.WriteFile(path, []byte(strings.Replace(strings.TrimPrefix(scrubbed, "yaml:"), "keys", "email: shred, keys", 1)), 0o600))
	_, errOut, code := call(t, "keys", "-c", path)
	assert.Equal(t, ExitError, code)
	assert.Contains(t, errOut, "processors::pii_scrub")
	assert.NotContains(t, errOut, "1111111")
}

// broken is a pipe whose reader is gone.
type broken struct{}

func (broken) Write([]byte) (int, error) {
	return 0, &os.PathError{Op: "write", Path: "|1", Err: syscall.EPIPE}
}

// TestWrites: a reader that has seen enough is no error, a full disk is.
func TestWrites(t *testing.T) {
	for want, err := range map[int]error{exitOK: syscall.EPIPE, ExitError: syscall.ENOSPC} {
		var errOut bytes.Buffer
		assert.Equal(t, want, Run(t.Context(), []string{"keys", "-c", scrubbed}, strings.NewReader(""), failing{err}, &errOut))
	}
	assert.Equal(t, exitOK, Run(t.Context(), []string{"completion", "bash"}, strings.NewReader(""), broken{}, &bytes.Buffer{}))
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func TestInterrupted(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	var out, errOut bytes.Buffer
	assert.Equal(t, ExitError, Run(ctx, []string{"bench", "-c", scrubbed}, strings.NewReader(""), &out, &errOut))
	assert.Equal(t, "authctl: interrupted\n", errOut.String())
}
