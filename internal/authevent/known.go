package authevent

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/pii"
)

// ProfileInfo describes a built-in profile to who writes documentation.
type ProfileInfo struct {
	Name, ServiceName string
	// Match: a line is this profile's if all conditions of one of these hold.
	Match     [][]ConditionInfo
	Templates []TemplateInfo // in the order in which they are tried
	Events    []EventInfo    // by category, then name
	// UnknownEvent is what an event is called whose name would be free text; ""
	// where the source writes none.
	UnknownEvent string
	Patterns     []PatternInfo // of names beside Events, in the order in which they are tried
	// Attributes of the record or its resource, by name. The event's name goes
	// by otel.event.name.
	Attributes []AttributeInfo
	Time       []string // where the record's time stands
	// Classified are the fields that are known, by pointer: each has a kind.
	Classified []FieldInfo
}

// ConditionInfo is a condition on the value at Pointer.
type ConditionInfo struct {
	Pointer  string
	Type     string   // text, number, boolean, object, array; "" for any
	In       []string // the texts that it may be
	NotIn    []string // those that it may not be
	Prefix   []string // what it may begin with
	Optional bool     // holds where the value is absent, too
	// Contains and NotContains are parts that it may have, and may not.
	Contains, NotContains []string
	Absent                bool // holds only where the value is absent
}

// TemplateInfo is a text that tells of an event.
type TemplateInfo struct {
	From            string // "" for a line of plain text
	Template, Event string
}

// EventInfo is an event that the profile knows.
type EventInfo struct {
	Name, Category, Outcome string
	// Step, Limiter and Method are what the name itself says.
	Step, Limiter, Method string
	Aliases               []string // in the order of the profile
}

// PatternInfo is a family of names.
type PatternInfo struct {
	Prefix, Suffix, Category, Outcome string
	Known                             bool // its names are expected, and no drift
}

// AttributeInfo says which places fill an attribute, the first that can.
type AttributeInfo struct {
	Name   string
	Places []string
	As     string // the conversion; "" for none
	// Consts are values that stand in no place, where a condition holds.
	Consts []string
}

// FieldInfo is a place of which it is known what stands there.
type FieldInfo struct {
	Pointer string   // * stands for any member or element
	Kind    pii.Kind // of the value there, and of all below that no other field names
}

// Known describes the built-in profiles, sorted by name.
func Known() []ProfileInfo {
	profiles, err := builtIn()
	if err != nil {
		panic(err) // the files are compiled in; a test reads them
	}
	out := make([]ProfileInfo, len(profiles))
	for i, p := range profiles {
		out[i] = p.info()
	}
	return out
}

func (p *profile) info() ProfileInfo {
	info := ProfileInfo{Name: p.Name, ServiceName: p.ServiceName, UnknownEvent: p.UnknownEvent, Time: p.Time, Attributes: p.attributeInfo()}
	for _, alternative := range p.Match {
		var conditions []ConditionInfo
		for _, pointer := range sortedKeys(alternative) {
			c := alternative[pointer]
			conditions = append(conditions, ConditionInfo{
				Pointer: pointer, Type: c.Type, In: c.In, NotIn: c.NotIn, Prefix: c.Prefix, Optional: c.Optional,
				Contains: c.Contains, NotContains: c.NotContains, Absent: c.Absent,
			})
		}
		info.Match = append(info.Match, conditions)
	}
	for _, t := range p.Templates {
		info.Templates = append(info.Templates, TemplateInfo(t))
	}
	for _, pattern := range p.Patterns {
		info.Patterns = append(info.Patterns, PatternInfo(pattern))
	}
	for _, category := range sortedKeys(p.Events) {
		for _, name := range sortedKeys(p.Events[category]) {
			e := p.Events[category][name]
			info.Events = append(info.Events, EventInfo{name, category, e.Outcome, e.Step, e.Limiter, e.Method, e.Aliases})
		}
	}
	info.Classified, _ = p.classify(collectPlaces(p)) // an error is one of compiling, too
	return info
}

func (p *profile) attributeInfo() []AttributeInfo {
	byName := map[string]AttributeInfo{}
	add := func(name, as string, lists ...[]string) {
		// Several rules may fill one attribute, and from one place.
		info := AttributeInfo{name, byName[name].Places, as, byName[name].Consts}
		for _, place := range slices.Concat(lists...) {
			if !slices.Contains(info.Places, place) {
				info.Places = append(info.Places, place)
			}
		}
		if len(info.Places) > 0 {
			byName[name] = info
		}
	}
	add(attr.OTelEventName, "", p.EventName)
	add(attr.LogRecordUID, "", p.UID)
	add(attr.DeploymentEnvironmentName, "", p.Environment)
	add(attr.Outcome, "", p.Outcome)
	add(attr.ErrorType, "", p.ErrorType.Keys, p.ErrorType.Codes, p.ErrorType.Classes)
	for _, rule := range p.ErrorType.Phrases {
		add(attr.ErrorType, "", rule.From)
	}
	for _, rule := range p.Attributes {
		add(rule.Name, rule.As, rule.From)
		if rule.Const != nil {
			info := byName[rule.Name]
			info.Name = rule.Name
			info.Consts = append(info.Consts, fmt.Sprint(rule.Const))
			byName[rule.Name] = info
		}
	}
	return slices.SortedFunc(maps.Values(byName), func(a, b AttributeInfo) int { return cmp.Compare(a.Name, b.Name) })
}
