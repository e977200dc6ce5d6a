package generalize

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func template(path string) string { return string(AppendPath(nil, path)) }

// TestRoutesStay: they are those of the identity providers that have a profile.
func TestRoutesStay(t *testing.T) {
	for _, path := range []string{
		"", "/", "*", "/login", "/login/", "//",
		"/openid_connect/authorize", "/api/openid_connect/token", "/api/saml/auth2026", "/api/saml/remotelogout2026",
		"/sign_up/email/confirm", "/login/two_factor/sms", "/otp/send", "/verify/verify_info", "/events/disavow",
		"/es/verify/phone_confirmation", "/fr/", "/zh/account/history", "/aal3_required", "/sessions/keepalive",
		"/users/password", "/users/password/new", "/users/password/edit", "/users/two_factor_authentication",
		"/account/two_factor_authentication", "/users", "/users/",
		"/self-service/login", "/self-service/settings/methods/profile", "/sessions/whoami", "/oauth2/sessions/logout",
		"/oauth2/default/v1/token", "/idp/idx/identify", "/api/v1/sessions/me", "/api/v2/users",
		"/realms/master/protocol/openid-connect/3p-cookies/step1.html", "/connect/oauth/2.0/",
		"/api/v3/flows/executor/default-provider-authorization-implicit-consent/", "/if/user/",
		"/api/secondfactor/totp/identity/start", "/api/firstfactor", "/api/user/session/elevation", "/api/user/info",
		"/.well-known/openid-configuration", "/.well-known/risc-configuration", "/scim/v2/Users/.search",
		"/urn:ietf:params:oauth:grant-type:jwt-bearer", "/resetPasswordByEmail", "/x509/sha256/pkcs12",
		"/_next/static/chunks/main-4f2a9c81b3d05e67.js", "/assets/logo-1a2b3c4d5e.png", "/assets/application-9f86d081884c7d65.css",
		"/favicon.ico", "/apple-touch-icon.png",
		"/u/login", "/u/login/identifier", "/u/mfa-sms-challenge", "/u/reset-password/request", "/u/", "/~", "/u",
	} {
		assert.Equal(t, path, template(path))
	}
}

