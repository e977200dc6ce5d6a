//go:build unix

package faults

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

// inUse is what a clear error says of a state directory.
var inUse = regexp.MustCompile(`(?i)Error: .*storage.*(in use|another (collector|process|instance))`)

// TestTwoInstances is row 19: the second collector on a state directory refuses
// to start and says why, and the first goes on undisturbed.
func TestTwoInstances(t *testing.T) {
	t.Parallel() // it waits for a lock
	r := newRig(t)
	row := newRow(t, "19", "two instances on one state directory", times(1, 5), 0)
	r.append("hera.log", 1000)
	r.start()
	r.settle() // it has the storage
	for range row.Runs {
		second := r.launch()
		code, err := second.Wait(patience)
		require.NoError(t, err)
		if code == 0 {
			row.Problems = append(row.Problems, "the second ended with exit code 0")
		}
		if !inUse.MatchString(second.Log()) {
			row.Problems = append(row.Problems, fmt.Sprintf("the second does not say that the storage is in use: %s", lastLine(second.Log())))
		}
		r.append("hera.log", 1000)
		r.settle()
	}
	r.finish(row)
}
