package detect

import (
	"strings"

	"github.com/authevents/otelcol-auth/internal/pii"
)

// ipv4s appends the dotted quads of s.
func ipv4s(dst []Span, s string) []Span {
	from := 0
	for {
		p := strings.IndexByte(s[from:], '.')
		if p < 0 {
			return dst
		}
		p += from
		if p == from || p+1 >= len(s) || !isDigit(s[p-1]) || !isDigit(s[p+1]) {
			from = p + 1
			continue
		}
		start := p - 1
		for start > from && isDigit(s[start-1]) {
			start--
		}
		end, parts := quad(s, start)
		if parts == 4 && !isVersion(s, start) {
			dst = append(dst, Span{start, end, pii.IP, s[start:end]})
		}
		from = end
	}
}

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

// isVersion says whether the quad at s[start] is a version by what stands
// before it: a lone v, or a browser's name and a slash.
func isVersion(s string, start int) bool {
	if start == 0 {
		return false
	}
	switch s[start-1] {
	case 'v', 'V':
		return start == 1 || !isAlnum(s[start-2])
	case '/':
		return isProduct(s[:start-1])
	}
	return false
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
