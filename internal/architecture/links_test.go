package architecture

import (
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestLinks follows every relative link of every Markdown file: to a file or
// folder that is there, and to an anchor that its page has.
func TestLinks(t *testing.T) {
	links := 0
	for _, path := range markdownFiles(t) {
		text := withoutCode(readFile(t, path))
		for _, target := range linksOf(text) {
			if u, err := url.Parse(target); err == nil && u.Scheme != "" {
				continue // another site
			}
			links++
			assert.NoError(t, resolve(t, path, target), "%s links to %s", path, target)
		}
	}
	require.Greater(t, links, 100, "links are no longer found")
}

// TestRunbookLinks follows what alerts and dashboards link to in this project.
func TestRunbookLinks(t *testing.T) {
	const base = "https://github.com/authevents/otelcol-auth/blob/main/"
	link := regexp.MustCompile(regexp.QuoteMeta(base) + `[^\s"'\\)]+`)
	links := 0
	for _, pattern := range []string{"alerts/*.yaml", "dashboards/*.json"} {
		files, err := filepath.Glob(filepath.Join(root, pattern))
		require.NoError(t, err)
		require.NotEmpty(t, files, pattern)
		for _, path := range files {
			for _, target := range link.FindAllString(readFile(t, path), -1) {
				links++
				target = strings.TrimPrefix(target, base)
				assert.NoError(t, resolve(t, filepath.Join(root, "README.md"), target), "%s links to %s", path, target)
			}
		}
	}
	require.NotZero(t, links)
}

func TestAnchorsAreAsOnGitHub(t *testing.T) {
	for heading, anchor := range map[string]string{
		"What is guaranteed, and how it is tested": "what-is-guaranteed-and-how-it-is-tested",
		"PKCEChallengeMismatch":                    "pkcechallengemismatch",
		"`auth.mfa.attempts`":                      "authmfaattempts",
		"The stock collector: file_log, redaction": "the-stock-collector-file_log-redaction",
		"A [link](elsewhere.md) – and more":        "a-link--and-more",
		"**Bold** _and_ *slanted*":                 "bold-and-slanted",
		"Zwölf % von 3":                            "zwölf--von-3",
	} {
		assert.Equal(t, anchor, anchorOf(heading), heading)
	}
	page := "# Twice\n\n## Twice\n\n```\n# no heading\n```\n\nSet\n---\n\n<a id=\"byhand\"></a>\n"
	assert.Equal(t, map[string]bool{"twice": true, "twice-1": true, "set": true, "byhand": true}, anchorsOf(page))
}

// root is the project's.
var root = filepath.Join("..", "..")

func markdownFiles(t *testing.T) []string {
	t.Helper()
	var files []string
	pieces := filepath.Join(root, "internal", "metricsdoc") // of docs/metrics.md, which is read
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case path == pieces, d.IsDir() && path != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "_build" || d.Name() == "out"):
			return fs.SkipDir
		case strings.HasSuffix(path, ".md"):
			files = append(files, path)
		}
		return nil
	})
	require.NoError(t, err)
	require.Greater(t, len(files), 20)
	return files
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(text)
}

// resolve returns an error unless there is what the page at path links to.
func resolve(t *testing.T, path, target string) error {
	t.Helper()
	file, anchor, _ := strings.Cut(target, "#")
	file, err := url.PathUnescape(file)
	if err != nil {
		return err
	}
	linked := path
	if file != "" {
		linked = filepath.Join(filepath.Dir(path), filepath.FromSlash(file))
	}
	if _, err := os.Stat(linked); err != nil {
		return err
	}
	if anchor != "" && !anchorsOf(readFile(t, linked))[anchor] {
		return fs.ErrNotExist
	}
	return nil
}

var (
	fenced     = regexp.MustCompile("(?ms)^ *(```|~~~).*?^ *(```|~~~) *$")
	codeSpan   = regexp.MustCompile("`[^`\n]*`")
	inlineLink = regexp.MustCompile(`\]\(<?([^)\s>]+)>?(?: +"[^"]*")?\)`)
	reference  = regexp.MustCompile(`(?m)^ {0,3}\[[^\]^]+\]: +<?(\S+?)>?(?: +"[^"]*")?$`)
	atxHeading = regexp.MustCompile(`^ {0,3}#{1,6} +(.*?)(?: +#+)? *$`)
	underline  = regexp.MustCompile(`^ {0,3}(=+|-+) *$`)
	elementID  = regexp.MustCompile(`<[a-z]+ [^>]*?(?:id|name)="([^"]+)"`)
	textOfLink = regexp.MustCompile(`!?\[([^\]]*)\]\([^)]*\)`)
	emphasis   = regexp.MustCompile(`(^|\W)(\*\*|__|\*|_)(\S.*?)(\*\*|__|\*|_)($|\W)`)
)

// withoutCode takes out what only looks like a link.
func withoutCode(page string) string {
	return codeSpan.ReplaceAllString(fenced.ReplaceAllString(page, ""), "``")
}

func linksOf(page string) []string {
	var links []string
	for _, expression := range []*regexp.Regexp{inlineLink, reference} {
		for _, found := range expression.FindAllStringSubmatch(page, -1) {
			links = append(links, found[1])
		}
	}
	return links
}

// anchorsOf returns what a link to the page may have behind its #.
func anchorsOf(page string) map[string]bool {
	anchors := map[string]bool{}
	add := func(heading string) {
		anchor := anchorOf(heading)
		for n, first := 1, anchor; anchors[anchor]; n++ {
			anchor = first + "-" + strconv.Itoa(n)
		}
		anchors[anchor] = true
	}
	page = fenced.ReplaceAllString(page, "")
	before := ""
	for line := range strings.Lines(page) {
		line = strings.TrimRight(line, "\r\n")
		if heading := atxHeading.FindStringSubmatch(line); heading != nil {
			add(heading[1])
			line = ""
		} else if underline.MatchString(line) && strings.TrimSpace(before) != "" {
			add(strings.TrimSpace(before))
		}
		before = line
	}
	for _, id := range elementID.FindAllStringSubmatch(page, -1) {
		anchors[id[1]] = true
	}
	return anchors
}

// anchorOf is GitHub's rule: the heading's text in lower case, letters, digits,
// underscores and hyphens, with a hyphen for each space.
func anchorOf(heading string) string {
	heading = textOfLink.ReplaceAllString(heading, "$1")
	for before := ""; before != heading; { // a mark may end where the next begins
		before, heading = heading, emphasis.ReplaceAllString(heading, "$1$3$5")
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-', r == '_', unicode.IsLetter(r), unicode.IsNumber(r), unicode.IsMark(r):
			return unicode.ToLower(r)
		}
		return -1
	}, heading)
}
