package explain

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/authevents/otelcol-auth/internal/attr"
)

// colours are what a terminal takes; without them all are empty.
type colours struct{ head, dim, added, removed, changed, off string }

var onTerminal = colours{head: "\x1b[1m", dim: "\x1b[2m", added: "\x1b[32m", removed: "\x1b[31m", changed: "\x1b[33m", off: "\x1b[0m"}

// printer writes a report as text.
type printer struct {
	colours
	margin string // before each line
	strings.Builder
}

// text is the report as text.
func (r *Report) text(c colours) string {
	p := &printer{colours: c}
	p.header(r)
	if u := r.Unparsed; u != nil {
		p.line("  no event: at byte %d: %s (%s)", u.Byte, u.Why, u.Reason)
		for _, tried := range u.Tried {
			p.line("    %s", tried)
		}
		p.line("  becomes: %s", u.Becomes)
	}
	if r.Record != nil {
		p.record(r.Record)
	}
	for i := range r.Pipelines {
		p.pipeline(&r.Pipelines[i])
	}
	return p.String()
}

func (p *printer) line(format string, args ...any) {
	p.WriteString(p.margin)
	_, _ = fmt.Fprintf(p, format, args...) // a builder takes all
	p.WriteByte('\n')
}

func (p *printer) header(r *Report) {
	title := fmt.Sprintf("line %d", r.Line)
	if r.Event > 0 {
		title += fmt.Sprintf(", event %d", r.Event)
	}
	switch {
	case r.Skipped != "":
		p.line("%s%s%s: skipped, there is nothing in it (%s)", p.head, title, p.off, r.Skipped)
		return
	case r.Profile == "":
		p.line("%s%s%s", p.head, title, p.off)
	case r.Template != "":
		p.line("%s%s%s: %s takes it, because its template fits: %s", p.head, title, p.off, r.Profile, r.Template)
	default:
		p.line("%s%s%s: %s takes it, because %s", p.head, title, p.off, r.Profile, strings.Join(r.Conditions, "; "))
	}
	if r.Wrapper != "" {
		p.line("  wrapper taken off: %s", r.Wrapper)
	}
}

func (p *printer) record(r *Record) {
	p.line("  %srecord%s made by the receiver", p.head, p.off)
	reading := ""
	if r.TimeOfReading {
		reading = " (of reading: the line has none that can be used)"
	}
	p.line("    event     %s", plain(r.EventName))
	p.line("    time      %s%s", r.Time, reading)
	p.line("    severity  %s", r.Severity)
	if r.TraceID != "" {
		p.line("    trace     %s", r.TraceID)
	}
	p.line("    body      %s", r.Body)
	p.fields("resource", r.Resource)
	p.fields("attributes", r.Attributes)
}

func (p *printer) fields(title string, fields []Field) {
	p.line("    %s", title)
	width := 0
	for _, f := range fields {
		width = max(width, len(f.Name))
	}
	for _, f := range fields {
		value := plainJSON(string(f.Value))
		if f.Status == "" {
			p.line("      %-*s  %s", width, f.Name, value)
			continue
		}
		p.line("      %-*s  %s  %s(%s)%s", width, f.Name, value, p.dim, f.Status, p.off)
	}
}

func (p *printer) pipeline(r *PipelineReport) {
	through := "no processors"
	if len(r.Processors) > 0 {
		through = strings.Join(r.Processors, ", ")
	}
	p.line("  %s%s%s: %s", p.head, r.Pipeline, p.off, through)
	switch {
	case r.Error != "":
		p.line("    %sfails%s, and the receiver is told: %s", p.removed, p.off, plain(r.Error))
	case r.DroppedBy != "":
		p.line("    %sdropped%s by %s: nothing leaves", p.removed, p.off, r.DroppedBy)
	default:
		p.places(r.Places)
	}
	for i := range r.Audits {
		p.audit(&r.Audits[i])
	}
	for i := range r.Counters {
		p.counter(&r.Counters[i])
	}
}

// audit is set in, so that it is not taken for what leaves.
func (p *printer) audit(a *AuditReport) {
	if len(a.Places) == 0 {
		p.line("    %s has mode: audit; with mode: enforce it would change nothing", a.Processor)
		return
	}
	p.line("    %s has mode: audit: the record leaves it as it came. With mode: enforce it would change", a.Processor)
	p.margin = "  "
	p.places(a.Places)
	p.margin = ""
}

var titles = map[section]string{ofRecord: "record", ofResource: "resource", ofScope: "scope", ofAttribute: "attributes", ofBody: "body"}

func (p *printer) places(places []Place) {
	width, last := 0, ""
	for i := range places {
		width = max(width, min(40, len(places[i].label())))
	}
	for i := range places {
		one := &places[i]
		if one.hidden() {
			continue
		}
		if one.Section != last {
			last = one.Section
			p.line("    %s", titles[section(last)])
		}
		p.place(one, width)
	}
}

// hidden leaves out the fields that the record above has told.
func (one *Place) hidden() bool {
	return one.Change == "" && (one.Section == string(ofRecord) || one.Section == string(ofScope))
}

func (one *Place) label() string {
	if one.Name == "" {
		return "(all of it)"
	}
	return plain(one.Name)
}

func (p *printer) place(one *Place, width int) {
	label := one.label()
	switch one.Change {
	case changeAdded:
		p.line("    %s+ %-*s  %s%s%s", p.added, width, label, one.after.plain(), p.off, p.marks(one))
	case changeRemoved:
		p.line("    %s- %-*s  %s%s%s", p.removed, width, label, one.before.plain(), p.off, p.marks(one))
	case changeChanged:
		p.line("    %s~ %-*s  %s → %s%s%s", p.changed, width, label, one.before.plain(), one.after.plain(), p.off, p.marks(one))
	default:
		p.line("      %-*s  %s", width, label, one.after.plain())
	}
}

// marks says which processors made the change, and why.
func (p *printer) marks(one *Place) string {
	var b strings.Builder
	for _, m := range one.Marks {
		fmt.Fprintf(&b, "  %s[%s", p.dim, m.Processor)
		for i, c := range m.Causes {
			b.WriteString([2]string{": ", "; "}[min(i, 1)])
			b.WriteString(c.String())
		}
		if m.Rule != "" {
			b.WriteString(", " + m.Rule)
		}
		b.WriteString("]" + p.off)
	}
	return b.String()
}

func (p *printer) counter(c *CounterReport) {
	kind := "processor"
	if c.Connector {
		kind = "connector"
	}
	if len(c.Metrics) == 0 {
		p.line("    counted by %s (%s): nothing", c.ID, kind)
		return
	}
	p.line("    counted by %s (%s)", c.ID, kind)
	for _, m := range c.Metrics {
		p.line("      %s +%s %s%s%s", m.Name, strconv.FormatFloat(m.Adds, 'g', -1, 64), p.dim, labels(m.Labels), p.off)
	}
}

// labels are in the order of their names, those that every metric has last.
func labels(of map[string]string) string {
	var own, common []string
	for _, name := range slices.Sorted(maps.Keys(of)) {
		text := name + "=" + strconv.Quote(of[name])
		if name == attr.Source || name == attr.Domain || strings.HasPrefix(name, "service.") || name == attr.DeploymentEnvironmentName {
			common = append(common, text)
		} else {
			own = append(own, text)
		}
	}
	return "{" + strings.Join(append(own, common...), ", ") + "}"
}
