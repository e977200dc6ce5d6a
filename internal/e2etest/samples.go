//go:build unix

package e2etest

import (
	"encoding/json"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// ShiftedSamples writes the sample files to a folder of the test's, with the
// newest event of each at end, as `make run` does, for what refuses old events.
func ShiftedSamples(t testing.TB, end time.Time) []string {
	t.Helper()
	// The generator is of the benchmark's module, which this one does not import.
	gen := filepath.Join(t.TempDir(), "gen")
	build := exec.CommandContext(t.Context(), "go", "-C", filepath.Join(Root(t), "bench"), "build", "-o", gen, "./gen")
	out, err := build.CombinedOutput()
	require.NoError(t, err, string(out))
	dir := t.TempDir()
	var shifted []string
	for _, sample := range Samples(t) {
		path := filepath.Join(dir, filepath.Base(sample))
		in, err := os.Open(sample)
		require.NoError(t, err)
		out, err := os.Create(path)
		require.NoError(t, err)
		cmd := exec.CommandContext(t.Context(), gen, "-shift", "-end", end.UTC().Format(time.RFC3339))
		cmd.Stdin, cmd.Stdout, cmd.Stderr = in, out, os.Stderr
		require.NoError(t, cmd.Run())
		require.NoError(t, out.Close())
		require.NoError(t, in.Close())
		shifted = append(shifted, path)
	}
	return shifted
}

// RequireNothingPersonal searches outputs for every identity, e-mail address
// and IP address of the input files.
func RequireNothingPersonal(t *testing.T, files []string, outputs map[string]string) {
	t.Helper()
	found := map[string]bool{}
	for _, file := range files {
		for line := range strings.Lines(ReadFile(t, file)) {
			var event map[string]any
			if json.Unmarshal([]byte(line), &event) == nil {
				collectPersonal("", event, found)
			}
		}
	}
	require.Greater(t, len(found), 300, "the sample has too little personal data to prove anything")
	for name, text := range outputs {
		for value := range found {
			if strings.Contains(text, value) {
				t.Errorf("%s holds %q", name, value)
			}
		}
	}
}

var identityKeys = map[string]bool{
	"user_id": true, "visitor_id": true, "visit_id": true, "identity_id": true, "admin_id": true,
	"phone_fingerprint": true, "session_id": true,
}

// collectPersonal gathers values by the rules of the tests alone: by key, by
// an @, or because they parse as an address.
func collectPersonal(key string, value any, into map[string]bool) {
	switch v := value.(type) {
	case map[string]any:
		for k, inner := range v {
			collectPersonal(k, inner, into)
		}
	case []any:
		for _, inner := range v {
			collectPersonal(key, inner, into)
		}
	case string:
		ip, err := netip.ParseAddr(v)
		switch {
		case err == nil && ip != networkOf(ip):
			into[v] = true
		case strings.Contains(v, "@"):
			into[v] = true
		case identityKeys[key] && v != "anonymous-uuid" && v != "unknown" && v != "":
			into[v] = true
		}
	}
}

// networkOf is the address that truncation leaves.
func networkOf(ip netip.Addr) netip.Addr {
	bits := 24
	if ip.Is6() {
		bits = 48
	}
	p, err := ip.Prefix(bits)
	if err != nil {
		return netip.Addr{}
	}
	return p.Addr()
}
