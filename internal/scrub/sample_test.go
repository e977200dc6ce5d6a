package scrub

import (
	"fmt"
	"strings"
	"testing"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
)

// sampleBatch is a batch of records of a source, each with users of its own if
// they are to differ.
func sampleBatch(t testing.TB, source, form string, records int, differ bool) plog.Logs {
	t.Helper()
	body := readFile(t, source+".json")
	ld := plog.NewLogs()
	sl := ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty()
	sl.Scope().Attributes().PutStr(attr.PIIFields, readFile(t, source+".fields.json"))
	for i := range records {
		lr := sl.LogRecords().AppendEmpty()
		benchAttributes[source](lr.Attributes())
		text := body
		if differ {
			change := strings.NewReplacer("-8e2d-", fmt.Sprintf("-%04x-", i), "-6f7a-", fmt.Sprintf("-%04x-", i), "-9d5b-", fmt.Sprintf("-%04x-", i),
				"-7e63-", fmt.Sprintf("-%04x-", i), "admin@", fmt.Sprintf("admin%d@", i))
			text = change.Replace(text)
			for _, v := range lr.Attributes().All() {
				v.SetStr(change.Replace(v.AsString()))
			}
		}
		if form == "map" {
			parseMap(t, lr.Body(), text)
		} else {
			lr.Body().SetStr(text)
		}
	}
	return ld
}
