package scrub

import (
	"fmt"
	"slices"
	"strings"

	"github.com/authevents/otelcol-auth/internal/pii"
)

// Actions has the action of each kind.
type Actions [pii.NumKinds]Action

// Preset is a policy under a name, the ground that a config builds on.
type Preset struct {
	Name string
	// Brief is one sentence for documentation.
	Brief    string
	Actions  Actions
	Unlisted Unlisted
}

// DefaultPreset is what pii_scrub does unless it is told otherwise.
const DefaultPreset = "analytics"

// Presets lists them in the order of docs.
func Presets() []Preset { return slices.Clone(presets[:]) }

// PresetNamed finds a preset. The error gives the name and the remedy; the
// caller puts the YAML key before it.
func PresetNamed(name string) (Preset, error) {
	names := make([]string, len(presets))
	for i, p := range presets {
		if p.Name == name {
			return p, nil
		}
		names[i] = p.Name
	}
	return Preset{}, fmt.Errorf("must be one of %s (got %q)", strings.Join(names, ", "), name)
}

var analytics = Actions{
	pii.None:            Keep,
	pii.Identity:        Pseudonym,
	pii.Email:           Pseudonym,
	pii.IP:              Truncate,
	pii.Phone:           Redact,
	pii.Secret:          Redact,
	pii.Name:            Drop,
	pii.QuasiIdentifier: Drop,
	pii.VendorID:        Drop,
	pii.UserAgent:       Family,
	pii.Version:         Major,
	pii.URL:             Origin,
	pii.Path:            Template,
	pii.Text:            Drop,
	pii.EmailDomain:     Provider,
	pii.TraceID:         Drop,
	pii.Public:          Keep,
}

var presets = [...]Preset{
	{"analytics", "For log vendors: who did it is a pseudonym, where from a network; what only helps to find the person is gone.", analytics, ScanUnlisted},
	{"audit", "For the access-controlled audit store: all is kept but phone numbers and secrets.", Actions{
		pii.None:            Keep,
		pii.Identity:        Keep,
		pii.Email:           Keep,
		pii.IP:              Keep,
		pii.Phone:           Redact,
		pii.Secret:          Redact,
		pii.Name:            Keep,
		pii.QuasiIdentifier: Keep,
		pii.VendorID:        Keep,
		pii.UserAgent:       Keep,
		pii.Version:         Keep,
		pii.URL:             Keep,
		pii.Path:            Keep,
		pii.Text:            Keep,
		pii.EmailDomain:     Keep,
		pii.TraceID:         Keep,
		pii.Public:          Keep,
	}, ScanUnlisted},
	{"strict", "analytics, and what no profile lists is dropped.", analytics, DropUnlisted},
}
