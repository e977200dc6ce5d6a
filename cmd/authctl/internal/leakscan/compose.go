package leakscan

import (
	"strings"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub"
)

// composer makes a JSON object of names and values that a file has in another
// form, for the scrubber knows names in JSON.
type composer struct {
	text  []byte
	cells []cell
}

// add adds a member, unless its value says that there is none.
func (c *composer) add(name, value string, line, column int) {
	if nothings[value] {
		return
	}
	if len(c.text) == 0 {
		c.text = append(c.text, '{')
	} else {
		c.text = append(c.text, ',')
	}
	name = strings.ToValidUTF8(name, "\uFFFD")
	as := knownName(name)
	c.cells = append(c.cells, cell{offset: len(c.text), line: line, column: column, name: name, as: as})
	c.text = jsonscan.AppendQuoted(c.text, as)
	c.text = append(c.text, ':')
	c.text = jsonscan.AppendQuoted(c.text, strings.ToValidUTF8(value, "\uFFFD"))
}

// nothings are what stands for no value where JSON has null: in COPY, and in what
// programs print.
var nothings = map[string]bool{"": true, `\N`: true, "NULL": true, "null": true, "(null)": true, "nil": true, "<nil>": true, "None": true, "undefined": true, "-": true}

// into makes it the text of a unit.
func (c *composer) into(u unit) unit {
	u.text, u.cells, u.json = string(append(c.text, '}')), c.cells, true
	return u
}

// knownName is what of a name tells a kind, behind one of its dots: where columns are
// made of members, as by Insights, properties.user_id is user_id. Of secrets the whole
// name tells alone: error.code is none.
func knownName(name string) string {
	if scrub.NameKind(name) != pii.None || !isName(name) { // which may hold something, and is told
		return name
	}
	for rest, found := name, true; found; {
		if _, rest, found = strings.Cut(rest, "."); !found {
			break
		}
		if kind := scrub.NameKind(rest); kind != pii.None && kind != pii.Secret {
			return rest
		}
	}
	return name
}
