package tail

import (
	"bytes"
	"compress/gzip"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestGzip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.log.gz")
	store := newMemory()
	write(t, path, zipped(t, numbered(0, 250))+zipped(t, numbered(250, 300)+"no end"))
	var s sink
	f := follow(t, testConfig(path), store, s.handle)
	lines := f.await(t, &s, 301)
	assert.Equal(t, append(numberedTexts(0, 300), "no end"), s.texts(), "members behind each other are read")
	assert.Equal(t, []Origin{lines[0].origin}, s.ended())
	f.stop(t)
	f = follow(t, testConfig(path), store, s.handle)
	f.await(t, &s, 301)
}

func TestGzipAsItIs(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.log.gz")
	write(t, path, zipped(t, "one\n")+"\n")
	cfg := testConfig(path)
	cfg.Gunzip = false
	var s sink
	f := follow(t, cfg, nil, s.handle)
	assert.Equal(t, "\x1f\x8b", f.await(t, &s, 1)[0].text[:2])
}

// A .gz that shutdown interrupts goes on where it stood, with the same identity.
func TestGzipInterrupted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.log.gz")
	store := newMemory()
	write(t, path, zipped(t, numbered(0, 5000)))
	var s sink
	called := make(chan struct{}, 1)
	f := follow(t, testConfig(path), store, func(ctx context.Context, l *Lines) error {
		called <- struct{}{}
		<-ctx.Done()
		return s.handle(ctx, l) // taken, before the .gz is at its end
	})
	<-called
	f.stop(t)
	require.Len(t, s.taken(), maxLines)
	f = follow(t, testConfig(path), store, s.handle)
	lines := f.await(t, &s, 5000)
	assert.Equal(t, numberedTexts(0, 5000), s.texts())
	assert.Equal(t, lines[0].origin, lines[4999].origin)
}

// A .gz that is being written is read again when it has grown, from where
// reading stood.
func TestGzipBeingWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.log.gz")
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write([]byte(numbered(0, 200) + `{"n":`))
	require.NoError(t, err)
	require.NoError(t, z.Flush())
	first := b.Len()
	_, err = z.Write([]byte("200}\n" + numbered(201, 300)))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	text := b.String()

	write(t, path, text[:5]) // half a header
	var s sink
	store := newMemory()
	f := follow(t, testConfig(path), store, s.handle)
	f.await(t, &s, 0)
	appendTo(t, path, text[5:first])
	f.await(t, &s, 200)
	assert.Empty(t, s.ended())
	f.stop(t)
	f = follow(t, testConfig(path), store, s.handle)
	f.await(t, &s, 200)
	appendTo(t, path, text[first:])
	f.await(t, &s, 300)
	assert.Equal(t, numberedTexts(0, 300), s.texts())
	assert.Len(t, s.ended(), 1)
	// Another member, behind what was read to its end.
	appendTo(t, path, zipped(t, numbered(300, 310)))
	f.await(t, &s, 310)
	assert.Len(t, s.ended(), 2)
	assert.Zero(t, f.log.Len(), "%v", f.log.All())
}

func TestGzipDamaged(t *testing.T) {
	text := []byte(zipped(t, numbered(0, 100)+strings.Repeat("x", 100)) + "this is no member")
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a.gz"), string(text))
	write(t, filepath.Join(dir, "b.gz"), "\x1f\x8b\x08\xff\xff\xff\xff\xff\xff\xff\xff")
	write(t, filepath.Join(dir, "c.gz"), zipped(t, "good\n"))
	var s sink
	store := newMemory()
	f := follow(t, testConfig(filepath.Join(dir, "*.gz")), store, s.handle)
	f.await(t, &s, 101)
	until(t, func() bool { return f.log.FilterMessageSnippet("damaged").Len() >= 1 })
	f.settle(t)
	assert.Equal(t, 1, f.log.FilterMessageSnippet("damaged").Len(), "%v", f.log.All())
	f.stop(t)
	f = follow(t, testConfig(filepath.Join(dir, "*.gz")), store, s.handle)
	f.await(t, &s, 101)
}

// What expands a thousandfold needs no more memory than a file of one line.
func TestGzipBomb(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.gz")
	file, err := os.Create(path)
	require.NoError(t, err)
	z := gzip.NewWriter(file)
	block := bytes.Repeat([]byte("x"), 1<<20)
	for range 256 {
		_, err := z.Write(block)
		require.NoError(t, err)
	}
	_, err = z.Write([]byte("\nafter\n"))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	require.NoError(t, file.Close())
	var s sink
	grown := allocated(t, func() {
		f := follow(t, testConfig(path), nil, s.handle)
		f.await(t, &s, 2)
	})
	assert.Less(t, grown, uint64(8<<20))
	assert.True(t, s.lines[0].truncated)
	assert.Equal(t, "after", s.texts()[1])
}
