package sbom

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/tools/internal/linked"
)

func subject() Subject {
	return Subject{
		Name: "otelcol-auth", Version: "0.1.0", License: "Apache-2.0",
		Commit: "4d846521a2b3", Time: time.Unix(1795433355, 0), SHA256: sha256.Sum256([]byte("binary")),
		Binary: linked.Binary{
			Main: "example.org/ours/cmd", GoVersion: "go1.26.8", Settings: map[string]string{"GOOS": "linux", "GOARCH": "amd64"},
			Modules: []linked.Module{
				{Path: "example.org/BurntSushi/toml", Version: "v1.0.0+incompatible", Sum: "h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="},
				{Path: "example.org/ours"},
				{Path: "example.org/ours/cmd"},
			},
		},
	}
}

var licenses = map[string][]string{"example.org/BurntSushi/toml@v1.0.0+incompatible": {"BSD-3-Clause", "MIT"}}

func write(t *testing.T, s Subject) []byte {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, Write(&out, s, licenses))
	return out.Bytes()
}

// schema is CycloneDX's own, as its library for Go ships it.
func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	dir, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", "github.com/CycloneDX/cyclonedx-go").Output()
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	for _, name := range []string{"bom-1.6.schema.json", "spdx.schema.json", "jsf-0.82.schemax.json"} {
		text, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "schema", name))
		require.NoError(t, err)
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		require.NoError(t, err)
		require.NoError(t, c.AddResource("http://cyclonedx.org/schema/"+strings.Replace(name, "schemax", "schema", 1), doc))
	}
	s, err := c.Compile("http://cyclonedx.org/schema/bom-1.6.schema.json")
	require.NoError(t, err)
	return s
}

func TestSchema(t *testing.T) {
	s := schema(t)
	valid := func(text []byte) error {
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		require.NoError(t, err)
		return s.Validate(doc)
	}
	text := write(t, subject())
	assert.NoError(t, valid(text))
	// The schema would see a license that is none of SPDX's.
	assert.Error(t, valid(bytes.Replace(text, []byte(`"id": "MIT"`), []byte(`"id": "M.I.T."`), 1)))
}

type part struct {
	Ref, Name, Version, Purl string
	Hashes                   []struct{ Alg, Content string }
	Licenses                 []struct{ License struct{ ID string } }
	Properties               []struct{ Name, Value string }
}

// TestComponents: the document lists the modules, no more and no fewer.
func TestComponents(t *testing.T) {
	var doc struct {
		SerialNumber string
		Metadata     struct {
			Timestamp string
			Component part
		}
		Components   []part
		Dependencies []struct {
			Ref       string
			DependsOn []string
		}
	}
	require.NoError(t, json.Unmarshal(write(t, subject()), &doc))
	main := doc.Metadata.Component
	assert.Equal(t, "otelcol-auth", main.Name)
	assert.Equal(t, "pkg:golang/example.org/ours/cmd@0.1.0", main.Purl)
	require.Len(t, main.Hashes, 1)
	assert.Equal(t, "9a3a45d01531a20e89ac6ae10b0b0beb0492acd7216a368aa062d1a5fecaf9cd", main.Hashes[0].Content)
	assert.Equal(t, "2026-11-23T11:29:15Z", doc.Metadata.Timestamp)
	assert.Contains(t, main.Properties, struct{ Name, Value string }{"commit", "4d846521a2b3"})
	assert.Contains(t, main.Properties, struct{ Name, Value string }{"build:GOOS", "linux"})

	var purls []string
	for _, c := range doc.Components {
		purls = append(purls, c.Purl)
		assert.NotEmpty(t, c.Licenses, c.Name)
	}
	assert.Equal(t, []string{
		"pkg:golang/stdlib@1.26.8",
		"pkg:golang/example.org/BurntSushi/toml@v1.0.0%2Bincompatible",
		"pkg:golang/example.org/ours@0.1.0",
	}, purls)
	require.Len(t, doc.Dependencies, 1)
	assert.Equal(t, purls, doc.Dependencies[0].DependsOn, "the binary needs them all")

	toml := doc.Components[1]
	assert.Len(t, toml.Licenses, 2)
	require.Len(t, toml.Hashes, 1)
	assert.Equal(t, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", toml.Hashes[0].Content)
}

// TestDeterministic: one binary, one document, and another for another binary.
func TestDeterministic(t *testing.T) {
	want := write(t, subject())
	elsewhere := subject()
	elsewhere.Time = elsewhere.Time.In(time.FixedZone("elsewhere", 3600))
	assert.Equal(t, string(want), string(write(t, elsewhere)))
	other := subject()
	other.SHA256[0]++
	assert.NotEqual(t, string(want), string(write(t, other)))
}

func TestRefused(t *testing.T) {
	s := subject()
	assert.EqualError(t, Write(&bytes.Buffer{}, s, nil), "sbom: no license is known of example.org/BurntSushi/toml@v1.0.0+incompatible")
	for _, sum := range []string{"h2:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "h1:AAAA", "h1:%"} {
		s.Modules[0].Sum = sum
		assert.ErrorContains(t, Write(&bytes.Buffer{}, s, licenses), "want h1: and 32 bytes in base64", sum)
	}
}
