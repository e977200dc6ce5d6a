package scrub

import "strings"

// interned holds texts that come again and again: browsers, versions, origins
// and routes, which is all that is left of a generalized value. They name
// nobody, so they may outlive the batch.
type interned map[string]string

// maxInterned caps the texts, and maxInternedText each one: what is more or
// longer costs a copy. A full map starts anew, so that what is in use comes back.
const (
	maxInterned     = 512
	maxInternedText = 64
)

// of returns a text that is equal and shares no memory with it.
func (in *interned) of(text string) string {
	if len(text) > maxInternedText {
		return strings.Clone(text)
	}
	if known, ok := (*in)[text]; ok {
		return known
	}
	if *in == nil || len(*in) >= maxInterned {
		*in = make(interned)
	}
	text = strings.Clone(text)
	(*in)[text] = text
	return text
}
