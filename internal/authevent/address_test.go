package authevent

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestClientAddress(t *testing.T) {
	for s, want := range map[string]string{
		"203.0.113.9":                        "203.0.113.9",
		" 203.0.113.9 ":                      "203.0.113.9",
		"203.0.113.9:52811":                  "203.0.113.9",
		"2001:db8::7":                        "2001:db8::7",
		"[2001:db8::7]:443":                  "2001:db8::7",
		"[2001:db8::7]":                      "2001:db8::7",
		"::ffff:203.0.113.9":                 "::ffff:203.0.113.9",
		"fe80::1%eth0":                       "fe80::1%eth0",
		"203.0.113.9, 10.0.0.1":              "203.0.113.9",
		"203.0.113.9:1,10.0.0.1":             "203.0.113.9",
		"for=203.0.113.9;proto=https":        "203.0.113.9",
		`proto=https; For="[2001:db8::7]:1"`: "2001:db8::7",
		`for="203.0.113.9:80", for=10.0.0.1`: "203.0.113.9",
		"for=_hidden":                        "",
		"for=unknown, for=203.0.113.9":       "",
		"by=203.0.113.9":                     "",
		"localhost":                          "",
		"localhost:80":                       "",
		"unknown":                            "",
		"203.0.113.999":                      "",
		"203.0.113":                          "",
		"[]":                                 "",
		"[":                                  "",
		"":                                   "",
		",":                                  "",
		"=;":                                 "",
	} {
		got, ok := clientAddress(s)
		assert.Equal(t, want != "", ok, s)
		if ok {
			assert.Equal(t, want, got, s)
		}
	}
}

func TestURLPathAndHost(t *testing.T) {
	for s, want := range map[string][2]string{
		"/login?code=secret#x":                     {"/login", ""},
		"/":                                        {"/", ""},
		"https://id.example.com/a/b?c=d":           {"/a/b", "id.example.com"},
		"https://id.example.com?c=/d":              {"/", "id.example.com"},
		"https://bob:pw@id.example.com:8443/a":     {"/a", "id.example.com"},
		"http://[2001:db8::7]:80/a":                {"/a", "2001:db8::7"},
		"id.example.com:443":                       {"", "id.example.com"},
		"id.example.com":                           {"", "id.example.com"},
		"[2001:db8::7]:80":                         {"", "2001:db8::7"},
		"/redirect?to=https://evil.example.com/a":  {"/redirect", ""},
		"https://id.example.com/a?to=https://x/?b": {"/a", "id.example.com"},
		"/proxy/https://x.example.com/a":           {"/proxy/https://x.example.com/a", ""},
		"*":                                        {"", "*"},
		"":                                         {"", ""},
		"?a":                                       {"", ""},
	} {
		path, ok := urlPath(s)
		assert.Equal(t, want[0] != "", ok, s)
		if ok {
			assert.Equal(t, want[0], path, s)
		}
		host, ok := hostOf(s)
		assert.Equal(t, want[1] != "", ok, s)
		if ok {
			assert.Equal(t, want[1], host, s)
		}
	}
}

func TestConversions(t *testing.T) {
	for _, c := range []struct{ name, as, value, want string }{
		{"http.response.status_code", "int", "404", "404"},
		{"auth.http.status_class", "status_class", "404", "4xx"},
		{"auth.http.status_class", "status_class", "99", "(absent)"},
		{"auth.http.status_class", "status_class", "600", "(absent)"},
		{"auth.http.status_class", "status_class", `"x"`, "(absent)"},
		{"auth.duration", "number", "0.25", "0.25"},
		{"auth.duration", "seconds", `"NaN"`, "(absent)"},
		{"auth.duration", "number", `"Inf"`, "(absent)"},
		{"client.address", "address", `"203.0.113.9:1"`, "203.0.113.9"},
		{"client.address", "address", `"nobody"`, "(absent)"},
		{"url.path", "path", `"/a?b"`, "/a"},
		{"server.address", "host", `"h:1"`, "h"},
		{"auth.flow", "code", `"free text"`, "(absent)"},
		{"user.id", "text", "9007199254740993", "9007199254740993"},
	} {
		profile := minimalProfile + "attributes: [{name: " + c.name + ", from: [/v], as: " + c.as + "}]"
		_, lr := parseWith(t, profile, `{"e":"x","v":`+c.value+`}`)
		assert.Equal(t, c.want, str(lr, c.name), c)
	}
}
