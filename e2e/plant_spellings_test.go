//go:build unix

package e2e

import (
	"fmt"
	"strings"
)

// spelledIn are where each spelling is planted: a member that nobody knows,
// free text, a known field, the text of a line that is no event.
var spelledIn = []place{
	{"an unknown member, spelled", heraMember(`"x":"%s"`)},
	{"free text, spelled", heraMember(`"note":"seen %s, again"`)},
	{"source_ip, spelled", heraMember(`"source_ip":"%s"`)},
	{"email, spelled", heraMember(`"email":"%s"`)},
	{"plain text, spelled", func(v string) string { return "failed login from " + strings.ReplaceAll(v, `\\`, `\`) }},
}

// v4 and v6 are addresses that no other canary has, in parts.
func v4(n int) (a, b, c, d int) { return 198, 19, n % 250, 101 + n%150 }

func dotted(n int) string {
	a, b, c, d := v4(n)
	return fmt.Sprintf("%d.%d.%d.%d", a, b, c, d)
}

func v6(n int) string { return fmt.Sprintf("2001:db8:%x:9::%x", 0x5000+n, 0xd00d) }

// mail is the local part of an address that no other canary has.
func mail(n int) string { return fmt.Sprintf("spelled%03dcanary", n) }

// spell makes a canary of kind ip or email: the format's blank is for the value.
func spell(kind, format string, of func(int) string) func(int) canary {
	return func(n int) canary {
		v := fmt.Sprintf(format, of(n))
		return canary{kind: kind, value: v, needles: []string{of(n)}}
	}
}

// spellings are the written forms of addresses.
var spellings = []func(n int) canary{
	spell("ip", "%s:8443", dotted),
	spell("ip", "%s/24", dotted),
	spell("ip", "::ffff:%s", dotted),
	spell("ip", "64:ff9b::%s", dotted),
	spell("ip", "%s, 10.0.0.1", dotted),
	spell("ip", "10.0.0.1, %s", dotted),
	spell("ip", "for=%s;proto=http;by=203.0.113.43", dotted),
	spell("ip", "http://%s/x", dotted),
	spell("ip", "[%s]:443", v6),
	spell("ip", "%s%%eth0", v6),
	spell("ip", "%s/64", v6),
	spell("ip", `for=\"[%s]:4711\"`, v6),
	spell("ip", "http://[%s]:80/", v6),
	func(n int) canary { // written out, in upper case
		v := strings.ToUpper(fmt.Sprintf("2001:0db8:%04x:0009:0000:0000:0000:d00d", 0x5000+n))
		return canary{kind: "ip", value: v, needles: []string{v, v6(n)}}
	},
	func(n int) canary { // IPv4-mapped, in hex
		a, b, c, d := v4(n)
		v := fmt.Sprintf("::ffff:%02x%02x:%02x%02x", a, b, c, d)
		return canary{kind: "ip", value: v, needles: []string{v, dotted(n)}}
	},
	func(n int) canary { // 6to4
		a, b, c, d := v4(n)
		v := fmt.Sprintf("2002:%02x%02x:%02x%02x::1", a, b, c, d)
		return canary{kind: "ip", value: v, needles: []string{strings.TrimSuffix(v, "::1"), dotted(n)}}
	},
	spell("email", "<%s@nest.example>", mail),
	spell("email", "%s@localhost", mail),
	spell("email", "mailto:%s@nest.example", mail),
	spell("email", "%s@xn--nst-fla.example", mail),
	spell("email", "%s%%40nest.example", mail),
	spell("email", "%s%%2540nest.example", mail),
	spell("email", "%s&#64;nest.example", mail),
	spell("email", `%s\\u0040nest.example`, mail),
	spell("email", "arn:aws:sts::123456789012:assumed-role/r/%s@nest.example", mail),
	spell("email", "10.1.2.3.%s@nest.example", mail),
	spell("email", `\"%s smith\"@nest.example`, mail),
	spell("email", "jörg.%s@müller.example", mail),
}
