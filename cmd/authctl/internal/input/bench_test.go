package input

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
)

// BenchmarkNext reads lines as a command does, from what is opened to what is lent.
func BenchmarkNext(b *testing.B) {
	plain := strings.Repeat(strings.Repeat("x", 50)+` {"event":"login_success","user":"7c9e6679-7425-40de-944b-e07fc1f90ae7"}`+"\n", 50_000)
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	if _, err := io.WriteString(w, plain); err != nil {
		b.Fatal(err)
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	for name, text := range map[string]string{"plain": plain, "gzip": zipped.String()} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(plain)))
			for b.Loop() {
				err := Read(b.Context(), strings.NewReader(text), Stdin, nil, func(in *Input) error {
					lines := NewLines(in, 1<<20)
					for {
						if _, err := lines.Next(); errors.Is(err, io.EOF) {
							return nil
						} else if err != nil {
							return err
						}
					}
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
