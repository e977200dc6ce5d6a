package leakscan

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"
)

// formats are files that nothing is found in, by what they begin with, and what
// makes text of them.
var formats = []struct{ magic, name, remedy string }{
	{"\x1F\x8B", "compressed twice", "unpack it first, for example with zcat"},
	{"\x28\xB5\x2F\xFD", "compressed with zstd", "unpack it first, for example with zstd -dc FILE | authctl scan -"},
	{"BZh", "compressed with bzip2", "unpack it first, for example with bzcat FILE | authctl scan -"},
	{"\xFD7zXZ\x00", "compressed with xz", "unpack it first, for example with xzcat FILE | authctl scan -"},
	{"PK\x03\x04", "a zip archive", "unpack it first, for example with unzip -p FILE | authctl scan -"},
	{"PAR1", "Parquet", "export it as CSV or JSON"},
	{"PGDMP", "a dump of pg_dump's own format", "make text of it, for example with pg_restore -f - FILE | authctl scan -"},
}

// isText says by its beginning why a file can't be searched as text. A text may
// have holes of NULs, as a file that was cut while it was written to, and some
// bytes that are no UTF-8.
func isText(head []byte) error {
	for _, f := range formats {
		if bytes.HasPrefix(head, []byte(f.magic)) {
			return fmt.Errorf("is %s, and was not looked at: %s", f.name, f.remedy)
		}
	}
	strange, between := 0, 0
	for i := 0; i < len(head); {
		c, size := utf8.DecodeRune(head[i:])
		switch {
		case c == 0:
			if i > 0 && head[i-1] != 0 {
				between++
			}
		case c == utf8.RuneError && size == 1, c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1B:
			strange++
		}
		i += size
	}
	switch {
	case between > len(head)/4:
		return errors.New("is UTF-16, and was not looked at: convert it to UTF-8, for example with iconv -f UTF-16 -t UTF-8")
	case strange > len(head)/10:
		return errors.New("is binary, and was not looked at: give it as text")
	}
	return nil
}
