package detect

// Set is what a prefilter knows of a text: which characters are in it. See SetOf,
// PlainLiteral and Options.MayHold.
type Set = set

// set is the set of the characters of a text, as far as a finder needs one of
// them: each letter whatever its case, the digits as one, and some signs.
//
// It is the prefilter. One pass over a text makes its set, and a finder runs
// only where all the characters are there that it can't do without. So
// "2026-08-21T20:38:54Z" costs no search for cookies, which need a K, and a
// UUID costs no search at all.
type set uint64

const (
	letterA set = 1 << iota
	letterB
	letterC
	letterD
	letterE
	letterF
	letterG
	letterH
	letterI
	letterJ
	letterK
	letterL
	letterM
	letterN
	letterO
	letterP
	letterQ
	letterR
	letterS
	letterT
	letterU
	letterV
	letterW
	letterX
	letterY
	letterZ
	digit
	at
	dot
	colon
	plus
	equals
	dash
	underscore
	slash
	space
	quote
	percent
	backslash
	ampersand
	entityEnd // of &#64 or &commat;
	fullwidth
	paren
	bracket
	stop // no character of a JSON string literal as it stands: see PlainLiteral
)

const (
	escapes  = percent | backslash | ampersand | fullwidth | paren | bracket | equals // begin an encoded character
	triggers = at | dot | colon | plus | escapes                                      // without one only a token is searched for
)

// sets has the set of each byte. A byte that no finder asks for has none.
var sets = func() (table [256]set) {
	for c := 'a'; c <= 'z'; c++ {
		table[c] = 1 << (c - 'a')
		table[c-'a'+'A'] = table[c]
	}
	for c := '0'; c <= '9'; c++ {
		table[c] = digit
	}
	for c, bit := range map[byte]set{
		'@': at, '.': dot, ':': colon, '+': plus, '=': equals, '-': dash, '_': underscore, '/': slash,
		'#': entityEnd, ';': entityEnd, ' ': space, '\t': space, '"': quote, '\'': quote, '%': percent, '\\': backslash, '&': ampersand, '(': paren, '[': bracket,
		fullwidthLead: fullwidth,
	} {
		table[c] = bit
	}
	for c := range byte(' ') {
		table[c] |= stop
	}
	table['"'] |= stop
	table['\\'] |= stop
	return table
}()

// SetOf returns the set of s.
func SetOf(s string) Set { return setOf(s) }

// setOf takes eight bytes a step: the loop, not the look-up, is what costs.
func setOf(s string) (m set) {
	for len(s) >= 8 {
		m |= sets[s[0]] | sets[s[1]] | sets[s[2]] | sets[s[3]] |
			sets[s[4]] | sets[s[5]] | sets[s[6]] | sets[s[7]]
		s = s[8:]
	}
	for i := range len(s) {
		m |= sets[s[i]]
	}
	return m &^ stop
}

// PlainLiteral scans the JSON string literal whose opening quote is s[i], and
// makes the set of what stands in it on the way: one pass where jsonscan.String and
// SetOf are two. It returns the index of the closing quote. Where the literal has
// an escape in it, or is none, it returns -1: the slow path has to look at it.
func PlainLiteral(s string, i int) (closing int, m Set) {
	for i++; i < len(s); i++ {
		found := sets[s[i]]
		if found&stop != 0 {
			break
		}
		m |= found
	}
	if i >= len(s) || s[i] != '"' {
		return -1, m
	}
	return i, m
}

// has says whether m holds all of need.
func (m set) has(need set) bool { return m&need == need }

// MayHaveEscape says whether a text whose set is m may have an escape, see HasEscape.
func MayHaveEscape(m Set) bool { return m&escapes != 0 }

// What the finders can't do without. The sets of words are written as letters,
// since a constant can't be computed: a test holds them against setOf.
const (
	beyondHex      = digit - letterG // the letters from G on
	needQuotedName = colon | quote
	needURL        = colon | slash

	needJWT           = letterE | letterY | letterJ | dot
	needCookie        = letterC | letterO | letterK | letterI | letterE | colon
	needAuthorization = letterA | letterU | letterT | letterH | letterO | letterR | letterI | letterZ | letterN | colon
	needBearer        = letterB | letterE | letterA | letterR | space
	needBasic         = letterB | letterA | letterS | letterI | letterC | space
	needHostName      = letterI | letterP | dash | digit
	needPEM           = dash | space | letterB | letterE | letterG | letterI | letterN

	needAWS    = letterI | letterA | digit
	needGitHub = letterG | letterH | underscore | digit
	needOry    = letterO | letterR | letterY | underscore | digit
	needSlack  = letterX | letterO | dash | digit
	needGitLab = letterG | letterL | letterP | letterA | letterT | dash | digit
)
