//go:build !race

// Under the race detector sync.Pool drops some of what it is given.

package detect

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// A text in which nothing is found costs no memory, and one in which something
// is costs none as long as each value stands in it.
func TestAllocatesNothing(t *testing.T) {
	kept := append(readLines(t, "keep.txt"), readLines(t, "typical.txt")...)
	kept = append(kept, `curl/8.5 \u003c\u0026\u003e`, "a%20b%2Fc%zz", "x &lt;b&gt; &amp; y", `C:\\Users\\x\n`, "１２：３４")
	found := []string{
		"alice@example.com", `"alice smith"@example.com and <al/ice@example.com>`, "192.0.2.44, 10.0.0.1:80", "[fe80::1%eth0]:80",
		"+12025550123", "Bearer mF_9.B5f-4.1JqM", "/cb?code=abc&state=x", "Cookie: a=b", "AKIAIOSFODNN7EXAMPLE", `"password":"x" y`,
		"a%20b alice@example.com 192.0.2.44%20x",
	}
	var stack [4]Span
	for _, text := range append(kept, found...) {
		assert.Zero(t, testing.AllocsPerRun(20, func() { Find(stack[:0], text) }), text)
	}
	for _, text := range found {
		assert.NotEmpty(t, Find(stack[:0], text), text)
	}
}
