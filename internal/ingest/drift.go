package ingest

import (
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"go.uber.org/zap"

	"github.com/authevents/otelcol-auth/internal/authevent"
	"github.com/authevents/otelcol-auth/internal/scrub/detect"
)

const (
	// maxDriftNames bounds the findings that are logged; more are only counted.
	maxDriftNames = 1000
	// maxNameShown is how many bytes of a name a log line shows.
	maxNameShown = 64
)

// driftLog says once of each finding that lines differ from what the profile says.
type driftLog struct {
	logger *zap.Logger

	mu   sync.Mutex
	seen map[driftKey]struct{}
}

type driftKey struct {
	kind         authevent.DriftKind
	source, name string
}

var driftMessages = map[authevent.DriftKind]string{
	authevent.DriftUnknownEvent:  "The profile does not know this event: it counts under what its name resembles, or as other. Add it to the profile, or as an alias.",
	authevent.DriftRetypedField:  "A field has a JSON type that the profile does not expect: its attribute may be missing.",
	authevent.DriftUnknownSource: "Lines are JSON objects that no profile takes: they are kept as unparsed. Write a profile for them, or exclude their file.",
}

func (d *driftLog) report(found []authevent.Drift) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, f := range found {
		key := driftKey{f.Kind, f.Source, shown(f.Name)}
		if _, known := d.seen[key]; known || len(d.seen) == maxDriftNames {
			continue
		}
		if d.seen == nil {
			d.seen = map[driftKey]struct{}{}
		}
		d.seen[key] = struct{}{}
		d.logger.Warn(driftMessages[f.Kind], zap.String("source", key.source), zap.String("name", key.name))
		if len(d.seen) == maxDriftNames {
			d.logger.Warn("More events and fields differ from their profiles than are logged; otelcol_auth_events_drift counts them all.", zap.Int("logged", maxDriftNames))
		}
	}
}

// withheld stands for a name that may be somebody's.
const withheld = "(withheld: it looks like personal data)"

// shown is a name fit for a log: cut, escaped, and withheld where it may hold
// personal data. Names are a source's words, but a source can be wrong.
func shown(name string) string {
	if looksPersonal(name) {
		return withheld
	}
	if len(name) > maxNameShown {
		end := maxNameShown
		for !utf8.RuneStart(name[end]) {
			end--
		}
		name = name[:end] + "…"
	}
	escaped := strconv.QuoteToASCII(name)
	return escaped[1 : len(escaped)-1]
}

// looksPersonal finds addresses, and words with digits that are long enough for
// an id.
func looksPersonal(name string) bool {
	if len(detect.Find(nil, name)) > 0 {
		return true
	}
	const longestPlain = 7
	for word := range strings.FieldsFuncSeq(name, func(r rune) bool { return !isAlphanumeric(r) }) {
		if len(word) > longestPlain && strings.ContainsAny(word, "0123456789") {
			return true
		}
	}
	return false
}

func isAlphanumeric(r rune) bool {
	return '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
}
