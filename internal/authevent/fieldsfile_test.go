package authevent

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestFieldsFile(t *testing.T) {
	const text = "match:\n  - {/a: {type: text}}\nevent_name: [/a]\npii_file: x_fields.yaml\n"
	read := func(text, fields string) (*profile, error) {
		return readProfile(fstest.MapFS{
			"d/x.yaml": {Data: []byte(text)}, "d/x_fields.yaml": {Data: []byte(fields)},
		}, "d/x.yaml")
	}
	got, err := read(text, "- under: ['', /data]\n  ip: [/a, /b]\n  name: [/n]\n- under: [/c]\n  ip: ['', /d]\n")
	require.NoError(t, err)
	assert.Equal(t, map[string][]string{
		"ip": {"/a", "/b", "/data/a", "/data/b", "/c", "/c/d"}, "name": {"/n", "/data/n"},
	}, got.PII)

	for _, c := range []struct{ text, fields, want string }{
		{text, "- ip: [/a]\n", "d/x_fields.yaml[0].under: is missing"},
		{text, "ip: [/a]\n", "d/x_fields.yaml: yaml:"},
		{text + "pii: {ip: [/a]}\n", "", "d/x.yaml: set pii or pii_file, not both"},
		{"pii_file: y_fields.yaml\n", "", "d/y_fields.yaml: file does not exist"},
	} {
		_, err := read(c.text, c.fields)
		assert.ErrorContains(t, err, c.want)
	}
	_, err = decodeProfile("x", fromYAML(t, text))
	assert.ErrorContains(t, err, "no such key: pii_file", "a user's profile has no files beside it")
}
