package detect

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestDelimitersInLocalParts(t *testing.T) {
	for text, want := range map[string]string{
		`customer/department=shipping@example.com`:        `{email:customer/department=shipping@example.com}`,
		`al/ice@example.com`:                              `{email:al/ice@example.com}`,
		`al?ice@example.com`:                              `{email:al?ice@example.com}`,
		`al{i}ce@example.com`:                             `{email:al{i}ce@example.com}`,
		`{al}ice@example.com`:                             `{email:{al}ice@example.com}`,
		`al|ice@example.com`:                              `{email:al|ice@example.com}`,
		`at&t@example.com`:                                `{email:at&t@example.com}`,
		`alice/@example.com`:                              `alice/@example.com`,
		`alice=@example.com`:                              `{email:alice=@example.com}`,
		`a=lice@example.com`:                              `{email:a=lice@example.com}`,
		`!#$%&'*+-/=?^_{|}~@example.com`:                  `!#$%{email:&'*+-/=?^_{|}~@example.com}`,
		`bounce+alice=example.org@example.com`:            `{email:bounce+alice=example.org@example.com}`,
		`SRS0=HHH=TT=example.org=alice@example.com`:       `{email:SRS0=HHH=TT=example.org=alice@example.com}`,
		`to <al/ice@example.com>, <bob@example.org>`:      `to <{email:al/ice@example.com}>, <{email:bob@example.org}>`,
		`mail from al/ice@example.com.`:                   `mail from {email:al/ice@example.com}.`,
		`mailto:al/ice@example.com`:                       `mailto:{email:al/ice@example.com}`,
		`"al/ice@example.com"`:                            `"{email:al/ice@example.com}"`,
		`alice(the one)@example.com`:                      `{email:alice(the one)@example.com}`,
		`(the one)@example`:                               `(the one)@example`,
		`email=alice@example.com`:                         `email={email:alice@example.com}`,
		`user_name=alice@example.com`:                     `user_name={email:alice@example.com}`,
		`id=7 who=alice@example.com`:                      `id=7 who={email:alice@example.com}`,
		`a=1&b=alice@example.com`:                         `a=1&b={email:alice@example.com}`,
		`x?b=alice@example.com`:                           `x?b={email:alice@example.com}`,
		`/users/alice@example.com`:                        `/users/{email:alice@example.com}`,
		`users/alice@example.com/keys`:                    `users/{email:alice@example.com}/keys`,
		`/C=US/O=X/CN=A B/emailAddress=alice@example.com`: `/C=US/O=X/CN=A B/emailAddress={email:alice@example.com}`,
		`google-oauth2|alice@example.com`:                 `google-oauth2|{email:alice@example.com}`,
		`https://example.com/x?e=alice@example.com`:       `https://example.com/x?e={email:alice@example.com}`,
		`{alice@example.com}`:                             `{{email:alice@example.com}}`,
		`{"a":{"b":"alice@example.com"}}`:                 `{"a":{"b":"{email:alice@example.com}"}}`,
		`al%2Fice%40example.com`:                          `{email:al/ice@example.com}`,
		`|alice@example.com|bob@example.org|`:             `|{email:alice@example.com}|{email:bob@example.org}|`,
		`alice&#x40;example.com &lt;b/ob@example.org&gt;`: `{email:alice@example.com} &lt;{email:b/ob@example.org}&gt;`,
		`alice%26%2364%3Bexample.com`:                     `{email:alice@example.com}`,
		`alice\u0026commat;example.com`:                   `{email:alice@example.com}`,
		`alice%5Cu0040example.com`:                        `{email:alice@example.com}`,
		`alice&#x25;40example.com`:                        `{email:alice@example.com}`,
		`%22al%5C%22ice%22@example.com`:                   `{email:"al"ice"@example.com}`,
		`alice@[REDACTED]`:                                `alice@[REDACTED]`,
		`alice@[IPv6:2001:db8::1]`:                        `{email:alice@[IPv6:2001:db8::1]}`,
		`用户@例子.广告 and δοκιμή@παράδειγμα.δοκιμή`:             `{email:用户@例子.广告} and {email:δοκιμή@παράδειγμα.δοκιμή}`,
		`%E7%94%A8%E6%88%B7%40%E4%BE%8B%E5%AD%90.com`:       `{email:用户@例子.com}`,
		`\u7528\u6237@example.com`:                          `{email:用户@example.com}`,
		`quay.io/x/alice@sha256:` + digest + ` a@b.example`: `quay.io/x/alice@sha256:` + digest + ` {email:a@b.example}`,
	} {
		assert.Equal(t, want, marked(text, Find(nil, text)), text)
	}
}

const digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

func TestFormsOfIPv4(t *testing.T) {
	for text, want := range map[string]string{
		`0xC0.0x00.0x02.0x2C`:                      `{ip:192.0.2.44}`,
		`0xc0.0x0.0x2.0x2c:80`:                     `{ip:192.0.2.44}:80`,
		`from 0XC0.0X00.0X02.0X2C.`:                `from {ip:192.0.2.44}.`,
		`0xC0.0.2.44`:                              `{ip:192.0.2.44}`,
		`192.0x00.2.44`:                            `{ip:192.0.2.44}`,
		`0x000000C0.0x00.0x02.0x2C`:                `{ip:192.0.2.44}`,
		`0300.0000.0002.0054`:                      `{ip:192.0.2.44}`,
		`(0300.0000.0002.0054)`:                    `({ip:192.0.2.44})`,
		`0300.0000.0002.0054.0001`:                 `0300.0000.0002.0054.0001`,
		`0400.0000.0002.0054`:                      `0400.0000.0002.0054`,
		`0300.0.2.54`:                              `0300.0.2.54`,
		`OID 192.0.2.44`:                           `OID {ip:192.0.2.44}`,
		`0300.0000.0002.0098`:                      `0300.0000.0002.0098`,
		`0xC0.0x00.0x02`:                           `0xC0.0x00.0x02`,
		`0x1C0.0x00.0x02.0x01`:                     `0x1C0.0x00.0x02.0x01`,
		`http://3221226028/x`:                      `http://{ip:192.0.2.44}/x`,
		`https://3221226028:8443`:                  `https://{ip:192.0.2.44}:8443`,
		`http://0xC000022C/`:                       `http://{ip:192.0.2.44}/`,
		`http://alice@3221226028/`:                 `http://{email:alice@3221226028}/`,
		`http://123456/`:                           `http://123456/`,
		`http://99999999999/`:                      `http://99999999999/`,
		`3221226028`:                               `3221226028`,
		`44.2.0.192.in-addr.arpa`:                  `{ip:192.0.2.44}`,
		`PTR 44.2.0.192.IN-ADDR.ARPA.`:             `PTR {ip:192.0.2.44}.`,
		`2.0.192.in-addr.arpa`:                     `2.0.192.in-addr.arpa`,
		`10.in-addr.arpa`:                          `10.in-addr.arpa`,
		`ip-192-0-2-44.ec2.internal`:               `ip-{ip:192.0.2.44}.ec2.internal`,
		`ip-192-0-2-44`:                            `ip-{ip:192.0.2.44}`,
		`IP-192-0-2-44: up`:                        `IP-{ip:192.0.2.44}: up`,
		`ec2-192-0-2-44.compute-1.amazonaws.com`:   `ec2-{ip:192.0.2.44}.compute-1.amazonaws.com`,
		`10-244-1-5.default.pod.cluster.local`:     `{ip:10.244.1.5}.default.pod.cluster.local`,
		`192-0-2-44.sslip.io`:                      `{ip:192.0.2.44}.sslip.io`,
		`zip-192-0-2-44`:                           `zip-192-0-2-44`,
		`ip-192-0-2-44-5`:                          `ip-192-0-2-44-5`,
		`ip-192-0-2-256`:                           `ip-192-0-2-256`,
		`5-192-0-2-44.example.com`:                 `5-192-0-2-44.example.com`,
		`lib-1-2-3-4.jar`:                          `lib-1-2-3-4.jar`,
		`20-05-20-10.log.example.com`:              `20-05-20-10.log.example.com`,
		`lib-1-2-3-4.tar.gz`:                       `lib-1-2-3-4.tar.gz`,
		`ip%2D192%2D0%2D2%2D44`:                    `ip%2D{ip:192.0.2.44}`,
		`::ffff:192.000.002.044`:                   `{ip:::ffff:192.000.002.044}`,
		`XFF: 192.0.2.44,198.51.100.7, 10.0.0.1:5`: `XFF: {ip:192.0.2.44},{ip:198.51.100.7}, {ip:10.0.0.1}:5`,
		`for="192.0.2.44:47011";by=unknown`:        `for="{ip:192.0.2.44}:47011";by=unknown`,
	} {
		assert.Equal(t, want, marked(text, Find(nil, text)), text)
	}
}

