package row

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/exporter/securityaudit/internal/layout"
	"github.com/authevents/otelcol-auth/internal/authevent"
)

// sampleFolder holds the sample input of the project.
var sampleFolder = filepath.Join("..", "..", "..", "..", "testdata", "sample")

// An operation is one record; the bytes are those of its body.
func BenchmarkAppend(b *testing.B) {
	for _, source := range []string{"hera", "login_gov"} {
		for _, body := range []authevent.Body{authevent.BodyText, authevent.BodyMap} {
			logs := parse(b, body, filepath.Join(sampleFolder, source+".ndjson"))
			type part struct {
				resource pcommon.Resource
				scope    pcommon.InstrumentationScope
				record   plog.LogRecord
			}
			var parts []part
			size := 0
			each(logs, func(r pcommon.Resource, s pcommon.InstrumentationScope, lr plog.LogRecord) {
				parts = append(parts, part{r, s, lr})
				size += len(lr.Body().AsString())
			})
			for _, name := range []string{layout.SecurityAudit, layout.CIAMLog, layout.ActorLog} {
				b.Run(source+"/"+string(body)+"/"+name, func(b *testing.B) {
					m := New(table(b, layout.Config{Layout: name}))
					rows := make([][]any, 0, 1)
					b.ReportAllocs()
					b.SetBytes(int64(size / len(parts)))
					for i := 0; b.Loop(); i++ {
						p := &parts[i%len(parts)]
						if _, err := m.Append(rows[:0], p.resource, p.scope, p.record); err != nil {
							require.NoError(b, err)
						}
					}
				})
			}
		}
	}
}
