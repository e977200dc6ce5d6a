package scrub

import (
	"strings"

	"github.com/authevents/otelcol-auth/internal/scrub/generalize"
)

// userAgent is the last User-Agent header that was read: it stands in the body and
// among the attributes of one record. It does not outlive the batch.
type userAgent struct {
	known  bool
	header []byte // a copy: what is read may be borrowed
	browser
	// common are headers that came before, of whatever user: thousands have the
	// same one. They outlive the batch.
	common map[string]browser
	size   int // of common, in bytes
}

// browser is what generalize.UserAgent gives, and text is both together:
// "Chrome/126". They share no memory with what is read.
type browser struct{ name, major, text string }

const (
	// maxUserAgent is how long a header is at most that is remembered; real ones are
	// half as long.
	maxUserAgent = 1024
	// maxCommon caps the size of common: some 150 headers, each with browserSize
	// beside its text. Full, it starts anew, so that what is in use comes back.
	maxCommon   = 32 << 10
	browserSize = 96
)

// read is generalize.UserAgent.
func (u *userAgent) read(header string) (name, major string) {
	b := u.browserOf(header)
	return b.name, b.major
}

// family is the browser's name and major version, "" where it is not known.
func (u *userAgent) family(header string) string { return u.browserOf(header).text }

func (u *userAgent) browserOf(header string) browser {
	if len(header) > maxUserAgent {
		return newBrowser(header)
	}
	if !u.known || string(u.header) != header {
		u.header = append(u.header[:0], header...)
		u.browser = u.lookUp(header)
		u.known = true
	}
	return u.browser
}

// lookUp reads a header that is not the last one.
func (u *userAgent) lookUp(header string) browser {
	b, ok := u.common[header]
	if ok {
		return b
	}
	if u.common == nil || u.size+len(header)+browserSize > maxCommon {
		u.common, u.size = make(map[string]browser), 0
	}
	b = newBrowser(header)
	u.common[strings.Clone(header)] = b
	u.size += len(header) + browserSize
	return b
}

func newBrowser(header string) browser {
	name, major := generalize.UserAgent(header)
	b := browser{name: name, major: strings.Clone(major), text: name}
	if name != "" && major != "" {
		b.text = name + "/" + major
	}
	return b
}

// forget drops the header that was read last.
func (u *userAgent) forget() {
	u.known, u.header, u.browser = false, u.header[:0], browser{}
}
