package generalize

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestOrigin(t *testing.T) {
	for url, want := range map[string]string{
		"https://idp.example/users/42?x=1#f":                   "https://idp.example",
		"http://idp.example:8080/":                             "http://idp.example:8080",
		"HTTPS://IdP.example":                                  "HTTPS://IdP.example",
		"https://idp.example?login_hint=alice%40example.com":   "https://idp.example",
		"https://alice:hunter2@idp.example/x":                  "https://idp.example",
		"https://alice@example.com@idp.example/x":              "https://idp.example",
		`https://idp.example\@alice.example/`:                  "https://idp.example",
		"https://[2001:db8::1]:8443/x":                         "https://[2001:db8::1]:8443",
		"https://[2001:db8::1]/x":                              "https://[2001:db8::1]",
		"https://müller.example/x":                             "https://müller.example",
		"https://xn--mller-kva.example/x":                      "https://xn--mller-kva.example",
		"wss://idp.example/socket":                             "wss://idp.example",
		"android-app://com.google.android.gm/":                 "android-app://com.google.android.gm",
		"com.example.app://callback?code=1":                    "com.example.app://callback",
		" https://idp.example/ ":                               "https://idp.example",
		"myapp://9bf60216-3b31-421b-a37b-c8033c88e113/x":       "",
		"myapp://alice%40example.com":                          "",
		"https://alice%40example.com":                          "",
		"https://[fe80::1%25eth0]/":                            "",
		"https://[alice]/":                                     "",
		"https://[::1]x/":                                      "",
		"https://host:port/":                                   "",
		"https://host:1234567/":                                "",
		"https://a b/":                                         "",
		"https:///x":                                           "",
		"file:///home/alice":                                   "",
		"mailto:alice@example.com":                             "",
		"data:text/plain,alice":                                "",
		"//idp.example/x":                                      "",
		"/users/42":                                            "",
		"idp.example":                                          "",
		"about:blank":                                          "",
		"1https://x":                                           "",
		"":                                                     "",
		"https://\xff/":                                        "",
		"https://" + strings.Repeat("a", maxHost+1):            "",
		strings.Repeat("a", maxScheme+1) + "://" + "idp.local": "",
	} {
		assert.Equal(t, want, Origin(url), url)
	}
}

func FuzzOrigin(f *testing.F) {
	f.Add("https://u:p@[::1]:80/x")
	f.Add(`app://a\@b?#`)
	f.Fuzz(func(t *testing.T, url string) {
		once := Origin(url)
		if again := Origin(once); again != once {
			t.Fatalf("%q became %q, then %q", url, once, again)
		}
		_, rest, _ := strings.Cut(once, "://")
		if len(once) > len(url) || strings.ContainsAny(rest, "/?#@% \\") {
			t.Fatalf("%q became %q", url, once)
		}
	})
}
