package generalize

import "strings"

// maxUserAgent is how much of a header is read. Real ones are half as long.
const maxUserAgent = 1024

// UserAgent returns the name of the browser, library or crawler that a
// User-Agent header stands for, and its major version: "Chrome", "120". Both
// are "" for what isn't known; the name alone of a crawler that has no
// version. A name is always one of a fixed list, a version at most four digits.
func UserAgent(ua string) (name, major string) {
	ua = ua[:min(len(ua), maxUserAgent)]
	best, version := unranked, ""
	for i := 0; i < len(ua); {
		if !isProductByte(ua[i]) {
			i++
			continue
		}
		start := i
		for i < len(ua) && isProductByte(ua[i]) {
			i++
		}
		i = secondWord(ua, start, i)
		word := ua[start:i]
		if word == "Version" {
			version = versionAt(ua, i)
			continue
		}
		p, known := products[word]
		if !known || p.rank >= best {
			continue
		}
		if v := versionAt(ua, i); v != "" || p.rank == crawler || len(word) == len(ua) {
			best, name, major = p.rank, p.name, v
			if word == "Trident" {
				major = tridentVersion(v)
			}
		}
	}
	if version != "" && (name == "Safari" || name == "Opera" && major == "9") {
		major = version // behind the product stands WebKit's, or for ever 9.80
	}
	return name, major
}

// secondWord returns where the name that begins at start ends, if it is one of
// two words, as UserAgent itself writes them.
func secondWord(ua string, start, end int) int {
	if c := ua[start]; c != 'S' && c != 'Y' && c != 'U' { // nearly every word
		return end
	}
	for _, name := range [...]string{"Samsung Internet", "Yandex Browser", "UC Browser"} {
		if end < len(ua) && ua[end] == ' ' && strings.HasPrefix(ua[start:], name) &&
			(start+len(name) == len(ua) || !isProductByte(ua[start+len(name)])) {
			return start + len(name)
		}
	}
	return end
}

// versionAt returns the major version behind the product that ends at i:
// Chrome/120.0, MSIE 10.0, Faraday v2.9.0.
func versionAt(ua string, i int) string {
	if i >= len(ua) || ua[i] != '/' && ua[i] != ' ' {
		return ""
	}
	return Major(ua[i+1:])
}

// tridentVersion returns the version of the Internet Explorer with that
// version of its engine. Only the last says MSIE no more, and they are alike.
func tridentVersion(engine string) string {
	switch engine {
	case "7":
		return "11"
	case "6":
		return "10"
	case "5":
		return "9"
	case "4":
		return "8"
	}
	return ""
}

func isProductByte(c byte) bool { return isAlnum(c) || c == '-' || c == '_' || c == '.' }
