//go:build unix

package faults

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/storage/filestorage"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/extensiontest"
	"go.opentelemetry.io/collector/extension/xextension/storage"

	"github.com/authevents/otelcol-auth/internal/faults/harm"
	"github.com/authevents/otelcol-auth/internal/faults/ledger"
)

const (
	// checkpointFile is where file_storage keeps what the receiver stores.
	checkpointFile = "receiver_auth_events_"

	readFiles, linesOfEach = 100, 10
)

// checkpoint is a rig whose state is harmed again and again. The lines that were
// read before the first harm stand in files that stay as they are; those of each
// harm in a file of its own.
type checkpoint struct {
	*rig
	row     *ledger.Row
	path    string
	whole   []byte // before any harm
	refused int
	again   int // starts that read again
	damaged int // starts that said so
}

// newCheckpoint reads the files once, so that there is a state to harm.
func newCheckpoint(t *testing.T, row *ledger.Row) *checkpoint {
	c := &checkpoint{rig: newRig(t), row: row}
	c.path = filepath.Join(c.state, checkpointFile)
	for i := range readFiles {
		c.append(fmt.Sprintf("read%03d.log", i), linesOfEach)
	}
	c.start()
	c.settle()
	c.stop(patience)
	var err error
	c.whole, err = os.ReadFile(c.path)
	require.NoError(t, err)
	return c
}

// run starts the collector on a harmed state. Either it refuses, says which file
// to move away, and goes on once that is done; or it reads what is new, and says
// so where it reads anything again. header: the harm is in a header page, see inHeader.
func (c *checkpoint) run(i int, what string, header bool) {
	c.t.Helper()
	problem := func(format string, args ...any) {
		c.row.Problems = append(c.row.Problems, what+": "+fmt.Sprintf(format, args...))
	}
	name := fmt.Sprintf("new%d.log", i)
	c.append(name, linesOfEach)
	c.start()
	c.settle()
	if c.p.Ended() {
		c.refused++
		if log := c.p.Log(); !strings.Contains(lastLine(log), "it is damaged (") || !strings.Contains(lastLine(log), "move "+c.path+" away") {
			problem("the collector ended without a clear error: %s", lastLine(log))
		}
		remove(c.t, c.path)
		c.start()
		c.settle()
	}
	if c.p.Ended() {
		require.Fail(c.t, "the collector does not start without the file either", tail(c.p.Log()))
	}
	duplicates := c.duplicates
	c.polls(2)
	c.injected(c.row)
	log := c.p.Log()
	said := strings.Contains(log, "A position in storage can't be used") || strings.Contains(log, "There are no positions in the storage yet")
	if c.duplicates > duplicates {
		c.again++
		if !said && !header {
			problem("%d lines were read again, and nothing said so", c.duplicates-duplicates)
		}
	}
	if said {
		c.damaged++
	}
	c.kill()
	remove(c.t, c.rig.path(name))
	remove(c.t, c.rig.path("polls.log"))
}

// end ends the row on a whole state.
func (c *checkpoint) end() {
	c.t.Helper()
	c.t.Logf("of %d: refused %d times, read again %d times", c.row.Runs, c.refused, c.again)
	require.NoError(c.t, os.WriteFile(c.path, c.whole, 0o600))
	c.restart()
	c.finish(c.row)
}

// TestDamagedCheckpoint is row 10a: the file with the positions is torn, zeroed,
// truncated, or has bits flipped, anywhere.
func TestDamagedCheckpoint(t *testing.T) {
	t.Parallel()
	row := newRow(t, "10a", "checkpoint torn, zeroed, truncated, bit-flipped", times(10, 200), readFiles*linesOfEach)
	c := newCheckpoint(t, row)
	for i := range row.Runs {
		damaged, what := harm.File(uint64(i), c.whole)
		require.NoError(t, os.WriteFile(c.path, damaged, 0o600))
		c.run(i, fmt.Sprintf("seed %d, %s", i, what), inHeader(c.whole, damaged))
	}
	if c.refused == 0 || c.again == 0 {
		row.Problems = append(row.Problems, "no harm was found at all: is this the file?")
	}
	c.end()
}

// inHeader says whether the harm lies in the two header pages alone. Then bbolt goes
// by the other one, which is of the save before: as after a kill, so nothing is said.
func inHeader(whole, damaged []byte) bool {
	headers := 2 * os.Getpagesize()
	return len(whole) == len(damaged) && bytes.Equal(whole[headers:], damaged[headers:])
}

// TestDamagedValue is row 10b: the database is whole, and a bit of a value in it
// is not. The collector starts, and says what it reads again.
func TestDamagedValue(t *testing.T) {
	t.Parallel()
	keys := []string{"tail/salt", "tail/table", "tail/file/000000", "tail/file/000050"}
	row := newRow(t, "10b", "a bit flipped in a sealed value, a value gone", times(1, 5)*2*len(keys), readFiles*linesOfEach)
	c := newCheckpoint(t, row)
	for i := range row.Runs {
		key := keys[i%len(keys)]
		require.NoError(t, os.WriteFile(c.path, c.whole, 0o600))
		what := "a bit of " + key
		if i/len(keys)%2 == 1 {
			what = key + " gone"
		}
		c.rewrite(key, func(value []byte) []byte {
			if i/len(keys)%2 == 1 {
				return nil
			}
			value[i*7%len(value)] ^= 1 << (i % 8)
			return value
		})
		c.run(i, what, false)
	}
	if c.refused > 0 {
		row.Problems = append(row.Problems, fmt.Sprintf("the collector refused to start %d times", c.refused))
	}
	c.end()
}

// rewrite changes a value of the state; nil deletes it.
func (c *checkpoint) rewrite(key string, change func([]byte) []byte) {
	c.t.Helper()
	factory := filestorage.NewFactory()
	cfg := factory.CreateDefaultConfig().(*filestorage.Config)
	cfg.Directory = c.state
	extension, err := factory.Create(c.t.Context(), extensiontest.NewNopSettings(factory.Type()), cfg)
	require.NoError(c.t, err)
	client, err := extension.(storage.Extension).GetClient(c.t.Context(), component.KindReceiver, component.MustNewID("auth_events"), "")
	require.NoError(c.t, err)
	value, err := client.Get(c.t.Context(), key)
	require.NoError(c.t, err)
	require.NotEmpty(c.t, value)
	if value = change(value); value == nil {
		require.NoError(c.t, client.Delete(c.t.Context(), key))
	} else {
		require.NoError(c.t, client.Set(c.t.Context(), key, value))
	}
	require.NoError(c.t, client.Close(c.t.Context()))
}
