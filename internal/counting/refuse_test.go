package counting

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Each problem is one line of the error, in the order of the configuration's
// parts: what is common, built-in metrics, custom, funnels, pairs.
func TestRefuses(t *testing.T) {
	tests := map[string]struct{ yaml, want string }{
		"max_series":          {`{max_series: 0}`, `max_series: must be a positive number, such as 2000 (got 0)`},
		"prefix without end":  {`{prefix: idp}`, `prefix: must be a name that ends in a dot or an underscore, such as idp. (got "idp")`},
		"prefix empty":        {`{prefix: ""}`, `prefix: must be a name that ends in a dot or an underscore, such as idp. (got "")`},
		"time":                {`{time: now}`, `time: must be event or observed (got "now")`},
		"max_early unitless":  {`{max_early: 5}`, `max_early: 5 has no unit: write a duration such as 5m`},
		"max_early too long":  {`{max_early: 800h}`, `max_early: is too long (got 800h): use at most 744h`},
		"unique windows":      {`{unique: {windows: [1h, 0s, 24, 1h]}}`, "unique::windows::1: must be a positive duration, such as 24h (got 0s)\nunique::windows::2: 24 has no unit: write a duration such as 24h\nunique::windows::3: 1h stands there twice: leave one out"},
		"unique no windows":   {`{unique: {windows: []}}`, `unique::windows: must be 1 to 8 durations (got 0)`},
		"short secret":        {`{unique: {secret: swordfish}}`, `unique::secret: must have at least 32 bytes (got 9): make one with openssl rand -base64 32`},
		"declared attribute":  {`{declare: [{auth.source: hera, auth.method: totp}]}`, `declare::0::auth.method: can't be declared: declare combinations of auth.source, auth.domain, deployment.environment.name`},
		"declared sourceless": {`{declare: [{auth.domain: ciam}]}`, `declare::0: names no auth.source: every event has one`},

		"unknown metric":         {`{metrics: {auth.login.atempts: false}}`, `metrics::auth.login.atempts: is no built-in metric: the nearest are auth.login.attempts, auth.funnel.users, auth.users.unique`},
		"drop unknown":           {`{metrics: {auth.login.attempts: {drop_attributes: [auth.client.id]}}}`, `metrics::auth.login.attempts::drop_attributes::0: "auth.client.id" is no attribute of this metric: its attributes are auth.method, auth.outcome, auth.first_login, auth.new`},
		"drop common":            {`{metrics: {auth.login.attempts: {drop_attributes: [auth.source]}}}`, `metrics::auth.login.attempts::drop_attributes::0: auth.source tells sources and environments apart on every point: it can't be dropped`},
		"drop a funnel's":        {`{metrics: {auth.funnel.users: {drop_attributes: [auth.funnel.step]}}}`, `metrics::auth.funnel.users::drop_attributes::0: auth.funnel.step tells funnels apart: it can't be dropped`},
		"attribute nameless":     {`{metrics: {auth.login.attempts: {attributes: [{body: /x}]}}}`, `metrics::auth.login.attempts::attributes::0::name: is missing: give the attribute's name on the points`},
		"attribute twice":        {`{metrics: {auth.login.attempts: {attributes: [a.b, a_b]}}}`, `metrics::auth.login.attempts::attributes::1::name: "a_b" is the label a_b, which stands there before: rename one`},
		"attribute collides":     {`{metrics: {auth.login.attempts: {attributes: [auth_method]}}}`, `metrics::auth.login.attempts::attributes::0::name: "auth_method" is the label auth_method, and so is auth.method: rename it`},
		"attribute common":       {`{metrics: {auth.login.attempts: {attributes: [auth.domain]}}}`, `metrics::auth.login.attempts::attributes::0::name: auth.domain is on every point: leave it out`},
		"attribute reserved":     {`{metrics: {auth.login.attempts: {attributes: [instance]}}}`, `metrics::auth.login.attempts::attributes::0::name: instance is a label that exporters write themselves: use another name, and attribute: instance`},
		"attribute of two":       {`{metrics: {auth.login.attempts: {attributes: [{name: x, body: /x, resource: x}]}}}`, `metrics::auth.login.attempts::attributes::0: names several places: give one of attribute, body and resource`},
		"attribute no pointer":   {`{metrics: {auth.login.attempts: {attributes: [{name: x, body: x.y}]}}}`, `metrics::auth.login.attempts::attributes::0::body: "x.y" is no path: write a JSON Pointer such as /properties/locale`},
		"attribute wildcard":     {`{metrics: {auth.login.attempts: {attributes: [{name: x, body: /x/*}]}}}`, `metrics::auth.login.attempts::attributes::0::body: "/x/*" names many places: name the member, or the element by its number`},
		"allow empty":            {`{metrics: {auth.login.attempts: {attributes: [{name: x, allow: []}]}}}`, `metrics::auth.login.attempts::attributes::0::allow: is empty: list the values that are to be told apart, or leave it out`},
		"allow a list":           {`{metrics: {auth.login.attempts: {attributes: [{name: x, allow: [[a]]}]}}}`, `metrics::auth.login.attempts::attributes::0::allow::0: must be a text, a number or true or false`},
		"cap":                    {`{metrics: {auth.login.attempts: {attributes: [{name: x, cap: -1}]}}}`, `metrics::auth.login.attempts::attributes::0::cap: must be from 1 to 50000 (got -1)`},
		"default unprintable":    {`{metrics: {auth.login.attempts: {attributes: [{name: x, default: "a\nb"}]}}}`, `metrics::auth.login.attempts::attributes::0::default: holds characters that do not print: leave them out`},
		"personal attribute":     {`{metrics: {auth.login.attempts: {attributes: [user.id]}}}`, `metrics::auth.login.attempts::attributes::0: the attribute user.id holds personal data (identity), which would stand in a label: leave it out, or say i_accept_personal_data: true`},
		"personal by its name":   {`{metrics: {auth.login.attempts: {attributes: [{name: user.email, body: /x}]}}}`, `metrics::auth.login.attempts::attributes::0: the attribute user.email holds personal data (email), which would stand in a label: leave it out, or say i_accept_personal_data: true`},
		"personal by its place":  {`{metrics: {auth.login.attempts: {attributes: [{name: x, body: /source_ip}]}}}`, `metrics::auth.login.attempts::attributes::0: the body's /source_ip, by the profile hera, holds personal data (ip), which would stand in a label: leave it out, or say i_accept_personal_data: true`},
		"personal resource":      {`{metrics: {auth.login.attempts: {attributes: [{name: x, resource: enduser.id}]}}}`, `metrics::auth.login.attempts::attributes::0: the attribute enduser.id holds personal data (identity), which would stand in a label: leave it out, or say i_accept_personal_data: true`},
		"personal in its place":  {`{metrics: {auth.login.attempts: {attributes: [{name: auth.method, attribute: session.id}]}}}`, `metrics::auth.login.attempts::attributes::0: the attribute session.id holds personal data (identity), which would stand in a label: leave it out, or say i_accept_personal_data: true`},
		"personal in a part":     {`{metrics: {auth.login.attempts: {attributes: [log.file.path]}}}`, `metrics::auth.login.attempts::attributes::0: the attribute log.file.path holds personal data (in a part of it), which would stand in a label: leave it out, or say i_accept_personal_data: true`},
		"collides by its prefix": {`{prefix: c., custom: {c.login.attempts: {events: [a]}}}`, `custom::c.login.attempts: is c_login_attempts_total to Prometheus, and so is c.login.attempts (metrics::auth.login.attempts): rename one`},

		"personal value":      {`{custom: {c: {events: [a], value: {attribute: user.id}}}}`, `custom::c::value: the attribute user.id holds personal data (identity), and a sum or a minimum may be one person's: take another place`},
		"personal body value": {`{custom: {c: {type: histogram, unit: "1", events: [a], value: {body: /source_ip}}}}`, `custom::c::value: the body's /source_ip, by the profile hera, holds personal data (ip), and a sum or a minimum may be one person's: take another place`},
		"custom name":         {`{custom: {"a b": {events: [a]}}}`, `custom::a b: "a b" is no name of a metric: use letters, digits, dots and underscores, and begin with a letter`},
		"custom built-in":     {`{custom: {auth.login.attempts: {events: [a]}}}`, `custom::auth.login.attempts: is the name of a built-in metric: change that under metrics::auth.login.attempts, or use another name`},
		"custom type":         {`{custom: {c: {events: [a], type: gauge}}}`, `custom::c::type: must be one of sum, histogram, exponential_histogram, unique (got "gauge")`},
		"custom unit":         {`{custom: {c: {events: [a], unit: requests}}}`, `custom::c::unit: "requests" is no unit of UCUM: write {request} for what is counted, or one of 1 % s ms us ns min h d wk mo a By kBy MBy GBy KiBy MiBy GiBy bit`},
		"custom unit braces":  {`{custom: {c: {events: [a], unit: "{a b"}}}`, `custom::c::unit: "{a b" is no unit of UCUM: write {request} for what is counted, or one of 1 % s ms us ns min h d wk mo a By kBy MBy GBy KiBy MiBy GiBy bit`},
		"duration's unit":     {`{custom: {c: {type: histogram, events: [a], unit: ms}}}`, `custom::c::unit: must be s where there is no value, because auth.duration is in seconds (got "ms")`},
		"no events":           {`{custom: {c: {source: hera}}}`, `custom::c::events: is empty: name at least one event, such as "consent_*"`},
		"nothing":             {`{custom: {c: }}`, `custom::c::events: is empty: name at least one event, such as "consent_*"`},
		"event empty":         {`{custom: {c: {events: [""]}}}`, `custom::c::events::0: is empty: give a text`},
		"event stars":         {`{custom: {c: {events: ["*a*"]}}}`, `custom::c::events::0: "*a*" has several *: use one at most, and several patterns`},
		"except stars":        {`{custom: {c: {events: [a], except: ["**"]}}}`, `custom::c::except::0: "**" has several *: use one at most, and several patterns`},
		"source":              {`{custom: {c: {events: [a], source: "a,b"}}}`, `custom::c::source: "a,b" is no source: use the name of a profile, such as hera`},
		"where nowhere":       {`{custom: {c: {events: [a], where: [{in: [a]}]}}}`, `custom::c::where::0: names no place: give one of attribute, body and resource`},
		"where nothing":       {`{custom: {c: {events: [a], where: [{attribute: a}]}}}`, `custom::c::where::0: asks 0 questions: give one of in, not_in and exists`},
		"where both":          {`{custom: {c: {events: [a], where: [{attribute: a, in: [a], exists: true}]}}}`, `custom::c::where::0: asks 2 questions: give one of in, not_in and exists`},
		"where in none":       {`{custom: {c: {events: [a], where: [{attribute: a, in: []}]}}}`, `custom::c::where::0::in: is empty: list at least one value`},
		"where a person":      {`{custom: {c: {events: [a], where: [{attribute: user.id, in: [me]}]}}}`, `custom::c::where::0: the attribute user.id holds personal data (identity), and a value of it may single out a person: ask whether it exists`},
		"where an address":    {`{custom: {c: {events: [a], where: [{body: /source_ip, not_in: ["10.*"]}]}}}`, `custom::c::where::0: the body's /source_ip, by the profile hera, holds personal data (ip), and a value of it may single out a person: ask whether it exists`},
		"value of unique":     {`{custom: {c: {type: unique, events: [a], value: {body: /x}}}}`, `custom::c::value: is for sums and histograms: a unique metric counts users, whom by names`},
		"value of two":        {`{custom: {c: {events: [a], value: {body: /x, attribute: x}}}}`, `custom::c::value: names several places: give one of attribute, body and resource`},
		"buckets of a sum":    {`{custom: {c: {events: [a], buckets: [1]}}}`, `custom::c::buckets: are of a metric of type histogram alone: leave them out (the type is sum)`},
		"buckets unsorted":    {`{custom: {c: {type: histogram, events: [a], buckets: [1, 3, 3, 2]}}}`, "custom::c::buckets::2: must be above the bound before it, 3 (got 3)\ncustom::c::buckets::3: must be above the bound before it, 3 (got 2)"},
		"buckets infinite":    {`{custom: {c: {type: histogram, events: [a], buckets: [.inf]}}}`, `custom::c::buckets::0: must be a finite number: the last bucket takes all that is above the last bound`},
		"buckets none":        {`{custom: {c: {type: histogram, events: [a], buckets: []}}}`, `custom::c::buckets: must be 1 to 200 bounds (got 0)`},
		"by of a sum":         {`{custom: {c: {events: [a], by: [user.id], windows: [1h], breakdowns: [[a]]}}}`, "custom::c::by: is of a metric of type unique alone: leave it out (the type is sum)\ncustom::c::windows: is of a metric of type unique alone: leave it out (the type is sum)\ncustom::c::breakdowns: is of a metric of type unique alone: leave it out (the type is sum)"},
		"breakdowns":          {`{custom: {c: {type: unique, events: [a], attributes: [x], breakdowns: [[y], []]}}}`, "custom::c::breakdowns::0::0: \"y\" is no attribute of this metric: its attributes are x\ncustom::c::breakdowns::1: is empty: the total is there without it"},
		"by":                  {`{custom: {c: {type: unique, events: [a], by: [user.id, "", user.id]}}}`, "custom::c::by::1: \"\" is no attribute: use letters, digits, dots and underscores\ncustom::c::by::2: \"user.id\" stands there twice: leave one out"},

		"funnel of none":     {`{funnels: {f: {window: 0s, max_users: 0}}}`, "funnels::f::steps: must be 2 to 16 (got 0)\nfunnels::f::window: must be a positive duration, such as 24h (got 0s)\nfunnels::f::max_users: must be from 1 to 16777216 (got 0)"},
		"funnel's steps":     {`{funnels: {f: {steps: [{name: a, events: [a]}, {name: a, events: []}, {events: [a]}]}}}`, "funnels::f::steps::1::name: \"a\" is the name of a step before it: rename one\nfunnels::f::steps::1::events: is empty: name at least one event, such as \"consent_*\"\nfunnels::f::steps::2::name: is empty: give a text"},
		"funnel built-in":    {`{funnels: {registration: {steps: [{name: a, events: [a]}]}}}`, `funnels::registration: is the name of a built-in funnel: give yours another`},
		"funnel unknown":     {`{funnels: {registrations: false}}`, `funnels::registrations: is no built-in funnel: the nearest are registration`},
		"funnel, metric off": {`{metrics: {auth.funnel.users: false}, funnels: {f: {steps: [{name: a, events: [a]}, {name: b, events: [b]}]}}}`, `funnels::f: counts in auth.funnel.users, which metrics::auth.funnel.users switches off: switch the built-in funnels off under funnels instead`},

		"pair of none":      {`{pairs: {p: {}}}`, "pairs::p::begin::events: is empty: name at least one event, such as \"consent_*\"\npairs::p::end::events: is empty: name at least one event, such as \"consent_*\"\npairs::p: counts in no metric: name one under duration, abandoned, or both"},
		"pair's bounds":     {`{pairs: {p: {begin: {events: [a]}, end: {events: [b]}, duration: d, timeout: 90, max_pending: -1, match: ["a b"]}}}`, "pairs::p::match::0: \"a b\" is no attribute: use letters, digits, dots and underscores\npairs::p::timeout: 90 has no unit: write a duration such as 10m\npairs::p::max_pending: must be from 1 to 16777216 (got -1)"},
		"pair unknown":      {`{pairs: {mfaa: false}}`, `pairs::mfaa: is no built-in pair: the nearest are mfa`},
		"funnel changed":    {`{funnels: {registration: {ordered: true, by: [session.id], window: 5, max_users: 0}}}`, "funnels::registration::window: 5 has no unit: write a duration such as 24h\nfunnels::registration::max_users: must be from 1 to 16777216 (got 0)\nfunnels::registration::by: can't be changed where it is built in, which takes enabled, window, max_users: give one of your own another name\nfunnels::registration::ordered: can't be changed where it is built in, which takes enabled, window, max_users: give one of your own another name"},
		"pair changed":      {`{pairs: {mfa: {match: [auth.method], timeout: 0s, max_pending: -1}}}`, "pairs::mfa::timeout: must be a positive duration, such as 10m (got 0s)\npairs::mfa::max_pending: must be from 1 to 16777216 (got -1)\npairs::mfa::match: can't be changed where it is built in, which takes enabled, timeout, max_pending: give one of your own another name"},
		"pair built-in":     {`{pairs: {mfa: {begin: {events: [a]}}}}`, `pairs::mfa: is the name of a built-in pair: give yours another`},
		"pair in one":       {pair("d", "d"), `pairs::p::abandoned: is the metric of duration: name another`},
		"pair in a counter": {pair("auth.login.attempts", ""), `pairs::p::duration: auth.login.attempts counts records itself: name another metric, or take its events away`},
		"pair in a sum":     {pair("auth.mfa.challenges.abandoned", ""), `pairs::p::duration: must be a histogram: auth.mfa.challenges.abandoned is of type sum`},
		"pair no sum":       {pair("", "auth.mfa.challenge.duration"), `pairs::p::abandoned: must be a sum: auth.mfa.challenge.duration is of type histogram`},
		"pair, metric off":  {pair("auth.mfa.challenge.duration", "") + "\nmetrics: {auth.mfa.challenge.duration: false}", `pairs::p::duration: auth.mfa.challenge.duration is switched off under metrics: name another, or switch it on`},
		"pair, bad name":    {pair("0", ""), `pairs::p::duration: "0" is no name of a metric: use letters, digits, dots and underscores, and begin with a letter`},
		"pair in ms":        {pair("d", "") + "\ncustom: {d: {type: histogram, unit: ms, value: {body: /x}}}", "custom::d::value: is of a metric with events: a pair gives this one its values\npairs::p::duration: must be in seconds: d has the unit \"ms\""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			set, err := decoded(t, tt.yaml).setOf(small())
			require.EqualError(t, err, tt.want)
			assert.Empty(t, set)
		})
	}
}

