package detect

import (
	"strings"

	"github.com/authevents/otelcol-auth/internal/pii"
)

// privateKeys appends the private keys of s in PEM, up to the end of s where
// one's end is not there.
func privateKeys(dst []Span, s string) []Span {
	const begin, key, end = "-----BEGIN ", "PRIVATE KEY", "-----END "
	for from := 0; ; {
		p := strings.Index(s[from:], begin)
		if p < 0 {
			return dst
		}
		start := from + p
		from = start + len(begin)
		label := s[from:min(len(s), from+maxLabel)]
		if dashes := strings.IndexByte(label, '-'); dashes >= 0 {
			label = label[:dashes]
		}
		if !strings.Contains(label, key) {
			continue
		}
		stop := len(s)
		if e := strings.Index(s[from:], end); e >= 0 {
			stop = from + e + len(end)
			if e := strings.Index(s[stop:min(len(s), stop+maxLabel)], "-----"); e >= 0 {
				stop += e + len("-----")
			}
		}
		dst = append(dst, Span{start, stop, pii.Secret, s[start:stop]})
		from = stop
	}
}

// maxLabel is longer than any label of a private key in PEM.
const maxLabel = 64
