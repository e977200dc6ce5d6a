package authevent

import (
	"strconv"
	"time"
)

// Times outside these years are taken for mistakes. (Nanoseconds since 1970
// in an int64 end in 2262.)
const (
	minYear = 1971
	maxYear = 2261
)

// parseTime reads a time as IdPs write it, and returns nanoseconds since the
// epoch: RFC 3339, with a space for the T, without a zone (that of location),
// or seconds, milli-, micro- or nanoseconds since the epoch; else in one of
// layouts.
func parseTime(s string, location *time.Location, layouts []string) (nanos int64, ok bool) {
	if nanos, ok = parseEpoch(s); ok {
		return nanos, true
	}
	for _, layout := range [...]string{
		time.RFC3339Nano,
		"2006-01-02T15:04:05.999999999",
		"2006-01-02 15:04:05.999999999Z07:00",
		"2006-01-02 15:04:05.999999999Z07", // PostgreSQL
		"2006-01-02 15:04:05.999999999 Z0700",
		"2006-01-02 15:04:05.999999999 UTC",
		"2006-01-02 15:04:05.999999999",
		"2006-01-02T15:04:05.999999999Z0700",
	} {
		if t, err := time.ParseInLocation(layout, s, location); err == nil {
			return usable(t)
		}
	}
	for _, layout := range layouts {
		if t, err := time.ParseInLocation(layout, s, location); err == nil {
			return usable(t)
		}
	}
	return parseLeapSecond(s)
}

// parseTime tries first what nearly every line has.
func (p *compiled) parseTime(s string) (nanos int64, ok bool) {
	if nanos, ok = parseRFC3339UTC(s); ok {
		return nanos, true
	}
	return parseTime(s, p.location, p.layouts)
}

func usable(t time.Time) (int64, bool) {
	if y := t.UTC().Year(); y < minYear || y > maxYear {
		return 0, false
	}
	return t.UnixNano(), true
}

// parseRFC3339UTC is the fast way for what nearly every line has:
// 2026-08-21T20:38:54.123Z, the fraction of any length or absent.
func parseRFC3339UTC(s string) (int64, bool) {
	if len(s) < 20 || s[4] != '-' || s[7] != '-' || s[10] != 'T' || s[13] != ':' || s[16] != ':' || s[len(s)-1] != 'Z' {
		return 0, false
	}
	year, month, day := number(s[0:4]), number(s[5:7]), number(s[8:10])
	hour, minute, second := number(s[11:13]), number(s[14:16]), number(s[17:19])
	if year < minYear || year > maxYear || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) ||
		hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59 {
		return 0, false
	}
	nanos := 0
	if fraction := s[19 : len(s)-1]; fraction != "" {
		if fraction[0] != '.' || len(fraction) < 2 || len(fraction) > 10 {
			return 0, false
		}
		if nanos = number(fraction[1:]); nanos < 0 {
			return 0, false
		}
		for range 10 - len(fraction) {
			nanos *= 10
		}
	}
	seconds := int64(daysSinceEpoch(year, month, day))*86400 + int64(hour*3600+minute*60+second)
	return seconds*1e9 + int64(nanos), true
}

// number reads decimal digits; -1 where s has anything else.
func number(s string) int {
	n := 0
	for i := range len(s) {
		c := s[i] - '0'
		if c > 9 {
			return -1
		}
		n = n*10 + int(c)
	}
	return n
}

func daysIn(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// daysSinceEpoch counts in years that begin in March, so that the leap day is
// a year's last: 365 days a year, one more each 4, but 100, but 400.
func daysSinceEpoch(year, month, day int) int {
	if month <= 2 {
		year--
		month += 12
	}
	dayOfYear := (153*(month-3)+2)/5 + day - 1 // months of 31, 30, 31, 30, 31 days, twice and a bit
	return 365*year + year/4 - year/100 + year/400 + dayOfYear - 719468
}

// parseEpoch tells the unit by the magnitude: each is good for 1973 to 2262 or further.
func parseEpoch(s string) (int64, bool) {
	if s == "" || s[0] < '0' || s[0] > '9' {
		return 0, false
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f < 1e8 {
		return 0, false
	}
	unit := int64(1)
	switch {
	case f < 1e11:
		unit = 1e9
	case f < 1e14:
		unit = 1e6
	case f < 1e17:
		unit = 1e3
	}
	if whole, err := strconv.ParseInt(s, 10, 64); err == nil { // exact, where a float is not
		if unit > 1 && whole > int64(9.2e18)/unit {
			return 0, false
		}
		return whole * unit, true
	}
	if nanos := f * float64(unit); nanos < 9.2e18 {
		return int64(nanos), true
	}
	return 0, false
}

// parseLeapSecond reads …:60 as the second after :59, which it is followed by.
func parseLeapSecond(s string) (int64, bool) {
	if len(s) < 20 || s[16:19] != ":60" {
		return 0, false
	}
	t, err := time.Parse(time.RFC3339Nano, s[:16]+":59"+s[19:])
	if err != nil {
		return 0, false
	}
	return usable(t.Add(time.Second))
}
