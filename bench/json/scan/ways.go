package main

import (
	"math/bits"
	"strings"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
)

// way is a way to find the end of a string literal.
type way struct {
	name string
	scan func(s string, i int) (end int, escaped bool)
}

// The ways to find the end of a string literal. Each gets a text and the index
// of an opening quote, and returns the index behind the closing one and whether
// an escape stands between them; -1 for a literal that is none.
var scans = []way{
	{"jsonscan.String", jsonscan.String},
	{"byte loop", byteLoop},
	{"byte table", tableLoop},
	{"SWAR 8", swar},
	{"SWAR 8, one mask for the three tests", swarOneMask},
	{"SWAR 8, loads by two", swarTwice},
	{"SWAR 16, one branch", swar16},
	{"SWAR 32, one branch", swar32},
	{"byte table, then SWAR 8", tableThenSWAR},
	{"IndexByte, then SWAR 8 of the span", indexThenSWAR},
	{"IndexByte, then byte table of the span", indexThenTable},
}

// partScans look for less. They would do in a line of which it is known that it
// has no control character, and those of the quote alone if it has no backslash
// either.
var partScans = []way{
	{"quote and backslash alone: SWAR 8", swarNoControl},
	{"quote alone: IndexByte", quoteIndex},
	{"quote alone: SWAR 8", quoteSWAR},
}

func byteLoop(s string, i int) (int, bool) {
	escaped := false
	for i++; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			return i + 1, escaped
		case c == '\\':
			escaped = true
			i++
		case c < 0x20:
			return -1, escaped
		}
	}
	return -1, escaped
}

// stops are the bytes at which a run of plain text ends.
var stops = func() (t [256]bool) {
	for c := range 0x20 {
		t[c] = true
	}
	t['"'], t['\\'] = true, true
	return t
}()

func tableLoop(s string, i int) (int, bool) {
	return literal(s, i, func(s string, i int) int {
		for i < len(s) && !stops[s[i]] {
			i++
		}
		return i
	})
}

// literal walks from run to run. It is small enough to be inlined with the run
// that it is called with.
func literal(s string, i int, run func(s string, i int) int) (int, bool) {
	escaped := false
	for i++; ; i += 2 {
		i = run(s, i)
		switch {
		case i >= len(s) || s[i] < 0x20:
			return -1, escaped
		case s[i] == '"':
			return i + 1, escaped
		}
		escaped = true
	}
}

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

func load(s string, i int) uint64 {
	b := s[i : i+8]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

// stopBits has the high bit of the lowest byte of x that ends a run.
func stopBits(x uint64) uint64 {
	quote, slash := x^(ones*'"'), x^(ones*'\\')
	return (((quote - ones) &^ quote) | ((slash - ones) &^ slash) | ((x - ones*0x20) &^ x)) & highs
}

func swarRun(s string, i int) int {
	for ; i+8 <= len(s); i += 8 {
		if stop := stopBits(load(s, i)); stop != 0 {
			return i + bits.TrailingZeros64(stop)>>3
		}
	}
	for i < len(s) && !stops[s[i]] {
		i++
	}
	return i
}

func swar(s string, i int) (int, bool) { return literal(s, i, swarRun) }

// swarOneMask clears the bytes that are no ASCII once, behind all three tests:
// where x has no high bit, neither has x XOR a quote or a backslash.
func swarOneMask(s string, i int) (int, bool) {
	return literal(s, i, func(s string, i int) int {
		for ; i+8 <= len(s); i += 8 {
			x := load(s, i)
			stop := ((x ^ ones*'"') - ones) | ((x ^ ones*'\\') - ones) | (x - ones*0x20)
			if stop &= highs &^ x; stop != 0 {
				return i + bits.TrailingZeros64(stop)>>3
			}
		}
		for i < len(s) && !stops[s[i]] {
			i++
		}
		return i
	})
}

func swarTwice(s string, i int) (int, bool) {
	return literal(s, i, func(s string, i int) int {
		for ; i+16 <= len(s); i += 16 {
			low, high := stopBits(load(s, i)), stopBits(load(s, i+8))
			if low|high == 0 {
				continue
			}
			if low != 0 {
				return i + bits.TrailingZeros64(low)>>3
			}
			return i + 8 + bits.TrailingZeros64(high)>>3
		}
		return swarRun(s, i)
	})
}

// movemask gathers the high bits of the bytes of x, the lowest byte's first.
func movemask(x uint64) uint64 { return x >> 7 * 0x0102040810204080 >> 56 }

func swar16(s string, i int) (int, bool) {
	return literal(s, i, func(s string, i int) int {
		for ; i+16 <= len(s); i += 16 {
			if stop := movemask(stopBits(load(s, i))) | movemask(stopBits(load(s, i+8)))<<8; stop != 0 {
				return i + bits.TrailingZeros64(stop)
			}
		}
		return swarRun(s, i)
	})
}

func swar32(s string, i int) (int, bool) {
	return literal(s, i, func(s string, i int) int {
		for ; i+32 <= len(s); i += 32 {
			stop := movemask(stopBits(load(s, i))) | movemask(stopBits(load(s, i+8)))<<8 |
				movemask(stopBits(load(s, i+16)))<<16 | movemask(stopBits(load(s, i+24)))<<24
			if stop != 0 {
				return i + bits.TrailingZeros64(stop)
			}
		}
		return swarRun(s, i)
	})
}

// swarNoControl would do in a line of which it is known that it has no control
// character.
func swarNoControl(s string, i int) (int, bool) {
	return literal(s, i, func(s string, i int) int {
		for ; i+8 <= len(s); i += 8 {
			x := load(s, i)
			quote, slash := x^(ones*'"'), x^(ones*'\\')
			if stop := (((quote - ones) &^ quote) | ((slash - ones) &^ slash)) & highs; stop != 0 {
				return i + bits.TrailingZeros64(stop)>>3
			}
		}
		return swarRun(s, i)
	})
}

// tableThenSWAR is for short strings: a byte at a time up to the eighth.
func tableThenSWAR(s string, i int) (int, bool) {
	return literal(s, i, func(s string, i int) int {
		for n := min(i+8, len(s)); i < n; i++ {
			if stops[s[i]] {
				return i
			}
		}
		return swarRun(s, i)
	})
}

func indexThenSWAR(s string, i int) (int, bool) {
	quote := strings.IndexByte(s[i+1:], '"')
	if quote < 0 {
		return -1, false
	}
	if end := i + 1 + quote; swarRun(s[:end], i+1) == end {
		return end + 1, false
	}
	return swar(s, i)
}

func indexThenTable(s string, i int) (int, bool) {
	quote := strings.IndexByte(s[i+1:], '"')
	if quote < 0 {
		return -1, false
	}
	for _, c := range []byte(s[i+1 : i+1+quote]) {
		if stops[c] {
			return swar(s, i)
		}
	}
	return i + 2 + quote, false
}

func quoteIndex(s string, i int) (int, bool) {
	quote := strings.IndexByte(s[i+1:], '"')
	if quote < 0 {
		return -1, false
	}
	return i + 2 + quote, false
}

func quoteSWAR(s string, i int) (int, bool) {
	for i++; i+8 <= len(s); i += 8 {
		x := load(s, i) ^ (ones * '"')
		if stop := (x - ones) &^ x & highs; stop != 0 {
			return i + bits.TrailingZeros64(stop)>>3 + 1, false
		}
	}
	return quoteIndex(s, i-1)
}
