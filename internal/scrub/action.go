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
	// Keep leaves the value as it is.
	Keep
	// Drop removes it: the member, the attribute, or the part of a text.
	Drop
	// Redact replaces it by [REDACTED].
	Redact
	// Pseudonym replaces it by a keyed token, the same for the same value.
	Pseudonym
	// Truncate replaces an IP address by its network's.
	Truncate

	numActions
)

// NumActions is the length of an array that is indexed by Action.
const NumActions = int(numActions)

var actionNames = [numActions]string{"unset", "keep", "drop", "redact", "pseudonym", "truncate"}

// Actions lists every action that a policy may name.
func Actions() []Action { return []Action{Keep, Drop, Redact, Pseudonym, Truncate} }

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
	for _, a := range actionsOf(kind) {
		if a.String() == name {
			return a, nil
		}
	}
	return unset, fmt.Errorf("must be %s (got %q)", listOf(actionsOf(kind)), name)
}

// actionsOf lists what a policy may do with a kind. Only an address has a network.
func actionsOf(kind pii.Kind) []Action {
	if kind == pii.IP {
		return Actions()
	}
	return slices.DeleteFunc(Actions(), func(a Action) bool { return a == Truncate })
}

func listOf(actions []Action) string {
	names := make([]string, len(actions))
	for i, a := range actions {
		names[i] = a.String()
	}
	return strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
}
