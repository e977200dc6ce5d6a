package scrub

import (
	"errors"
	"fmt"

	"github.com/authevents/otelcol-auth/internal/scrub/pseudonym"
)

// compile checks the policy and fills s with what it comes to. The error names
// every YAML key at fault.
func (s *Scrubber) compile(p Policy) error {
	top, err := p.compile(0, "")
	errs := []error{err}
	s.treatments = []*treatment{top}
	errs = append(errs, s.compileFields(p.Fields), s.compileRules(p.Rules))
	if !(p.Verify >= 0 && p.Verify <= 1) {
		errs = append(errs, fmt.Errorf("verify: must be a share of records, between 0 and 1 (got %v)", p.Verify))
	}
	if p.Unparsed > ScanUnparsed {
		errs = append(errs, fmt.Errorf("unparsed: must be redact or scan (got %d)", p.Unparsed))
	}
	if p.OnError > RedactRecord {
		errs = append(errs, fmt.Errorf("on_error: must be drop or redact (got %d)", p.OnError))
	}
	s.policy = p
	s.policy.Keys = nil // secrets are not kept
	s.names, err = pseudonym.New(p.pseudonyms())
	errs = append(errs, err, s.checkKeys(p.Keys))
	if err = errors.Join(errs...); err != nil {
		return err
	}
	s.compileAttributes()
	return nil
}

// compileAttributes builds the tables of each treatment and source.
func (s *Scrubber) compileAttributes() {
	for _, t := range s.treatments {
		if t.index > 0 && t.allow == nil { // the actions differ, and what is known does not
			s.attributes = append(s.attributes, s.attributes[0])
			continue
		}
		var tables []*attributeTable
		for source := range s.bodyFields {
			tables = append(tables, newAttributeTable(s.attributeFields[source], t.allow))
		}
		s.attributes = append(s.attributes, tables)
	}
}
