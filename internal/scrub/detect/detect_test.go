package detect

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/authevents/otelcol-auth/internal/pii"
)

// marked writes the spans into the text: a {email:…} b.
func marked(s string, spans []Span) string {
	var b strings.Builder
	from := 0
	for _, span := range spans {
		b.WriteString(s[from:span.Start] + "{" + span.Kind.String() + ":" + span.Value + "}")
		from = span.End
	}
	return b.String() + s[from:]
}

func TestEmails(t *testing.T) {
	for text, want := range map[string]string{
		`alice@example.com`:                       `{email:alice@example.com}`,
		`ALICE@EXAMPLE.COM`:                       `{email:ALICE@EXAMPLE.COM}`,
		`alice+idp@example.com`:                   `{email:alice+idp@example.com}`,
		`<alice@example.com>`:                     `<{email:alice@example.com}>`,
		`"alice smith"@example.com`:               `{email:"alice smith"@example.com}`,
		`to "al\"ice x"@example.com!`:             `to {email:"al\"ice x"@example.com}!`,
		`alice"@example.com`:                      `{email:alice"@example.com}`,
		`o'brien@example.com`:                     `{email:o'brien@example.com}`,
		`'alice@example.com'`:                     `'{email:alice@example.com}'`,
		`jörg@müller.de`:                          `{email:jörg@müller.de}`,
		`“jörg@müller.de”, sagte er`:              `“{email:jörg@müller.de}”, sagte er`,
		`用户@例子.中国`:                                `{email:用户@例子.中国}`,
		`alice@xn--mller-kva.de`:                  `{email:alice@xn--mller-kva.de}`,
		`alice@localhost`:                         `{email:alice@localhost}`,
		`alice@[192.0.2.1]`:                       `{email:alice@[192.0.2.1]}`,
		`alice@example.com. Bob@example.org, bye`: `{email:alice@example.com}. {email:Bob@example.org}, bye`,
		`arn:aws:sts::123456789012:assumed-role/r/alice@example.com`: `arn:aws:sts::123456789012:assumed-role/r/{email:alice@example.com}`,
		`mailto:alice@example.com?subject=x`:                         `mailto:{email:alice@example.com}?subject=x`,
		`https://h/x?login_hint=alice@example.com&r=1`:               `https://h/x?login_hint={email:alice@example.com}&r=1`,
		`auth0|alice@example.com`:                                    `auth0|{email:alice@example.com}`,
		`{"user":"alice@example.com"}`:                               `{"user":"{email:alice@example.com}"}`,
		`alice@@example.com`:                                         `{email:alice@@example.com}`,
		`a@b@c`:                                                      `{email:a@b@c}`,
		`10.1.2.3@corp.example.com`:                                  `{email:10.1.2.3@corp.example.com}`,
		`alice@10.1.2.3`:                                             `{email:alice@10.1.2.3}`,
		"al\xffice@example.com":                                      "{email:al\xffice@example.com}",
		`"alice b@c smith"@example.com`:                              `{email:"alice b@c smith"@example.com}`,
		`u'alice@example.com'`:                                       `u'{email:alice@example.com}'`,
		`alice😀@example.com`:                                         `{email:alice😀@example.com}`,
		`✓alice™@example.com😀`:                                       `✓{email:alice™@example.com}😀`,
		`❤@i❤.ws`:                                                    `{email:❤@i❤.ws}`,
		"al\ufffdice@example.com":                                    "{email:al\ufffdice@example.com}",
		"\u200eali\u200bce@example.com\u200e":                        "\u200e{email:ali\u200bce@example.com}\u200e",
		`→alice@example.com←`:                                        `→{email:alice@example.com}←`,
		`「alice@example.com」`:                                        `「{email:alice@example.com}」`,
		`alice@example.com登录`:                                        `{email:alice@example.com}登录`,
		`alice@foo.abc例.com`:                                         `{email:alice@foo.abc例.com}`,
		`@alice said hi`:                                             `@alice said hi`,
		`"@alice" said hi`:                                           `"@alice" said hi`,
		`"ok" and "@alice"`:                                          `"ok" and "@alice"`,
		`alice@`:                                                     `alice@`,
		`alice @ example.com`:                                        `alice @ example.com`,
		`@`:                                                          `@`,
		`...@x`:                                                      `...@x`,
	} {
		assert.Equal(t, want, marked(text, Find(nil, text)))
	}
}

