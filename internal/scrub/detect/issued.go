package detect

import (
	"strings"

	"github.com/authevents/otelcol-auth/internal/pii"
)

// mayHoldIssued says whether a text whose set is m may hold a token of issued.
func mayHoldIssued(m set) bool {
	return m&digit != 0 && (m.has(needAWS) || m.has(needGitHub) || m.has(needOry) || m.has(needSlack) || m.has(needGitLab))
}

// issued appends the tokens of s that tell by their beginning what they are:
// AWS's keys, and the tokens of GitHub, GitLab, Slack and Ory.
func issued(dst []Span, s string, m set) []Span {
	if m.has(needAWS) {
		dst = issuedBy(dst, s, "IA")
	}
	if m.has(needGitHub) || m.has(needOry) {
		dst = issuedBy(dst, s, "_")
	}
	if m.has(needSlack) || m.has(needGitLab) {
		dst = issuedBy(dst, s, "-")
	}
	return dst
}

// issuedBy appends those whose beginning ends with mark.
func issuedBy(dst []Span, s, mark string) []Span {
	for from := 0; ; {
		p := strings.Index(s[from:], mark)
		if p < 0 {
			return dst
		}
		from += p + len(mark)
		start, size := issuer(s[:from])
		if size == 0 || start > 0 && isAlnum(s[start-1]) {
			continue
		}
		end := from
		for end < len(s) && isBase64URL(s[end]) {
			end++
		}
		if end-from >= size {
			dst = append(dst, Span{start, end, pii.Secret, s[start:end]})
			from = end
		}
	}
}

// issuer returns where the beginning of a token that s ends with begins, and
// the least length of what follows; 0 where there is none.
func issuer(s string) (start, size int) {
	if len(s) < len("AKIA") {
		return 0, 0
	}
	switch start = len(s) - len("AKIA"); s[start:] {
	case "AKIA", "ASIA":
		return start, 16
	case "ghp_", "gho_", "ghu_", "ghs_", "ghr_":
		return start, 36
	case "pat_":
		if strings.HasSuffix(s, "github_pat_") {
			return len(s) - len("github_pat_"), 22
		}
	case "pat-":
		if strings.HasSuffix(s, "glpat-") {
			return len(s) - len("glpat-"), 20
		}
	case "_at_", "_rt_", "_ac_", "_st_":
		if strings.HasSuffix(s[:start], "ory") {
			return start - len("ory"), 20
		}
	case "oxa-", "oxb-", "oxe-", "oxp-", "oxr-", "oxs-":
		if start > 0 && s[start-1] == 'x' {
			return start - 1, 10
		}
	}
	return 0, 0
}
