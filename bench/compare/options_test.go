package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParse(t *testing.T) {
	o, err := parse(nil)
	require.NoError(t, err)
	require.Equal(t, []source{{"login_gov", "Login.gov", 500_000}, {"hera", "Hera", 1_000_000}}, o.sources())
	require.Equal(t, rows, o.rows())
	require.Len(t, o.dimensions(1000), 4)

	o, err = parse([]string{"-source", "hera", "-row", "send", "-flatness", "files", "-hera", "20"})
	require.NoError(t, err)
	require.Equal(t, []source{{"hera", "Hera", 20}}, o.sources())
	require.Equal(t, rows[4:], o.rows())
	dims := o.dimensions(1000)
	require.Len(t, dims, 1)
	require.Equal(t, content{lines: 400, users: users, files: 10}, dims[0].variants[1].content)

	o, err = parse([]string{"-flatness", "none"})
	require.NoError(t, err)
	require.Empty(t, o.dimensions(1000))

	_, err = parse([]string{"-source", "okta", "-row", "x", "-flatness", "x", "-runs", "0", "file"})
	for _, part := range []string{`"okta"`, "-row must", "-flatness must", "-runs must be at least 1", `"file"`} {
		require.ErrorContains(t, err, part)
	}
}
