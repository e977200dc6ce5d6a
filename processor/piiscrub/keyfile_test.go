//go:build unix

package piiscrub

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/authevents/otelcol-auth/internal/scrub/pseudonym"
)

// writeKey writes a key file whole, as a rename does.
func writeKey(t *testing.T, path, content string, mode fs.FileMode) {
	t.Helper()
	next := path + ".next"
	require.NoError(t, os.WriteFile(next, []byte(content), 0o600))
	require.NoError(t, os.Chmod(next, mode))
	require.NoError(t, os.Rename(next, path))
}

func TestReadKeyFile(t *testing.T) {
	for name, tt := range map[string]struct{ content, want string }{
		"as it is":                {goodSecret, goodSecret},
		"one line end":            {goodSecret + "\n", goodSecret},
		"one line end of Windows": {goodSecret + "\r\n", goodSecret},
		"two line ends":           {goodSecret + "\n\n", goodSecret + "\n"},
		"other space":             {" " + goodSecret + " ", " " + goodSecret + " "},
		"any bytes":               {goodSecret + "\x00\xff\r", goodSecret + "\x00\xff\r"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "key")
			writeKey(t, path, tt.content, 0o400)
			secret, err := readKeyFile(path)
			require.NoError(t, err)
			assert.Equal(t, tt.want, string(secret))
		})
	}
}

// TestLineEndOfSecret: ${file:…} in place of secret_file gives the same key.
func TestLineEndOfSecret(t *testing.T) {
	plain := policyOf(t, goodKeys)
	for _, end := range []string{`\n`, `\r\n`} {
		assert.Equal(t, plain.Keys, policyOf(t, `keys: [{id: k1, secret: "`+goodSecret+end+`"}]`).Keys)
	}
}

func TestReadKeyFileRefuses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	for name, tt := range map[string]struct {
		prepare func()
		want    string
	}{
		"none": {func() {}, "open " + path + ": no such file or directory: check the path"},
		"short": {func() { writeKey(t, path, "hunter2\n", 0o600) },
			path + " must hold at least 32 bytes (got 7): write it with openssl rand -base64 32 > " + path},
		"empty": {func() { writeKey(t, path, "", 0o600) },
			path + " must hold at least 32 bytes (got 0): write it with openssl rand -base64 32 > " + path},
		"a line end too few": {func() { writeKey(t, path, goodSecret[:31]+"\n", 0o600) },
			path + " must hold at least 32 bytes (got 31): write it with openssl rand -base64 32 > " + path},
		"large": {func() { writeKey(t, path, strings.Repeat("hunter2", maxKeyFile), 0o600) },
			path + " has more than 65536 bytes: name a file that holds the secret alone"},
		"a folder": {func() { require.NoError(t, os.Mkdir(path, 0o700)) },
			path + " is no regular file (mode drwx------): name a file that holds the secret alone"},
		"a pipe": {func() { require.NoError(t, syscall.Mkfifo(path, 0o600)) },
			path + " is no regular file (mode prw-------): name a file that holds the secret alone"},
	} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, os.RemoveAll(path))
			tt.prepare()
			_, err := readKeyFile(path)
			require.EqualError(t, err, tt.want)
			assert.NotContains(t, err.Error(), "hunter2")
		})
	}
}

// TestUnreadableKeyFile: the tests may run as root, whom nothing is refused.
func TestUnreadableKeyFile(t *testing.T) {
	err := keyFileMissing(&fs.PathError{Op: "open", Path: "/run/k1", Err: fs.ErrPermission})
	require.EqualError(t, err, "open /run/k1: permission denied: make the user that runs the collector its owner")
}

