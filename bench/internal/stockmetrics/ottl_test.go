package stockmetrics

import (
	"testing"

	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

func TestCondition(t *testing.T) {
	place := func(in definition.PlaceIn, name string) definition.Place { return definition.Place{In: in, Name: name} }
	for _, c := range []struct {
		rule definition.Rule
		want string
	}{
		{definition.Rule{Events: []string{"*"}}, `(log.event_name != "")`},
		{
			definition.Rule{Source: "hera", Events: []string{"a", `b"c`}},
			`log.attributes["auth.source"] == "hera" and (log.event_name == "a" or log.event_name == "b\"c")`,
		},
		{
			definition.Rule{Events: []string{"x *"}, Except: []string{"* y", "x*z"}},
			`((log.event_name != nil and HasPrefix(log.event_name, "x "))) and not ` +
				`((log.event_name != nil and HasSuffix(log.event_name, " y")) or ` +
				`(log.event_name != nil and HasPrefix(log.event_name, "x") and HasSuffix(log.event_name, "z")))`,
		},
		{
			definition.Rule{Events: []string{"a"}, Conditions: []definition.Condition{
				{Place: place(definition.Attribute, "error.type"), Values: []string{"*"}},
				{Place: place(definition.Resource, "env"), Values: []string{"p"}, Not: true},
				{Place: place(definition.Body, "/a~1b/c"), Values: []string{"true"}},
			}},
			`(log.event_name == "a") and ((log.attributes["error.type"] != nil)) and not (resource.attributes["env"] == "p")` +
				` and ((ParseJSON(log.body)["a/b"]["c"] == true or ParseJSON(log.body)["a/b"]["c"] == "true"))`,
		},
	} {
		if got := condition(c.rule); got != c.want {
			t.Errorf("got\n%s\nwant\n%s", got, c.want)
		}
	}
}
