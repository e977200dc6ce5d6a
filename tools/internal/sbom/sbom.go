// Package sbom writes down what a binary consists of, as CycloneDX JSON.
package sbom

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	cdx "github.com/CycloneDX/cyclonedx-go"
	"github.com/package-url/packageurl-go"

	"github.com/authevents/otelcol-auth/tools/internal/linked"
)

// Subject is the binary that the document is about.
type Subject struct {
	Name    string // of the command
	Version string // of the release
	License string // SPDX identifier
	Commit  string
	Time    time.Time
	SHA256  [sha256.Size]byte // of the file
	linked.Binary
}

// Write writes the document. licenses are the SPDX identifiers by linked.Module's
// Key; a module without any is an error. Nothing in it depends on when and where
// it is written.
func Write(w io.Writer, s Subject, licenses map[string][]string) error {
	bom := cdx.NewBOM()
	bom.SerialNumber = serial(s.SHA256)
	main := component(cdx.ComponentTypeApplication, s.Main, s.Version, []string{s.License})
	main.Name = s.Name
	main.Hashes = &[]cdx.Hash{{Algorithm: cdx.HashAlgoSHA256, Value: hex.EncodeToString(s.SHA256[:])}}
	main.Properties = settings(s)
	bom.Metadata = &cdx.Metadata{Timestamp: s.Time.UTC().Format(time.RFC3339), Component: &main}

	parts, err := components(s, licenses)
	if err != nil {
		return err
	}
	bom.Components = &parts
	// The linker does not say which module needs which: the binary needs all.
	refs := make([]string, 0, len(parts))
	for _, p := range parts {
		refs = append(refs, p.BOMRef)
	}
	bom.Dependencies = &[]cdx.Dependency{{Ref: main.BOMRef, Dependencies: &refs}}

	e := cdx.NewBOMEncoder(w, cdx.BOMFileFormatJSON)
	e.SetPretty(true)
	return e.EncodeVersion(bom, cdx.SpecVersion1_6)
}

// components are Go's standard library and the modules, in their order.
func components(s Subject, licenses map[string][]string) ([]cdx.Component, error) {
	goVersion := strings.TrimPrefix(s.GoVersion, "go")
	std := component(cdx.ComponentTypeLibrary, "stdlib", goVersion, []string{"BSD-3-Clause"})
	out := []cdx.Component{std}
	for _, m := range s.Modules {
		if m.Path == s.Main {
			continue // the subject itself
		}
		version, ids := m.Version, licenses[m.Key()]
		if version == "" { // a module of this project
			version, ids = s.Version, []string{s.License}
		}
		if len(ids) == 0 {
			return nil, fmt.Errorf("sbom: no license is known of %s", m.Key())
		}
		c := component(cdx.ComponentTypeLibrary, m.Path, version, ids)
		if m.Sum != "" {
			hash, err := sum(m.Sum)
			if err != nil {
				return nil, fmt.Errorf("sbom: %s: %w", m.Key(), err)
			}
			c.Hashes = &[]cdx.Hash{hash}
			c.Properties = &[]cdx.Property{{Name: "go.sum", Value: m.Sum}}
		}
		out = append(out, c)
	}
	return out, nil
}

func component(kind cdx.ComponentType, path, version string, licenses []string) cdx.Component {
	var choices cdx.Licenses
	for _, id := range licenses {
		choices = append(choices, cdx.LicenseChoice{License: &cdx.License{ID: id}})
	}
	namespace, name := "", path
	if i := strings.LastIndexByte(path, '/'); i >= 0 {
		namespace, name = path[:i], path[i+1:]
	}
	purl := packageurl.NewPackageURL(packageurl.TypeGolang, namespace, name, version, nil, "").ToString()
	return cdx.Component{
		BOMRef: purl, Type: kind, Name: path, Version: version, PackageURL: purl, Licenses: &choices,
	}
}

// sum turns an entry of go.sum into what other tools for Go put there, too: its
// SHA-256 in hex. It is the hash of a list of files' hashes (golang.org/x/mod,
// sumdb/dirhash), not of one file.
func sum(h1 string) (cdx.Hash, error) {
	encoded, ok := strings.CutPrefix(h1, "h1:")
	raw, err := base64.StdEncoding.DecodeString(encoded)
	if !ok || err != nil || len(raw) != sha256.Size {
		return cdx.Hash{}, fmt.Errorf("want h1: and 32 bytes in base64 (got %q)", h1)
	}
	return cdx.Hash{Algorithm: cdx.HashAlgoSHA256, Value: hex.EncodeToString(raw)}, nil
}

// settings are those of the build, sorted by name.
func settings(s Subject) *[]cdx.Property {
	out := []cdx.Property{{Name: "commit", Value: s.Commit}, {Name: "go", Value: s.GoVersion}}
	for _, key := range slices.Sorted(maps.Keys(s.Settings)) {
		out = append(out, cdx.Property{Name: "build:" + key, Value: s.Settings[key]})
	}
	return &out
}

// serial is a UUID that is always the same for one binary: version 8 of RFC 9562,
// made of its hash.
func serial(hash [sha256.Size]byte) string {
	u := hash[:16]
	u[6] = u[6]&0x0f | 0x80
	u[8] = u[8]&0x3f | 0x80
	h := hex.EncodeToString(u)
	return "urn:uuid:" + strings.Join([]string{h[:8], h[8:12], h[12:16], h[16:20], h[20:]}, "-")
}
