package deploy

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const systemdDir = "deploy/systemd"

// TestUnitIsHardened: systemd's own measure, 0 for safe to 10 for exposed. What
// is left is that the service may use the network, and reads the host's logs.
func TestUnitIsHardened(t *testing.T) {
	out := run(t, filepath.Join(root, systemdDir), nil, "systemd-analyze", "security", "--offline=true", "./otelcol-auth.service")
	found := regexp.MustCompile(`Overall exposure level for otelcol-auth.service: ([0-9.]+)`).FindStringSubmatch(out)
	require.NotNil(t, found, out)
	level, err := strconv.ParseFloat(found[1], 64)
	require.NoError(t, err)
	assert.LessOrEqual(t, level, 1.1, out)
}

// TestUnitIsValid: systemd knows each setting, and all that the unit names.
func TestUnitIsValid(t *testing.T) {
	host := t.TempDir()
	for _, program := range []string{"usr/local/bin/otelcol-auth", "bin/kill"} {
		write(t, "#!/bin/sh\n", host, program)
		require.NoError(t, os.Chmod(filepath.Join(host, program), 0o755))
	}
	units := filepath.Join(host, "usr/lib/systemd/system")
	require.NoError(t, os.MkdirAll(units, 0o755))
	for _, name := range []string{"sysinit.target", "basic.target", "network-online.target", "multi-user.target", "shutdown.target", "system.slice"} {
		write(t, "[Unit]\nDescription="+name+"\n", units, name)
	}
	write(t, read(t, systemdDir, "otelcol-auth.service"), host, "etc/systemd/system/otelcol-auth.service")
	out := run(t, host, nil, "systemd-analyze", "verify", "--root="+host, "otelcol-auth.service")
	assert.Empty(t, out) // an unknown setting is a line here, and no failure
}

// TestUnitUserAndFolders: the files beside the unit make what it needs.
func TestUnitUserAndFolders(t *testing.T) {
	host := t.TempDir()
	write(t, "", host, "etc/passwd")
	dir, err := filepath.Abs(filepath.Join(root, systemdDir))
	require.NoError(t, err)
	run(t, host, nil, "systemd-sysusers", "--root="+host, filepath.Join(dir, "otelcol-auth.sysusers.conf"))
	passwd, err := os.ReadFile(filepath.Join(host, "etc/passwd"))
	require.NoError(t, err)
	assert.Regexp(t, `(?m)^otelcol-auth:.*nologin$`, string(passwd))

	// Its own owner stands in for root: the test may run as any user.
	conf := strings.ReplaceAll(read(t, systemdDir, "otelcol-auth.tmpfiles.conf"), " root root", " - -")
	write(t, conf, host, "etc/tmpfiles.d/otelcol-auth.conf")
	write(t, key, host, "etc/otelcol-auth/credentials/piiscrub_key")
	require.NoError(t, os.Chmod(filepath.Join(host, "etc/otelcol-auth/credentials/piiscrub_key"), 0o644))
	run(t, host, nil, "systemd-tmpfiles", "--root="+host, "--create", "otelcol-auth.conf")
	for path, want := range map[string]os.FileMode{"credentials": 0o700, "credentials/piiscrub_key": 0o600} {
		info, err := os.Stat(filepath.Join(host, "etc/otelcol-auth", path))
		require.NoError(t, err)
		assert.Equal(t, want, info.Mode().Perm(), path)
	}
}

// TestUnitEnvironment: with the unit's environment and credential, a config of
// configs/ is valid, and the key's text is in no variable.
func TestUnitEnvironment(t *testing.T) {
	credentials, state := t.TempDir(), t.TempDir()
	write(t, key, credentials, "piiscrub_key")
	unit := read(t, systemdDir, "otelcol-auth.service")
	require.Contains(t, unit, "LoadCredential=piiscrub_key:")
	var env []string
	for line := range strings.Lines(unit + read(t, systemdDir, "otelcol-auth.env.example")) {
		line = strings.TrimSpace(line)
		if assignments, ok := strings.CutPrefix(line, "Environment="); ok {
			line = strings.NewReplacer("%d", credentials, "%S", state, "%%", "%").Replace(assignments)
			env = append(env, strings.Fields(line)...)
		} else if name, _, ok := strings.Cut(line, "="); ok && name == strings.ToUpper(name) {
			env = append(env, line)
		}
	}
	require.Contains(t, env, "PIISCRUB_KEY=${file:"+credentials+"/piiscrub_key}")
	require.Contains(t, env, "OTLP_ENDPOINT=https://otlp.example.com")
	for _, config := range []string{"lossless.yaml", "quickstart.yaml"} {
		validate(t, env, filepath.Join("configs", config))
	}

	// The reference is followed: without the file there is no key.
	require.NoError(t, os.Remove(filepath.Join(credentials, "piiscrub_key")))
	out, err := command(t, env, "validate", "--config", "configs/lossless.yaml")
	require.Error(t, err)
	assert.Contains(t, out, "piiscrub_key: no such file")
}
