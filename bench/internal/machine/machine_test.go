package machine

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestDescribe(t *testing.T) {
	text := Describe(t.Context(), "../../..", time.Now())
	require.NotContains(t, text, "unknown cores")
	require.Contains(t, text, "GiB of memory")
	require.Equal(t, "23.5 GiB", memory("24690532 kB"))
	require.Equal(t, "unknown", memory(field("/proc/meminfo", "no such key")))
	require.Equal(t, "unknown", field("/proc/none", "x"))
}
