package scrub

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
)

// pdata copies a batch for another pipeline, and so does audit mode, without its
// bytes: those of the original must stay as they are.
func TestBytesOfACopyStay(t *testing.T) {
	for _, body := range []string{"mail a@b.example", `{"email":"a@b.example"}`} {
		ld := oneRecord("", func(lr plog.LogRecord) {
			lr.Body().SetEmptyBytes().FromRaw([]byte(body))
			lr.Attributes().PutEmptyBytes(attr.URLPath).FromRaw([]byte("a@b.example"))
			lr.Attributes().PutEmptyBytes(attr.Category).FromRaw([]byte("\xff of a@b.example"))
		})
		copied := plog.NewLogs()
		ld.CopyTo(copied)
		newTest(t, testPolicy()).Logs(copied)
		audit := testPolicy()
		audit.Audit = true
		newTest(t, audit).Logs(ld)

		assert.Equal(t, body, string(record(ld).Body().Bytes().AsRaw()))
		for name, want := range map[string]string{attr.URLPath: "a@b.example", attr.Category: "\xff of a@b.example"} {
			got, _ := record(ld).Attributes().Get(name)
			assert.Equal(t, want, string(got.Bytes().AsRaw()))
			got, _ = record(copied).Attributes().Get(name)
			assert.NotContains(t, string(got.Bytes().AsRaw()), "b.example")
		}
	}
}