func TestKeyFilePermissions(t *testing.T) {
	for _, mode := range []fs.FileMode{0o400, 0o600, 0o440, 0o640, 0o500} {
		path := filepath.Join(t.TempDir(), "key")
		writeKey(t, path, goodSecret, mode)
		require.NoError(t, checkMode(path, mode))
		_, err := readKeyFile(path)
		require.NoError(t, err, "%04o", mode)
	}
	for _, mode := range []fs.FileMode{0o644, 0o604, 0o602, 0o601, 0o620, 0o660, 0o444, 0o777} {
		path := filepath.Join(t.TempDir(), "key")
		writeKey(t, path, goodSecret, mode)
		_, err := readKeyFile(path)
		require.EqualError(t, err, fmt.Sprintf("%s may be read or written by others than its owner (mode %04o): "+
			"run chmod 600 %[1]s; for a secret of Kubernetes, set defaultMode: 0400", path, mode))

		// What counts is the file, and not the symbolic link to it.
		link := filepath.Join(t.TempDir(), "link")
		require.NoError(t, os.Symlink(path, link))
		_, err = readKeyFile(link)
		require.ErrorContains(t, err, link+" may be read")
	}
}

func TestAllKeyFilesAreNamed(t *testing.T) {
	dir := t.TempDir()
	configs := []KeyConfig{{ID: "k2", SecretFile: dir + "/a"}, {ID: "k1", Secret: goodSecret}, {ID: "k0", SecretFile: dir + "/b"}}
	_, err := readKeyFiles(configs, make([]pseudonym.Key, 3))
	require.ErrorContains(t, err, "keys[0].secret_file: open "+dir+"/a")
	require.ErrorContains(t, err, "keys[2].secret_file: open "+dir+"/b")
}

// polled is two key files and what a poll makes of them.
type polled struct {
	files *keyFiles
	a, b  string
	set   [][]pseudonym.Key // each call
	err   error             // what the next calls answer
	log   *observer.ObservedLogs
	to    *zap.Logger
}

func newPolled(t *testing.T) *polled {
	t.Helper()
	core, log := observer.New(zapcore.DebugLevel)
	dir := t.TempDir()
	p := &polled{a: dir + "/a", b: dir + "/b", log: log, to: zap.New(core)}
	writeKey(t, p.a, goodSecret, 0o600)
	writeKey(t, p.b, goodSecret+"b", 0o600)
	var err error
	p.files, err = readKeyFiles(
		[]KeyConfig{{ID: "k2", SecretFile: p.a}, {ID: "k1", Secret: goodSecret}, {ID: "k0", SecretFile: p.b}},
		[]pseudonym.Key{{ID: "k2"}, {ID: "k1", Secret: []byte("inline")}, {ID: "k0"}})
	require.NoError(t, err)
	return p
}

// poll polls until what has changed is settled.
func (p *polled) poll() {
	p.pollOnce()
	p.pollOnce()
}

func (p *polled) pollOnce() {
	p.files.poll(func(keys []pseudonym.Key) error {
		p.set = append(p.set, keys)
		return p.err
	}, p.to)
}

func secrets(keys []pseudonym.Key) []string {
	var list []string
	for _, key := range keys {
		list = append(list, key.ID+"="+string(key.Secret))
	}
	return list
}

func TestPollSetsWhatChanged(t *testing.T) {
	p := newPolled(t)
	p.poll()
	assert.Empty(t, p.set, "nothing has changed")
	assert.Zero(t, p.log.Len())

	writeKey(t, p.b, otherSecret+"\n", 0o600)
	p.poll()
	p.poll()
	require.Len(t, p.set, 1)
	assert.Equal(t, []string{"k2=" + goodSecret, "k1=inline", "k0=" + otherSecret}, secrets(p.set[0]))
	require.Equal(t, 1, p.log.Len())
	line := p.log.All()[0]
	assert.Equal(t, zapcore.InfoLevel, line.Level)
	assert.Equal(t, map[string]any{"key_index": int64(2), "key_id": "k0", "secret_file": p.b}, line.ContextMap())

	// Both, and the one that changed before keeps what it has.
	writeKey(t, p.a, otherSecret+"a", 0o600)
	p.poll()
	assert.Equal(t, []string{"k2=" + otherSecret + "a", "k1=inline", "k0=" + otherSecret}, secrets(p.set[1]))
}

