package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/authevents/otelcol-auth/tools/internal/archive"
	"github.com/authevents/otelcol-auth/tools/internal/license"
	"github.com/authevents/otelcol-auth/tools/internal/linked"
	"github.com/authevents/otelcol-auth/tools/internal/project"
	"github.com/authevents/otelcol-auth/tools/internal/sbom"
)

// sumsFile lists the hashes of everything else in the folder.
const sumsFile = "SHA256SUMS"

// release is one run.
type release struct {
	root, out string
	source    project.Source
	checker   *license.Checker
	std       linked.Module
	own       string            // SPDX identifier of our own license
	documents []archive.File    // the same in every archive
	written   map[string][]byte // file name to hash, for SHA256SUMS
}

// prepare reads what all targets share, and makes room for their files.
func (r *release) prepare(ctx context.Context) (err error) {
	if r.checker, err = license.NewChecker(); err != nil {
		return err
	}
	if r.std, err = license.StandardLibrary(ctx); err != nil {
		return err
	}
	if r.documents, err = documents(r.root); err != nil {
		return err
	}
	text, err := os.ReadFile(filepath.Join(r.root, "LICENSE"))
	if err != nil {
		return err
	}
	own, err := r.checker.Text(string(text))
	if err != nil || len(own) != 1 {
		return fmt.Errorf("LICENSE must be one known license (got %v): %w", own, err)
	}
	r.own, r.written = own[0], map[string][]byte{}
	if err := os.MkdirAll(r.out, 0o755); err != nil {
		return err
	}
	return clean(r.out)
}

// clean removes what an earlier run left, so that SHA256SUMS and the folder
// always say the same; other people's files stay.
func clean(dir string) error {
	for _, pattern := range []string{sumsFile, "*.tar.gz", "*.cdx.json"} {
		old, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return err
		}
		for _, file := range old {
			if err := os.Remove(file); err != nil {
				return err
			}
		}
	}
	return nil
}

// documents reads what project.Documents names; a pattern that names nothing is
// an error.
func documents(root string) ([]archive.File, error) {
	var out []archive.File
	for _, pattern := range project.Documents {
		files, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern)))
		if err != nil {
			return nil, err
		}
		if len(files) == 0 {
			return nil, fmt.Errorf("no file is named %s", pattern)
		}
		for _, file := range files {
			content, err := os.ReadFile(file)
			if err != nil {
				return nil, err
			}
			name, err := filepath.Rel(root, file)
			if err != nil {
				return nil, err
			}
			out = append(out, archive.File{Name: filepath.ToSlash(name), Content: content})
		}
	}
	return out, nil
}

// target writes the archive for one kind of machine, and an SBOM for each
// command in it.
func (r *release) target(ctx context.Context, t project.Target) error {
	files, modules := slices.Clone(r.documents), []linked.Module{r.std}
	var built []builtBinary
	for _, b := range project.Binaries {
		bin, err := r.build(ctx, b, t)
		if err != nil {
			return fmt.Errorf("%s: %w", b.Name, err)
		}
		built = append(built, bin)
		modules = linked.Union(modules, bin.source)
		files = append(files, archive.File{Name: b.Name, Content: bin.content, Executable: true})
	}
	checked, err := r.checker.Modules(modules)
	if err != nil {
		return err
	}
	licenses := map[string][]string{}
	for _, m := range checked {
		licenses[m.Key()] = m.Licenses
	}
	for i, b := range project.Binaries {
		if err := r.sbom(b, t, built[i], licenses); err != nil {
			return fmt.Errorf("%s: %w", b.Name, err)
		}
	}
	files = append(files, archive.File{Name: "THIRD_PARTY_LICENSES", Content: []byte(license.Texts(checked))})
	name := r.name(project.Archive, t)
	var packed bytes.Buffer
	if err := archive.Write(&packed, name, files, r.source.Time); err != nil {
		return err
	}
	return r.write(name+".tar.gz", packed.Bytes())
}

func (r *release) sbom(b project.Binary, t project.Target, bin builtBinary, licenses map[string][]string) error {
	var doc bytes.Buffer
	err := sbom.Write(&doc, sbom.Subject{
		Name: b.Name, Version: r.source.Version, License: r.own,
		Commit: r.source.Commit, Time: r.source.Time, SHA256: sha256.Sum256(bin.content), Binary: bin.info,
	}, licenses)
	if err != nil {
		return err
	}
	return r.write(r.name(b.Name, t)+".cdx.json", doc.Bytes())
}

// name is that of a file of the release, without its extension.
func (r *release) name(of string, t project.Target) string {
	return strings.Join([]string{of, r.source.Version, t.OS, t.Arch}, "_")
}

func (r *release) write(name string, content []byte) error {
	hash := sha256.Sum256(content)
	r.written[name] = hash[:]
	fmt.Printf("%x  %s\n", hash, name)
	return os.WriteFile(filepath.Join(r.out, name), content, 0o644)
}

// sums writes the file that sha256sum -c reads.
func (r *release) sums() error {
	var out bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(r.written)) {
		fmt.Fprintf(&out, "%x  %s\n", r.written[name], name)
	}
	return os.WriteFile(filepath.Join(r.out, sumsFile), out.Bytes(), 0o644)
}
