package records

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/authevent"
)

const line = `{"type":"audit","event":"captcha_displayed"}`

func sourceOf(t *testing.T, n int) Source {
	file := filepath.Join(t.TempDir(), "lines.ndjson")
	if err := os.WriteFile(file, []byte(strings.Repeat(line+"\n", n)), 0o600); err != nil {
		t.Fatal(err)
	}
	return Source{File: file, Options: authevent.Options{Source: "hera", Body: authevent.BodyText}}
}

func TestEach(t *testing.T) {
	const n = BatchLines + 1
	var sizes []int
	uids := map[string]bool{}
	err := sourceOf(t, n+1).Each(n, func(texts [][]byte, ld plog.Logs) error {
		if len(texts) != ld.LogRecordCount() || string(texts[0]) != line {
			t.Errorf("%d texts, %d records, the first of %q", len(texts), ld.LogRecordCount(), texts[0])
		}
		sizes = append(sizes, len(texts))
		for _, lr := range ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().All() {
			uid, _ := lr.Attributes().Get(attr.LogRecordUID)
			uids[uid.Str()] = true
		}
		return nil
	})
	if err != nil || !slices.Equal(sizes, []int{BatchLines, 1}) {
		t.Errorf("batches of %v (%v)", sizes, err)
	}
	if len(uids) != n {
		t.Errorf("%d uids of %d equal lines", len(uids), n)
	}
}

func TestEachRefuses(t *testing.T) {
	nothing := func([][]byte, plog.Logs) error { return nil }
	err := sourceOf(t, 1).Each(2, nothing)
	if err == nil || !strings.Contains(err.Error(), "after 1 lines: 2 are needed") {
		t.Errorf("a file too short: %v", err)
	}
	source := sourceOf(t, 2)
	source.Change = func([]byte) []byte { return []byte("no event") }
	if err := source.Each(2, nothing); err == nil || !strings.Contains(err.Error(), "line 1 is no event") {
		t.Errorf("a line that is no event: %v", err)
	}
}
