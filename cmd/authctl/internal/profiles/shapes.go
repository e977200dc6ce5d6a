package profiles

import (
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/profiles/sample"
	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub/detect"
	"github.com/authevents/otelcol-auth/internal/scrub/pseudonym"
)

// shape is what a value looks like.
type shape uint8

const (
	shapeEmpty shape = iota
	shapeBool
	shapeInteger
	shapeEpoch // an integer or decimal number that may be a time
	shapeFloat
	shapeTime
	shapeUUID
	shapeEmail
	shapeIP
	shapePhone
	shapeSecret
	shapeUserAgent
	shapeURL
	shapePath
	shapeOpaque // an id that was generated
	shapeCode   // one word, as codes are
	shapeMixed  // a text with personal data in it
	shapeWords
	numShapes
)

// knownLayouts are those that the parser needs no time_layouts for.
var knownLayouts = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999Z07:00", "2006-01-02 15:04:05.999999999Z07",
	"2006-01-02 15:04:05.999999999 Z0700", "2006-01-02 15:04:05.999999999 UTC", "2006-01-02 15:04:05.999999999",
	"2006-01-02T15:04:05.999999999Z0700",
}

// otherLayouts are further ones that logs have.
var otherLayouts = []string{
	"02/Jan/2006:15:04:05 -0700", time.RFC1123Z, time.RFC1123, time.RFC850, time.ANSIC, time.UnixDate, "2006/01/02 15:04:05",
	"2006-01-02T15:04:05,000Z07:00", "2006-01-02 15:04:05,000", "02 Jan 2006 15:04:05", "Jan _2 15:04:05 2006", "01/02/2006 15:04:05",
}

// layoutOf returns the layout of a time; known says that the parser has it.
func layoutOf(s string) (layout string, known bool) {
	if len(s) < 16 || len(s) > 40 {
		return "", false
	}
	for _, layout := range knownLayouts {
		if _, err := time.Parse(layout, s); err == nil {
			return layout, true
		}
	}
	for _, layout := range otherLayouts {
		if _, err := time.Parse(layout, s); err == nil {
			return layout, false
		}
	}
	return "", false
}

// shapeOf looks at a value by itself.
func shapeOf(v sample.Value) shape {
	s := strings.TrimSpace(v.Text)
	switch {
	case v.Type == sample.Boolean:
		return shapeBool
	case v.Type == sample.Number:
		return shapeOfNumber(s)
	case v.Type != sample.Text || s == "":
		return shapeEmpty
	}
	if layout, _ := layoutOf(s); layout != "" {
		return shapeTime
	}
	switch {
	case pseudonym.IsUUID(s):
		return shapeUUID
	case isAddress(s):
		return shapeIP
	case strings.HasPrefix(s, "http://"), strings.HasPrefix(s, "https://"):
		return shapeURL
	case s[0] == '/':
		return shapePath
	case isUserAgent(s):
		return shapeUserAgent
	}
	return shapeOfWords(s)
}

func shapeOfNumber(s string) shape {
	f, err := strconv.ParseFloat(s, 64)
	if err == nil && f >= 1e9 && f < 4e18 { // as seconds from 2001 on, to nanoseconds
		return shapeEpoch
	}
	if strings.ContainsAny(s, ".eE") {
		return shapeFloat
	}
	return shapeInteger
}

// shapeOfWords asks the scrubber's search.
func shapeOfWords(s string) shape {
	for _, span := range detect.Find(nil, s) {
		if span.Start > 0 || span.End < len(s) {
			return shapeMixed
		}
		switch span.Kind {
		case pii.Email:
			return shapeEmail
		case pii.IP:
			return shapeIP
		case pii.Phone:
			return shapePhone
		default:
			return shapeSecret
		}
	}
	if strings.ContainsAny(s, " \t\n") {
		return shapeWords
	}
	if sample.Opaque(s) || len(s) > 64 {
		return shapeOpaque
	}
	return shapeCode
}

// isAddress knows an IP address, one with a port, and a list of forwarded ones.
func isAddress(s string) bool {
	first, _, _ := strings.Cut(s, ",")
	first = strings.TrimSpace(first)
	if _, err := netip.ParseAddr(first); err == nil {
		return true
	}
	_, err := netip.ParseAddrPort(first)
	return err == nil
}

func isUserAgent(s string) bool {
	product, rest, found := strings.Cut(s, "/")
	return strings.HasPrefix(s, "Mozilla/") ||
		found && len(product) > 2 && product != "HTTP" && isLetters(product) && rest != "" && rest[0] >= '0' && rest[0] <= '9'
}

func isLetters(s string) bool {
	return strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-") == ""
}

// fold is a name without case and separators, as the scrubber compares names.
func fold(name string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "", ".", "", " ", "", "@", "").Replace(name))
}
