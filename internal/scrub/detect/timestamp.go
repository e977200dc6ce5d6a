package detect

// timeSigns are those of a time in RFC 3339, in UTC.
const timeSigns = digit | dash | colon | dot | letterT | letterZ

// isTimestamp says whether s is such a time: 2026-08-21T20:38:54.123Z. There is one
// in every event, with the signs in it that most of the finders look for, and
// nothing that any of them would take.
func isTimestamp(s string) bool {
	const shape = "0000-00-00T00:00:00"
	if len(s) < len(shape)+len("Z") || s[len(s)-1] != 'Z' {
		return false
	}
	for i := range len(shape) {
		if shape[i] == '0' && !isDigit(s[i]) || shape[i] != '0' && s[i] != shape[i] {
			return false
		}
	}
	fraction := s[len(shape) : len(s)-1]
	const nanoseconds = len(".000000000")
	return fraction == "" || len(fraction) > 1 && len(fraction) <= nanoseconds && fraction[0] == '.' && allDigits(fraction[1:])
}
