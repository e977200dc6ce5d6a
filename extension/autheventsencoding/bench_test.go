package autheventsencoding

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
)

func BenchmarkUnmarshal(b *testing.B) {
	for _, test := range []struct {
		name, payload string
		lines         int
	}{
		{"hera/1_line", hera, 1},
		{"hera/100_lines", strings.Repeat(hera+"\n", 100), 100},
		{"hera/array_of_100", "[" + strings.Repeat(hera+",", 99) + hera + "]", 100},
		{"login_gov/1_line", loginGov, 1},
		{"broken_array", "[" + strings.Repeat(hera+",", 99), 1},
	} {
		b.Run(test.name, func(b *testing.B) {
			u := newTest(b, defaultConfig())
			payload := []byte(test.payload)
			b.ReportAllocs()
			b.SetBytes(int64(len(payload)))
			var logs plog.Logs
			for b.Loop() {
				var err error
				if logs, err = u.UnmarshalLogs(payload); err != nil {
					b.Fatal(err)
				}
			}
			require.Equal(b, test.lines, logs.LogRecordCount())
		})
	}
}
