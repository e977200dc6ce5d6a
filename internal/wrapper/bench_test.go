package wrapper

import (
	"strings"
	"testing"
)

// BenchmarkAdd takes lines of 1 KB off their wrapper, Release behind each 100,
// as a batch has it.
func BenchmarkAdd(b *testing.B) {
	kb := `{"name":"Email and Password Authentication","properties":{"event_properties":{` +
		strings.Repeat(`"success":true,"user_agent":"Mozilla/5.0",`, 21) + `"a":1}},"time":"2026-08-21T20:38:54.123Z"}`
	escaped := quote(b, kb)
	for _, bc := range []struct {
		name   string
		format Format
		line   string
	}{
		{"auto/raw", Auto, kb},
		{"auto/docker", Auto, writeDocker(b, kb, "stdout")[0]},
		{"auto/cri", Auto, writeCRI(b, kb, "stdout")[0]},
		{"auto/compose", Auto, "ciam-hera-1  | " + kb},
		{"auto/journald", Auto, `{` + cursor + `,"_PID":"1","_SYSTEMD_UNIT":"hera.service","MESSAGE":` + escaped + `}`},
		{"auto/cloudwatch", Auto, data + strings.Repeat(`{"id":"1","timestamp":1779271200000,"message":`+escaped+`},`, 99) +
			`{"id":"1","timestamp":1779271200000,"message":` + escaped + `}]}`},
		{"auto/plain_text", Auto, "a line of plain text | with a bar"},
		{"none/raw", None, kb},
		{"docker/docker", Docker, writeDocker(b, kb, "stdout")[0]},
		{"cri/cri", CRI, writeCRI(b, kb, "stdout")[0]},
	} {
		b.Run(bc.name, func(b *testing.B) {
			u := New(bc.format, maxLine)
			text := []byte(bc.line)
			var dst []Line
			n := 0
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				dst = u.Add(dst, text, 0, false)
				if n++; n == 100 {
					dst, n = dst[:0], 0
					u.Release()
				}
			}
		})
	}
}
