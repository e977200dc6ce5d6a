package tail

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// keeper keeps lasting lines without a copy, and has one of each beside it.
type keeper struct {
	mu     sync.Mutex
	kept   [][]byte
	copies []string
	others int // lines that don't last
}

func (k *keeper) handle(_ context.Context, l *Lines) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, line := range l.Lines {
		if l.Lasting {
			k.kept = append(k.kept, line.Text)
		} else {
			k.others++
		}
		k.copies = append(k.copies, string(line.Text))
	}
	return nil
}

func (k *keeper) count() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return len(k.copies)
}

// longText has lines of all lengths, some longer than a read buffer.
func longText(lines int) string {
	r := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	for i := range lines {
		n := r.IntN(2000)
		switch i % 400 {
		case 100:
			n = bufferSize + r.IntN(bufferSize)
		case 200:
			n = 3 * bufferSize // longer than the maximum
		}
		fmt.Fprintf(&b, "%d %s\n", i, strings.Repeat(string(rune('a'+i%26)), n))
	}
	return b.String()
}

func keptConfig(path string) FilesConfig {
	cfg := testConfig(path)
	cfg.MaxLineSize = 2*bufferSize + 1000
	return cfg
}

// Lasting lines stay as they were when they were handed out, whatever is read after.
func TestLastingLinesLast(t *testing.T) {
	const lines = 3000
	text := longText(lines)
	for name, content := range map[string]string{"plain": text, "gzip": zipped(t, text+text)} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a")
			want := lines
			if name == "gzip" { // that is far smaller on disk
				want, content = 2*lines, content+strings.Repeat("\x00", 2*longRead)
			}
			write(t, path, content)
			k := &keeper{}
			f := follow(t, keptConfig(path), nil, k.handle)
			until(t, func() bool { return k.count() >= want })
			require.NoError(t, f.Shutdown(context.Background()))
			require.Len(t, k.kept, want, "all of it lasts")
			for i, line := range k.kept {
				require.Equal(t, k.copies[i], string(line), "line %d", i)
			}
		})
	}
}

// A file that is truncated while it is read is read again from its beginning,
// and not into what was handed out.
func TestLastingLinesOfATruncatedFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a")
	before := longText(3000)
	after := strings.ToUpper(before)
	write(t, path, before)
	k := &keeper{}
	var once sync.Once
	f := follow(t, keptConfig(path), nil, func(ctx context.Context, l *Lines) error {
		defer once.Do(func() { assert.NoError(t, os.WriteFile(path, []byte(after), 0o600)) })
		return k.handle(ctx, l)
	})
	until(t, func() bool { return k.count() > 3000 && f.Progress().Behind == 0 })
	require.NoError(t, f.Shutdown(context.Background()))
	require.Zero(t, k.others)
	for i, line := range k.kept {
		require.Equal(t, k.copies[i], string(line), "line %d", i)
	}
}

// A file with little to read has a buffer that is used again.
func TestLinesOfShortFilesDoNotLast(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a")
	write(t, path, numbered(0, 100))
	k := &keeper{}
	f := follow(t, testConfig(path), nil, k.handle)
	until(t, func() bool { return k.count() == 100 })
	require.NoError(t, f.Shutdown(context.Background()))
	assert.Equal(t, 100, k.others)
}

// However a window moves, it has the same content as one that lends nothing, and
// what was lent is not written to.
func TestWindowLends(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	text := bytes.Repeat([]byte(longText(2000)), 4)
	lasting := &window{buf: make([]byte, bufferSize), lasting: true}
	plain := &window{buf: make([]byte, bufferSize)}
	type loan struct {
		at   int64
		lent []byte
	}
	var loans []loan
	for lasting.base+int64(lasting.end) < int64(len(text)) {
		for _, w := range []*window{lasting, plain} {
			w.end += copy(w.buf[w.end:], text[w.base+int64(w.end):])
		}
		both := min(lasting.end, plain.end+int(plain.base-lasting.base))
		lasting.end, plain.end = both, both-int(plain.base-lasting.base)
		if r.IntN(3) == 0 { // of a long line nothing is handed out
			to := lasting.pos + (lasting.end-lasting.pos)*(1+r.IntN(4))/4
			require.True(t, lasting.lend())
			require.False(t, plain.lend())
			loans = append(loans, loan{lasting.offset(), lasting.buf[lasting.pos:to]})
			plain.pos += to - lasting.pos
			lasting.pos = to
		}
		lasting.makeRoom(4 * bufferSize)
		plain.makeRoom(4 * bufferSize)
		require.Equal(t, plain.offset(), lasting.offset())
		require.Equal(t, plain.buf[:plain.end], lasting.buf[:lasting.end])
		if lasting.end == len(lasting.buf) || plain.end == len(plain.buf) {
			lasting.pos, plain.pos = lasting.end, plain.end // a line that is cut
		}
	}
	lasting.lend()
	loans = append(loans, loan{lasting.base, lasting.buf[:lasting.end]})
	lasting.reset(0)
	clear(lasting.buf)
	for _, l := range loans {
		require.Equal(t, text[l.at:l.at+int64(len(l.lent))], l.lent)
	}
}
