package piiguard

import (
	"cmp"
	"strings"

	"go.opentelemetry.io/collector/component"

	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub"
)

// judged are the kinds that a scrubber is judged by.
var judged = [...]pii.Kind{pii.Identity, pii.Email, pii.IP}

// whyNot says why a pii_scrub does not count as one, "" if it does. It reads the
// top level of its settings, not the rules: who lets some events through says
// so event by event. What pii_scrub itself refuses counts, for then nothing
// starts.
func whyNot(settings any) string {
	options, _ := settings.(map[string]any)
	if text(options["mode"]) == "audit" {
		return "mode: audit changes nothing"
	}
	preset, err := scrub.PresetNamed(cmp.Or(text(options["preset"]), scrub.DefaultPreset))
	if err != nil {
		return ""
	}
	var kept []string
	for _, kind := range judged {
		action := cmp.Or(override(options[kind.String()]), preset.Actions[kind].String())
		if action == scrub.Keep.String() {
			kept = append(kept, kind.String())
		}
	}
	if len(kept) == 0 {
		return ""
	}
	return "it keeps " + strings.Join(kept, ", ")
}

// override is the action that a kind's own key sets: a scalar, or a map with
// `action`. "" where it sets none.
func override(setting any) string {
	if options, ok := setting.(map[string]any); ok {
		setting = options["action"]
	}
	return text(setting)
}

func text(setting any) string {
	s, _ := setting.(string)
	return s
}

// idle is a pii_scrub on a path that does not count, and why.
type idle struct {
	id  component.ID
	why string
}

// scrubs says whether a pipeline scrubs. If not, it returns its scrubbers that
// do not count.
func (c *config) scrubs(p parts) (bool, []idle) {
	var idles []idle
	for _, id := range p.Processors {
		if id.Type().String() != typeScrubber {
			continue
		}
		why := whyNot(c.processors[id])
		if why == "" {
			return true, nil
		}
		idles = append(idles, idle{id, why})
	}
	return false, idles
}
