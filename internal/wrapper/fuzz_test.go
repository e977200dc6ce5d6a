package wrapper

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
)

// FuzzAdd: whatever a physical line is, nothing panics, the caller's text stays
// as it is, texts and held parts are bounded, None is the identity, a second
// run gives the same lines, and a line that is not touched is whole.
func FuzzAdd(f *testing.F) {
	for _, seed := range []string{
		hera, `{"log":"` + quoted + `\n","stream":"stdout","time":"2026-05-20T10:00:00Z"}`,
		criLine("1", "stdout", "P", "a") + "\n" + criLine("2", "stderr", "P", "b") + "\n" + criLine("1", "stdout", "F", "c"),
		"\x1b[36mciam-hera-1  | \x1b[0m2026-05-20T10:00:00.000000000Z " + hera,
		"\x1b[1;32m[ciam-hera] |\x1b[0m \x1b[37m" + hera + "\x1b[0m", "0123456789ab " + hera,
		`{` + cursor + `,"MESSAGE":[104,105]}`, `{` + cursor + `,"MESSAGE":"x"}`,
		data + event(hera, "1") + `,` + event(criLine("1", "stdout", "P", "a"), "2") + `]}` + data + `]}`,
		`{"eventType":"com.okta.event_hook","data":{"events":[{"a":1},{}]}}`,
		"\xef\xbb\xbf{}", " ", "{", `{"a`, "\x1b[37m\x1b[0m", "[a]|",
	} {
		for i := range formats {
			f.Add([]byte(seed), uint8(i), uint16(20))
		}
	}
	f.Fuzz(func(t *testing.T, input []byte, which uint8, limit uint16) {
		format := formats[int(which)%len(formats)]
		lines := bytes.Split(input, []byte{'\n'})
		first := runAll(t, format, lines, int(limit))
		second := runAll(t, format, lines, int(limit))
		if len(first) != len(second) {
			t.Fatalf("%d lines, then %d", len(first), len(second))
		}
		seen := map[[2]int64]bool{}
		for i, l := range first {
			if l != second[i] {
				t.Fatalf("not the same again: %q, %q", l.Text, second[i].Text)
			}
			if key := [2]int64{l.Offset, int64(l.Index)}; seen[key] {
				t.Fatalf("two lines at offset %d, index %d", l.Offset, l.Index)
			} else {
				seen[key] = true
			}
			if format == None && l.Text != string(lines[i]) {
				t.Fatalf("%q became %q", lines[i], l.Text)
			}
		}
		if format == None && len(first) != len(lines) {
			t.Fatal("lines lost")
		}
	})
}

func runAll(t *testing.T, format Format, lines [][]byte, limit int) (all []got) {
	u := New(format, limit)
	for i, line := range lines {
		before := bytes.Clone(line)
		out := u.Add(nil, line, int64(i), i%7 == 6)
		if !bytes.Equal(before, line) {
			t.Fatal("the caller's text was changed")
		}
		for _, l := range out {
			if l.Offset == int64(i) && len(l.Text) > len(line) || len(l.Text) > max(len(line), limit) {
				t.Fatalf("%d bytes of a line of %d, limit %d", len(l.Text), len(line), limit)
			}
		}
		all = append(all, of(out)...)
		u.Release()
		if offset, held := u.Held(); held && (offset < 0 || offset > int64(i)) {
			t.Fatalf("holds offset %d at line %d", offset, i)
		}
		for _, o := range u.parts.open {
			if len(o.text) > limit {
				t.Fatalf("%d bytes held, limit %d", len(o.text), limit)
			}
		}
	}
	out := u.Flush(nil)
	for _, l := range out {
		if len(l.Text) > limit {
			t.Fatal("flushed more than the limit")
		}
	}
	return append(all, of(out)...)
}

// FuzzAutoLeavesAlone: an event of an IdP stays as it is, whatever its values
// and further members are, and so does plain text behind a byte that no wrapper
// begins with.
func FuzzAutoLeavesAlone(f *testing.F) {
	f.Add("log", "x\n", "name | {}")
	f.Add("MESSAGE", "2026-05-20T10:00:00Z stdout F x", " | {}")
	f.Add("__REALTIME_TIMESTAMP", `"logEvents" "com.okta.event_hook"`, `{"log":"x\n","stream":"stdout","time":"2026-05-20T10:00:00Z"}`)
	f.Fuzz(func(t *testing.T, name, value, text string) {
		if !utf8.ValidString(name) || !utf8.ValidString(value) {
			return
		}
		member := string(jsonscan.AppendQuoted(nil, name)) + ":" + string(jsonscan.AppendQuoted(nil, value))
		for _, line := range []string{
			`{"type":"audit","event":"x",` + member + `}`,
			`{"name":"Email and Password Authentication",` + member + `,"time":"2026-05-20T10:00:00Z","stream":"stdout"}`,
			`{"time":"2026-05-20T10:00:00Z","level":"INFO","log":"x\n",` + member + `}`,
			"# " + text, "two words " + text,
		} {
			if strings.ContainsRune(line, '\n') {
				continue
			}
			all := add(New(Auto, maxLine), line)
			if len(all) != 1 || all[0] != (got{Text: line}) {
				t.Fatalf("%q became %v", line, all)
			}
		}
	})
}