func TestEncoded(t *testing.T) {
	for text, want := range map[string]string{
		`alice%40example.com`:                         `{email:alice@example.com}`,
		`alice%2540example.com`:                       `{email:alice@example.com}`,
		`alice%252540example.com`:                     `{email:alice@example.com}`,
		`x?login_hint=alice%40example.com&r=%2Fa`:     `x?login_hint={email:alice@example.com}&r=%2Fa`,
		`x%3Flogin_hint%3Dalice%2540example%252Ecom`:  `x%3Flogin_hint%3D{email:alice@example.com}`,
		`%2Falice@example.com`:                        `%2F{email:alice@example.com}`,
		`%22alice%20smith%22%40example.com`:           `{email:"alice smith"@example.com}`,
		`j%C3%B6rg%40m%C3%BCller.de`:                  `{email:jörg@müller.de}`,
		`alice%u0040example.com`:                      `{email:alice@example.com}`,
		`alice\u0040example.com`:                      `{email:alice@example.com}`,
		`alice\\u0040example.com`:                     `{email:alice@example.com}`,
		`\u0061lice\x40example.com`:                   `{email:alice@example.com}`,
		`\"alice smith\"@example.com`:                 `{email:"alice smith"@example.com}`,
		`hi\nalice@example.com\n`:                     `hi\n{email:alice@example.com}\n`,
		`alice&#64;example.com`:                       `{email:alice@example.com}`,
		`alice&#064;example.com`:                      `{email:alice@example.com}`,
		`alice&#64example.com`:                        `{email:alice@example.com}`,
		`alice&#x40;example.com`:                      `{email:alice@example.com}`,
		`alice&commat;example&period;com`:             `{email:alice@example.com}`,
		`alice&amp;#64;example.com`:                   `{email:alice@example.com}`,
		`&lt;alice@example.com&gt;`:                   `&lt;{email:alice@example.com}&gt;`,
		`alice\@example\.com`:                         `{email:alice@example.com}`,
		`alice\_smith@example.com`:                    `{email:alice_smith@example.com}`,
		`alice\u{40}example.com`:                      `{email:alice@example.com}`,
		`alice\u{40`:                                  `alice\u{40`,
		`alice&#x0000000000040;example.com`:           `{email:alice@example.com}`,
		`j&ouml;rg@m&uuml;ller.de`:                    `{email:jörg@müller.de}`,
		`a&nosuch;b@c`:                                `a&nosuch;{email:b@c}`,
		`alice＠example.com`:                           `{email:alice@example.com}`,
		`ａｌｉｃｅ＠ｅｘａｍｐｌｅ．ｃｏｍ，１２`:                        `{email:alice@example.com}，１２`,
		`deny ^192\.0\.2\.44$`:                        `deny ^{ip:192.0.2.44}$`,
		`地址：192.0.2.44。`:                              `地址：{ip:192.0.2.44}。`,
		`2001%3Adb8%3A%3A1`:                           `{ip:2001:db8::1}`,
		`2001\u003adb8\u003a\u003a1`:                  `{ip:2001:db8::1}`,
		`2001&#58;db8&#58;&#58;1`:                     `{ip:2001:db8::1}`,
		`fe80::1%25eth0`:                              `{ip:fe80::1%eth0}`,
		`192%2E0%2E2%2E44`:                            `{ip:192.0.2.44}`,
		`192.0.2.4%34 x`:                              `{ip:192.0.2.44} x`,
		`1.2.3.4%30%30%30`:                            `{ip:1.2.3.4}%30%30%30`,
		`q=%2B12025550123`:                            `q={phone:+12025550123}`,
		`r=https%3A%2F%2Fx%2Fcb%3Fcode%3Dabc%26a%3D1`: `r=https%3A%2F%2Fx%2Fcb%3Fcode%3D{secret:abc}%26a%3D1`,
		`x?code=a%26b&z=1`:                            `x?code={secret:a%26b}&z=1`,
		`%252525252540`:                               `{secret:%252525252540}`,
		`100% of 50% & more`:                          `100% of 50% & more`,
		`C:\users\bob`:                                `C:\users\bob`,
		`a%zz%4`:                                      `a%zz%4`,
		`%40alice said hi`:                            `%40alice said hi`,
		`&#;&#x;&`:                                    `&#;&#x;&`,
	} {
		assert.Equal(t, want, marked(text, Find(nil, text)), text)
	}
}

