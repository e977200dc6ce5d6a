package scrub

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub/detect"
	"github.com/authevents/otelcol-auth/internal/scrub/generalize"
)

// address is what the policy makes of an address that is written so.
func (w *walker) address(addr netip.Addr, written string) string {
	t := w.t
	if t.ipKeep == KeepPrivate && (addr.IsPrivate() || addr.IsLoopback()) {
		return written
	}
	switch t.actions[pii.IP] {
	case Keep:
		return written
	case Truncate:
		return t.truncate(addr)
	case Pseudonym:
		return w.names.Token(pii.IP, addr.String())
	case PrefixPreserving:
		if w.rewalk { // a mapped address can't be told from another one
			return written
		}
		return w.anonymize(addr)
	}
	switch {
	case t.ipKeep == KeepClass:
		return generalize.Class(addr)
	case t.actions[pii.IP] == Drop:
		return ""
	}
	return Redacted
}

// mappedOnce is replaced under PrefixPreserving. An address that the pass before
// has put there stays: where those begin is listed in order. at is where this one
// will.
func (w *walker) mappedOnce(span detect.Span, text string, at int, before []int) string {
	out := text[span.Start:span.End]
	if _, ours := slices.BinarySearch(before, span.Start); !ours {
		out = w.replaced(span, out)
	}
	w.mapped = append(w.mapped, at)
	return out
}

// truncate returns the address of addr's network.
func (t *treatment) truncate(addr netip.Addr) string {
	bits := t.bits6
	if addr.Is4() {
		bits = t.bits4
	}
	if b := addr.As16(); addr.Is6() && b[0] == 0x20 && b[1] == 0x02 {
		bits = min(bits, 16+t.bits4) // 6to4: an IPv4 address stands behind 2002:
	}
	prefix, err := addr.Prefix(bits)
	if err != nil {
		return Redacted // the policy's bits are checked, so never
	}
	return prefix.Addr().String()
}

// parseIP parses an address, unmapped and without its zone. Octets may have
// leading zeros, which net/netip refuses; a log means the decimal number.
func parseIP(text string) (netip.Addr, bool) {
	if !looksLikeIP(text) { // an error of netip costs three allocations
		return netip.Addr{}, false
	}
	if addr, err := netip.ParseAddr(text); err == nil {
		return addr.Unmap().WithZone(""), true
	}
	if strings.IndexByte(text, ':') >= 0 {
		// A mapped address with leading zeros, or a zone that netip refuses.
		text, _, _ = strings.Cut(text, "%")
		addr, err := netip.ParseAddr(text)
		return addr.Unmap(), err == nil
	}
	var octets [4]byte
	parts := strings.Split(text, ".")
	if len(parts) != len(octets) {
		return netip.Addr{}, false
	}
	for i, part := range parts {
		octet, err := strconv.ParseUint(part, 10, 8)
		if err != nil {
			return netip.Addr{}, false
		}
		octets[i] = byte(octet)
	}
	return netip.AddrFrom4(octets), true
}

// looksLikeIP rules out what is no address by its first letter and its signs.
func looksLikeIP(text string) bool {
	if text == "" || !isAlnum(text[0]) && text[0] != ':' {
		return false
	}
	return strings.IndexByte(text, ':') >= 0 || strings.Count(text, ".") == 3
}

// knownIP scrubs the value of a field that holds an address: alone, with a
// port, or a list. What is none of these is redacted.
func (w *walker) knownIP(text string) (string, fate) {
	if out, ok := w.lastIP.again(text, w.t); ok {
		w.count(pii.IP, ByField)
		return out, changed
	}
	if addr, ok := parseIP(strings.TrimSpace(text)); ok {
		out := w.address(addr, text)
		switch out {
		case text:
			return text, same
		case "":
			w.count(pii.IP, ByField)
			return "", gone
		}
		w.count(pii.IP, ByField)
		w.lastIP.put(text, out, w.t)
		return out, changed
	}
	if w.t.ipKeep == KeepClass && areClasses(text) {
		return text, same
	}
	w.spans = w.s.find(w.spans[:0], text)
	if slices.ContainsFunc(w.spans, func(s detect.Span) bool { return s.Kind == pii.IP }) {
		if w.classes() {
			return w.classList(), changed
		}
		return w.searchText(text)
	}
	if w.wasScrubbed(text) {
		return w.searchText(text)
	}
	w.countAs(pii.IP, Redact, ByField)
	return Redacted, changed
}

// classes says whether labels stand for addresses.
func (w *walker) classes() bool {
	action := w.t.actions[pii.IP]
	return w.t.ipKeep == KeepClass && (action == Drop || action == Redact)
}

// classList lists the classes of the addresses in w.spans. Ports and what else
// stands between them goes.
func (w *walker) classList() string {
	out := w.text[:0]
	for _, span := range w.spans {
		if addr, ok := parseIP(span.Value); ok && span.Kind == pii.IP {
			if len(out) > 0 {
				out = append(out, ", "...)
			}
			out = append(out, generalize.Class(addr)...)
		}
	}
	w.text = out
	w.count(pii.IP, ByField)
	if len(out) == 0 {
		return Redacted
	}
	return string(out)
}

// areClasses says whether text is a list that an earlier hop made.
func areClasses(text string) bool {
	for more := true; more; {
		var label string
		label, text, more = strings.Cut(text, ", ")
		if !isClass(label) {
			return false
		}
	}
	return true
}

func isClass(label string) bool {
	switch label {
	case generalize.ClassUnspecified, generalize.ClassLoopback, generalize.ClassPrivate, generalize.ClassLinkLocal,
		generalize.ClassCarrierGradeNAT, generalize.ClassDocumentation, generalize.ClassBenchmarking,
		generalize.ClassMulticast, generalize.ClassBroadcast, generalize.ClassReserved, generalize.ClassPublic:
		return true
	}
	return false
}

// wasScrubbed says whether text is what an earlier hop made of a list or of an
// address with its port: it holds a token that verifies, or "::", the network
// of ::1, which is no address to the search.
func (w *walker) wasScrubbed(text string) bool {
	return anyWord(text, isTokenByte, w.names.Verify) ||
		anyWord(text, isAddressByte, func(word string) bool { return word == "::" })
}

// anyWord says whether one of the words of text, its runs of bytes of the
// class, is what is looked for.
func anyWord(text string, class func(byte) bool, is func(string) bool) bool {
	for i := 0; i < len(text); {
		start := i
		for i < len(text) && class(text[i]) {
			i++
		}
		if i > start && is(text[start:i]) {
			return true
		}
		i = max(i, start+1)
	}
	return false
}

func isTokenByte(c byte) bool { return isAlnum(c) || c == '_' || c == '-' }

func isAddressByte(c byte) bool { return isAlnum(c) || c == ':' || c == '.' }