// TestPollFollowsSwappedLinks: Kubernetes changes a secret by pointing the
// link ..data to another folder.
func TestPollFollowsSwappedLinks(t *testing.T) {
	p := newPolled(t)
	dir := t.TempDir()
	swap := func(version, secret string) {
		require.NoError(t, os.Mkdir(filepath.Join(dir, version), 0o700))
		writeKey(t, filepath.Join(dir, version, "key"), secret, 0o400)
		require.NoError(t, os.Symlink(version, filepath.Join(dir, "next")))
		require.NoError(t, os.Rename(filepath.Join(dir, "next"), filepath.Join(dir, "..data")))
	}
	swap("v1", goodSecret)
	require.NoError(t, os.Symlink("..data/key", filepath.Join(dir, "key")))
	var err error
	p.files, err = readKeyFiles([]KeyConfig{{ID: "k1", SecretFile: filepath.Join(dir, "key")}}, []pseudonym.Key{{ID: "k1"}})
	require.NoError(t, err)
	swap("v2", otherSecret)
	p.poll()
	require.Len(t, p.set, 1)
	assert.Equal(t, []string{"k1=" + otherSecret}, secrets(p.set[0]))
}

// TestPollWaitsForTheWriter: a secret of which half is written is long enough for
// one, and would make pseudonyms that nobody can join with any others.
func TestPollWaitsForTheWriter(t *testing.T) {
	p := newPolled(t)
	const whole = otherSecret + "3456"
	for _, part := range []string{otherSecret, otherSecret + "34", whole} {
		require.NoError(t, os.WriteFile(p.a, []byte(part), 0o600))
		p.pollOnce()
		assert.Empty(t, p.set, "not yet")
	}
	p.pollOnce()
	require.Len(t, p.set, 1)
	assert.Equal(t, "k2="+whole, secrets(p.set[0])[0])

	// What goes back to what it was is no change.
	writeKey(t, p.a, goodSecret, 0o600)
	p.pollOnce()
	writeKey(t, p.a, otherSecret, 0o600)
	p.pollOnce()
	writeKey(t, p.a, goodSecret, 0o600)
	p.pollOnce()
	assert.Len(t, p.set, 1)
	p.pollOnce()
	assert.Len(t, p.set, 2)
}

// TestPollKeepsTheOldSecret: a file that can't be used is logged once per
// outage, and others are read all the same.
func TestPollKeepsTheOldSecret(t *testing.T) {
	for name, spoil := range map[string]func(*testing.T, *polled){
		"gone":       func(t *testing.T, p *polled) { require.NoError(t, os.Remove(p.a)) },
		"for all":    func(t *testing.T, p *polled) { writeKey(t, p.a, otherSecret, 0o644) },
		"half there": func(t *testing.T, p *polled) { writeKey(t, p.a, "hunter2", 0o600) },
		"not taken": func(t *testing.T, p *polled) {
			p.err = errors.New("refused")
			writeKey(t, p.a, otherSecret, 0o600)
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPolled(t)
			spoil(t, p)
			p.poll()
			p.poll()
			require.Equal(t, 1, p.log.Len(), "once")
			line := p.log.All()[0]
			assert.Equal(t, zapcore.ErrorLevel, line.Level)
			fields := line.ContextMap()
			assert.Equal(t, int64(0), fields["key_index"])
			assert.Equal(t, p.a, fields["secret_file"])
			assert.NotEmpty(t, fields["error"])
			assert.NotContains(t, fmt.Sprint(fields), "hunter2")
			assert.NotContains(t, fmt.Sprint(fields), otherSecret)
			assert.Equal(t, goodSecret, string(p.files.keys[0].Secret))

			// The other file is read all the same.
			p.err = nil
			p.set = nil
			writeKey(t, p.a, "hunter2", 0o600)
			writeKey(t, p.b, otherSecret+"b", 0o600)
			p.poll()
			assert.Equal(t, []string{"k2=" + goodSecret, "k1=inline", "k0=" + otherSecret + "b"}, secrets(p.set[len(p.set)-1]))

			// It comes back, and goes again: another outage.
			before := p.log.FilterLevelExact(zapcore.ErrorLevel).Len()
			writeKey(t, p.a, otherSecret, 0o600)
			p.poll()
			assert.Equal(t, otherSecret, string(p.files.keys[0].Secret))
			require.NoError(t, os.Remove(p.a))
			p.poll()
			p.poll()
			assert.Equal(t, before+1, p.log.FilterLevelExact(zapcore.ErrorLevel).Len())
		})
	}
}
