package profiles

import (
	"slices"
	"strings"

	"github.com/authevents/otelcol-auth/internal/attr"
)

func (d *draft) withRole(role string) (chosen []choice) {
	for _, c := range d.attributes {
		if c.role == role {
			chosen = append(chosen, c)
		}
	}
	return chosen
}

// attributes writes the rules of each attribute, in the order of attributeRoles:
// those that are for some lines first, and one for the places of all.
func (r *renderer) attributes() {
	begun := false
	for i := range attributeRoles {
		role := &attributeRoles[i]
		if role.name == "uid" || role.name == "trace_id" {
			continue
		}
		chosen := r.withRole(role.name)
		inText := r.inText[role.name]
		if len(chosen) == 0 && inText == "" {
			continue
		}
		if !begun {
			r.line(4, "attributes:")
			begun = true
		}
		var plain, alike []choice
		for _, c := range chosen {
			switch {
			case c.isPlain():
				plain = append(plain, c)
				continue
			case len(alike) > 0 && c.text() != alike[0].text():
				r.rule(role, alike, "")
				alike = nil
			}
			alike = append(alike, c)
		}
		if len(alike) > 0 {
			r.rule(role, alike, "")
		}
		if len(plain) > 0 || inText != "" {
			r.rule(role, plain, inText)
		}
	}
}

// isPlain says whether a place is read in all lines, as it is.
func (l *limit) isPlain() bool { return l.text() == "" }

// rule writes a rule for places of the same limit. inText is what templates capture
// for it, which goes first.
func (r *renderer) rule(role *role, chosen []choice, inText string) {
	r.line(6, "- name: "+role.name)
	if inText != "" {
		r.line(8, "from:")
		r.line(10, "- "+quote(r.names[0].field.pointer+"/"+inText)+" # out of the sentences")
		for _, c := range chosen {
			r.line(10, "- "+quote(c.field.pointer)+" # "+r.why(c))
		}
	} else {
		r.places(8, "from", chosen)
	}
	if role.as != "" {
		r.line(8, "as: "+role.as)
	}
	if except := r.exceptions(role, chosen, inText); len(except) > 0 {
		r.line(8, "except: "+list(except)+" # nobody")
	}
	if len(chosen) > 0 {
		r.WriteString(chosen[0].text())
	}
}

// text is the limit as YAML, behind the places of a rule.
func (l *limit) text() string {
	var b strings.Builder
	line := func(indent int, text string) { b.WriteString(strings.Repeat(" ", indent) + text + "\n") }
	if l.after != "" {
		line(8, "after: "+quote(l.after)+" # the user whom it is about")
	}
	for _, key := range []struct {
		name   string
		values []string
	}{{"unlike", l.unlike}, {"categories", l.categories}, {"not_categories", l.notCategories}} {
		if len(key.values) > 0 {
			line(8, key.name+": "+list(key.values))
		}
	}
	if len(l.when) > 0 {
		line(8, "when:")
	}
	for i := range l.when {
		line(10, l.when[i].text())
	}
	return b.String()
}

// exceptions are the values of the places that stand for nobody.
func (d *draft) exceptions(role *role, chosen []choice, inText string) (except []string) {
	if role.name != attr.UserID && role.name != attr.UserName && role.name != attr.ActorID {
		return nil
	}
	if inText != "" {
		except = sentinelsIn(d.names[0].field)
	}
	for _, c := range chosen {
		found := sentinelsOf(c.field)
		if c.field.inside != "" {
			found = append(found, "null") // of a list of key="value", for nothing
		}
		for _, value := range found {
			if !slices.Contains(except, value) {
				except = append(except, value)
			}
		}
	}
	return except
}
