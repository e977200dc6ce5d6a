package pii

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestFieldsRoundTrip(t *testing.T) {
	fields := []Field{
		{Path: []string{"visit_id"}, Kind: Identity},
		{Path: []string{"properties", "ial/1", "a~b"}, Kind: Identity},
		{Path: []string{"forwarded", "*"}, Kind: IP},
		{Path: nil, Kind: Secret},
	}
	text := EncodeFields(fields)
	assert.Equal(t, `{"identity":["/visit_id","/properties/ial~11/a~0b"],"ip":["/forwarded/*"],"secret":[""]}`, text)

	got, err := ParseFields(text)
	require.NoError(t, err)
	assert.Equal(t, fields, got)
}

func TestParseFieldsRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"no object":    `["/a"]`,
		"unknown kind": `{"shoe_size":["/a"]}`,
		"none":         `{"none":["/a"]}`,
		"no pointer":   `{"ip":["a"]}`,
		"torn":         `{"ip":["/a"`,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ParseFields(text)
			assert.Error(t, err)
		})
	}
}

func TestKindNames(t *testing.T) {
	for _, kind := range Kinds() {
		got, err := ParseKind(kind.String())
		require.NoError(t, err)
		assert.Equal(t, kind, got)
	}
	_, err := ParseKind("none")
	require.Error(t, err)
}