func TestFormsOfIPv6(t *testing.T) {
	const arpa = `1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa`
	for text, want := range map[string]string{
		arpa:                  `{ip:2001:db8::1}`,
		`x.` + arpa + `.`:     `x.{ip:2001:db8::1}.`,
		`PTR? ` + arpa + ` x`: `PTR? {ip:2001:db8::1} x`,
		`1.2.3.4.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa`:                                 `{ip:2001:db8:0:4321::}`,
		`1.0.0.0.f.1.2.3.4.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa`: `{ip:2001:db8::f4:321f:1}`,
		`8.b.d.0.1.0.0.2.ip6.arpa`:                                                 `8.b.d.0.1.0.0.2.ip6.arpa`,
		`2001-db8--1.ipv6-literal.net`:                                             `{ip:2001:db8::1}.ipv6-literal.net`,
		`a-b.ipv6-literal.net`:                                                     `a-b.ipv6-literal.net`,
		`64:ff9b::c000:22c`:                                                        `{ip:64:ff9b::c000:22c}`,
		`64:FF9B::192.0.2.44`:                                                      `{ip:64:FF9B::192.0.2.44}`,
		`2002:c000:22c::1`:                                                         `{ip:2002:c000:22c::1}`,
		`::ffff:c000:22c`:                                                          `{ip:::ffff:c000:22c}`,
		`0:0:0:0:0:ffff:192.0.2.44`:                                                `{ip:0:0:0:0:0:ffff:192.0.2.44}`,
		`::192.0.2.44`:                                                             `{ip:::192.0.2.44}`,
		`2001:0db8:0000:0000:0000:0000:0000:0001`:                                  `{ip:2001:0db8:0000:0000:0000:0000:0000:0001}`,
		`fe80::1%25eth0`:                                                           `{ip:fe80::1%eth0}`,
		`http://[fe80::1%25en0]:80/`:                                               `http://[{ip:fe80::1%en0}]:80/`,
		`Forwarded: for="[2001:db8::1]:4711"`:                                      `Forwarded: for="[{ip:2001:db8::1}]:4711"`,
		`for=%22%5B2001%3Adb8%3A%3A1%5D%22`:                                        `for=%22%5B{ip:2001:db8::1}%5D%22`,
		`2001:db8::1/128, 2001:db8::2`:                                             `{ip:2001:db8::1}/128, {ip:2001:db8::2}`,
		`2001:db8::1,192.0.2.44`:                                                   `{ip:2001:db8::1},{ip:192.0.2.44}`,
	} {
		assert.Equal(t, want, marked(text, Find(nil, text)), text)
	}
}

// A span's value is an address in a form that net/netip reads, whatever form
// it stands in; but for octets with leading zeros, and without the zone.
func TestValuesParse(t *testing.T) {
	for _, text := range []string{
		"0300.0000.0002.0054", "0xC0.0x00.0x02.0x2C", "44.2.0.192.in-addr.arpa", "ip-192-0-2-44", "http://3221226028/",
		"192.0.2.44", "192%2E0%2E2%2E44", "192&#46;0&#46;2&#46;44", `192\.0\.2\.44`,
	} {
		spans := Find(nil, text)
		if assert.Len(t, spans, 1, text) {
			addr, err := netip.ParseAddr(spans[0].Value)
			assert.NoError(t, err, text)
			assert.Equal(t, "192.0.2.44", addr.String(), text)
		}
	}
}
