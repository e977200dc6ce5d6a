package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestSampleIsWhatItsReadmeSays holds the commands of testdata/README.md
// against the files that they write.
func TestSampleIsWhatItsReadmeSays(t *testing.T) {
	root := filepath.Join("..", "..")
	readme, err := os.ReadFile(filepath.Join(root, "testdata", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	commands := regexp.MustCompile(`(?m)^ +go -C bench run ./gen (.+) > (\S+)$`).FindAllStringSubmatch(string(readme), -1)
	if len(commands) != 2 {
		t.Fatalf("%d commands, want 2", len(commands))
	}
	for _, c := range commands {
		want, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(c[2])))
		if err != nil {
			t.Fatal(err)
		}
		var got bytes.Buffer
		if err := run(strings.Fields(c[1]), nil, &got, io.Discard); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got.Bytes(), want) {
			t.Errorf("%s is not what %q writes", c[2], c[1])
		}
	}
}
