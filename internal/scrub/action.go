package scrub

import (
	"fmt"
	"slices"
	"strings"

	"github.com/authevents/otelcol-auth/internal/pii"
)

// Action is what a policy does with the values of a kind.
type Action uint8

const (
	// unset is no action: a policy that forgets one must not keep everything.
	unset Action = iota
	// Keep leaves the value as it is; it is searched all the same.
	Keep
	// Drop removes it: the member, the attribute, or the part of a text.
	Drop
	// Redact replaces it by [REDACTED].
	Redact
	// Pseudonym replaces it by a keyed token, the same for the same value.
	Pseudonym
	// Truncate replaces an IP address by its network's.
	Truncate
	// PrefixPreserving replaces an IP address by another one, such that two
	// addresses of one network stay of one network (Crypto-PAn). Alone of all
	// actions it is not the same done twice: a second hop maps the result again.
	PrefixPreserving
	// KeepDomain leaves the domain of an e-mail address, see EmailDomains.
	KeepDomain
	// Family replaces a User-Agent header by the browser's name and major version.
	Family
	// Major leaves the major version.
	Major
	// Origin leaves scheme, host and port of a URL.
	Origin
	// Template replaces the ids in a path by {id}.
	Template
	// Registrable leaves a domain's public suffix and one label before it.
	Registrable
	// Provider leaves a domain of the large providers; any other is _OTHER.
	Provider

	numActions
)

// NumActions is the length of an array that is indexed by Action.
const NumActions = int(numActions)

var actionNames = [numActions]string{
	"unset", "keep", "drop", "redact", "pseudonym", "truncate", "prefix_preserving", "keep_domain",
	"family", "major", "origin", "template", "registrable", "provider",
}

// String returns the action's name as it stands in configs and metrics.
func (a Action) String() string {
	if a < numActions {
		return actionNames[a]
	}
	return "unknown"
}

// ParseAction reads the action of a kind. The error gives the value and the
// remedy; the caller puts the YAML key before it.
func ParseAction(kind pii.Kind, name string) (Action, error) {
	for _, a := range ActionsOf(kind) {
		if a.String() == name {
			return a, nil
		}
	}
	return unset, fmt.Errorf("must be %s (got %q)", listOf(ActionsOf(kind)), name)
}

// ActionsOf lists what a policy may do with a kind.
func ActionsOf(kind pii.Kind) []Action {
	return slices.Clone(actionsOf[kind])
}

var actionsOf = [pii.NumKinds][]Action{
	pii.None:            {Keep},
	pii.Identity:        {Keep, Drop, Redact, Pseudonym},
	pii.Email:           {Keep, Drop, Redact, Pseudonym, KeepDomain},
	pii.IP:              {Keep, Drop, Redact, Pseudonym, Truncate, PrefixPreserving},
	pii.Phone:           {Keep, Drop, Redact},
	pii.Secret:          {Drop, Redact},
	pii.Name:            {Keep, Drop, Redact},
	pii.QuasiIdentifier: {Keep, Drop, Redact},
	pii.VendorID:        {Keep, Drop, Redact},
	pii.UserAgent:       {Keep, Drop, Redact, Family},
	pii.Version:         {Keep, Drop, Redact, Major},
	pii.URL:             {Keep, Drop, Redact, Origin},
	pii.Path:            {Keep, Drop, Redact, Template},
	pii.Text:            {Keep, Drop, Redact},
	pii.EmailDomain:     {Keep, Drop, Redact, Registrable, Provider},
	pii.TraceID:         {Keep, Drop},
	pii.Public:          {Keep},
}

func listOf(actions []Action) string {
	names := make([]string, len(actions))
	for i, a := range actions {
		names[i] = a.String()
	}
	if len(names) == 1 {
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
}
