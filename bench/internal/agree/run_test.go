package agree

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/authevents/otelcol-auth/bench/internal/pipelines"
)

// binary is a program that does for a collector: it puts the outputs of each side,
// by the name of its config's folder, where that says, and ends when it is told to.
func binary(t *testing.T, sides map[pipelines.Side]*output) string {
	t.Helper()
	dir := t.TempDir()
	for name, o := range sides {
		folder := filepath.Join(dir, string(name))
		if err := os.Mkdir(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		logs, err := (&plog.JSONMarshaler{}).MarshalLogs(o.logs[0])
		if err != nil {
			t.Fatal(err)
		}
		metrics, err := (&pmetric.JSONMarshaler{}).MarshalMetrics(o.metrics[0])
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(folder, pipelines.LogsFile), string(logs)+"\n", 0o600)
		write(t, filepath.Join(folder, pipelines.MetricsFile), string(metrics)+"\n", 0o600)
	}
	script := fmt.Sprintf(`#!/bin/sh
trap 'exit 0' INT
to=$(dirname "$2")
cp %s/"$(basename "$to")"/* "$to"/
while :; do sleep 0.05; done
`, dir)
	program := filepath.Join(dir, "collector")
	write(t, program, script, 0o700)
	return program
}

func write(t *testing.T, file, text string, mode os.FileMode) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

func TestCheck(t *testing.T) {
	file := fileOf(t, lines(4))
	sides := map[pipelines.Side]*output{pipelines.Ours: side(3, "ours"), pipelines.Stock: side(3, "stock")}
	report, err := Check(context.Background(), binary(t, sides), pipelines.Hera, pipelines.Everything, file, 3)
	if err != nil || !strings.HasPrefix(report, "hera, everything: 3 records\n") {
		t.Errorf("%v\n%s", err, report)
	}
	sides[pipelines.Stock].record(0).SetEventName("x")
	if _, err := Check(context.Background(), binary(t, sides), pipelines.Hera, pipelines.Everything, file, 3); err == nil {
		t.Error("another event's name is none of an error")
	}
}

// TestCheckOfNoCollector: what it prints is in the error.
func TestCheckOfNoCollector(t *testing.T) {
	program := filepath.Join(t.TempDir(), "collector")
	write(t, program, "#!/bin/sh\necho no such component\nexit 3\n", 0o700)
	_, err := Check(context.Background(), program, pipelines.Hera, pipelines.Receive, fileOf(t, lines(1)), 1)
	if err == nil || !strings.Contains(err.Error(), "no such component") || !strings.Contains(err.Error(), "before 1 records were written") {
		t.Errorf("got %v", err)
	}
}
