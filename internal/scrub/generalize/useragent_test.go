package generalize

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestUserAgent(t *testing.T) {
	for ua, want := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36":                                              "Chrome/126",
		"Mozilla/5.0 (X11; Linux x86_64) Chrome/126.0":                                                                                                                 "Chrome/126",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/127.0.2592.87":                            "Edge/127",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0":                                                                             "Firefox/127",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4.1 Safari/605.1.15":                                      "Safari/17",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1":                    "Safari/17",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/126.0.6478.54 Mobile/15E148 Safari/604.1":               "Chrome/126",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/127.0 Mobile/15E148 Safari/605.1.15":                    "Firefox/127",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 EdgiOS/125.0.2535.96 Mobile/15E148 Safari/604.1": "Edge/125",
		"Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36":                   "Samsung Internet/25",
		"Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36 OPR/110.0.0.0":                                            "Opera/110",
		"Opera/9.80 (Windows NT 6.1; U; en) Presto/2.12.388 Version/12.16":                                                                                             "Opera/12",
		"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/119.0.0.0 Safari/537.36":                                                "HeadlessChrome/119",
		"Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko":                                                                                        "IE/11",
		"Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.2; Trident/6.0)":                                                                                             "IE/10",
		"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)":                                                                                     "Googlebot/2",
		"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/116.0.1938.76 Safari/537.36":             "bingbot/2",
		"AdsBot-Google (+http://www.google.com/adsbot.html)":                                                                                                           "AdsBot-Google/",
		"okhttp/4.12.0":                         "okhttp/4",
		"Go-http-client/1.1":                    "Go-http-client/1",
		"python-requests/2.31.0":                "python-requests/2",
		"curl/8.5 <&>":                          "curl/8",
		"PostmanRuntime/7.36.1":                 "PostmanRuntime/7",
		"Java/17.0.1":                           "Java/17",
		"Apache-HttpClient/4.5.13 (Java/17.0)":  "Apache-HttpClient/4",
		"Faraday v2.9.0":                        "Faraday/2",
		"Chrome 126.0":                          "Chrome/126",
		"Chrome 126.0.0 / Mac OS X 10.15.7":     "Chrome/126",
		"Firefox 140.0.0 / Linux 0.0.0":         "Firefox/140",
		"Ruby":                                  "Ruby/",
		"Mozilla/5.0":                           "/",
		"Mozilla/5.0 (Windows NT 10.0)":         "/",
		"unknown":                               "/",
		"AcmeApp/3.1 (alice@example.com)":       "/",
		"Alice's Firefox":                       "/",
		"MyChrome/120":                          "/",
		"Chrome/20260520101500":                 "/",
		"Chrome/":                               "/",
		"":                                      "/",
		strings.Repeat("x ", 600) + "Chrome/12": "/",
	} {
		name, major := UserAgent(ua)
		assert.Equal(t, want, name+"/"+major, ua)
	}
}

// TestUserAgentOfItsOwn: what a first hop left, a second one leaves.
func TestUserAgentOfItsOwn(t *testing.T) {
	for word, p := range products {
		name, major := UserAgent(p.name + "/12")
		assert.Equal(t, [2]string{p.name, "12"}, [2]string{name, major}, word)
		name, major = UserAgent(p.name)
		assert.Equal(t, [2]string{p.name, ""}, [2]string{name, major}, word)
	}
}

func TestMajor(t *testing.T) {
	for version, want := range map[string]string{
		"126.0.6478.122": "126", "17": "17", "v2.9.0": "2", "V8": "8", "0.0": "0", "2026": "2026", "10_15_7": "10",
		"20260": "", "NT 10.0": "", "": "", "v": "", ".1": "", "alice": "",
	} {
		assert.Equal(t, want, Major(version), version)
	}
}

func FuzzUserAgent(f *testing.F) {
	f.Add("Mozilla/5.0 (X11) Samsung Internet/3 Version/4 Safari/1 Opera/9 Trident/9")
	f.Add("UC Browser v12345")
	names := map[string]bool{"": true}
	for _, p := range products {
		names[p.name] = true
	}
	f.Fuzz(func(t *testing.T, ua string) {
		name, major := UserAgent(ua)
		if !names[name] || len(major) > maxMajor || strings.Trim(major, "0123456789") != "" || name == "" && major != "" {
			t.Fatalf("%q is %q, %q", ua, name, major)
		}
		left := name
		if major != "" {
			left += "/" + major
		}
		if n, m := UserAgent(left); n != name || m != major {
			t.Fatalf("%q is %q, %q, then %q, %q", ua, name, major, n, m)
		}
	})
}
