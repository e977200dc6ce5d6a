package generalize

// maxMajor is how many digits a major version has at most. A longer number is
// a date, a build or an id.
const maxMajor = 4

// Major returns the major version: "126" of "126.0.6478.122" and of "v126".
// It is "" where the text doesn't begin with a number of one to four digits.
func Major(version string) string {
	if len(version) > 0 && version[0]|0x20 == 'v' {
		version = version[1:]
	}
	end := 0
	for end < len(version) && isDigit(version[end]) {
		end++
	}
	if end > maxMajor {
		return ""
	}
	return version[:end]
}
