package layout

import (
	"encoding/hex"
	"math"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// Type is a column's type in Postgres.
type Type string

// The types, and what a row holds for them.
const (
	UUID        Type = "uuid"        // [16]byte
	Text        Type = "text"        // string
	Inet        Type = "inet"        // netip.Prefix
	JSONB       Type = "jsonb"       // string, a JSON text
	TimestampTZ Type = "timestamptz" // time.Time in UTC, of whole microseconds
	BigInt      Type = "bigint"      // int64
	Boolean     Type = "boolean"     // bool
	Double      Type = "double"      // float64
)

var types = []Type{UUID, Text, Inet, JSONB, TimestampTZ, BigInt, Boolean, Double}

// SQL is the type's name in SQL.
func (t Type) SQL() string {
	if t == Double {
		return "double precision"
	}
	return string(t)
}

// Parse reads a text as a value of the type, or as nil where it is none. It is
// not for JSONB and Text, whose texts have to be cleaned first.
func (t Type) Parse(s string) any {
	switch t {
	case UUID:
		if id, ok := ParseUUID(s); ok {
			return id
		}
	case Inet:
		if prefix, ok := ParseInet(s); ok {
			return prefix
		}
	case TimestampTZ:
		if at, err := time.Parse(time.RFC3339Nano, s); err == nil {
			return Timestamp(at)
		}
	case BigInt:
		if n, err := strconv.ParseInt(s, 10, 64); err == nil {
			return n
		}
	case Boolean:
		switch {
		case strings.EqualFold(s, "true"):
			return true
		case strings.EqualFold(s, "false"):
			return false
		}
	case Double:
		if f, err := strconv.ParseFloat(s, 64); err == nil && !math.IsNaN(f) && !math.IsInf(f, 0) {
			return f
		}
	}
	return nil
}

// ParseUUID reads a UUID with its dashes or without, in either letter case.
func ParseUUID(s string) (id [16]byte, ok bool) {
	var digits [32]byte
	switch len(s) {
	case 36:
		if s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
			return id, false
		}
		n := copy(digits[:], s[:8])
		n += copy(digits[n:], s[9:13])
		n += copy(digits[n:], s[14:18])
		n += copy(digits[n:], s[19:23])
		copy(digits[n:], s[24:])
	case 32:
		copy(digits[:], s)
	default:
		return id, false
	}
	_, err := hex.Decode(id[:], digits[:])
	return id, err == nil
}

// ParseInet reads an address, with or without a zone, a port or brackets, or a
// network such as 203.0.113.0/24. IPv4 in IPv6 becomes IPv4.
func ParseInet(s string) (netip.Prefix, bool) {
	s = strings.TrimSpace(s)
	if addr, err := netip.ParseAddr(s); err == nil {
		return host(addr), true
	}
	if prefix, err := netip.ParsePrefix(s); err == nil {
		if prefix.Addr().Is4In6() && prefix.Bits() >= 96 {
			prefix = netip.PrefixFrom(prefix.Addr().Unmap(), prefix.Bits()-96)
		}
		return prefix, true
	}
	if port, err := netip.ParseAddrPort(s); err == nil {
		return host(port.Addr()), true
	}
	if inside, found := strings.CutPrefix(s, "["); found {
		if inside, found = strings.CutSuffix(inside, "]"); found {
			if addr, err := netip.ParseAddr(inside); err == nil {
				return host(addr), true
			}
		}
	}
	return netip.Prefix{}, false
}

func host(addr netip.Addr) netip.Prefix {
	addr = addr.Unmap()
	return netip.PrefixFrom(addr, addr.BitLen()) // a prefix has no zone
}

// Timestamp is a time as Postgres holds it: in UTC, of whole microseconds.
func Timestamp(at time.Time) time.Time { return at.UTC().Truncate(time.Microsecond) }
