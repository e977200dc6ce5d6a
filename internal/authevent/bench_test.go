package authevent

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

func lines(tb testing.TB, file string) [][]byte {
	tb.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		tb.Fatal(err)
	}
	return bytes.Split(bytes.TrimSpace(data), []byte("\n"))
}

// BenchmarkParse is the production path: lines into the records of a batch,
// 100 lines announced at a time and handed over. login_gov_1KB are those of
// Login.gov's lines that have 1,000 to 1,100 bytes, for figures per kilobyte.
func BenchmarkParse(b *testing.B) {
	for _, source := range []string{"hera", "login_gov", "login_gov_1KB"} {
		input := lines(b, "testdata/"+strings.TrimSuffix(source, "_1KB")+".ndjson")
		if strings.HasSuffix(source, "_1KB") {
			input = slices.DeleteFunc(input, func(line []byte) bool { return len(line) < 1000 || len(line) > 1100 })
		}
		size := 0
		for _, line := range input {
			size += len(line)
		}
		for _, body := range []Body{BodyText, BodyMap, BodyEventName} {
			b.Run(source+"/"+string(body), func(b *testing.B) {
				p, err := NewParser(Options{Body: body})
				if err != nil {
					b.Fatal(err)
				}
				batch := p.NewBatch()
				now := time.Now()
				b.ReportAllocs()
				b.SetBytes(int64(size / len(input)))
				for i := 0; b.Loop(); i++ {
					if batch.Len() == 0 {
						batch.Expect(100, 100*size/len(input))
					}
					if r := batch.Add(Line{Text: input[i%len(input)]}, &Origin{ID: 1}, now); r.Kind != Event {
						b.Fatal(r)
					}
					if batch.Len() == 100 {
						batch.Take()
					}
				}
			})
		}
	}
}
