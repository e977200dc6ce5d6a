package detect

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestTokens(t *testing.T) {
	hex36 := strings.Repeat("a1", 18)
	const pem = "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----"
	for text, want := range map[string]string{
		`sent Bearer mF_9.B5f-4.1JqM to x`:              `sent Bearer {secret:mF_9.B5f-4.1JqM} to x`,
		`BEARER abcdef123456.`:                          `BEARER {secret:abcdef123456}.`,
		`bearer aBcdEfgh`:                               `bearer {secret:aBcdEfgh}`,
		`Bearer abcdefghijklmnopqrstuvw`:                `Bearer {secret:abcdefghijklmnopqrstuvw}`,
		`Bearer  dG9rZW4tMTIz==, x`:                     `Bearer  {secret:dG9rZW4tMTIz==}, x`,
		`with%20Bearer%20abcdef123456`:                  `with%20Bearer%20{secret:abcdef123456}`,
		`the Bearer authentication scheme`:              `the Bearer authentication scheme`,
		`Bearer token expired`:                          `Bearer token expired`,
		`Bearer realm="x", error="invalid_token"`:       `Bearer realm="x", error="invalid_token"`,
		`forbearer abcdef123456`:                        `forbearer abcdef123456`,
		`Bearer [REDACTED] was refused`:                 `Bearer [REDACTED] was refused`,
		`Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ== x`:          `Basic {secret:QWxhZGRpbjpvcGVuIHNlc2FtZQ==} x`,
		`Basic authentication failed`:                   `Basic authentication failed`,
		`Basic functionality123`:                        `Basic functionality123`,
		`got token=abc123 here`:                         `got token={secret:abc123} here`,
		`access_token=abc, next`:                        `access_token={secret:abc,} next`,
		`eyJhbGciOiJkaXIifQ.a2V5.aXY.Y3Q.dGFn.`:         `{secret:eyJhbGciOiJkaXIifQ.a2V5.aXY.Y3Q.dGFn}.`,
		`key AKIAIOSFODNN7EXAMPLE.`:                     `key {secret:AKIAIOSFODNN7EXAMPLE}.`,
		`ASIAIOSFODNN7EXAMPLE`:                          `{secret:ASIAIOSFODNN7EXAMPLE}`,
		`MALAYSIAIOSFODNN7EXAMPLE1`:                     `MALAYSIAIOSFODNN7EXAMPLE1`,
		`AKIAIOSFODNN7EX`:                               `AKIAIOSFODNN7EX`,
		`ghp_` + hex36:                                  `{secret:ghp_` + hex36 + `}`,
		`x github_pat_` + hex36 + `;`:                   `x {secret:github_pat_` + hex36 + `};`,
		`glpat-` + hex36[:20]:                           `{secret:glpat-` + hex36[:20] + `}`,
		`xoxb-1234567890-abc`:                           `{secret:xoxb-1234567890-abc}`,
		`xoxb-123`:                                      `xoxb-123`,
		`ory_st_` + hex36 + ` ory_at_` + hex36:          `{secret:ory_st_` + hex36 + `} {secret:ory_at_` + hex36 + `}`,
		`category_st_` + hex36:                          `category_st_` + hex36,
		"a\n" + pem + "\nb":                             "a\n{secret:" + pem + "}\nb",
		`k: ` + strings.ReplaceAll(pem, "\n", `\n`):     `k: {secret:` + pem + `}`,
		`-----BEGIN PRIVATE KEY----- MII`:               `{secret:-----BEGIN PRIVATE KEY----- MII}`,
		`-----BEGIN CERTIFICATE----- MII`:               `-----BEGIN CERTIFICATE----- MII`,
		`params: {"password"=>"hunter2", "x"=>"1"}`:     `params: {"password"=>"{secret:hunter2}", "x"=>"1"}`,
		`"password" => "hunter2"`:                       `"password" => "{secret:hunter2}"`,
		`cut {"user":"x","password":"hunter2","phone":`: `cut {"user":"x","password":"{secret:hunter2}","phone":`,
		`error {'client_secret': 'x y', 'code': 7}`:     `error {'client_secret': '{secret:x y}', 'code': 7}`,
		`{"otp": 123456, "pin": 3} x`:                   `{"otp": {secret:123456}, "pin": 3} x`,
		`"password":"[REDACTED]" x`:                     `"password":"[REDACTED]" x`,
		"password = hunter2 x":                          "password = {secret:hunter2} x",
		"password => hunter2":                           "password => {secret:hunter2}",
		"if password == x1y2 then":                      "if password == x1y2 then",
		"?password[]=hunter2&x[]=1":                     "?password[]={secret:hunter2}&x[]=1",
		"X-Api-Key: 4f0c11, x":                          "X-Api-Key: {secret:4f0c11}, x",
		"{Login:x Password:hunter2}":                    "{Login:x Password:{secret:hunter2}}",
		"client_secret: 'a b'":                          "client_secret: '{secret:a b}'",
		"phone: 2025550143.":                            "phone: {phone:2025550143}.",
		"invalid token: expired, state: x123 code: 400": "invalid token: expired, state: x123 code: 400",
		"std token::x123 and SAML::Token: Error":        "std token::x123 and SAML::Token: Error",
		`cut \"password\":\"hunter2\"`:                  `cut \"password\":\"{secret:hunter2}\"`,
	} {
		assert.Equal(t, want, marked(text, Find(nil, text)), text)
	}
}

