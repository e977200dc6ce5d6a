// Package project says what a release of this project consists of: which
// commands, for which machines, of which version, with which files beside them.
package project

import "path/filepath"

// Binary is a command that a release holds.
type Binary struct {
	Name string // of the file
	Dir  string // of its main package, from the project's root
}

// Binaries are the commands of a release. A command that is added here is built,
// listed in an SBOM of its own, and its modules' licenses are checked.
var Binaries = []Binary{
	{Name: "otelcol-auth", Dir: "cmd/otelcol-auth"},
	{Name: "authctl", Dir: "cmd/authctl"},
}

// Target is a kind of machine, in Go's words.
type Target struct {
	OS, Arch string
}

// String is what -targets takes: linux/amd64.
func (t Target) String() string { return t.OS + "/" + t.Arch }

// Targets are the machines that a release is built for.
var Targets = []Target{
	{"linux", "amd64"},
	{"linux", "arm64"},
	{"darwin", "amd64"},
	{"darwin", "arm64"},
}

// Archive names archives, and the folder in them.
const Archive = "otelcol-auth"

// Documents are patterns, from the project's root, of what an archive holds
// beside the commands and the license texts.
var Documents = []string{"LICENSE", "README.md", "CHANGELOG.md", "configs/*.yaml"}

// Env is what the go command gets for a target, beside the caller's environment.
// Every variable that changes the code it makes is fixed, so that two machines
// make the same. GOFLAGS is not empty: the user's own would come in its place.
func Env(t Target) []string {
	return []string{
		"GOOS=" + t.OS, "GOARCH=" + t.Arch, "CGO_ENABLED=0",
		"GOAMD64=v1", "GOARM64=v8.0", "GOEXPERIMENT=", "GOFIPS140=off",
		"GOFLAGS=-mod=readonly", "GOWORK=off",
	}
}

// BuildArgs are the arguments of go that build a command into the file out. The
// commit is stamped into it; its paths and symbol table are left out.
func BuildArgs(root string, b Binary, out string) []string {
	return []string{
		"-C", filepath.Join(root, b.Dir), "build",
		"-trimpath", "-buildvcs=true", "-ldflags", "-s -w", "-o", out, ".",
	}
}
