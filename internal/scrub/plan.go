package scrub

import (
	"errors"
	"maps"
	"strconv"
	"strings"
	"sync"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
	"github.com/authevents/otelcol-auth/internal/pii"
)

// node is a place in a body: what kind of value it is, and what is below it.
// A nil node is a place that no field names.
type node struct {
	kind     pii.Kind
	children map[string]*node // by member name or array index; looked up, never ranged over when scrubbing
	any      *node            // below "*"
}

// member returns the node of the named member.
func (n *node) member(name string) *node {
	if n == nil {
		return nil
	}
	if child, ok := n.children[name]; ok {
		return child
	}
	return n.any
}

// element returns the node of the i-th element.
func (n *node) element(i int) *node {
	if n == nil {
		return nil
	}
	if len(n.children) == 0 {
		return n.any
	}
	var stack [20]byte
	if child, ok := n.children[string(strconv.AppendInt(stack[:0], int64(i), 10))]; ok {
		return child
	}
	return n.any
}

// below returns the kind of the node's value where the value around it is of
// the outer kind. What is redacted under every policy wins; else the more
// precise one does.
func (n *node) below(outer pii.Kind) pii.Kind {
	if n == nil || n.kind == pii.None || rank[outer] >= rank[pii.Phone] && rank[outer] > rank[n.kind] {
		return outer
	}
	return n.kind
}

// rank orders the kinds by how much harm a value does, for a place that two
// fields name.
var rank = [pii.NumKinds]int{
	pii.None: 0, pii.Public: 1, pii.Version: 2, pii.EmailDomain: 3, pii.Path: 4, pii.UserAgent: 5, pii.URL: 6,
	pii.TraceID: 7, pii.IP: 8, pii.Email: 9, pii.Identity: 10, pii.QuasiIdentifier: 11, pii.VendorID: 12,
	pii.Name: 13, pii.Text: 14, pii.Phone: 15, pii.Secret: 16,
}

func stronger(a, b pii.Kind) pii.Kind {
	if rank[b] > rank[a] {
		return b
	}
	return a
}

// The bounds of a plan. The value comes over the network, behind a gateway: it
// must not cost what its sender pleases.
const (
	maxPlanText  = 64 << 10
	maxPlanNodes = 8192
)

var errPlan = errors.New("too large")

// compilePlan reads the value of auth.pii.fields into the trie of its paths.
func compilePlan(text string) (*node, error) {
	if len(text) > maxPlanText {
		return nil, errPlan
	}
	fields, err := pii.ParseFields(text)
	if err != nil {
		return nil, err
	}
	root, nodes := &node{}, 0
	for _, f := range fields {
		if len(f.Path) > jsonscan.MaxDepth { // no body is as deep
			return nil, errPlan
		}
		n := root
		for _, token := range f.Path {
			n = n.grow(token)
			if nodes++; nodes > maxPlanNodes {
				return nil, errPlan
			}
		}
		n.kind = stronger(n.kind, f.Kind)
	}
	p := planner{left: maxPlanNodes}
	root = p.resolve(root)
	if p.left < 0 {
		return nil, errPlan
	}
	return root, nil
}

func (n *node) grow(token string) *node {
	if token == "*" {
		if n.any == nil {
			n.any = &node{}
		}
		return n.any
	}
	child, ok := n.children[token]
	if !ok {
		if n.children == nil {
			n.children = make(map[string]*node)
		}
		child = &node{}
		n.children[token] = child
	}
	return child
}

// planner makes the trie deterministic: what is below "*" holds below every
// named sibling as well, so that scrubbing follows one node only. Merging
// copies nodes; left bounds the copies.
type planner struct{ left int }

func (p *planner) resolve(n *node) *node {
	if n == nil || p.left < 0 {
		return nil
	}
	p.left--
	out := &node{kind: n.kind, any: p.resolve(n.any)}
	for token, child := range n.children {
		if out.children == nil {
			out.children = make(map[string]*node, len(n.children))
		}
		out.children[token] = p.resolve(p.merge(child, n.any))
	}
	return out
}

func (p *planner) merge(a, b *node) *node {
	if a == nil {
		return b
	}
	if b == nil || p.left < 0 {
		return a
	}
	p.left--
	out := &node{kind: stronger(a.kind, b.kind), any: p.merge(a.any, b.any), children: maps.Clone(a.children)}
	for token, child := range b.children {
		if out.children == nil {
			out.children = make(map[string]*node, len(b.children))
		}
		out.children[token] = p.merge(out.children[token], child)
	}
	return out
}

// maxPlans caps the cache of plans. There is one per profile, so a real
// deployment has a dozen; beyond the cap the cache starts anew, which costs a
// flood of values their compilation and nothing else.
const maxPlans = 64

// planCache holds compiled plans by the value of auth.pii.fields; nil for one
// that can't be read.
type planCache struct {
	mu    sync.RWMutex
	plans map[string]*node
}

func (c *planCache) get(text string) *node {
	c.mu.RLock()
	plan, ok := c.plans[text]
	c.mu.RUnlock()
	if ok {
		return plan
	}
	if len(text) > maxPlanText {
		return nil
	}
	// pdata is not kept behind Consume: the key, and what names of the plan are
	// cut from it, must not pin the batch that text belongs to.
	text = strings.Clone(text)
	plan, err := compilePlan(text)
	if err != nil {
		plan = nil // strict
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.plans == nil || len(c.plans) >= maxPlans {
		c.plans = make(map[string]*node)
	}
	c.plans[text] = plan
	return plan
}
