package deploy

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// initialized is a folder in which init.sh has run. Files beside it, given as
// name and content, were there before.
func initialized(t *testing.T, before ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"init.sh", ".env.example"} {
		write(t, read(t, composeDir, name), dir, name)
	}
	for i := 0; i < len(before); i += 2 {
		write(t, before[i+1], dir, before[i])
	}
	run(t, dir, nil, "sh", "init.sh")
	return dir
}

// secretsOf returns the secrets that init.sh has made, by name.
func secretsOf(t *testing.T, dir string) map[string]string {
	t.Helper()
	files, err := os.ReadDir(filepath.Join(dir, "secrets"))
	require.NoError(t, err)
	out := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(filepath.Join(dir, "secrets", file.Name()))
		require.NoError(t, err)
		out[file.Name()] = string(text)
	}
	return out
}

// TestComposeSecretsAreMade: by init.sh, each another one, for nobody but who
// runs compose; and never twice.
func TestComposeSecretsAreMade(t *testing.T) {
	dir := initialized(t)
	made := secretsOf(t, dir)
	different := map[string]bool{}
	for name, secret := range made {
		assert.Regexp(t, `^[0-9a-f]{64}$`, secret, "%s, without a line end", name)
		different[secret] = true
		info, err := os.Stat(filepath.Join(dir, "secrets", name))
		require.NoError(t, err)
		assert.EqualValues(t, 0o644, info.Mode().Perm(), "another user reads it in the container")
	}
	assert.Len(t, different, 5)
	info, err := os.Stat(filepath.Join(dir, "secrets"))
	require.NoError(t, err)
	assert.EqualValues(t, 0o700, info.Mode().Perm(), "and none on the host")
	env, err := os.ReadFile(filepath.Join(dir, ".env"))
	require.NoError(t, err)
	assert.Equal(t, read(t, composeDir, ".env.example"), string(env))

	require.NoError(t, os.Remove(filepath.Join(dir, "secrets", "grafana_password")))
	require.NoError(t, os.Chmod(filepath.Join(dir, "secrets"), 0o755))
	run(t, dir, nil, "sh", "init.sh")
	info, err = os.Stat(filepath.Join(dir, "secrets"))
	require.NoError(t, err)
	assert.EqualValues(t, 0o700, info.Mode().Perm(), "a folder that was there is closed too")
	again := secretsOf(t, dir)
	assert.NotEqual(t, made["grafana_password"], again["grafana_password"])
	made["grafana_password"] = again["grafana_password"]
	assert.Equal(t, made, again, "what is there stays")
}

// TestComposeKeepsOldSecrets: those of an .env as version 0.1 made it. The key's
// pseudonyms are at the vendor, and the passwords in Postgres.
func TestComposeKeepsOldSecrets(t *testing.T) {
	old := "PIISCRUB_KEY=" + key + "\nGRAFANA_PASSWORD=one\nPOSTGRES_PASSWORD=two\nPOSTGRES_WRITER_PASSWORD=three\n" +
		"POSTGRES_READER_PASSWORD=four\nCOMPOSE_PROFILES=sample\n"
	dir := initialized(t, ".env", old)
	assert.Equal(t, map[string]string{
		"piiscrub_key": key, "grafana_password": "one", "postgres_password": "two",
		"postgres_writer_password": "three", "postgres_reader_password": "four",
	}, secretsOf(t, dir))
}

// TestComposeSecretsAreFiles: each container has those that it needs as files,
// and none in its environment, which docker inspect shows.
func TestComposeSecretsAreFiles(t *testing.T) {
	project := composeProject(t)
	made := secretsOf(t, initialized(t))
	assert.Len(t, project.Secrets, len(made))
	for name, secret := range project.Secrets {
		assert.Contains(t, made, name)
		assert.Equal(t, filepath.Join("secrets", name), strings.TrimPrefix(secret.File, project.WorkingDir+"/"))
	}
	given := map[string][]string{}
	for service, s := range project.Services {
		texts := map[string]string{}
		for _, secret := range s.Secrets {
			given[service] = append(given[service], secret.Source)
			texts[secret.Source] = "/run/secrets/" + secret.Source
		}
		for variable, value := range s.Environment {
			if strings.Contains(variable, "PASSWORD") || strings.Contains(variable, "KEY") {
				path := strings.TrimSuffix(strings.TrimPrefix(*value, "${file:"), "}")
				assert.Contains(t, texts, filepath.Base(path), "%s of %s is no secret of it", variable, service)
				assert.Equal(t, texts[filepath.Base(path)], path, variable)
			}
		}
	}
	assert.Equal(t, map[string][]string{
		"collector": {"piiscrub_key", "postgres_writer_password"},
		"grafana":   {"grafana_password", "postgres_reader_password"},
		"postgres":  {"postgres_password", "postgres_writer_password", "postgres_reader_password"},
	}, given)
	// What reads them without an environment names the same files.
	assert.Contains(t, read(t, composeDir, "grafana/datasources/datasources.yaml"), "$__file{/run/secrets/postgres_reader_password}")
	for _, role := range []string{"writer", "reader"} {
		assert.Contains(t, read(t, composeDir, "postgres/init.sh"), "`cat /run/secrets/postgres_"+role+"_password`")
	}
	assert.Equal(t, "/.env\n/secrets/\n", read(t, composeDir, ".gitignore")) // none is committed
}
