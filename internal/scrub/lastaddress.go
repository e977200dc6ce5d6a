package scrub

import "github.com/authevents/otelcol-auth/internal/pii"

// lastAddress is the address that was replaced last, as the value of a field: it
// stands in the body and among the attributes of one record, and a visit has more
// than one. It does not outlive the batch, whose keys made out.
type lastAddress struct {
	by   *treatment
	text []byte // a copy: what is read may be borrowed
	out  string
}

// maxAddress is how long a text is at most that is remembered: the longest address,
// with a zone.
const maxAddress = 64

// again returns what the text became, if it is the last one.
func (a *lastAddress) again(text string, by *treatment) (out string, ok bool) {
	return a.out, a.by == by && string(a.text) == text
}

// put remembers what a text became. Under PrefixPreserving that is not the same each
// time: a second walk must not map what the first one has put there.
func (a *lastAddress) put(text, out string, by *treatment) {
	if len(text) <= maxAddress && by.actions[pii.IP] != PrefixPreserving {
		a.by, a.text, a.out = by, append(a.text[:0], text...), out
	}
}

func (a *lastAddress) forget() { a.by, a.text, a.out = nil, a.text[:0], "" }
