package authevent

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// conversion is how a field becomes an attribute's value.
type conversion uint8

const (
	asText conversion = iota
	asCode
	asStep
	asUpper
	asCountry
	asMethod
	asEmail
	asAddress
	asPath
	asHost
	asBool
	asInt
	asNumber
	asSeconds
	asMilliseconds
	asDays
	asStatusClass
	asBot
	asConst
	asConstText
)

// conversions are the values of an attribute's as.
var conversions = map[string]conversion{
	"": asText, "text": asText, "code": asCode, "step": asStep, "upper": asUpper, "country": asCountry, "method": asMethod, "email": asEmail,
	"address": asAddress, "path": asPath, "host": asHost, "bool": asBool, "int": asInt, "number": asNumber,
	"seconds": asSeconds, "milliseconds": asMilliseconds, "days": asDays, "status_class": asStatusClass, "bot": asBot,
}

func conversionNames() string {
	names := sortedKeys(conversions)
	return strings.Join(names[1:], ", ") // the first is ""
}

// expects are the kinds of which a field is that is converted so.
func (c conversion) expects() kindSet {
	switch c {
	case asBool, asBot:
		return setOf(boolean)
	case asInt, asNumber, asSeconds, asMilliseconds, asDays, asStatusClass:
		return setOf(integer, float)
	default:
		return setOf(text)
	}
}

// convert fills the attribute from s; it returns false where s is no value of
// the kind, and the attribute stays empty.
func (b *Batch) convert(a *assignment, s string) bool {
	ok := true
	switch a.as {
	case asText:
	case asCode:
		ok = isCode(s)
	case asStep: // "cancel token validation" as the names of newer events have it
		s = strings.ReplaceAll(s, " ", "_")
		ok = isCode(s)
	case asUpper: // get, for GET
		s = strings.ToUpper(s)
		ok = isCode(s)
	case asCountry: // of ISO 3166-1, two letters: a code might be anything
		s = strings.ToUpper(s)
		ok = len(s) == 2 && 'A' <= min(s[0], s[1]) && max(s[0], s[1]) <= 'Z'
	case asMethod: // a code: free text may hold anything, and no one could count by it
		s = method(s)
		ok = isCode(s)
	case asEmail: // an actor may also be a name, or "system"
		ok = strings.Contains(s, "@")
	case asAddress:
		s, ok = clientAddress(s)
	case asPath:
		s, ok = urlPath(s)
	case asHost:
		s, ok = hostOf(s)
	case asStatusClass:
		s, ok = statusClass(s)
	case asBot:
		ok = s == "true"
		s = "bot"
	default:
		return b.convertValue(a, s)
	}
	if ok {
		b.put(a.name, s)
	}
	return ok
}

// convertValue is convert for values that are no text.
func (b *Batch) convertValue(a *assignment, s string) bool {
	switch a.as {
	case asBool:
		truth, err := strconv.ParseBool(s)
		if err != nil {
			return false
		}
		b.putBool(a.name, truth)
	case asInt:
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return false
		}
		b.attrs[0].AppendEmpty(a.name).SetInt(n)
	default:
		f, err := strconv.ParseFloat(s, 64)
		switch a.as {
		case asMilliseconds:
			f /= 1000
		case asDays:
			f *= 24 * 60 * 60
		}
		if err != nil || f-f != 0 { // NaN and Inf, which a text may spell, are no measurements
			return false
		}
		b.attrs[0].AppendEmpty(a.name).SetDouble(f)
	}
	return true
}

// method gives an authentication method one spelling: personal-key and
// personal_key, backup_codes and backup_code are the same.
func method(s string) string {
	if strings.ContainsAny(s, "-ABCDEFGHIJKLMNOPQRSTUVWXYZ") {
		s = strings.ReplaceAll(strings.ToLower(s), "-", "_")
	}
	if s == "backup_codes" {
		return "backup_code"
	}
	return s
}

var statusClasses = []string{"1xx", "2xx", "3xx", "4xx", "5xx"}

// statusClass returns the class of an HTTP status: 4xx for 404.
func statusClass(s string) (string, bool) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 100 || n > 599 {
		return "", false
	}
	return statusClasses[n/100-1], true
}

// assign fills an attribute from the first of its places that holds something
// of its type.
func (b *Batch) assign(a *assignment) bool {
	switch a.as {
	case asConst:
		b.putBool(a.name, a.truth)
		return true
	case asConstText:
		b.put(a.name, a.text)
		return true
	}
	for _, slot := range a.slots {
		s, ok := b.decoder.text(slot)
		if !ok || s == "" || len(a.except) > 0 && slices.Contains(a.except, s) {
			continue
		}
		if a.pick != nil {
			if s, ok = b.picked(a.pick, s); !ok {
				continue
			}
		}
		if b.convert(a, s) {
			return true
		}
	}
	return false
}

// picked returns the part of a value that counts; not ok if none does.
func (b *Batch) picked(p *pick, s string) (string, bool) {
	ok := true
	if p.after != "" {
		s, ok = segmentAfter(s, p.after)
	}
	for _, slot := range p.unlike {
		if other, stands := b.decoder.text(slot); stands && other == s {
			return "", false
		}
	}
	return s, ok
}

// segmentAfter returns the segment of a path or URL that begins behind prefix,
// without its percent-encoding.
func segmentAfter(path, prefix string) (string, bool) {
	rest, ok := strings.CutPrefix(path, prefix)
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		rest = rest[:end]
	}
	if decoded, err := url.PathUnescape(rest); err == nil {
		rest = decoded
	}
	return rest, ok && rest != ""
}
