package scrub

import "github.com/authevents/otelcol-auth/internal/scrub/generalize"

// userAgent is the last User-Agent header that was read: it stands in the body and
// among the attributes of one record. It does not outlive the batch.
type userAgent struct {
	known  bool
	header []byte // a copy: what is read may be borrowed
	// name and major are as of generalize.UserAgent. major is a piece of header,
	// and lives until the next one is read.
	name, major string
}

// maxUserAgent is how long a header is at most that is remembered; real ones are
// half as long.
const maxUserAgent = 1024

// read is generalize.UserAgent.
func (u *userAgent) read(header string) (name, major string) {
	if len(header) > maxUserAgent {
		return generalize.UserAgent(header)
	}
	if !u.known || string(u.header) != header {
		u.header = append(u.header[:0], header...)
		u.name, u.major = generalize.UserAgent(borrow(u.header))
		u.known = true
	}
	return u.name, u.major
}

// forget drops what was read.
func (u *userAgent) forget() { *u = userAgent{header: u.header[:0]} }
