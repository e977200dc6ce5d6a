package wrapper

import "bytes"

// guess returns the only format that text may have, by its first bytes; CRI
// stands for CRI or Compose. Whether text really has it, the format's own
// function says. It is all that Auto costs a line without a wrapper.
func guess(text []byte) Format {
	if len(text) == 0 {
		return None
	}
	switch c := text[0]; {
	case c == '{':
		return guessObject(text)
	case '0' <= c && c <= '9':
		return CRI
	case c == '[' || c == '\x1b' || nameByte[c]:
		return Compose
	}
	return None
}

// guessObject goes by the name of the first member. The formats whose
// members may come in any order must also hold a text that only they have: a
// search for it is quicker than a walk, and IdPs have members such as source too.
func guessObject(text []byte) Format {
	i := 1
	for i < len(text) && text[i] <= ' ' { // a pretty-printed body
		i++
	}
	if i >= len(text) || text[i] != '"' {
		return None
	}
	name := text[i+1:]
	end := bytes.IndexByte(name, '"')
	if end <= 0 {
		return None
	}
	name = name[:end]
	if c := name[0]; c == '_' || 'A' <= c && c <= 'Z' {
		return ifHas(Journald, text, `"__REALTIME_TIMESTAMP"`)
	}
	switch string(name) {
	case "log", "stream", "attrs", "time":
		return Docker
	case "messageType", "owner", "logGroup", "logStream", "subscriptionFilters", "logEvents", "policyLevel":
		return ifHas(CloudWatch, text, `"logEvents"`)
	case "eventType", "eventTypeVersion", "cloudEventsVersion", "source", "eventId", "eventTime", "contentType", "data":
		return ifHas(OktaEventHook, text, `"`+oktaHookType+`"`)
	}
	return None
}

func ifHas(f Format, text []byte, what string) Format {
	if bytes.Contains(text, []byte(what)) {
		return f
	}
	return None
}

// trimFront takes off what may stand in front of a wrapper: a byte-order mark,
// white space of a body.
func trimFront(text []byte) []byte {
	if len(text) == 0 || text[0] > ' ' && text[0] != 0xEF {
		return text
	}
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	return bytes.TrimLeft(text, " \t\r\n")
}
