package pipelines

import (
	"slices"
	"strings"

	"github.com/authevents/otelcol-auth/bench/internal/stockmetrics"
	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/catalogue"
)

// vocabulary is how the stock side gives a source's records the attributes that
// ours have, from members of the line that is its body by then.
type vocabulary struct {
	// parse are the operators that parse the line and its time.
	parse []any
	// members are those that become an attribute as they stand.
	members []Member
	// moves are of them the ones that nearly each line has, by attribute: operators of
	// file_log take them out of the body, which costs less than a statement, and
	// redaction sees them once.
	moves []Member
	// before are operators in front of the moves.
	before []any
	// statements are OTTL for the rest: members that few lines have (a move that
	// finds nothing is an error, and a statement none), and what is derived.
	statements []any
	// taken are statements for rows that scrub as well: they take out of the body what
	// stands in an attribute by then.
	taken []any
	// attributes are all that a record may then have; see stockmetrics.Input.
	attributes []string
	// required are attributes without which a metric counts no record of the source.
	required map[string][]string
	// ids are keys, in the body, of values that identify somebody.
	ids []string
}

// Member is one of the line, by its path: names joined by dots.
type Member struct{ Attribute, Path string }

// Members are those of a source's lines that become an attribute as they stand. In
// the rows that do not count, the stock side leaves them in the body.
func Members(source string) []Member { return vocabularyOf(source).members }

func vocabularyOf(source string) vocabulary {
	if source == Hera {
		return heraVocabulary()
	}
	return loginGovVocabulary()
}

// identifying are the attributes whose values identify somebody.
var identifying = []string{attr.UserID, attr.SessionID, attr.VisitorID, attr.ActorID, attr.ClientAddress}

// stock is file_log with json_parser into the body and time parsing. Where records
// are counted, the attributes are filled, by file_log and transform, and
// signal_to_metrics counts by them; redaction alone needs none.
//
// The body is a map, since redaction finds an id by its key, and in a text body
// there is none. A text body with a pattern for UUIDs took twice as much: each
// pattern runs over all of the line.
func stock(source string, row Row, o Options) parts {
	v := vocabularyOf(source)
	operators := slices.Clone(v.parse)
	settings := map[string]any{
		"include": list(o.Include), "start_at": "beginning", "storage": "file_storage",
	}
	var p parts
	if row.Counts() {
		operators = append(operators, v.before...)
		for _, m := range v.moves {
			operators = append(operators, map[string]any{
				"type": "move", "from": "body." + m.Path, "to": `attributes["` + m.Attribute + `"]`, "on_error": "send_quiet",
			})
		}
		settings["resource"] = map[string]any{attr.Source: source}
		statements := slices.Clone(v.statements)
		if row.Scrubs() {
			statements = append(statements, v.taken...)
		}
		p.processors = append(p.processors, processor{"transform", map[string]any{
			"error_mode": "silent", "log_statements": statements,
		}})
		p.connector = map[string]any{"signal_to_metrics": CountedBy(source).SignalToMetrics(catalogue.Builtin())}
	}
	if row.Scrubs() {
		p.processors = append(p.processors, processor{"redaction", Redaction(v.keys(row)...)})
	}
	settings["operators"] = operators
	p.receiver = map[string]any{"file_log": settings}
	return p
}

// keys are those of values that identify somebody: of members that are still in the
// body, and of attributes that are there.
func (v vocabulary) keys(row Row) []string {
	if !row.Counts() {
		return v.ids
	}
	keys := slices.DeleteFunc(slices.Clone(v.ids), func(id string) bool {
		return slices.ContainsFunc(v.moves, func(m Member) bool { return m.Path[strings.LastIndexByte(m.Path, '.')+1:] == id })
	})
	for _, name := range identifying {
		if slices.Contains(v.attributes, name) {
			keys = append(keys, name)
		}
	}
	return keys
}

// CountedBy is what signal_to_metrics is told of a source's records.
func CountedBy(source string) stockmetrics.Input {
	v := vocabularyOf(source)
	return stockmetrics.Input{Sources: []string{source}, Attributes: v.attributes, Required: v.required}
}

// timestamp parses the time of a member. Both sources write it in one way.
func timestamp(member string) map[string]any {
	return map[string]any{"parse_from": member, "layout_type": "gotime", "layout": "2006-01-02T15:04:05.999Z"}
}

// when is a group of statements, for records that meet one of the conditions.
func when(conditions []string, statements ...string) map[string]any {
	return map[string]any{"context": "log", "conditions": list(conditions), "statements": list(statements)}
}

// always is a group of statements for each record.
func always(statements ...string) map[string]any {
	return map[string]any{"context": "log", "statements": list(statements)}
}

// failed is the condition that comes before what only failures have.
var failed = []string{`log.attributes["auth.outcome"] == "failure"`}