func TestDecodeTokens(t *testing.T) {
	std := base64.StdEncoding.EncodeToString
	url := base64.RawURLEncoding.EncodeToString
	for text, want := range map[string]string{
		std([]byte("alice@example.com")):                                    `{email:alice@example.com}`,
		"x " + url([]byte(`{"e":"alice@example.com"}`)) + " y":              `x {email:alice@example.com} y`,
		"ip " + std([]byte("from 192.0.2.44 port 22")) + ".":                `ip {ip:192.0.2.44}.`,
		"/verify/" + url([]byte("alice@example.com")) + "/x":                `/verify/{email:alice@example.com}/x`,
		"token_" + url([]byte("alice@example.com")):                         `token_{email:alice@example.com}`,
		"q?x=" + strings.ReplaceAll(std([]byte("a@b.example")), "=", "%3D"): `q?x={email:a@b.example}`,
		url([]byte("??>jörg@müller.de???>")):                                `{email:jörg@müller.de}`,
		std([]byte("alice%40example.com")):                                  `{email:alice@example.com}`,
		std([]byte("no personal data in here")):                             std([]byte("no personal data in here")),
		std([]byte("\x00\x01\xff@\x80alice@b\x00\x02\x03\x04\x05\x06")):     std([]byte("\x00\x01\xff@\x80alice@b\x00\x02\x03\x04\x05\x06")),
		"4b1a2b2e-8e2d-4f52-9a51-0d1b6a6f7c11":                              "4b1a2b2e-8e2d-4f52-9a51-0d1b6a6f7c11",
		digest:                                                              digest,
	} {
		got := marked(text, Options{DecodeTokens: true}.Find(nil, text))
		assert.Equal(t, want, got, text)
		assert.Empty(t, Find(nil, text), "off by default: %s", text)
	}
	two := std([]byte("alice@example.com 192.0.2.44"))
	assert.Equal(t, "{email:"+two+"}", marked(two, Options{DecodeTokens: true}.Find(nil, two)), "of two values none is the run's")
	cut := std([]byte("alice@example.com, bob"))[:29]
	assert.Len(t, Options{DecodeTokens: true}.Find(nil, cut), 1, "a run that was cut off")
	secret := std([]byte("alice@example.com password=hunter2"))
	assert.Equal(t, "{secret:"+secret+"}", marked(secret, Options{DecodeTokens: true}.Find(nil, secret)))
}
