package agree

import (
	"slices"
	"strings"

	"github.com/authevents/otelcol-auth/bench/internal/pipelines"
	"github.com/authevents/otelcol-auth/internal/attr"
)

// allowance says why a field may differ, or be there on one side alone; where the
// reason is empty, it may not.
type allowance struct{ differs, oursOnly, stockOnly string }

// reasons are those that were needed.
func (a allowance) reasons(t tally) string {
	var all []string
	for _, one := range []struct {
		count  int
		reason string
	}{{t.differs, a.differs}, {t.oursOnly, a.oursOnly}, {t.stockOnly, a.stockOnly}} {
		if one.count > 0 && one.reason != "" && !slices.Contains(all, one.reason) {
			all = append(all, one.reason)
		}
	}
	return strings.Join(all, "; ")
}

// allowed returns the allowance of a field in a row.
func allowed(source string, row pipelines.Row) func(field string) allowance {
	return func(field string) allowance {
		a := undone(source, row, field)
		if row.Scrubs() && source == pipelines.LoginGov {
			switch field {
			case attr.UserAgentOriginal:
				a.stockOnly = "ours drops it: name and version are left"
			case attr.UserAgentVersion, attr.UserAgentOSVersion:
				a.differs = "ours keeps the first number; to the stock side's pattern 126.0.0.0 is an IP address"
			}
		}
		return a
	}
}

// undone allows what the stock side does not do.
func undone(source string, row pipelines.Row, field string) allowance {
	if !row.Counts() {
		return parsedOnly(source, field)
	}
	switch field {
	case attr.Category:
		return allowance{oursOnly: "from the list of the source's event names"}
	case attr.LogFilePath:
		return allowance{oursOnly: "file_log adds it if asked to"}
	case attr.LogRecordUID:
		if source == pipelines.Hera {
			return allowance{oursOnly: "Hera's lines have no id"}
		}
	case attr.Method, attr.Step, attr.Limiter:
		if source == pipelines.LoginGov {
			return allowance{oursOnly: "implied by the event's name"}
		}
	}
	return allowance{}
}

// parsedOnly allows what is not in the members of the line, in the rows in which
// the stock side parses it and no more.
func parsedOnly(source, field string) allowance {
	if !slices.ContainsFunc(pipelines.Members(source), func(m pipelines.Member) bool { return m.Attribute == field }) {
		return allowance{oursOnly: "stock parses the line and its time alone"}
	}
	switch field {
	case attr.ClientID, attr.ServerAddress:
		if source == pipelines.LoginGov {
			return allowance{oursOnly: "it stands in another member too"}
		}
	case attr.UserID:
		if source == pipelines.LoginGov {
			return allowance{stockOnly: "anonymous-uuid, which stands for nobody"}
		}
	}
	return allowance{}
}
