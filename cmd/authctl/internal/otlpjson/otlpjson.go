// Package otlpjson knows OTLP requests in JSON, which the file exporter writes one to
// a line.
package otlpjson

// Signals by the name of the list that a request is.
const (
	Logs    = "resourceLogs"
	Traces  = "resourceSpans"
	Metrics = "resourceMetrics"
)

// Signal is the name of the list that a request begins with: it has no other member.
// Whether the rest is a request nobody has looked at. ok is false of what is none.
func Signal[T string | []byte](text T) (name string, ok bool) {
	if len(text) == 0 || text[0] != '{' {
		return "", false
	}
	at := 1
	for at < len(text) && (text[at] == ' ' || text[at] == '\t' || text[at] == '\r' || text[at] == '\n') {
		at++
	}
	for _, name := range []string{Logs, Traces, Metrics} {
		if end := at + len(name) + 2; end <= len(text) && string(text[at:end]) == `"`+name+`"` {
			return name, true
		}
	}
	return "", false
}
