package leakscan

import (
	"bufio"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestHeaders(t *testing.T) {
	for line, comma := range map[string]byte{
		"user_id,email":                       ',',
		"\xEF\xBB\xBF\"User ID\",Client IP\r": ',',
		"@timestamp\t@message":                '\t',
		"id;e-mail;last name":                 ';',
		" id | email | created_at ":           '|',
		",user_id,email":                      ',',
		"bin(5m),count(*)":                    ',',
		"@message":                            ',',
		"user_id":                             ',',
		"Übersicht,Straße":                    ',',
	} {
		table := tableOf([]byte(line + "\n"))
		if assert.NotNil(t, table, line) {
			assert.Equal(t, string(comma), string(table.comma), line)
		}
	}
	for _, line := range []string{
		"", "hello", `{"a":1,"b":2}`, "user_id=a,email=b", "1,2", "alice@example.com,bob@example.org", "2026-05-20,INFO",
		"level,10.0.0.1", "Mozilla/5.0 (X11; Linux x86_64), like Gecko", "a text of more words, and more", ",,", `"a,b`,
	} {
		assert.Nil(t, tableOf([]byte(line+"\n")), line)
	}
}

// TestTables: ids by their columns, and where they stand.
func TestTables(t *testing.T) {
	for name, c := range map[string]struct {
		in    string
		place string
		first Location
	}{
		"column":                         {"n,user_id\n1,\"ab\"\"c\"\n", "/user_id", Location{Line: 2, Column: 3, Pointer: "/user_id"}},
		"behind lines":                   {"note,user_id\n\"a\nb\",x7\n", "/user_id", Location{Line: 3, Column: 4, Pointer: "/user_id"}},
		"members' path":                  {"n,properties.user_id\n1,x7\n", "/properties.user_id", Location{Line: 2, Column: 3, Pointer: "/properties.user_id"}},
		"nested":                         {"n,@message\n1,\"{\"\"user_id\"\":\"\"x7\"\"}\"\n", "/@message#/user_id", Location{Line: 2, Column: 3, Pointer: "/@message#/user_id"}},
		"by psql":                        {" n | user_id \n---+---------\n 1 | x7\n(1 row)\n", "/user_id", Location{Line: 3, Column: 5, Pointer: "/user_id"}},
		"blank lines":                    {"\nn,user_id\n\n\n1,x7\n", "/user_id", Location{Line: 5, Column: 3, Pointer: "/user_id"}},
		"no end of line":                 {"n,user_id\r\n1,x7", "/user_id", Location{Line: 2, Column: 3, Pointer: "/user_id"}},
		"one column":                     {"user_id\nx7\n", "/user_id", Location{Line: 2, Column: 1, Pointer: "/user_id"}},
		"behind one torn":                {"n,user_id\n1,a\"b\n2,x7\n", "/user_id", Location{Line: 3, Column: 3, Pointer: "/user_id"}},
		"behind a ragged":                {"n,user_id\n1\n1,2,3\n2,x7\n", "/user_id", Location{Line: 4, Column: 3, Pointer: "/user_id"}},
		"behind a torn one of two lines": {"n,user_id\na\"b,\"c\n\",e\n2,x7\n", "/user_id", Location{Line: 4, Column: 3, Pointer: "/user_id"}},
		"logfmt below a members' path":   {"n,my.username\n1,a user_id=x7\n", "/my.username#/user_id", Location{Line: 2, Column: 3, Pointer: "/my.username#/user_id"}},
		"behind an open":                 {"n,user_id\n\"1,x7\n2,x8\n", "/user_id", Location{Line: 3, Column: 3, Pointer: "/user_id"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := scan(t, c.in)
			require.Len(t, r.Findings, 1)
			c.first.File = "stdin"
			assert.Equal(t, Finding{Kind: "identity", Place: c.place, Count: 1, First: c.first}, r.Findings[0])
		})
	}
	for _, nothing := range []string{`\N`, "NULL", "null", "", "-", `""`} {
		assert.Zero(t, scan(t, "n\tuser_id\n1\t"+nothing+"\n").Found, nothing)
	}
}

// TestNoHeader: what may be a record already is shown by no place.
func TestNoHeader(t *testing.T) {
	for _, in := range []string{"mallory,smith,x\nbob@example.org,y,z\n", "Signing mallory, wait\nfor bob@example.org, so\n"} {
		r := scan(t, in)
		require.Len(t, r.Findings, 1)
		assert.Equal(t, "/1", r.Findings[0].Place)
		assert.Equal(t, "/1", r.Findings[0].First.Pointer)
	}
}

// TestIDsThatARowRepeats: as those of a JSON object.
func TestIDsThatARowRepeats(t *testing.T) {
	r := scan(t, "user_id,note\nmallory-77,welcome mallory-77\n")
	require.Len(t, r.Findings, 2)
	assert.Equal(t, "/note", r.Findings[1].Place)
}

// TestBrokenTables lose nothing: not what is behind a quote that nobody closes, nor
// what is in a cell that is too long.
func TestBrokenTables(t *testing.T) {
	filler := strings.Repeat("1,x\n", maxRecord/4)
	for name, in := range map[string]string{
		"open quote":      "n,note\n1,\"a bob@example.org\n2,x\n",
		"open for long":   "n,note\n1,\"open\n" + filler + "2,bob@example.org\n",
		"and in the cell": "n,note\n1,\"open bob@example.org\n" + filler,
		"long cell":       "n,note\n1,\"" + strings.Repeat("word ", maxUnit/2) + " bob@example.org\"\n",
		"long line":       "n,note\n1," + strings.Repeat("word ", maxLine/4) + " bob@example.org\n",
		"behind the line": "n,note\n1," + strings.Repeat("word ", maxLine/4) + "\n2,bob@example.org\n",
		"in the header":   "n,note\n bob@example.org | tom,x\n",
		"no table":        "hello,world\nsaid bob@example.org, and more, and more\n",
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, []string{"email"}, scan(t, in).kinds())
		})
	}
	ids := scan(t, "n,user_id\n\"open,a\n"+filler[:maxRecord]+"2,x7\n")
	assert.Equal(t, 1+len(filler)/4, ids.Found, "each line of the open cell is a record")
}

// TestTablesAreBounded: a quote that nobody closes holds a part of the file only.
func TestTablesAreBounded(t *testing.T) {
	s, err := newScanner(known{}, newReport(nil))
	require.NoError(t, err)
	table := tableOf([]byte("n,note\n"))
	in := "1,\"open\n" + strings.Repeat("a line of its cell\n", 4*maxRecord/16)
	require.NoError(t, s.table(t.Context(), "x", &lineReader{r: bufio.NewReader(strings.NewReader(in))}, table))
	assert.Less(t, cap(table.held), 2*maxRecord)
}

// FuzzTable: whatever a table has in it, what is behind is found.
func FuzzTable(f *testing.F) {
	for _, seed := range []string{"1,2", "\"", "\"\"\"", "1,\"{\"\"a\"\":1}\"", "a\tb", "\\N\t{\"a\"", "=,=", "a=\"", "\r\n,,\n\"\n", "\xFF,\xC3\n"} {
		f.Add("user_id,note\n", seed)
		f.Add("user_id\tnote\n", seed)
		f.Add("@message\n", seed)
	}
	f.Fuzz(func(t *testing.T, header, rows string) {
		in := header + rows
		if isText([]byte(in)) != nil || strings.HasPrefix(in, "\x1F\x8B") || strings.ContainsAny(header, "{[") {
			return // no table
		}
		r := scan(t, in+"\nx bob@example.org y\n")
		assert.Contains(t, r.kinds(), "email")
	})
}
