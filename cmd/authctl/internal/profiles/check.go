package profiles

import (
	"errors"
	"fmt"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/authevents/otelcol-auth/internal/authevent"
)

// parserOf compiles the profile of a YAML text, as the receiver would: a map
// profiles with one profile, or the profile alone, which is then called name. The
// parser takes lines of this profile only.
func parserOf(text []byte, name string) (p *authevent.Parser, called string, raw map[string]any, err error) {
	var top map[string]any
	if err := yaml.Unmarshal(text, &top); err != nil {
		return nil, "", nil, fmt.Errorf("is no YAML: %w", err)
	}
	if _, ok := top["receivers"]; ok {
		return nil, "", nil, errors.New("is a collector's configuration: give the profile a file of its own, with what stands under the receiver's key profiles")
	}
	raw = top
	if list, ok := top["profiles"]; ok {
		byName, ok := list.(map[string]any)
		if !ok || len(byName) != 1 {
			return nil, "", nil, errors.New("profiles: has to hold one profile")
		}
		for key, value := range byName {
			name = key
			if raw, ok = value.(map[string]any); !ok {
				return nil, "", nil, fmt.Errorf("profiles.%s: has to be a map", key)
			}
		}
	}
	p, err = authevent.NewParser(authevent.Options{
		Source: name, Profiles: map[string]any{name: raw}, Body: authevent.BodyEventName, DropUnparsed: true,
	})
	return p, name, raw, err
}

// taken counts the lines that the parser takes.
func taken(p *authevent.Parser, lines [][]byte) (n int) {
	batch := p.NewBatch()
	for _, line := range lines {
		if batch.Add(authevent.Line{Text: line}, &authevent.Origin{}, time.Unix(0, 0)).Kind == authevent.Event {
			n++
		}
		batch.Take()
		batch.TakeDrift()
	}
	return n
}
