package main

import (
	"strings"
	"unicode/utf8"
)

// check is a look at a whole line: what a scan of strings that relies on it has
// to pay first.
type check struct {
	name  string
	plain func(line string) bool
}

var checks = []check{
	{"utf8.ValidString", utf8.ValidString},
	{"SWAR 8: ASCII, control characters", plainASCII},
	{"SWAR 8: ASCII, control characters, backslashes", plainText},
	{"strings.IndexByte of a backslash", func(s string) bool { return strings.IndexByte(s, '\\') < 0 }},
}

// plainASCII says whether all of a line of eight bytes or more is ASCII,
// without control characters. The last eight bytes may overlap those before
// them, which does not matter to who collects bits.
func plainASCII(s string) bool {
	x := load(s, len(s)-8)
	seen := x | (x-ones*0x20)&^x
	for i := 0; i+8 <= len(s); i += 8 {
		x := load(s, i)
		seen |= x | (x-ones*0x20)&^x
	}
	return seen&highs == 0
}

// plainText is plainASCII, and that there is no backslash.
func plainText(s string) bool {
	x := load(s, len(s)-8)
	slash := x ^ (ones * '\\')
	seen := x | (x-ones*0x20)&^x | (slash-ones)&^slash
	for i := 0; i+8 <= len(s); i += 8 {
		x := load(s, i)
		slash := x ^ (ones * '\\')
		seen |= x | (x-ones*0x20)&^x | (slash-ones)&^slash
	}
	return seen&highs == 0
}
