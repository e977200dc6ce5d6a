package detect

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestDefanged(t *testing.T) {
	for text, want := range map[string]string{
		`alice[at]example.com`:                       `{email:alice@example.com}`,
		`mail alice(at)example.com!`:                 `mail {email:alice@example.com}!`,
		`alice [at] example [dot] com`:               `{email:alice@example.com}`,
		`to alice (AT) example.com now`:              `to {email:alice@example.com} now`,
		`alice[ at ]mail[dot]example[.]co[.]uk`:      `{email:alice@mail.example.co.uk}`,
		`alice[@]example[.]com`:                      `{email:alice@example.com}`,
		`alice(at)localhost`:                         `{email:alice@localhost}`,
		`"alice [at] example.com"`:                   `"{email:alice@example.com}"`,
		`alice%5Bat%5Dexample.com`:                   `{email:alice@example.com}`,
		`192[.]0[.]2[.]44`:                           `{ip:192.0.2.44}`,
		`from 192.0.2[.]44:8443`:                     `from {ip:192.0.2.44}:8443`,
		`192(.)0(.)2(.)44`:                           `{ip:192.0.2.44}`,
		`192[dot]0[dot]2[dot]44`:                     `{ip:192.0.2.44}`,
		`2001[:]db8[:][:]7`:                          `{ip:2001:db8::7}`,
		`hxxp://192[.]0[.]2[.]44/x`:                  `hxxp://{ip:192.0.2.44}/x`,
		`alice=40example.com`:                        `{email:alice@example.com}`,
		`To: alice.b=40mail.example=2Ecom x`:         `To: {email:alice.b@mail.example.com} x`,
		`<alice=40example.com>, <bob=40example.org>`: `<{email:alice@example.com}>, <{email:bob@example.org}>`,
	} {
		assert.Equal(t, want, marked(text, Find(nil, text)), text)
	}
}

func TestDefangedIsFoundWhole(t *testing.T) {
	const text = "x alice [at] example [dot] com y"
	spans := Find(nil, text)
	if assert.Len(t, spans, 1) {
		assert.Equal(t, "alice [at] example [dot] com", text[spans[0].Start:spans[0].End])
	}
}
