package detect

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestSetsOfWords(t *testing.T) {
	for text, need := range map[string]set{
		"eyJ.": needJWT, "cookie:": needCookie, "authorization:": needAuthorization, "bear ": needBearer, "basic ": needBasic,
		"ip-1": needHostName, "- BEGIN": needPEM, "IA1": needAWS, "gh_1": needGitHub, "ory_1": needOry, "xo-1": needSlack,
		"glpat-1": needGitLab, `:"`: needQuotedName, ":/": needURL,
	} {
		assert.Equal(t, setOf(text), need, text)
	}
	long := "0123456789abcdefghijklmnopqrstuvwxyz@"
	for i := range long {
		assert.Equal(t, at, setOf(long[i:])&at, "the last byte counts, whatever the length")
	}
}
