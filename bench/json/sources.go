package main

import (
	"fmt"

	"github.com/authevents/otelcol-auth/internal/attr"
)

// source says which fields of a source's lines become attributes. It is what
// the profile of the source asks for, but every value is a text and goes by its
// place alone, so that nothing is measured that is no part of reading JSON.
type source struct {
	name     string
	match    []map[string]any // as in a profile
	uid      []string         // the first that holds something counts
	pointers []string         // that of attributes[i]
}

// attributes are names of the vocabulary, which is all that a profile may fill.
// Which of them gets which field does not matter.
var attributes = []string{
	attr.UserID, attr.UserName, attr.SessionID, attr.UserAgentOriginal, attr.UserAgentName,
	attr.UserAgentVersion, attr.UserAgentOSName, attr.UserAgentOSVersion, attr.UserAgentSyntheticType,
	attr.BrowserMobile, attr.DeviceModelName, attr.URLPath, attr.ServerAddress, attr.HTTPRequestMethod,
	attr.HTTPRoute, attr.HTTPResponseStatusCode, attr.ProcessPID, attr.VCSRefHeadRevision, attr.GeoCountryISOCode,
	attr.Provider, attr.Flow, attr.FirstLogin, attr.Context, attr.ClientAddress, attr.UserEmail,
	attr.PKCEUsed, attr.AAL, attr.Duration, attr.ClientID, attr.VisitorID, attr.ActorID, attr.ActorEmail,
	attr.NewDevice, attr.RateLimited, attr.LockedOut, attr.AddPhone, attr.EmailExists, attr.Channel,
	attr.Resend, attr.IAL, attr.Count,
}

var sources = []source{
	{
		name:  "hera",
		match: []map[string]any{{"/type": map[string]any{"type": "text"}}, {"/audit": map[string]any{"type": "boolean"}}},
		uid:   []string{"/ts", "/timestamp"},
		pointers: []string{
			"/type", "/event", "/action", "/method", "/identity_id", "/source_ip", "/domain", "/client_id", "/flow",
			"/reason", "/error_source", "/error_code", "/provider", "/first_login", "/duration_ms", "/admin_id", "/actor_id",
			"/admin_email", "/actor", "/metadata/ip", "/metadata/aal",
		},
	},
	{
		name:  "login_gov",
		match: []map[string]any{{"/name": map[string]any{"type": "text"}}},
		uid:   []string{"/id"},
		pointers: []string{
			"/name", "/time", "/visit_id", "/visitor_id", "/log_filename",
			"/properties/trace_id", "/properties/service_provider", "/properties/user_id", "/properties/user_ip",
			"/properties/user_agent", "/properties/browser_name", "/properties/browser_version",
			"/properties/browser_platform_name", "/properties/browser_platform_version", "/properties/browser_device_name",
			"/properties/browser_mobile", "/properties/browser_bot", "/properties/path", "/properties/hostname",
			"/properties/pid", "/properties/git_sha", "/properties/session_duration",
			"/properties/event_properties/success", "/properties/event_properties/multi_factor_auth_method",
			"/properties/event_properties/mfa_method", "/properties/event_properties/otp_delivery_preference",
			"/properties/event_properties/context", "/properties/event_properties/client_id",
			"/properties/event_properties/limiter_type", "/properties/event_properties/code_challenge_present",
			"/properties/event_properties/sign_in_duration_seconds", "/properties/event_properties/new_device",
			"/properties/event_properties/rate_limited", "/properties/event_properties/user_locked_out",
			"/properties/event_properties/country_code", "/properties/event_properties/error",
			"/properties/event_properties/email", "/properties/event_properties/resend",
			"/properties/event_properties/evaluated_as_valid", "/properties/event_properties/telephony_response/channel",
			"/properties/event_properties/proofing_results/exception",
		},
	},
}

func sourceOf(name string) (*source, error) {
	for i := range sources {
		if sources[i].name == name {
			return &sources[i], nil
		}
	}
	return nil, fmt.Errorf("source %q: use hera or login_gov", name)
}

// The records of all lines are of one event, so that none is looked up.
const (
	eventName = "line"
	category  = "session"
)

// profile is the source as a profile of the parser.
func (s *source) profile() map[string]any {
	var rules, match []any
	for i, pointer := range s.pointers {
		rules = append(rules, map[string]any{"name": attributes[i], "from": []any{pointer}})
	}
	for _, conditions := range s.match {
		match = append(match, conditions)
	}
	uid := []any{}
	for _, pointer := range s.uid {
		uid = append(uid, pointer)
	}
	return map[string]any{
		"match": match, "event": eventName, "uid": uid, "attributes": rules,
		"events": map[string]any{category: map[string]any{eventName: map[string]any{}}},
	}
}
