package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/authevents/otelcol-auth/bench/internal/records"
	"github.com/authevents/otelcol-auth/internal/authevent"
)

const line = `{"name":"x","properties":{"user_id":"u-1","user_ip":"198.51.100.7"},"visit_id":"v-1","visitor_id":"w-1"}`

func TestPlantedValuesIdentify(t *testing.T) {
	got, err := identifying(plant([]byte(line), 255))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"v-1", "w-1", "u-1", "198.51.100.7", "planted.255@example.com", "203.0.113.2", "2001:db8:0:0:0:0:1:ff"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, err = identifying([]byte(strings.Replace(line, "u-1", "anonymous-uuid", 1))); err != nil || slices.Contains(got, "anonymous-uuid") {
		t.Errorf("got %q, %v: anonymous-uuid stands for nobody", got, err)
	}
}

// What is not scrubbed is found, in both forms of the body; what is scrubbed by
// ours is not.
func TestLeftBy(t *testing.T) {
	const n = records.BatchLines + 1
	file := fileOf(t, n)
	for _, body := range []authevent.Body{authevent.BodyText, authevent.BodyMap} {
		for name, most := range map[string]int{noneName: 7 * n, oursName: 0} {
			planted, left, err := leftBy(name, body, file, n)
			if err != nil || planted != 7*n || left != most {
				t.Errorf("%s, %s: %d of %d left, want %d of %d (%v)", body, name, left, planted, most, 7*n, err)
			}
		}
	}
}

func fileOf(t *testing.T, n int) string {
	file := filepath.Join(t.TempDir(), "lines.ndjson")
	if err := os.WriteFile(file, []byte(strings.Repeat(line+"\n", n)), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
