package tail

import (
	"maps"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/authevents/otelcol-auth/internal/sealed"
	"github.com/authevents/otelcol-auth/internal/sealed/sealedtest"
)

// A state of another version is refused as a whole, whichever value it shows in
// first, and nothing of it is changed: who goes back to that version goes on.
func TestStateOfAnotherVersion(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a", "b", "c"} {
		write(t, filepath.Join(dir, name), name+" one\n")
	}
	cfg := testConfig(filepath.Join(dir, "*"))
	whole := newMemory()
	var s sink
	f := follow(t, cfg, whole, s.handle)
	f.await(t, &s, 3)
	f.stop(t)
	later := func(m *memory, key string) {
		m.values[key] = sealedtest.OfVersion(sealed.Version+1, key, m.values[key])
	}
	damage := func(m *memory, key string) { m.values[key] = []byte("damaged") }
	for name, change := range map[string]func(m *memory){
		saltKey:    func(m *memory) { later(m, saltKey) },
		tableKey:   func(m *memory) { later(m, tableKey) },
		slotKey(2): func(m *memory) { later(m, slotKey(2)) },
		"all": func(m *memory) {
			for key := range m.values {
				later(m, key)
			}
		},
		"an older one": func(m *memory) { m.values[slotKey(0)] = sealedtest.OfVersion(0, slotKey(0), m.values[slotKey(0)]) },
		// What is damaged is replaced, but not before the rest was seen.
		"beside a damaged salt":  func(m *memory) { damage(m, saltKey); later(m, slotKey(1)) },
		"beside a damaged table": func(m *memory) { damage(m, tableKey); later(m, slotKey(1)) },
		"beside that of before":  func(m *memory) { m.values[oldFilesKey] = []byte("0\n"); later(m, tableKey) },
	} {
		t.Run(name, func(t *testing.T) {
			store := whole.copy()
			change(store)
			before := maps.Clone(store.values)
			refused, err := NewFiles(cfg, zap.NewNop(), func(Origin) Handler { return refuse })
			require.NoError(t, err)
			err = refused.Start(t.Context(), store)
			require.ErrorIs(t, err, sealed.ErrVersion)
			require.ErrorContains(t, err, "read the positions in files: it was written by another version of this program: the value \"tail/")
			require.NoError(t, refused.Shutdown(t.Context()))
			assert.Equal(t, before, store.values)
		})
	}
	appendTo(t, filepath.Join(dir, "b"), "b two\n")
	f = follow(t, cfg, whole, s.handle)
	lines := f.await(t, &s, 4)
	assert.Equal(t, "b two", lines[3].text)
}