func TestIDsBecomeTemplates(t *testing.T) {
	for path, want := range map[string]string{
		"/users/42":        "/users/{id}",
		"/users/42/":       "/users/{id}/",
		"/users/alice":     "/users/{id}",
		"/Users/alice/x":   "/Users/{id}/x",
		"/users//alice":    "/users//{id}",
		"/u/alice":         "/u/{id}",
		"/u/alice-login":   "/u/{id}",
		"/u/mfa-alice7":    "/u/{id}",
		"/~alice":          "/{id}",
		"/x/~alice/y":      "/x/{id}/y",
		"/%7Ealice/":       "/{id}/",
		"/users/{user_id}": "/users/{id}",
		"/users/carla.c@example.com/edit?x=1#frag":                        "/users/{id}/edit",
		"/x/carla.c%40example.com":                                        "/x/{id}",
		"/x/carla.c%2540example.com":                                      "/x/{id}",
		"/admin/identities/ca7e60d1-0000-4000-8000-000000000001":          "/admin/identities/{id}",
		"/admin/identities/by/external/alice":                             "/admin/identities/by/external/{id}",
		"/x/CA7E60D1-0000-4000-8000-000000000001/y":                       "/x/{id}/y",
		"/x/ca7e60d1000040008000000000000001":                             "/x/{id}",
		"/x/deadbeefdeadbeef":                                             "/x/{id}",
		"/x/e4407766":                                                     "/x/{id}",
		"/api/v2/users/auth0%7C6455a1b2c3d4e5f601020307":                  "/api/v2/users/{id}",
		"/api/v2/user-blocks/auth0|61823277a44a21007221a59a":              "/api/v2/user-blocks/{id}",
		"/x/google-oauth2|abc":                                            "/x/{id}",
		"/api/v1/users/00u1abvz4pYqdM8ms4x6/factors/opf3hkfocI4JTLAju0g4": "/api/v1/users/{id}/factors/{id}",
		"/api/v1/authn/factors/opfKlara01/verify":                         "/api/v1/authn/factors/{id}/verify",
		"/api/v3/core/users/4711/impersonate/":                            "/api/v3/core/users/{id}/impersonate/",
		"/manage/phone/1234567":                                           "/manage/phone/{id}",
		"/verify/2026/404":                                                "/verify/{id}/{id}",
		"/x/2026-05-20":                                                   "/x/{id}",
		"/x/+1-202-555-0123":                                              "/x/{id}",
		"/x/192.0.2.44":                                                   "/x/{id}",
		"/x/2001:db8::1":                                                  "/x/{id}",
		"/x/[::1]":                                                        "/x/{id}",
		"/x/remotelogout2026-for-carla-1987":                              "/x/{id}",
		"/x/RemoteLogout2026":                                             "/x/{id}",
		"/x/employee-00123":                                               "/x/{id}",
		"/login;jsessionid=0A1B2C3D4E5F60718293":                          "/login;jsessionid={id}",
		"/login;jsessionid=0A1B2C3D4E5F60718293/x":                        "/login;jsessionid={id}/x",
		"/a;x=;y;9bf60216-3b31-421b-a37b-c8033c88e113":                    "/a;x=;y;{id}",
		"/recovery/use-token/8vJ3pQ5nR7tV9xZ1bD4f/":                       "/recovery/use-token/{id}/",
		"/x/01ARZ3NDEKTSV4RRFFQ69G5FAV":                                   "/x/{id}",
		"/x/dQw4w9WgXcQ":                                                  "/x/{id}",
		"/x/qWeRtYuIoPaSdFgHjKl":                                          "/x/{id}",
		"/x/aGVsbG8gd29ybGQ=":                                             "/x/{id}",
		"/x/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl":       "/x/{id}",
		"/x/" + strings.Repeat("a", maxWord+1):                            "/x/{id}",
		"/x/" + strings.Repeat("a", maxLetters+1):                         "/x/{id}",
		"/search/J%C3%B6rg%20M%C3%BCller":                                 "/search/{id}",
		"/search/jörg":                                                    "/search/{id}",
		"/x/100%":                                                         "/x/{id}",
		"/x/a%2Fb":                                                        "/x/{id}",
		"/x/%75sers":                                                      "/x/%75sers",
		"/%75sers/alice":                                                  "/%75sers/{id}",
		"/media/9bf60216-3b31-421b-a37b-c8033c88e113.png":                 "/media/{id}",
		"/media/photo-9bf60216-3b31-421b-a37b-c8033c88e113.jpg":           "/media/{id}",
		"/media/avatar-12345.png":                                         "/media/{id}",
		"/media/12345.PNG":                                                "/media/{id}",
		"/media/9bf602163b31421b.webp":                                    "/media/{id}",
		"/avatars/alice.png":                                              "/avatars/{id}",
		"/users/alice.js":                                                 "/users/{id}",
		"/app/9bf60216-3b31-421b-a37b-c8033c88e113.js":                    "/app/{id}",
		"https://idp.example/users/42":                                    "https://idp.example/users/{id}",
		"alice@example.com":                                               "{id}",
		"?code=1":                                                         "",
		"/callback#access_token=1":                                        "/callback",
		"/callback?x#y?z":                                                 "/callback",
		"/api/v1/sessions/102bZDNFfWaQSyEZQuDgWt-uQ/lifecycle/refresh":    "/api/v1/sessions/{id}/lifecycle/refresh",
		"/account/devices/77/events":                                      "/account/devices/{id}/events",
		"/account/service_providers/31/revoke":                            "/account/service_providers/{id}/revoke",
		"/api/v3/core/tokens/alices-token/":                               "/api/v3/core/tokens/{id}/",
		"/admin/realms/master/attack-detection/brute-force/users/alice":   "/admin/realms/master/attack-detection/brute-force/users/{id}",
		"/clients/urn:gov:gsa:openidconnect.profiles:sp:sso:agency:application-2-2026/edit": "/clients/{id}/edit",
	} {
		assert.Equal(t, want, template(path), path)
	}
}

func TestAppendPathAppends(t *testing.T) {
	assert.Equal(t, "GET /users/{id}", string(AppendPath([]byte("GET "), "/users/42")))
}

// looks are what the ids of identity providers look like, told by other means
// than the code's.
var looks = regexp.MustCompile(`^([0-9]+|(?i:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})|(?i:[0-9a-f]{16,})|.*[|@].*)$`)

func FuzzPath(f *testing.F) {
	for _, path := range []string{
		"/users/42?x", "/a;b=c;/%41%2f", "/%75sers/%7e", "/x/9bf60216-3b31-421b-a37b-c8033c88e113.png", "//;;==", "/1.2.3/0x.js",
		"/user/.search/v/{id}", "/sessions/%", "/aB1cD2eF3gH4iJ5k/é",
	} {
		f.Add(path)
	}
	f.Fuzz(func(t *testing.T, path string) {
		once := template(path)
		if again := template(once); again != once {
			t.Fatalf("%q became %q, then %q", path, once, again)
		}
		if len(once) > 3*len(path)+4 || strings.ContainsAny(once, "?#") {
			t.Fatalf("%q became %q", path, once)
		}
		for _, segment := range strings.FieldsFunc(once, func(c rune) bool { return c == '/' || c == ';' || c == '=' }) {
			decoded, err := url.PathUnescape(segment)
			if err != nil || IsID(segment) || looks.MatchString(decoded) {
				t.Fatalf("%q became %q, which has %q", path, once, segment)
			}
		}
	})
}

func BenchmarkPath(b *testing.B) {
	for name, path := range map[string]string{
		"route": "/login/two_factor/authenticator",
		"ids":   "/api/v1/users/00u1abvz4pYqdM8ms4x6/factors/opf3hkfocI4JTLAju0g4",
	} {
		b.Run(name, func(b *testing.B) {
			dst := make([]byte, 0, 256)
			b.ReportAllocs()
			b.SetBytes(int64(len(path)))
			for b.Loop() {
				dst = AppendPath(dst[:0], path)
			}
		})
	}
}
