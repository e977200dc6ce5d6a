package profiles

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/profiles/sample"
	"github.com/authevents/otelcol-auth/internal/attr"
)

// outcomeNames are folded names of fields that say whether it worked.
var outcomeNames = []string{
	"outcome", "outcome/result", "success", "result", "succeeded", "successful", "ok", "allowed", "granted", "decision", "status",
	"authenticated", "isvalid", "valid",
}

// chooseOutcome finds the places of the outcome.
func chooseOutcome(all []*field) []choice {
	var candidates []choice
	for _, f := range all {
		rank := slices.IndexFunc(outcomeNames, func(name string) bool {
			parent, member, both := strings.Cut(name, "/")
			return !both && name == f.name || both && f.name == member && f.parent == parent
		})
		if rank < 0 || !f.isPlace() || f.share(shapeBool, shapeCode, shapeInteger) < 0.9 || f.parent == "error" {
			continue
		}
		known := 0
		for _, value := range f.of {
			if outcomeOf(value) != "" {
				known++
			}
		}
		if fits := float64(known) / float64(max(1, len(f.of))); fits >= 0.5 {
			candidates = append(candidates, choice{role: "outcome", field: f, rank: rank + 2*(f.depth-1), fits: fits})
		}
	}
	slices.SortStableFunc(candidates, func(a, b choice) int { return cmp.Compare(a.rank, b.rank) })
	return cover(candidates)
}

// outcomeValues lists what stands at the places for success and for failure,
// beside what the parser knows.
func outcomeValues(chosen []choice) map[string][]string {
	values := map[string][]string{}
	var seen []string
	for _, c := range chosen {
		for _, value := range slices.Sorted(maps.Keys(c.field.values)) {
			folded := strings.ToLower(value)
			outcome := outcomeOf(value)
			if outcome == "" || slices.Contains([]string{"true", "false", "1", "0"}, folded) || slices.Contains(seen, folded) || sample.Personal(value) {
				continue
			}
			seen = append(seen, folded)
			values[outcome] = append(values[outcome], value)
		}
	}
	return values
}

// serverErrors are the statuses of which a request's is a failure: what a client
// did wrong is none.
var serverErrors = []string{"500", "501", "502", "503", "504", "505", "507", "508", "511", "520", "521", "522", "523", "524", "525", "526"}

// requests finds the status of a server's access log, whose lines are one event:
// a request. nil where the sample is none.
func requests(attributes []choice) *field {
	var method, status *field
	for _, c := range attributes {
		switch c.role {
		case attr.HTTPRequestMethod:
			method = c.field
		case attr.HTTPResponseStatusCode:
			status = c.field
		}
	}
	if method == nil || status == nil || len(method.lines)*10 < len(status.lines)*9 {
		return nil
	}
	for value := range status.values {
		if n, err := strconv.Atoi(value); err != nil || n < 0 || n > 599 {
			return nil
		}
	}
	return status
}

// errorNames are folded names of fields that tell why it did not work.
var errorNames = []string{
	"errorcode", "error", "reason", "failurereason", "errortype", "outcome/reason", "error/code", "error/reason", "errorsource", "why",
	"failure", "oautherror", "reason/code", "failure/code", "failurereason/code",
}

// chooseErrors finds codes of errors.
func chooseErrors(all []*field, taken func(*field) bool) []choice {
	r := role{name: "error_type", names: errorNames, shapes: []shape{shapeCode, shapeWords, shapeInteger}, deep: 2}
	return r.choose(all, taken)
}
