package scrub

import (
	"strings"
	"unicode/utf8"
	"unsafe"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
	"github.com/authevents/otelcol-auth/internal/scrub/detect"
	"github.com/authevents/otelcol-auth/internal/scrub/pseudonym"
)

// walker scrubs one batch at a time and lends its buffers to it.
type walker struct {
	s     *Scrubber
	stats Stats
	names pseudonym.View // the keys of this batch
	// t and plan are of the record at hand, place is where in it the value at
	// hand stands, and tallies are what was found in it.
	t       *treatment
	plan    *plan
	place   Place
	tallies tallies
	scope   scopeState
	met     []bool // conditions of rules that the resource meets
	shared  sharedTexts
	// rewalk: what is walked was walked before, so that an address in it may be
	// one that was mapped, see PrefixPreserving.
	rewalk bool
	// bodiless: the batch is of spans or data points.
	bodiless bool
	turn     turn
	// thorough: no member is taken for a simple one, and no attribute for a quiet one.
	// Tests compare.
	thorough bool
	// left is how many members and elements the record may have yet.
	left int
	// reach is how many attributes of a map are looked at; of all but what
	// records share, all are.
	reach int
	// ids are the record's own: those of its attributes, and behind them as
	// many as learned says, of its body. idText holds these.
	ids     []identity
	learned int
	idText  []byte
	// unsearched is how much of a JSON body was written when the last of these was
	// learned: all that they were not looked for in.
	unsearched int
	// idLengths has the lengths of ids, as bits; all from 63 on are one. Most
	// texts are ruled out by it.
	idLengths uint64
	// shortestWord is how long the shortest of ids is that is no UUID and has no
	// digit, and shortestCode of those with one; math.MaxInt where there is none.
	shortestWord, shortestCode int
	// user is the record's user.id, and member the name at hand where nobody lists
	// it: for the names that operators are told.
	user, member string
	// numericIDs: some of ids may be written as numbers.
	numericIDs bool
	interned   interned
	clean      cleanTexts
	agent      userAgent
	lastIP     lastAddress
	row        [maxQuiet]*knownAttribute // see quietAttributes
	added      []addition
	mapped     []int // where in a text the addresses stand that a pass has mapped
	spans      []detect.Span
	text       []byte // where a text with spans is rewritten
	general    []byte // where a text is generalized
	// levels are the JSON texts being rewritten: the body, a text in it, …
	levels [maxNested + 1]level
}

// scopeState is what the records of a scope have in common.
type scopeState struct {
	source string
	// fields is the value of auth.pii.fields, as planCache takes it, and plans are
	// those made of it so far, by treatment and source.
	fields string
	plans  []*plan
	// recent outlive the batch: the next one nearly always has the same scopes.
	// oldest is the one to be replaced.
	recent [maxRecent]scopePlans
	oldest int
	nodes  int // of all their plans
	// stale: some of the plans are none, see plan.unplanned.
	stale bool
}

// forgetUnplanned lets go of the plans that are none.
func (s *scopeState) forgetUnplanned() {
	if !s.stale {
		return
	}
	s.stale = false
	for i := range s.recent {
		for j, p := range s.recent[i].plans {
			if p != nil && p.unplanned {
				s.recent[i].plans[j] = nil
			}
		}
	}
}

// hold adds a plan's places to those held, and lets go of all plans where there
// would be too many: planCache has what is in use.
func (s *scopeState) hold(p *plan) {
	if s.nodes += p.nodes; s.nodes <= maxHeldNodes {
		return
	}
	for i := range s.recent {
		clear(s.recent[i].plans)
	}
	s.nodes = p.nodes
}

// maxRecent is how many values of auth.pii.fields a walker knows without a look
// into planCache, which hashes them: one of each IdP that sends at a time.
const maxRecent = 4

// scopePlans are the plans of one value of auth.pii.fields.
type scopePlans struct {
	text     string // as it came
	bodiless bool   // see walker.bodiless: what it has no list of is another
	fields   string
	plans    []*plan
}

// read sets the fields that a scope gives. To compare 50 KB costs little beside
// looking them up, and nothing where they are the same string.
func (s *scopeState) read(of *Scrubber, text string, bodiless bool) {
	if len(text) > maxPlanText {
		text = ""
	}
	for i := range s.recent {
		if r := &s.recent[i]; r.plans != nil && r.bodiless == bodiless && r.text == text {
			s.fields, s.plans = r.fields, r.plans
			return
		}
	}
	r := &s.recent[s.oldest]
	s.oldest = (s.oldest + 1) % maxRecent
	for _, p := range r.plans {
		if p != nil {
			s.nodes -= p.nodes
		}
	}
	*r = scopePlans{text, bodiless, text, make([]*plan, len(of.treatments)*(len(of.sources)+1))}
	// No profile has personal data in its paths; who sends some that are to be
	// passed on gets strict.
	if of.policy.KeepPIIFields && len(of.find(nil, text)) > 0 {
		r.fields = ""
	}
	s.fields, s.plans = r.fields, r.plans
}

// maxNested is how many JSON texts in strings of JSON texts are walked.
// Deeper ones are redacted whole.
const maxNested = 4

// maxText is how long a text is at most that is searched. A longer one is
// redacted whole: no line that the receivers take is as long.
const maxText = 4 << 20

// maxMembers is how many members and elements of pdata maps and slices a
// record may have. What is behind them is redacted.
const maxMembers = jsonscan.MaxMembers

// fate is what becomes of a value.
type fate uint8

const (
	// same: it stays.
	same fate = iota
	// changed: a text replaces it. The text shares no memory with the value.
	changed
	// lent: as changed, but the text lives until the walker's buffers or the
	// value are written to again.
	lent
	// gone: nothing of it is left.
	gone
)

// maxPooled caps what of a buffer goes back to the pool: one huge body must
// not pin its size for ever. Bodies are 1 KB, so 64 KB keep nearly all.
const maxPooled = 64 << 10

// recyclable readies the walker for the pool, and says whether it may go there.
// It forgets every string of the batch: pdata is not kept behind Consume.
func (w *walker) recyclable() bool {
	clear(w.ids[:cap(w.ids)])
	clear(w.spans[:cap(w.spans)])
	clear(w.added[:cap(w.added)])
	w.shared.forget()
	w.agent.forget()
	w.lastIP.forget()
	w.user, w.member = "", ""
	w.scope.source, w.names = "", pseudonym.View{}
	size := cap(w.text) + cap(w.general) + cap(w.idText) + cap(w.spans)*int(unsafe.Sizeof(detect.Span{})) +
		cap(w.tallies.found)*int(unsafe.Sizeof(tally{})) + cap(w.added)*int(unsafe.Sizeof(addition{})) + 8*cap(w.mapped)
	for i := range w.levels {
		l := &w.levels[i]
		l.src = ""
		size += cap(l.out) + cap(l.unescaped)
	}
	return size <= maxPooled
}

// newText copies what was rewritten into a string of its own, valid UTF-8 whatever
// stood around the changes.
func newText(b []byte) string {
	text := string(b)
	if utf8.ValidString(text) {
		return text
	}
	return strings.ToValidUTF8(text, "\uFFFD")
}

// borrow views b as a string without a copy, for the time until b is written
// to again. Nothing that is kept may share it: what scrubbing keeps, it copies.
func borrow(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