func TestIPs(t *testing.T) {
	for text, want := range map[string]string{
		`192.0.2.44`:                        `{ip:192.0.2.44}`,
		`192.0.2.44:8443`:                   `{ip:192.0.2.44}:8443`,
		`192.0.2.44/24`:                     `{ip:192.0.2.44}/24`,
		`from 192.0.2.44 port 22`:           `from {ip:192.0.2.44} port 22`,
		`from 192.0.2.44.`:                  `from {ip:192.0.2.44}.`,
		`192.0.2.44, 2001:db8::1`:           `{ip:192.0.2.44}, {ip:2001:db8::1}`,
		`192.0.2.44,10.0.0.1`:               `{ip:192.0.2.44},{ip:10.0.0.1}`,
		`192.0.2.44-192.0.2.50`:             `{ip:192.0.2.44}-{ip:192.0.2.50}`,
		`192.000.002.044`:                   `{ip:192.000.002.044}`,
		`hostname/10.1.2.3`:                 `hostname/{ip:10.1.2.3}`,
		`/api/10.1.2.3`:                     `/api/{ip:10.1.2.3}`,
		`10.1.2.3.nip.io`:                   `{ip:10.1.2.3}.nip.io`,
		`ip=10.1.2.3`:                       `ip={ip:10.1.2.3}`,
		`ip10.1.2.3`:                        `ip{ip:10.1.2.3}`,
		`x_10.1.2.3_y`:                      `x_{ip:10.1.2.3}_y`,
		`http://10.1.2.3:80/a`:              `http://{ip:10.1.2.3}:80/a`,
		`2001:db8::1`:                       `{ip:2001:db8::1}`,
		`2001:DB8::A`:                       `{ip:2001:DB8::A}`,
		`2001:0DB8:0:0:0:0:0:1`:             `{ip:2001:0DB8:0:0:0:0:0:1}`,
		`1:2:3:4:5:6:7:8`:                   `{ip:1:2:3:4:5:6:7:8}`,
		`2001:db8:0:0:0:0:0:1:443`:          `{ip:2001:db8:0:0:0:0:0:1}:443`,
		`[2001:db8::1]:443`:                 `[{ip:2001:db8::1}]:443`,
		`http://[2001:db8::1]/`:             `http://[{ip:2001:db8::1}]/`,
		`2001:db8::1/64`:                    `{ip:2001:db8::1}/64`,
		`2001:db8::/32`:                     `{ip:2001:db8::}/32`,
		`fe80::1%eth0`:                      `{ip:fe80::1%eth0}`,
		`fe80::1%eth0.100, x`:               `{ip:fe80::1%eth0.100}, x`,
		`fe80::1%en0.`:                      `{ip:fe80::1%en0}.`,
		`::1`:                               `{ip:::1}`,
		`(::1)`:                             `({ip:::1})`,
		`::ffff:192.0.2.44`:                 `{ip:::ffff:192.0.2.44}`,
		`[::ffff:192.0.2.44]:80`:            `[{ip:::ffff:192.0.2.44}]:80`,
		`64:ff9b::192.0.2.44`:               `{ip:64:ff9b::192.0.2.44}`,
		`addr:2001:db8::1`:                  `addr:{ip:2001:db8::1}`,
		`ipv6:2001:db8::1`:                  `ipv6:{ip:2001:db8::1}`,
		`from 2001:db8::1: refused`:         `from {ip:2001:db8::1}: refused`,
		`from 2001:db8::1.`:                 `from {ip:2001:db8::1}.`,
		`dead:beef::cafe`:                   `{ip:dead:beef::cafe}`,
		`fdaa::b`:                           `{ip:fdaa::b}`,
		`x_2001:db8::1_y`:                   `x_{ip:2001:db8::1}_y`,
		`x_2001:db8:0:0:0:0:0:1_y`:          `x_{ip:2001:db8:0:0:0:0:0:1}_y`,
		`x_1:2:3:4:5:6:7:8`:                 `x_{ip:1:2:3:4:5:6:7:8}`,
		`ip2001:db8:0:0:0:0:0:1`:            `ip{ip:2001:db8:0:0:0:0:0:1}`,
		`2001:db8::1port`:                   `{ip:2001:db8::1}port`,
		`id:2001:db8:1:2:3:4:5:6`:           `id:{ip:2001:db8:1:2:3:4:5:6}`,
		`Face::Bad, fade::add`:              `Face::Bad, fade::add`,
		`crate::e2e::add`:                   `crate::e2e::add`,
		`a1::b2::Base`:                      `a1::b2::Base`,
		`a1::b2_c`:                          `a1::b2_c`,
		`1.2.3.4::5`:                        `{ip:1.2.3.4}::5`,
		`12:30:45 192.0.2.1`:                `12:30:45 {ip:192.0.2.1}`,
		`for="[2001:db8::1]:443"`:           `for="[{ip:2001:db8::1}]:443"`,
		`for=192.0.2.60;by=203.0.113.43`:    `for={ip:192.0.2.60};by={ip:203.0.113.43}`,
		`999.999.999.999`:                   `999.999.999.999`,
		`10.0.0.1234`:                       `10.0.0.1234`,
		`1.3.6.1.4.1.311`:                   `1.3.6.1.4.1.311`,
		`192.0.2`:                           `192.0.2`,
		`1..2.3.4`:                          `1..2.3.4`,
		`v1.2.3.4.5`:                        `v1.2.3.4.5`,
		`v1.2.3.4`:                          `v1.2.3.4`,
		`app v1.2.3.4, V1.2.3.4`:            `app v1.2.3.4, V1.2.3.4`,
		`Chrome/120.0.0.0 Edg/120.0.0.0`:    `Chrome/120.0.0.0 Edg/120.0.0.0`,
		`HeadlessChrome/120.0.0.0`:          `HeadlessChrome/120.0.0.0`,
		`NotChrome/120.0.0.0`:               `NotChrome/{ip:120.0.0.0}`,
		`12:34:56:78:9a:bc`:                 `12:34:56:78:9a:bc`,
		`00:00:00:00:00:00:00:00`:           `00:00:00:00:00:00:00:00`,
		`aa:bb:cc:dd:ee:ff:00:11:22:33`:     `aa:bb:cc:dd:ee:ff:00:11:22:33`,
		`12:30:45`:                          `12:30:45`,
		`2026-05-20T10:00:00.000Z`:          `2026-05-20T10:00:00.000Z`,
		`std::string::npos`:                 `std::string::npos`,
		`Foo::Bad, Abc::Def, ::Add`:         `Foo::Bad, Abc::Def, ::Add`,
		`Telephony::OptOutError`:            `Telephony::OptOutError`,
		`::`:                                `::`,
		`a :: b`:                            `a :: b`,
		`:::`:                               `:::`,
		`urn:gov:gsa:a.b:sp:sso:OPM:PROD`:   `urn:gov:gsa:a.b:sp:sso:OPM:PROD`,
		`arn:aws:iam::123456789012:role/x`:  `arn:aws:iam::123456789012:role/x`,
		`12345:1::2`:                        `12345:{ip:1::2}`,
		`Root=1-67891233-abcdef01234567890`: `Root=1-67891233-abcdef01234567890`,
	} {
		assert.Equal(t, want, marked(text, Find(nil, text)))
	}
}

