package wrapper

import "time"

// stamp reads the RFC 3339 time that s begins with. length is how many bytes it
// has, 0 where s does not begin with one; fraction is how many digits stand
// behind the seconds' point. (time.Parse wants the length first, and allocates
// a zone for each offset.)
func stamp(s string) (t time.Time, length, fraction int) {
	if len(s) < len("2006-01-02T15:04:05Z") ||
		s[4] != '-' || s[7] != '-' || s[10] != 'T' || s[13] != ':' || s[16] != ':' {
		return time.Time{}, 0, 0
	}
	year, month, day := decimal(s[0:4]), decimal(s[5:7]), decimal(s[8:10])
	hour, minute, second := decimal(s[11:13]), decimal(s[14:16]), decimal(s[17:19])
	if min(year, month, day, hour, minute, second) < 0 || hour > 23 || minute > 59 || second > 60 {
		return time.Time{}, 0, 0
	}
	i, nanos := 19, 0
	if s[i] == '.' {
		i++
		for ; i < len(s) && '0' <= s[i] && s[i] <= '9'; i++ {
			if fraction++; fraction <= 9 {
				nanos = nanos*10 + int(s[i]-'0')
			}
		}
		if fraction == 0 {
			return time.Time{}, 0, 0
		}
		for n := fraction; n < 9; n++ {
			nanos *= 10
		}
	}
	east, end := zone(s, i)
	if end < 0 {
		return time.Time{}, 0, 0
	}
	// time.Date takes a 31st of February for a 3rd of March. The day tells.
	date := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if month < 1 || month > 12 || date.Day() != day {
		return time.Time{}, 0, 0
	}
	// A leap second, :60, becomes the second behind :59.
	seconds := hour*3600 + minute*60 + second - east
	return date.Add(time.Duration(seconds)*time.Second + time.Duration(nanos)), end, fraction
}

// zone reads Z or an offset such as +02:00 at s[i]. It returns the seconds east
// of UTC and the index behind it, -1 where none stands.
func zone(s string, i int) (east, end int) {
	if i >= len(s) {
		return 0, -1
	}
	switch s[i] {
	case 'Z':
		return 0, i + 1
	case '+', '-':
		if len(s) < i+6 || s[i+3] != ':' {
			return 0, -1
		}
		hours, minutes := decimal(s[i+1:i+3]), decimal(s[i+4:i+6])
		if hours < 0 || minutes < 0 || hours > 23 || minutes > 59 {
			return 0, -1
		}
		if east = hours*3600 + minutes*60; s[i] == '-' {
			east = -east
		}
		return east, i + 6
	}
	return 0, -1
}

// decimal reads digits; -1 where s has anything else.
func decimal(s string) int {
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
