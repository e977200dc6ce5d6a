package detect

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/authevents/otelcol-auth/internal/pii"
)

// quad scans the run of digits and single dots that begins at s[start]. It
// returns where the run ends, and its number of parts; 0 where a part is no
// octet. An OID or a long version number has more than four.
func quad(s string, start int) (end, parts int) {
	i, valid := start, true
	for {
		first, octet := i, 0
		for i < len(s) && isDigit(s[i]) {
			if i-first < 4 {
				octet = octet*10 + int(s[i]-'0')
			}
			i++
		}
		parts++
		if i-first > 3 || octet > 255 {
			valid = false
		}
		if i+1 >= len(s) || s[i] != '.' || !isDigit(s[i+1]) {
			break
		}
		i++
	}
	if !valid {
		return i, 0
	}
	return i, parts
}

// isVersion says whether the quad at s[start] is none by what stands before it:
// a lone v or a browser's name and a slash make a version of it, "oid" an
// object identifier.
func isVersion(s string, start int) bool {
	if start == 0 {
		return false
	}
	switch s[start-1] {
	case 'v', 'V':
		return start == 1 || !isAlnum(s[start-2])
	case '/':
		return isProduct(s[:start-1])
	case ':', '.', ' ', '=':
		// The first arc is 0, 1 or 2.
		return s[start] <= '2' && start+1 < len(s) && s[start+1] == '.' &&
			hasSuffixFold(s[:start-1], "oid") && (start < 5 || !isAlnum(s[start-5]))
	}
	return false
}

// maxBased is the length of the longest part that basedQuad takes: 0x and
// eight digits, most of them zeros.
const maxBased = 10

// mayBeBased says whether it is worth it to call basedQuad: there is a letter
// in the first part, or 0x in the second, or four octal digits.
func mayBeBased(s string, from, start, p int) bool {
	return start > from && isLetter(s[start-1]) || s[start] == '0' && p-start == 4 ||
		s[p+1] == '0' && p+2 < len(s) && s[p+2]|0x20 == 'x'
}

// basedQuad scans an address whose parts are hexadecimal, or octal, as inet_aton
// reads them. It has its first dot at s[p], and decimal digits from s[start] on.
// Octal is unmistakable only where every part is: 0300.0000.0002.0001.
func basedQuad(s string, from, start, p int) (span Span, ok bool) {
	first := p
	for first > from && p-first < maxBased && isHex(s[first-1]) {
		first--
	}
	hex := first-from >= 2 && s[first-1]|0x20 == 'x' && s[first-2] == '0'
	octal := p-start == 4 && s[start] == '0'
	switch {
	case hex:
		start = first - 2
	case octal, p+2 < len(s) && s[p+1] == '0' && s[p+2]|0x20 == 'x' && start < p:
	default:
		return Span{}, false
	}
	if start > from && isAlnum(s[start-1]) {
		return Span{}, false
	}
	var octets [4]byte
	i := start
	for n := range octets {
		end := i
		for end < len(s) && end-i <= maxBased && isAlnum(s[end]) {
			end++
		}
		octet, based := parseOctet(s[i:end], octal)
		if octet < 0 || octal && !based {
			return Span{}, false
		}
		octets[n] = byte(octet)
		if i = end; n < 3 {
			if i >= len(s) || s[i] != '.' {
				return Span{}, false
			}
			i++
		}
	}
	if i+1 < len(s) && s[i] == '.' && isDigit(s[i+1]) || i < len(s) && s[i] == '_' {
		return Span{}, false
	}
	return Span{start, i, pii.IP, netip.AddrFrom4(octets).String()}, true
}

// parseOctet parses a part of an address, -1 where it is none. based says that
// it is in the base that it is to be in, octal or hexadecimal.
func parseOctet(part string, octal bool) (octet int, based bool) {
	base := 10
	switch {
	case octal:
		based = len(part) == 4 && part[0] == '0'
		base = 8
	case len(part) > 2 && part[1]|0x20 == 'x' && part[0] == '0':
		part, base, based = part[2:], 16, true
	case len(part) > 3:
		return -1, false
	}
	n, err := strconv.ParseUint(part, base, 8)
	if err != nil {
		return -1, false
	}
	return int(n), based
}

// numberHost returns the address that is the host at s[start:end], maybe with a
// port, where it is written as one number: 3221225985 or 0xC0000201.
func numberHost(s string, start, end int) (span Span, ok bool) {
	host, _, _ := strings.Cut(s[start:end], ":")
	number, base := host, 10
	if len(host) > 2 && host[0] == '0' && host[1]|0x20 == 'x' {
		number, base = host[2:], 16
	}
	if len(number) < 7 || !isHex(number[0]) {
		return Span{}, false
	}
	n, err := strconv.ParseUint(number, base, 32)
	if err != nil || n < 1<<24 {
		return Span{}, false
	}
	addr := netip.AddrFrom4([4]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)})
	return Span{start, start + len(host), pii.IP, addr.String()}, true
}

// maxProduct is longer than any product's name.
const maxProduct = 20

// isProduct says whether s ends with a product token of a browser's
// User-Agent. Only these make a version of a quad: Java writes an address as
// hostname/10.1.2.3.
func isProduct(s string) bool {
	start := len(s)
	for start > 0 && isAlnum(s[start-1]) && len(s)-start <= maxProduct {
		start--
	}
	switch s[start:] {
	case "Mozilla", "AppleWebKit", "WebKit", "KHTML", "Gecko", "Version", "Safari", "Mobile",
		"Chrome", "Chromium", "HeadlessChrome", "CriOS", "CrMo",
		"Edge", "Edg", "EdgA", "EdgiOS", "EdgW", "WebView2",
		"Firefox", "FxiOS", "Focus", "Klar", "Fennec", "SeaMonkey", "Waterfox", "PaleMoon", "Thunderbird",
		"OPR", "OPT", "OPX", "OPiOS", "Opera", "Presto", "Vivaldi", "Brave", "YaBrowser", "Yowser",
		"SamsungBrowser", "UCBrowser", "UBrowser", "MiuiBrowser", "HuaweiBrowser", "VivoBrowser", "HeyTapBrowser",
		"QQBrowser", "MQQBrowser", "Maxthon", "Whale", "Silk", "Puffin", "Sleipnir", "Iron", "Iridium",
		"DuckDuckGo", "Ddg", "Avast", "AVG", "CCleaner", "Norton", "GSA", "Electron", "Trident", "MSIE",
		"PhantomJS", "QtWebEngine", "Epiphany", "Konqueror", "Falkon":
		return true
	}
	return false
}
