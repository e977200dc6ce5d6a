package project

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
	"golang.org/x/mod/semver"
)

// Source is the state of the sources that a release is made of.
type Source struct {
	Version string    // without v: 0.1.0, 0.1.0-dev.4d846521a2b3, with .dirty after it
	Commit  string    // 40 hex digits
	Time    time.Time // of the commit, or SOURCE_DATE_EPOCH
	Dirty   bool      // the work tree differs from the commit
}

// ReadSource asks git and builder-config.yaml below root. A tree with changes is
// an error unless dirty allows it, and so is a tag that is not the version that
// the collector itself shows.
func ReadSource(ctx context.Context, root string, dirty bool) (Source, error) {
	manifest, err := manifestVersion(filepath.Join(root, "builder-config.yaml"))
	if err != nil {
		return Source{}, err
	}
	head, err := git(ctx, root, "log", "-1", "--format=%H %ct")
	if err != nil {
		return Source{}, err
	}
	changes, err := git(ctx, root, "status", "--porcelain")
	if err != nil {
		return Source{}, err
	}
	tags, err := git(ctx, root, "tag", "--points-at", "HEAD", "--list", "v[0-9]*")
	if err != nil {
		return Source{}, err
	}
	s := Source{Dirty: changes != ""}
	commit, seconds, _ := strings.Cut(head, " ")
	s.Commit = commit
	if s.Time, err = sourceTime(seconds); err != nil {
		return Source{}, err
	}
	if s.Dirty && !dirty {
		return Source{}, fmt.Errorf("the work tree has changes: commit them, or allow them with -dirty; the version then says so\n%s", changes)
	}
	s.Version, err = version(manifest, strings.Fields(tags), s.Commit, s.Dirty)
	return s, err
}

// version is the tag's, where there is one. Any other commit is not that release:
// it is a pre-release, named for the commit.
func version(manifest string, tags []string, commit string, dirty bool) (string, error) {
	for _, tag := range tags {
		if !semver.IsValid(tag) {
			return "", fmt.Errorf("tag %s is no version: want vMAJOR.MINOR.PATCH", tag)
		}
		if tag != "v"+manifest {
			return "", fmt.Errorf("the commit has tag %s, and builder-config.yaml dist.version is %s: the collector would show another version than the archive; set dist.version, run make generate, and tag that commit", tag, manifest)
		}
	}
	v := manifest
	if len(tags) == 0 {
		// The letter before the hash: digits alone must not begin with 0 in a semver.
		v += "-dev.g" + commit[:min(12, len(commit))]
	}
	if dirty {
		if len(tags) == 0 {
			return v + ".dirty", nil
		}
		return v + "-dirty", nil
	}
	return v, nil
}

// sourceTime is what every time in a release is set to.
func sourceTime(commit string) (time.Time, error) {
	if epoch := os.Getenv("SOURCE_DATE_EPOCH"); epoch != "" {
		commit = epoch
	}
	seconds, err := strconv.ParseInt(commit, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("SOURCE_DATE_EPOCH or the commit's time must be seconds since 1970 (got %q)", commit)
	}
	return time.Unix(seconds, 0).UTC(), nil
}

func manifestVersion(path string) (string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	var manifest struct {
		Dist struct {
			Version string `yaml:"version"`
		} `yaml:"dist"`
	}
	if err := yaml.Unmarshal(text, &manifest); err != nil {
		return "", fmt.Errorf("%s: %w", path, err)
	}
	if v := manifest.Dist.Version; !semver.IsValid("v" + v) {
		return "", fmt.Errorf("%s: dist.version must be MAJOR.MINOR.PATCH (got %q)", path, v)
	}
	return manifest.Dist.Version, nil
}

func git(ctx context.Context, root string, args ...string) (string, error) {
	out, err := exec.CommandContext(ctx, "git", append([]string{"-C", root}, args...)...).Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			err = fmt.Errorf("%w: %s", err, strings.TrimSpace(string(exit.Stderr)))
		}
		return "", fmt.Errorf("git %s: %w", strings.Join(args, " "), err)
	}
	return strings.TrimSpace(string(out)), nil
}
