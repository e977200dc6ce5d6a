package bolt

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/storage/filestorage"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/extensiontest"
	"go.opentelemetry.io/collector/extension/xextension/storage"
)

const bucket = "default"

// written returns a file of file_storage after what change did to it.
func written(t testing.TB, change func(storage.Client)) []byte {
	t.Helper()
	factory := filestorage.NewFactory()
	cfg := factory.CreateDefaultConfig().(*filestorage.Config)
	cfg.Directory = t.TempDir()
	extension, err := factory.Create(t.Context(), extensiontest.NewNopSettings(factory.Type()), cfg)
	require.NoError(t, err)
	client, err := extension.(storage.Extension).GetClient(t.Context(), component.KindReceiver, component.MustNewID("x"), "")
	require.NoError(t, err)
	change(client)
	require.NoError(t, client.Close(t.Context()))
	content, err := os.ReadFile(filepath.Join(cfg.Directory, "receiver_x_"))
	require.NoError(t, err)
	return content
}

// fill writes n values of a size, one by one.
func fill(t testing.TB, n, size int) func(storage.Client) {
	return func(c storage.Client) {
		for i := range n {
			require.NoError(t, c.Set(t.Context(), fmt.Sprintf("key/%06d", i), []byte(strings.Repeat("v", size))))
		}
	}
}

func check(content []byte) error { return Check(bytes.NewReader(content), int64(len(content)), bucket) }

func TestCheckAcceptsWhatIsWhole(t *testing.T) {
	for name, change := range map[string]func(storage.Client){
		"new":           func(storage.Client) {},
		"small, inline": fill(t, 3, 20),
		"one leaf":      fill(t, 10, 100),
		"branches":      fill(t, 500, 180),
		"large values":  fill(t, 10, 100_000),
		"empty values":  fill(t, 100, 0),
		"deleted": func(c storage.Client) {
			fill(t, 300, 180)(c)
			for i := range 299 {
				require.NoError(t, c.Delete(t.Context(), fmt.Sprintf("key/%06d", i)))
			}
		},
	} {
		assert.NoError(t, check(written(t, change)), name)
	}
}

// TestOlderHeader: with one header harmed, the other one counts, as for bbolt.
func TestOlderHeader(t *testing.T) {
	content := written(t, fill(t, 100, 100))
	pageSize := os.Getpagesize()
	for _, at := range []int{0, pageSize} {
		harmed := bytes.Clone(content)
		harmed[at+pageHeader+20] ^= 1
		assert.NoError(t, check(harmed))
	}
}

// TestCheckRefuses: the file has one header and one tree, of branches.
func TestCheckRefuses(t *testing.T) {
	content := written(t, fill(t, 500, 180))
	m, err := header(bytes.NewReader(content))
	require.NoError(t, err)
	at := func(page uint64) []byte { return content[page*uint64(m.pageSize):] }
	// The bucket's root stands in the only value of the root's leaf.
	leaf := parse(at(m.root)[:m.pageSize])
	root := order.Uint64(leaf.elements[element+len(bucket):])
	require.EqualValues(t, branchPage, parse(at(root)).flags)
	first := order.Uint64(at(root)[pageHeader+8:])

	for name, c := range map[string]struct {
		harm func(page func(uint64) []byte)
		want string
	}{
		"headers":         {func(p func(uint64) []byte) { p(0)[pageHeader]++; p(1)[pageHeader]++ }, "neither of its two headers is whole"},
		"bucket's name":   {func(p func(uint64) []byte) { p(m.root)[pageHeader+element]++ }, `it has a bucket that is not "default"`},
		"no bucket":       {func(p func(uint64) []byte) { p(m.root)[pageHeader] = 0 }, "is of a kind that does not belong there"},
		"bucket's root":   {func(p func(uint64) []byte) { p(m.root)[pageHeader+element+len(bucket)+4]++ }, "lies outside of the"},
		"number":          {func(p func(uint64) []byte) { p(root)[0]++ }, "has the number of another"},
		"kind":            {func(p func(uint64) []byte) { p(first)[8] = 7 }, "is neither branch nor leaf"},
		"count":           {func(p func(uint64) []byte) { p(first)[11] = 255 }, "elements"},
		"no branch":       {func(p func(uint64) []byte) { p(root)[10] = 0; p(root)[11] = 0 }, "can't have 0 elements"},
		"goes on":         {func(p func(uint64) []byte) { p(first)[14]++ }, "goes on beyond the"},
		"a loop":          {func(p func(uint64) []byte) { order.PutUint64(p(root)[pageHeader+8:], root) }, "is in two places"},
		"position":        {func(p func(uint64) []byte) { p(first)[pageHeader+4]++ }, "says wrong where it stands"},
		"size of a value": {func(p func(uint64) []byte) { p(first)[pageHeader+15] = 0x80 }, "says wrong where it stands"},
		"key":             {func(p func(uint64) []byte) { i := bytes.Index(p(first), []byte("key/000001")); p(first)[i] = 'z' }, "its keys are out of order"},
		"branch's key": {func(p func(uint64) []byte) {
			i := bytes.LastIndex(p(root)[:m.pageSize], []byte("key/"))
			p(root)[i] = 'z'
		}, "its keys are out of order"},
		"bucket in a bucket": {func(p func(uint64) []byte) { p(first)[pageHeader] = 1 },
			"is of a kind that does not belong there"},
	} {
		harmed := bytes.Clone(content)
		c.harm(func(page uint64) []byte { return harmed[page*uint64(m.pageSize):] })
		assert.ErrorContains(t, check(harmed), c.want, name)
	}
	assert.ErrorContains(t, check(content[:m.pageSize*3]), "lies outside of the 3 pages")
	assert.ErrorContains(t, check(content[:7]), "neither of its two headers is whole")
	assert.ErrorContains(t, check(make([]byte, 1<<16)), "neither of its two headers is whole")
}

// FuzzCheck: whatever a file holds, it is read once at most, and an error shows
// nothing of it.
func FuzzCheck(f *testing.F) {
	content := written(f, fill(f, 30, 180))
	f.Add(uint(0), uint16(0), uint(0), uint16(0))
	f.Add(uint(3*4096+16), uint16(0xFFFF), uint(2*4096+8), uint16(4))
	f.Add(uint(16+20), uint16(1), uint(4096+16+20), uint16(1))
	f.Fuzz(func(t *testing.T, at1 uint, x1 uint16, at2 uint, x2 uint16) {
		harmed := bytes.Clone(content)
		for _, h := range []struct {
			at uint
			x  uint16
		}{{at1, x1}, {at2, x2}} {
			i := h.at % uint(len(harmed)-1)
			harmed[i] ^= byte(h.x)
			harmed[i+1] ^= byte(h.x >> 8)
		}
		r := &counting{r: bytes.NewReader(harmed)}
		err := Check(r, int64(len(harmed)), bucket)
		assert.LessOrEqual(t, r.bytes, 3*len(harmed))
		if err != nil {
			assert.NotContains(t, err.Error(), "vvv")
			assert.NotContains(t, err.Error(), "key/")
		}
	})
}

// counting counts what is read.
type counting struct {
	r     *bytes.Reader
	bytes int
}

func (c *counting) ReadAt(b []byte, offset int64) (int, error) {
	n, err := c.r.ReadAt(b, offset)
	c.bytes += n
	return n, err
}
