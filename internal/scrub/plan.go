package scrub

import (
	"errors"
	"strings"
	"sync"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
	"github.com/authevents/otelcol-auth/internal/pii"
)

// plan says of the records of one scope, under one treatment, where what is.
type plan struct {
	// root is the body; nil where nothing at all is known of it.
	root *node
	// attributes of the record.
	attributes *attributeTable
	unlisted   Unlisted
	// profiled: the scope has a list of fields that can be read.
	profiled bool
	nodes    int // of root
	// unplanned: it stands in for one that there was no time to compile.
	unplanned bool
}

// The bounds of a plan. The value comes over the network, behind a gateway: it
// must not cost what its sender pleases. Login.gov's has 53 KB and 900 places.
const (
	maxPlanText  = 256 << 10
	maxPlanNodes = 32 << 10
)

var errPlan = errors.New("too large")

// compileBody reads the value of auth.pii.fields, and joins the fields of the
// config and what a rule allows, into the trie of their paths.
func compileBody(text string, fields []bodyField, allow *allowed) (*node, error) {
	if len(text) > maxPlanText {
		return nil, errPlan
	}
	root, nodes := &node{}, 0
	put := func(path []string) *node {
		nodes += len(path)
		if len(path) > jsonscan.MaxDepth || nodes > maxPlanNodes { // no body is as deep
			return nil
		}
		return root.at(path)
	}
	if text != "" {
		profile, err := pii.ParseFields(text)
		if err != nil {
			return nil, err
		}
		for _, f := range profile {
			n := put(f.Path)
			if n == nil {
				return nil, errPlan
			}
			n.kind, n.listed = stronger(n.kind, f.Kind), allow == nil
		}
	}
	for _, f := range fields {
		n := put(f.path)
		if n == nil {
			return nil, errPlan
		}
		n.kind, n.listed = stronger(n.kind, f.kind), allow == nil
	}
	if allow != nil {
		for _, path := range allow.body {
			n := put(path)
			if n == nil {
				return nil, errPlan
			}
			n.listed = true
		}
	}
	p := planner{left: maxPlanNodes}
	root = p.resolve(root)
	if p.left < 0 {
		return nil, errPlan
	}
	return root, nil
}

// maxPlans caps the cache of plans. There is one per profile and treatment, so
// a real deployment has a dozen; beyond the cap the cache starts anew, which
// costs a flood of values their compilation and nothing else.
const maxPlans = 256

// maxHeldNodes caps the places of all plans that are held, by the cache or by a
// walker: some 60 MiB. 256 of the largest plans would have gigabytes.
const maxHeldNodes = 256 << 10

// planKey is what a plan is made of.
type planKey struct {
	fields            string // the value of auth.pii.fields
	treatment, source int    // indexes
}

// planCache holds the plans that were compiled.
type planCache struct {
	mu    sync.RWMutex
	plans map[planKey]*plan
	nodes int // of all of them
}

// planFor returns the plan for the value of auth.pii.fields, "" where there is none.
func (s *Scrubber) planFor(fields string, t *treatment, source int) *plan {
	if t.index > 0 && t.allow == nil { // the places are those of the top level
		p := *s.planFor(fields, s.treatments[0], source)
		if p.attributes = s.attributes[t.index][source]; p.profiled {
			p.unlisted = t.unlisted
		}
		return &p
	}
	key := planKey{fields, t.index, source}
	c := &s.plans
	c.mu.RLock()
	found, ok := c.plans[key]
	c.mu.RUnlock()
	if ok {
		return found
	}
	if fields != "" && !s.budget.allows() {
		return &plan{attributes: s.attributes[t.index][source], unlisted: DropUnlisted, unplanned: true}
	}
	// pdata is not kept behind Consume: the key, and what names of the plan are
	// cut from it, must not pin the batch that the text belongs to.
	key.fields = strings.Clone(fields)
	made, err := s.compilePlan(key, t)
	made.nodes = made.root.count()
	work := len(key.fields) + placeWork*made.nodes
	if errors.Is(err, errPlan) { // it was given up at the bound
		work += placeWork * maxPlanNodes
	}
	if key.fields != "" {
		s.budget.spend(work)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if other, ok := c.plans[key]; ok { // was made meanwhile
		return other
	}
	if c.plans == nil || len(c.plans) >= maxPlans || c.nodes+made.nodes > maxHeldNodes {
		c.plans, c.nodes = make(map[planKey]*plan), 0
	}
	c.plans[key] = made
	c.nodes += made.nodes
	return made
}

// compilePlan builds a plan. What can't be read is treated as if it weren't
// there: nothing is listed but what the config lists, and what isn't goes. err says
// why it can't be read.
func (s *Scrubber) compilePlan(key planKey, t *treatment) (p *plan, err error) {
	p = &plan{attributes: s.attributes[t.index][key.source], unlisted: t.unlisted}
	fields := s.bodyFields[key.source]
	root, err := compileBody(key.fields, fields, t.allow)
	if err == nil && key.fields != "" {
		p.root, p.profiled = root, true
		return p, nil
	}
	p.unlisted = DropUnlisted
	if root, failed := compileBody("", fields, t.allow); failed == nil && root.opens() {
		p.root = root
	}
	return p, err
}
