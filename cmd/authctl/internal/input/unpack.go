package input

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
)

// unpack looks at the first bytes of what comes, and gunzips it where these say so.
func unpack(in *bufio.Reader) (*bufio.Reader, error) {
	if begins(in, 0x1F, 0x8B) {
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, damaged(err)
		}
		in = bufio.NewReaderSize(gunzip{z}, bufferSize)
	}
	if begins(in, 0xFF, 0xFE) || begins(in, 0xFE, 0xFF) {
		return nil, errors.New("is UTF-16: convert it to UTF-8, for example with iconv -f UTF-16 -t UTF-8")
	}
	return in, nil
}

// begins asks for the second byte only after the first is right: who types an empty
// line is not to wait for the next.
func begins(in *bufio.Reader, first, second byte) bool {
	if head, _ := in.Peek(1); len(head) == 0 || head[0] != first {
		return false
	}
	head, _ := in.Peek(2) // what goes wrong here does so again with the next read
	return len(head) == 2 && head[1] == second
}

// gunzip says of an error what it means.
type gunzip struct{ z *gzip.Reader }

func (g gunzip) Read(p []byte) (int, error) {
	n, err := g.z.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = damaged(err)
	}
	return n, err
}

func damaged(err error) error {
	return fmt.Errorf("unpacking its gzip data: %w: if the file is cut off or damaged, take another copy of it", err)
}