func pair(duration, abandoned string) string {
	return "pairs: {p: {begin: {events: [a]}, end: {events: [b]}, duration: \"" + duration + "\", abandoned: \"" + abandoned + "\"}}"
}

func TestAllProblemsAtOnce(t *testing.T) {
	cfg := decoded(t, `
time: never
metrics: {auth.nothing: false}
custom: {c: {events: []}}
funnels: {f: {steps: []}}
pairs: {p: {}}`)
	lines := strings.Split(cfg.Check().Error(), "\n")
	require.Len(t, lines, 7)
	for i, prefix := range []string{"time: ", "metrics::auth.nothing: ", "custom::c::events: ", "funnels::f::steps: ", "pairs::p::begin::events: "} {
		assert.True(t, strings.HasPrefix(lines[i], prefix), lines[i])
	}
}

// The secret is the one value that no error may show.
func TestSecretStaysOutOfErrors(t *testing.T) {
	assert.NotContains(t, decoded(t, `{unique: {secret: swordfish}}`).Check().Error(), "swordfish")
}

func TestUnknownKeys(t *testing.T) {
	tests := map[string]struct{ yaml, invalid, known string }{
		"top": {`{serieses: 1}`, "serieses",
			"custom, declare, exemplars, funnels, max_early, max_series, metrics, pairs, prefix, time, unique.secret, unique.windows"},
		"metric": {`{metrics: {auth.events: {enable: false}}}`, "enable",
			"attributes.allow, attributes.attribute, attributes.body, attributes.cap, attributes.default, " +
				"attributes.i_accept_personal_data, attributes.name, attributes.resource, drop_attributes, enabled"},
		"custom":    {`{custom: {c: {event: a}}}`, "event", "value.attribute, value.body, where.attribute"},
		"attribute": {`{custom: {c: {attributes: [{nam: a}]}}}`, "nam", "attributes.name"},
		"funnel": {`{funnels: {f: {step: 1}}}`, "step",
			"by, enabled, max_users, ordered, steps.events, steps.except, steps.name, steps.source, steps.where.attribute"},
		"pair": {`{pairs: {p: {beginning: 1}}}`, "beginning", "abandoned, begin.events, begin.except, begin.source, begin.where.attribute"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := decode(tt.yaml)
			require.ErrorContains(t, err, "has invalid keys: "+tt.invalid)
			require.ErrorContains(t, err, tt.known)
			assert.Equal(t, 1, strings.Count(err.Error(), "the keys here are"), err.Error())
		})
	}
}

func TestWrongShapes(t *testing.T) {
	for name, text := range map[string]string{
		"a text for a metric":  `{metrics: {auth.events: no way}}`,
		"a number for a text":  `{custom: {c: {events: [1]}}}`,
		"a text for a length":  `{max_early: soon}`,
		"no unit in a text":    `{max_early: "5"}`,
		"a list for a funnel":  `{funnels: {f: [a]}}`,
		"a text for a funnel":  `{funnels: {f: off}}`,
		"true for a custom":    `{custom: {c: true}}`,
		"a map for attributes": `{custom: {c: {attributes: {name: a}, events: [a]}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			cfg, err := decode(text)
			if err == nil {
				err = cfg.Check()
			}
			assert.Error(t, err)
		})
	}
}