func TestPhonesAndSecrets(t *testing.T) {
	const jwt = `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dBjftJeZ4CVP`
	for text, want := range map[string]string{
		`call +12025550123.`:                   `call {phone:+12025550123}.`,
		`+1202555`:                             `+1202555`,
		`+1234567890123456`:                    `+1234567890123456`,
		`+02025550123`:                         `+02025550123`,
		`a+12025550123`:                        `a+12025550123`,
		`+12025550123a`:                        `+12025550123a`,
		`11:56:57+02:00`:                       `11:56:57+02:00`,
		`got ` + jwt + `, ok`:                  `got {secret:` + jwt + `}, ok`,
		`eyJhbGciOiJub25lIn0.eyJhIjoxfQ.`:      `{secret:eyJhbGciOiJub25lIn0.eyJhIjoxfQ.}`,
		`eyJ.b`:                                `eyJ.b`,
		`heyJude.is.a`:                         `heyJude.is.a`,
		`/cb?code=abc&state=x.y&r=1`:           `/cb?code={secret:abc}&state={secret:x.y}&r=1`,
		`/cb?CODE=abc#ID_TOKEN=x`:              `/cb?CODE={secret:abc}#ID_TOKEN={secret:x}`,
		`code=abc&grant_type=x`:                `code={secret:abc}&grant_type=x`,
		`x?code=`:                              `x?code=`,
		`x?code=[REDACTED]&y=1`:                `x?code=[REDACTED]&y=1`,
		`x?zip_code=1&country_code=US`:         `x?zip_code=1&country_code=US`,
		`user[password]=hunter2&x=1`:           `user[password]={secret:hunter2}&x=1`,
		`failed password="hunter 2" code=404`:  `failed password="{secret:hunter 2}" code=404`,
		`x?phone=2025550123`:                   `x?phone={phone:2025550123}`,
		`x?code=alice@example.com&e=b@c`:       `x?code={secret:alice@example.com}&e={email:b@c}`,
		"Cookie: a=b; c=d\nHost: x":            "Cookie: {secret:a=b; c=d}\nHost: x",
		"set-cookie:sid=1\r\nX: y":             "set-cookie:{secret:sid=1}\r\nX: y",
		`Authorization: Bearer abc`:            `Authorization: {secret:Bearer abc}`,
		`"authorization" : "Basic eA=="`:       `"authorization" : {secret:"Basic eA=="}`,
		`https://alice:pw@example.com/x`:       `https://{secret:alice:pw@example.com}/x`,
		`https://alice:@example.com/x`:         `https://{secret:alice:}@example.com/x`,
		`ftp://alice:p@ss@[::1]:21/`:           `ftp://{secret:alice:p@ss}@[{ip:::1}]:21/`,
		`https://alice@example.com/`:           `https://{email:alice@example.com}/`,
		`u=https://h:80&x=alice@example.com`:   `u=https://h:80&x={email:alice@example.com}`,
		`https://[REDACTED]@example.com/`:      `https://[REDACTED]@example.com/`,
		`Cookie: [REDACTED]`:                   `Cookie: [REDACTED]`,
		`Cookie:`:                              `Cookie:`,
		`issued an Ory Kratos Session Cookie.`: `issued an Ory Kratos Session Cookie.`,
		`Cookie: u=alice@example.com`:          `Cookie: {secret:u=alice@example.com}`,
	} {
		assert.Equal(t, want, marked(text, Find(nil, text)))
	}
	for _, name := range []string{
		"token", "access_token", "id_token", "refresh_token", "code_verifier", "code_challenge", "client_secret", "nonce",
		"assertion", "SAMLResponse", "login_challenge", "consent_challenge", "RelayState", "csrf_token",
		"session_state", "ticket", "invite_token", "stateToken", "mfa_token", "sig", "X-Amz-Signature",
	} {
		text := "https://x/y?a=1&" + name + "=v4lue&b=2"
		assert.Equal(t, "https://x/y?a=1&"+name+"={secret:v4lue}&b=2", marked(text, Find(nil, text)))
	}
}

