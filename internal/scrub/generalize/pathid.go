package generalize

import (
	"bytes"
	"slices"
)

const (
	// minToken is the length from which a word with several digits, or with
	// its capitals at random, is a token. Shorter ones are names: oauth2-v2.
	minToken = 16
	// minHash is the length of a hash that was cut: of a commit, in a file's name.
	minHash = 8
	// minNumber is how many digits in a row are a number of something, rather
	// than a year or a version: auth2026, x509.
	minNumber = 5
	// maxLetters is how many letters in a row a word has at most.
	maxLetters = 32
)

// isIDWord says whether a decoded segment is an id, by its looks: a UUID, a
// number, a date, a phone number, an address, a token, a hash. It is wrong now
// and then, and rather takes a word for an id than an id for a word. Short ids
// without digits can't be told; they stand behind a collection's name.
func isIDWord(word []byte) bool {
	if stem, kind := asset(word); kind != noAsset {
		return isIDStem(stem, kind)
	}
	if len(word) < minToken && !slices.ContainsFunc(word, isDigit) { // most words
		return false
	}
	s := shapeOf(word)
	switch {
	case s.digits == 0:
		return s.letters >= minToken && s.hex || s.longest > maxLetters || s.randomCase(len(word))
	case s.letters == 0:
		return !isVersion(word)
	case s.number >= minNumber, s.hash, s.hex && bytes.Count(word, []byte(":")) > 1: // IPv6
		return true
	case len(word) >= minToken:
		return s.digits > 1 && !s.numbered || s.inner || s.hex || s.longest > maxLetters || s.randomCase(len(word))
	}
	return false
}

// shape is what a word is made of.
type shape struct {
	letters, digits int
	// number and longest are the longest runs of digits and of letters.
	number, longest int
	// humps are the capitals behind a small letter.
	humps int
	// inner: a digit has letters on both sides.
	inner bool
	// hash: a run of letters and digits has the length of a hash, and is hex
	// with both of them, or goes to and fro between them.
	hash bool
	// numbered: all digits stand behind one and the same word in small
	// letters, as in remotelogout2026.
	numbered bool
	// hex: all letters and digits are hex digits.
	hex bool
}

func shapeOf(word []byte) shape {
	s := shape{hex: true}
	for i := 0; i < len(word); {
		start := i
		for i < len(word) && isAlnum(word[i]) {
			i++
		}
		if i > start {
			s.add(word[start:i])
		}
		i = max(i, start+1)
	}
	return s
}

// add adds one run of letters and digits.
func (s *shape) add(run []byte) {
	letters, digits, numbers, hex := 0, 0, 0, true
	length := 0 // of the letters or digits in a row
	for i, c := range run {
		same := i > 0 && isDigit(c) == isDigit(run[i-1])
		if length++; !same {
			length = 1
		}
		hex = hex && isHex(c)
		if isDigit(c) {
			digits++
			s.number = max(s.number, length)
			if !same {
				numbers++
			}
			s.inner = s.inner || i > 0 && !same && i+1 < len(run) && isLetter(run[i+1])
			continue
		}
		letters++
		s.longest = max(s.longest, length)
		if same && c < 'a' && run[i-1] >= 'a' {
			s.humps++
		}
	}
	if digits > 0 {
		const minLetters = 3
		s.numbered = s.digits == 0 && letters >= minLetters && isSmall(run[:letters])
	}
	s.letters, s.digits = s.letters+letters, s.digits+digits
	s.hex = s.hex && hex
	if len(run) >= minHash && letters > 0 {
		s.hash = s.hash || hex && digits > 0 || numbers > 1
	}
}

func isSmall(run []byte) bool {
	for _, c := range run {
		if c < 'a' || c > 'z' {
			return false
		}
	}
	return true
}

// randomCase says whether capitals come too often for words in camel case,
// which have six letters on average.
func (s *shape) randomCase(length int) bool {
	const lettersOfWord = 6
	return length >= minToken && s.humps*lettersOfWord >= s.letters
}

// isVersion says whether a word without letters is a version, such as the 2.0
// of a protocol: two or three numbers of one or two digits.
func isVersion(word []byte) bool {
	numbers := 0
	for len(word) > 0 {
		n := 0
		for n < len(word) && isDigit(word[n]) {
			n++
		}
		if n == 0 || n > 2 || n < len(word) && word[n] != '.' || n+1 == len(word) {
			return false
		}
		numbers++
		word = word[min(n+1, len(word)):]
	}
	return numbers == 2 || numbers == 3
}

// isUUID says whether s is a UUID with its dashes, in either case.
func isUUID(s []byte) bool {
	if len(s) != 36 {
		return false
	}
	for i, c := range s {
		if dash := i == 8 || i == 13 || i == 18 || i == 23; dash != (c == '-') || !dash && !isHex(c) {
			return false
		}
	}
	return true
}

// holdsUUID says whether a UUID stands anywhere in s.
func holdsUUID(s []byte) bool {
	for i := 0; i+36 <= len(s); i++ {
		if isUUID(s[i : i+36]) {
			return true
		}
	}
	return false
}

type assetKind uint8

const (
	noAsset assetKind = iota
	code              // belongs to the program
	picture           // may be uploaded by a user
)

// asset returns the name of a file before its extension, and what it is for.
// The fingerprint in logo-1a2b3c4d5e.png tells a build and no person.
func asset(word []byte) (stem []byte, kind assetKind) {
	dot := bytes.LastIndexByte(word, '.')
	if dot <= 0 || len(word)-dot > len(".webmanifest") {
		return nil, noAsset
	}
	var buf [16]byte
	switch string(appendLower(buf[:0], word[dot+1:])) {
	case "js", "mjs", "css", "map", "woff", "woff2", "ttf", "otf", "eot", "wasm", "webmanifest":
		return word[:dot], code
	case "png", "jpg", "jpeg", "gif", "svg", "ico", "webp", "avif":
		return word[:dot], picture
	}
	return nil, noAsset
}

// isIDStem says whether the name of an asset is an id: where it holds a UUID;
// and a picture's, where it doesn't begin with a word, or has a number
// behind the word.
func isIDStem(stem []byte, kind assetKind) bool {
	if holdsUUID(stem) {
		return true
	}
	if kind == code {
		return false
	}
	first := bytes.IndexAny(stem, "-_.")
	if first < 0 {
		return isIDWord(stem)
	}
	if s := shapeOf(stem[:first]); s.letters < 2 || s.digits > 0 {
		return true
	}
	for rest := stem[first+1:]; len(rest) > 0; {
		part := rest
		if i := bytes.IndexAny(rest, "-_."); i >= 0 {
			part, rest = rest[:i], rest[i+1:]
		} else {
			rest = nil
		}
		if s := shapeOf(part); s.letters == 0 && s.digits >= minNumber {
			return true
		}
	}
	return false
}
