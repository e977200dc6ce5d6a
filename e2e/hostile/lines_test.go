//go:build linux

package hostile

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"
)

// hostile is text to read, whole lines.
type hostile struct{ name, text string }

const mega = 1_000_000

// lines are what any line-reading input has to bear. Long lines stay below the
// megabyte that max_line_size allows, so that they are parsed.
func lines() []hostile {
	distinct := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	nested := `"alice@example.com"`
	for range 12 {
		nested = fmt.Sprintf("%q", `{"m":`+nested+`}`)
	}
	return []hostile{
		{"100,000 levels of arrays", event(repeat("[", 100_000) + repeat("]", 100_000))},
		{"100,000 levels of objects", event(repeat(`{"a":`, 100_000) + "1" + repeat("}", 100_000))},
		{"brackets that never close", repeat("[", 100_000) + "\n" + repeat("{", 100_000) + "\n"},
		{"100,000 keys", strings.Replace(event("1"), `"x":1`, strings.TrimSuffix(distinct(100_000, `"k%d":1,`), ","), 1)},
		{"a key again and again", strings.Replace(event("1"), `"x":1`, strings.TrimSuffix(distinct(60_000, `"event":"e%d",`), ","), 1)},
		{"addresses for keys", event("{" + strings.TrimSuffix(distinct(20_000, `"u%d@example.com":1,`), ",") + "}")},
		{"JSON in JSON in JSON", repeat(event(nested), 3)},
		{"long strings", repeat(event(`"`+repeat("x", mega)+`"`), 4)},
		{"long text", repeat(repeat("x", mega)+"\n", 4)},
		{"escaped backslashes", event(`"` + repeat(`\\`, mega/2) + `"`)},
		{"escaped quotes", event(`"` + repeat(`\"`, mega/2) + `"`)},
		{"backslashes alone", repeat(`\`, mega) + "\n"},
		{"quotes alone", repeat(`"`, mega) + "\n"},
		{"halves of addresses", event(`"` + repeat("a@b.", mega/4) + `"`)},
		{"signs of addresses", event(`"` + repeat("@", mega) + `"`)},
		{"addresses upon addresses", event(`"` + repeat("192.0.2.1 ", mega/10) + `"`)},
		{"colons of addresses", event(`"` + repeat("a:", mega/2) + `"`)},
		{"percent signs", event(`"` + repeat("%25", mega/3) + `"`)},
		{"lone surrogates", event(`"` + repeat(`\ud800`, mega/6) + `"`)},
		{"what is no UTF-8", event(`"` + repeat("\xff", mega) + `"`)},
		{"NUL", repeat("\x00", mega) + "\n" + event(`"`+repeat("\x00", 1000)+`"`)},
		{"a number of a million digits", event(repeat("9", mega)) + event("1e"+repeat("9", 1000))},
		{"byte-order marks and CRLF", "\ufeff" + strings.ReplaceAll(repeat(event("1"), 3), "\n", "\r\n") + "\ufeff\r\n"},
		{"20,000 users, clients and addresses", distinct(20_000, `{"type":"audit","event":"pkce_failed","client_id":"c%[1]d","identity_id":"u%[1]d","email":"u%[1]d@example.com","source_ip":"2001:db8::%[1]x","ts":"2026-05-20T10:00:00.000Z"}`+"\n")},
		{"long names, ids and addresses", strings.NewReplacer("pkce_failed", distinct(20_000, "%d"), `"x":1`, strings.ReplaceAll(
			`"domain":"#","identity_id":"#","client_id":"#","source_ip":"#","user_agent":"#","method":"#"`, "#", distinct(20_000, "%d"))).Replace(event("1"))},
		{"NUL and lone surrogates in names, ids and addresses", strings.NewReplacer("pkce_failed", `a\u0000b\ud800`, `"x":1`, strings.ReplaceAll(
			`"domain":"#","identity_id":"#","client_id":"#","source_ip":"#","user_agent":"#","method":"#"`, "#", `a\u0000b\ud800`)).Replace(event("1"))},
		{"20,000 names of events", distinct(20_000, `{"type":"audit","event":"e%d","ts":"2026-05-20T10:00:00.000Z"}`+"\n")},
		{"empty objects", repeat("{}\n", 20_000)},
		{"line ends", repeat("\n", 100_000)},
	}
}

func TestFiles(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for i, c := range lines() {
		t.Run(c.name, func(t *testing.T) {
			r.place(t, fmt.Sprintf("%d.log", i), []byte(c.text))
			r.settle(t, strings.Count(c.text, "\n"))
		})
	}
	t.Run("64 MB without a line end", func(t *testing.T) {
		r.place(t, "long.log", []byte(repeat("x", 64<<20)+"\n"))
		r.settle(t, 1)
	})
	if os.Getenv("FAULTS") == "full" { // 12 seconds; TestRequests has bombs in any case
		t.Run("gzip bombs", func(t *testing.T) { gzipBombs(t, r) })
	}
	t.Run("eight files of long lines at once", func(t *testing.T) {
		for i := range 8 {
			r.place(t, fmt.Sprintf("many%d.log", i), []byte(fmt.Sprintf(`{"n":%d}`+"\n", i)+repeat(event(`"`+repeat("x", mega)+`"`), 4)))
		}
		r.settle(t, 8*5)
	})
	r.finish(t)
}

// gzipBombs: of bytes, of line ends, and of long lines, all at once.
func gzipBombs(t *testing.T, r *rig) {
	t.Helper()
	r.place(t, "zeros.gz.log", gzipped(t, repeat("\x00", 32<<20)+"\n"))
	r.place(t, "lines.gz.log", gzipped(t, repeat("\n", 1<<18)))
	r.place(t, "long.gz.log", gzipped(t, repeat(event(`"`+repeat("x", mega)+`"`), 40)))
	r.settle(t, 1+(1<<18)+40)
}

// TestRequests: as many at once as there are slots, and none is answered but with
// what says whether to send it again.
func TestRequests(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, c := range lines() {
		t.Run(c.name, func(t *testing.T) {
			status := post(t, r.httpURL, "application/x-ndjson", "", []byte(c.text))
			switch status {
			case http.StatusOK:
				r.settle(t, strings.Count(c.text, "\n"))
			case http.StatusRequestEntityTooLarge, http.StatusBadRequest: // blank altogether
				r.settle(t, 0)
			default:
				t.Fatalf("answered %d", status)
			}
		})
	}
	for _, c := range []struct{ name, encoding, body string }{
		{"gzip bombs", "gzip", string(gzipped(t, repeat("\x00", 256<<20)))},
		{"zstd bombs", "zstd", string(zstded(t, repeat("\x00", 256<<20)))},
		{"bodies too large", "", repeat("x", 64<<20)},
		{"an array of empty objects", "", "[" + repeat("{},", 99_999) + "{}]"},
		{"an envelope of empty objects", "", `{"eventType":"com.okta.event_hook","data":{"events":[` + repeat("{},", 99_999) + "{}]}}"},
	} {
		t.Run("at once: "+c.name, func(t *testing.T) {
			taken := 0
			for _, status := range atOnce(t, r.httpURL, c.encoding, []byte(c.body)) {
				require.Contains(t, []int{0, http.StatusOK, http.StatusRequestEntityTooLarge, http.StatusServiceUnavailable}, status)
				if status == http.StatusOK {
					taken++
				}
			}
			r.settle(t, taken) // each is one line
		})
	}
	t.Run("at once: as much as there is room for", func(t *testing.T) {
		body := []byte(repeat(event(`"`+repeat("192.0.2.1 ", mega/10)+`"`), 4))
		taken := 0
		for _, status := range atOnce(t, r.httpURL, "", body) {
			require.Contains(t, []int{0, http.StatusOK, http.StatusServiceUnavailable}, status)
			if status == http.StatusOK {
				taken++
			}
		}
		require.Positive(t, taken)
		r.settle(t, 4*taken)
	})
	r.finish(t)
}

func atOnce(t *testing.T, url, encoding string, body []byte) []int {
	t.Helper()
	statuses := make([]int, 24)
	var group sync.WaitGroup
	for i := range statuses {
		group.Go(func() { statuses[i] = post(t, url, "application/x-ndjson", encoding, body) })
	}
	group.Wait()
	return statuses
}

func gzipped(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.Bytes()
}

func zstded(t *testing.T, text string) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	require.NoError(t, err)
	return w.EncodeAll([]byte(text), nil)
}
