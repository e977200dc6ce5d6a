package leakscan

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub"
	"github.com/authevents/otelcol-auth/internal/scrub/detect"
)

// separators are those of CSV and TSV, of CSV where the comma is the decimal point,
// and of psql where nobody asked for CSV.
const separators = ",\t;|"

const (
	// maxColumns bounds those of a table.
	maxColumns = 1000
	// maxName and maxWords bound the name of a column. A sentence is none.
	maxName, maxWords = 64, 3
)

// tableOf is a table by its header; nil where line is none. A table is two or more
// names. One alone has to be known, or one of Insights' own such as @message: any
// word could be.
func tableOf(line []byte) (t *table) {
	line = bytes.TrimRight(bytes.TrimPrefix(line, []byte(bom)), "\r\n") // a last column may be empty
	for _, separator := range separators {
		r := csv.NewReader(strings.NewReader(string(line)))
		r.Comma, r.LazyQuotes = separator, true
		names, err := r.Read()
		if err != nil || len(names) > maxColumns || t != nil && len(names) <= len(t.names) {
			continue
		}
		named := 0
		for i, name := range names {
			names[i] = strings.TrimSpace(name)
			if isName(names[i]) {
				named++
			} else if names[i] != "" { // one may be missing, of a count that a tool wrote
				named = -maxColumns
			}
		}
		if named < len(names)-2 || named < 2 && (len(names) > 1 || named < 1 || !speaks(names[0])) {
			continue
		}
		t = &table{names: names, comma: byte(separator)}
	}
	if t != nil && !slices.ContainsFunc(t.names, usual) {
		for i := range t.names {
			t.names[i] = strconv.Itoa(i + 1)
		}
	}
	return t
}

// usualNames are those of columns that say nothing of what is in them.
var usualNames = map[string]bool{
	"id": true, "uuid": true, "event": true, "event_type": true, "type": true, "action": true, "message": true, "line": true, "log": true,
	"body": true, "data": true, "payload": true, "details": true, "metadata": true, "attributes": true, "labels": true, "level": true,
	"time": true, "timestamp": true, "date": true, "created_at": true, "updated_at": true, "ts": true, "count": true, "note": true,
}

// usual says whether a name tells a header from a first record of words. Of a table
// with none such, columns have numbers: a place shows no word that may be a person's.
func usual(name string) bool {
	return name != "" && speaks(name) || usualNames[strings.ToLower(name)]
}

// isName says whether a column may be called so, and is no value.
func isName(text string) bool {
	if text == "" || len(text) > maxName || strings.Count(text, " ") >= maxWords {
		return false
	}
	for i, c := range text {
		switch {
		case unicode.IsLetter(c), c == '_', c == '@':
		case i > 0 && (unicode.IsDigit(c) || strings.ContainsRune(" -.:/()*#", c)):
		default:
			return false
		}
	}
	return len(detect.Options{DecodeTokens: true}.Find(nil, text)) == 0
}

// speaks says whether a name alone makes a table of what is below it.
func speaks(name string) bool {
	return name[0] == '@' || scrub.NameKind(knownName(name)) != pii.None
}
