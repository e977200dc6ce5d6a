package archive

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"io"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	commitTime = time.Date(2026, 11, 23, 11, 29, 15, 987654321, time.FixedZone("elsewhere", 3600))
	files      = []File{
		{Name: "otelcol-auth", Content: []byte("\x7fELF"), Executable: true},
		{Name: "configs/loki.yaml", Content: []byte("receivers:\n")},
		{Name: "LICENSE", Content: nil},
	}
)

func pack(t *testing.T, files []File, mtime time.Time) []byte {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, Write(&out, "p_1", files, mtime))
	return out.Bytes()
}

// TestSameBytes: neither the order in which files are found, nor the zone of who
// packs, nor parts of a second change a byte.
func TestSameBytes(t *testing.T) {
	want := pack(t, files, commitTime)
	other := slices.Clone(files)
	slices.Reverse(other)
	assert.Equal(t, want, pack(t, other, commitTime.UTC().Truncate(time.Second)))
	assert.Equal(t, "LICENSE", other[0].Name, "the caller's slice stays as it was")
	assert.NotEqual(t, want, pack(t, files, commitTime.Add(time.Second)))
}

// TestHeaders: nothing of the machine is in the archive.
func TestHeaders(t *testing.T) {
	z, err := gzip.NewReader(bytes.NewReader(pack(t, files, commitTime)))
	require.NoError(t, err)
	assert.Equal(t, gzip.Header{OS: 255}, z.Header)
	r := tar.NewReader(z)
	want := []struct {
		name, content string
		mode          int64
	}{
		{"p_1/LICENSE", "", 0o644},
		{"p_1/configs/loki.yaml", "receivers:\n", 0o644},
		{"p_1/otelcol-auth", "\x7fELF", 0o755},
	}
	for _, w := range want {
		h, err := r.Next()
		require.NoError(t, err)
		content, err := io.ReadAll(r)
		require.NoError(t, err)
		assert.Equal(t, w.name, h.Name)
		assert.Equal(t, w.content, string(content))
		assert.Equal(t, w.mode, h.Mode, w.name)
		assert.Equal(t, commitTime.Unix(), h.ModTime.Unix(), w.name)
		assert.Zero(t, h.Uid)
		assert.Zero(t, h.Gid)
		assert.Empty(t, h.Uname+h.Gname)
		assert.Empty(t, h.PAXRecords)
	}
	_, err = r.Next()
	assert.ErrorIs(t, err, io.EOF)
}

func TestRefusedNames(t *testing.T) {
	for name, files := range map[string][]File{
		"archive: two files named a":             {{Name: "a"}, {Name: "b"}, {Name: "a"}},
		`archive: "../a" is no path inside it`:   {{Name: "../a"}},
		`archive: "/etc/a" is no path inside it`: {{Name: "/etc/a"}},
		`archive: "b/../a" is no path inside it`: {{Name: "b/../a"}},
		`archive: ".." is no path inside it`:     {{Name: ".."}},
	} {
		assert.EqualError(t, Write(io.Discard, "p_1", files, commitTime), name)
	}
}
