package profiles

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// sentence is a template for texts that are alike, and its event.
type sentence struct {
	template, event string
	user            bool // it captures {user}
	lines           int
}

// maxSentences bounds the templates of a draft.
const maxSentences = 200

// functionWords are the words of sentences that say nothing of an event.
var functionWords = words(`a an and are as at be been because but by could did does during for from had has have in is it its made of on or
that the their they this to using via was were with without`)

// telling are words that logs of signing in are written in. All other words of a
// sentence may be somebody's, and are left out of a template.
var telling = words(`1fa 2fa access account address allowed api app application assertion attempt attempts audit authenticated authentication
authorisation authorization authorized bad banned blocked bypassed cancelled captcha changed challenge check client code completed
confirm consent cookie created credential credentials deleted denied destroyed device disabled duo elevation email enabled error exceeded
expired failed failure flow forbidden found group identity inform invalid issued key level limit link locked login logged logout mail mfa
missing new no not notified oauth2 occurred oidc one-time otp passkey passkeys password passwords phone pin processed recovery refresh
refused register registered registering registration rejected removed request requested required reset responding revoked role sending
sent session sessions settings sms social ssl sso status successful successfully succeeded successful token tokens totp unable unauthorized
unknown unlocked unsuccessful until update updated user users validating validation verification verified verify webauthn wrong`)

func words(list string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(list) {
		set[word] = true
	}
	return set
}

// sentences finds templates for the texts of a field, those that say most first.
// Nothing but telling and function words stands in them. Lines that are named
// already count for none.
func sentences(f *field, named func(line int) bool) []sentence {
	byTemplate := map[string]sentence{}
	for i, text := range f.of {
		s, ok := templateOf(text)
		if !ok || named(f.lines[i]) {
			continue
		}
		if before, known := byTemplate[s.template]; known {
			s.lines = before.lines
		} else if len(byTemplate) >= maxSentences {
			continue
		}
		s.lines++
		byTemplate[s.template] = s
	}
	// The first template that fits counts: one with a longer text goes before those
	// that are its beginning.
	literal := func(s sentence) int { return len(strings.NewReplacer("{user}", "", "{}", "").Replace(s.template)) }
	return slices.SortedFunc(maps.Values(byTemplate), func(a, b sentence) int {
		return cmp.Or(cmp.Compare(literal(b), literal(a)), cmp.Compare(a.template, b.template))
	})
}

// templateOf makes a template of a text; ok is false of one that has too few words
// that tell.
func templateOf(text string) (s sentence, ok bool) {
	if len(text) > 512 || strings.ContainsAny(text, "{}\n\r\t") {
		return s, false
	}
	var b strings.Builder
	var name []string
	before := "" // the word before, folded
	gap := false // the template ends with a place
	for text != "" {
		word, rest, _ := strings.Cut(text, " ")
		if quoted, behind, found := quotedPart(text); found {
			word, rest = quoted, behind
		}
		text = rest
		core := strings.Trim(word, `.,:;!?()'"`)
		folded := strings.ToLower(core)
		literal := word != "" && strings.Trim(word, `.,:;!?()`) == core && (telling[folded] || functionWords[folded])
		switch {
		case literal:
			if b.Len() > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(word)
			if telling[folded] && len(name) < 6 {
				name = append(name, folded)
			}
			gap = false
		case !gap:
			if b.Len() > 0 {
				b.WriteByte(' ')
			}
			begin, end := marksAround(word, core)
			isUser := (before == "user" || before == "account" || before == "username") && !s.user
			switch {
			case isUser && strings.HasPrefix(word, "''"): // an empty name
				b.WriteString("'{user}'" + strings.TrimLeft(word, "'"))
				s.user = true
			case isUser && core != "":
				b.WriteString(begin + "{user}" + end)
				s.user = true
			default:
				b.WriteString("{}")
			}
			gap = true
		case strings.HasSuffix(b.String(), "{user}") && strings.HasPrefix(word, "(") && strings.HasSuffix(word, ")"):
			b.WriteString(" ({})") // more of the user, and not of the name
		}
		before = folded
	}
	s.template, s.event = b.String(), strings.ReplaceAll(strings.Join(name, "_"), "-", "_")
	return s, len(name) >= 2
}

// quotedPart cuts a part in single quotes off the front of a text, with the marks
// behind it. What it quotes may have spaces.
func quotedPart(text string) (part, rest string, found bool) {
	if !strings.HasPrefix(text, "'") {
		return "", "", false
	}
	for i := 1; i < len(text); i++ {
		if text[i] != '\'' {
			continue
		}
		end := i + 1
		for end < len(text) && strings.IndexByte(".,:;!?)", text[end]) >= 0 {
			end++
		}
		if end == len(text) || text[end] == ' ' {
			return text[:end], strings.TrimPrefix(text[end:], " "), true
		}
	}
	return "", "", false
}

// marksAround returns the marks in front of a word and behind it.
func marksAround(word, core string) (begin, end string) {
	begin, end, _ = strings.Cut(word, core)
	return begin, end
}