func TestSecretName(t *testing.T) {
	for kind, names := range map[pii.Kind][]string{
		pii.Secret: {
			"password", "passwd", "secret", "client_secret", "clientSecret", "Client-Secret", "token", "access_token", "code", "otp",
			"totp", "pin", "state", "nonce", "code_verifier", "code_challenge", "cookie", "set-cookie", "Set-Cookie", "authorization",
			"csrf_token", "authenticity_token", "recaptcha_token", "personal_key", "backup_code", "code_digest", "saml_response",
			"SAMLResponse", "id_token_hint", "login_challenge", "pass word", ".password.", "_token", "http.request.header.cookie",
		},
		pii.Phone: {"phone", "phone_number", "Phone Number", "mobile", "msisdn", "telephone", "e164_phone"},
		pii.None: {
			"", "_", "code_challenge_present", "country_code", "status_code", "error_code", "phone_configuration_id",
			"otp_delivery_preference", "phone_fingerprint", "pincodes", "codes2", "user_id", "email", "tokenizer",
			strings.Repeat("_", 100) + "code", "passwörd",
		},
	} {
		for _, name := range names {
			assert.Equal(t, kind, SecretName(name), name)
		}
	}
	for name := range names {
		assert.NotEqual(t, pii.None, SecretName(name), name)
		assert.LessOrEqual(t, len(name), maxName)
	}
}
