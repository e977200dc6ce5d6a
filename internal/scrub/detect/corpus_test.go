package detect

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type leak struct {
	Kind   string
	Value  any
	Secret []string
}

func readCorpus[T any](t testing.TB, name string) (rows []T) {
	t.Helper()
	file, err := os.ReadFile("../testdata/" + name)
	require.NoError(t, err)
	for lines := bufio.NewScanner(bytes.NewReader(file)); lines.Scan(); {
		var row T
		require.NoError(t, json.Unmarshal(lines.Bytes(), &row))
		rows = append(rows, row)
	}
	require.NotEmpty(t, rows)
	return rows
}

// spelling is a way to write a text that a reader of a log can undo.
type spelling struct {
	name  string
	write func(string) string
}

func perByte(format string) func(string) string {
	return func(s string) string {
		var b strings.Builder
		for i := range len(s) {
			if isAlnum(s[i]) || s[i] >= 0x80 {
				b.WriteByte(s[i])
			} else {
				fmt.Fprintf(&b, format, s[i])
			}
		}
		return b.String()
	}
}

func twice(f func(string) string) func(string) string {
	return func(s string) string { return f(f(s)) }
}

func allBytes(s string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, "%%%02X", s[i])
	}
	return b.String()
}

func jsonText(s string) string {
	quoted, _ := json.Marshal(s)
	return string(quoted[1 : len(quoted)-1])
}

var spellings = []spelling{
	{"plain", func(s string) string { return s }},
	{"upper case", func(s string) string { // but for the escapes, in which case counts
		if strings.Contains(s, `\u`) {
			return s
		}
		return strings.ToUpper(s)
	}},
	{"percent", perByte("%%%02x")},
	{"percent, every byte", allBytes},
	{"percent, twice", twice(allBytes)},
	{"form", url.QueryEscape},
	{"JSON", perByte(`\u%04x`)},
	{"JSON, twice", func(s string) string { return jsonText(perByte(`\u%04x`)(s)) }},
	{"JSON in a string", jsonText},
	{"hex", perByte(`\x%02x`)},
	{"HTML, decimal", perByte("&#%d;")},
	{"HTML, hexadecimal", perByte("&#x%X;")},
	{"HTML, named", strings.NewReplacer("@", "&commat;", ".", "&period;", ":", "&colon;", "/", "&sol;").Replace},
	{"HTML in percent", func(s string) string { return allBytes(perByte("&#%d;")(s)) }},
	{"percent in JSON", func(s string) string { return perByte(`\u%04x`)(perByte("%%%02x")(s)) }},
	{"full width", func(s string) string {
		return strings.Map(func(r rune) rune {
			if '!' <= r && r <= '~' && r != '%' && r != '\\' {
				return r - '!' + 0xFF01
			}
			return r
		}, s)
	}},
}

var contexts = []string{"%s", " %s ", "(%s)", "user %s reset", `{"a":"%s"}`, "https://x.example/y?a=1&z=%s&b=2", "a=1;v=%s;c", "<%s>", "\n%s\n"}

// planted are one of each form.
var planted = []string{
	"alice@example.com", "alice+idp@example.com", "o.brien@mail.example.co.uk", "jörg@müller.de", "alice@xn--mller-kva.de", "alice@localhost",
	"192.0.2.44", "2001:db8::7", "2001:0DB8:0000:0000:0000:0000:0000:0007", "::ffff:192.0.2.44", "::ffff:c000:22c", "64:ff9b::192.0.2.44",
	"64:ff9b::c000:22c", "2002:c000:22c::7", "fe80::7%eth0", "0xC0.0x00.0x02.0x2C", "0300.0000.0002.0054", "44.2.0.192.in-addr.arpa",
	"7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa", "ip-192-0-2-44.ec2.internal", "192-0-2-44.dsl.example.net",
	"+12025550123", "+44 20 7946 0958", "+1 (202) 555-0143", "(202) 555-0143", "202-555-0143", "AKIAIOSFODNN7EXAMPLE",
}

// TestSpellings: each form in each spelling in each context is found, alone,
// and as the same value: what a pseudonym is made of.
func TestSpellings(t *testing.T) {
	for _, text := range planted {
		plain := Find(nil, text)
		require.Len(t, plain, 1, text)
		for _, spelling := range spellings {
			written := spelling.write(text)
			for _, context := range contexts {
				in := fmt.Sprintf(context, written)
				if plain[0].Kind.String() == "secret" && strings.ContainsAny(written, "%&;") {
					continue
				}
				spans := Find(nil, in)
				if !assert.Len(t, spans, 1, "%s: %s", spelling.name, in) {
					continue
				}
				assert.Equal(t, plain[0].Kind, spans[0].Kind, in)
				assert.Equal(t, canonical(plain[0].Value), canonical(spans[0].Value), "%s: %s", spelling.name, in)
			}
		}
	}
}

// canonical is what two spellings of a value have in common.
func canonical(value string) string {
	if value[0] == '+' || value[0] == '(' { // a phone number, which no pseudonym is made of
		return strings.Map(func(r rune) rune {
			if r < '0' || r > '9' {
				return -1
			}
			return r
		}, value)
	}
	if addr, err := netip.ParseAddr(value); err == nil {
		return addr.Unmap().WithZone("").String()
	}
	return strings.ToLower(value)
}

func TestCorpora(t *testing.T) {
	for _, row := range readCorpus[leak](t, "leaks.jsonl") {
		if row.Kind == "identity" {
			continue // by the place it stands in, not by its looks
		}
		for _, spelling := range spellings {
			text := spelling.write(row.Value.(string))
			spans := Find(nil, text)
			require.NotEmpty(t, spans, "%s: %s", spelling.name, text)
			rest := text
			for _, span := range slices.Backward(spans) {
				assert.Equal(t, row.Kind, span.Kind.String(), text)
				rest = rest[:span.Start] + rest[span.End:]
			}
			for _, secret := range row.Secret {
				assert.NotContains(t, rest, spelling.write(secret), "%s: %s", spelling.name, text)
			}
		}
	}
	for _, row := range readCorpus[struct{ Value string }](t, "keep.jsonl") {
		assert.Empty(t, Find(nil, row.Value), row.Value)
	}
}

func readLines(t testing.TB, name string) []string {
	t.Helper()
	file, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	return strings.Split(strings.TrimSpace(string(file)), "\n")
}

func TestLookAlikesStay(t *testing.T) {
	kept := append(readLines(t, "keep.txt"), readLines(t, "typical.txt")...)
	require.Greater(t, len(kept), 350)
	for _, text := range kept {
		for _, in := range []string{text, " " + text + " ", "(" + text + ")", text + ", " + text} {
			assert.Empty(t, Find(nil, in), in)
		}
	}
}
