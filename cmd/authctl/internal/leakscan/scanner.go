// Package leakscan looks for personal data that is left in files. It asks the
// scrubber: what that would still change is left.
package leakscan

import (
	"crypto/rand"
	"fmt"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/progress"
	"github.com/authevents/otelcol-auth/internal/authevent"
	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub"
	"github.com/authevents/otelcol-auth/internal/scrub/pseudonym"
)

// known is what a scan knows beyond what everybody does.
type known struct {
	// keys verify pseudonyms. Without any, their shape counts.
	keys []pseudonym.Key
	// fields are personal by a configuration.
	fields []scrub.Field
	// profiles are those of a configuration's receivers, by name.
	profiles map[string]any
	// ipv4Bits and ipv6Bits are how much of a truncated address may be left.
	ipv4Bits, ipv6Bits int
}

// scanner looks through units, and reports what it finds.
type scanner struct {
	scrubber *scrub.Scrubber
	batch    *authevent.Batch
	parser   *authevent.Parser
	report   *report
	lists    map[string][]pii.Field           // see parsed
	joined   map[[maxEventsAt]eventsAt]string // see within.fields
	meter    *progress.Meter                  // nil where nobody looks
}

func newScanner(k known, r *report) (*scanner, error) {
	policy := scanPolicy(k)
	if len(k.keys) == 0 {
		secret := make([]byte, pseudonym.MinSecret)
		_, _ = rand.Read(secret) // which never fails
		policy.Keys = []pseudonym.Key{{ID: "scan", Secret: secret}}
		policy.TrustedUpstream = true
	}
	scrubber, err := scrub.New(policy)
	if err != nil {
		return nil, fmt.Errorf("scan: %w", err)
	}
	parser, err := authevent.NewParser(authevent.Options{ScopeName: "authctl", Profiles: k.profiles})
	if err != nil {
		return nil, err
	}
	return &scanner{
		scrubber: scrubber, parser: parser, batch: parser.NewBatch(), report: r,
		lists: map[string][]pii.Field{}, joined: map[[maxEventsAt]eventsAt]string{},
	}, nil
}

// scanPolicy changes all that the default policy changes, and removes as little as
// can be, so that what leaves has the shape of what came: the two are compared.
func scanPolicy(k known) scrub.Policy {
	policy := scrub.DefaultPolicy()
	for kind, action := range policy.Actions {
		if action == scrub.Drop && pii.Kind(kind) != pii.TraceID { // which is not redacted
			policy.Actions[kind] = scrub.Redact
		}
	}
	policy.Unparsed = scrub.ScanUnparsed
	policy.OnError = scrub.RedactRecord
	policy.Verify = 0
	policy.DecodeTokens = true
	policy.KeepPIIFields = true
	policy.Keys, policy.Fields = k.keys, k.fields
	policy.IPv4Bits = max(policy.IPv4Bits, k.ipv4Bits)
	policy.IPv6Bits = max(policy.IPv6Bits, k.ipv6Bits)
	return policy
}

// changed says whether the scrubber had anything to change, or could not look. It is
// asked of every unit, and Stats are some KB.
func changed(s *scrub.Stats) bool {
	return s.Changed != scrub.Counts{} || s.Bodies != [scrub.NumReasons]int{} || s.DroppedBy != [scrub.NumDropReasons]int{} || s.Panics > 0
}

// changesOf counts the values of a kind that became another.
func changesOf(s *scrub.Stats, kind pii.Kind) int {
	if s.Changed[kind] == (scrub.Counts{}[kind]) { // nearly all
		return 0
	}
	n := 0
	for _, byAction := range &s.Changed[kind] {
		for _, byWay := range byAction {
			for _, count := range byWay {
				n += int(count)
			}
		}
	}
	return n
}
