package main

import (
	"errors"
	"fmt"
)

var errNotUTF8 = errors.New("the line is no UTF-8")

// oursName is the parser of this project in tables and arguments.
const oursName = "ours"

// walkName is the way to which the others are compared, where the work is to be
// equal.
const walkName = "jsonscan, walk"

// rewritesNumbers is the way that keeps no number as it was written: 0.10 is
// 0.1. It may differ from ours in this.
const rewritesNumbers = "simdjson-go, tape"

// way is a library, and how it is used.
type way struct {
	name string
	read func(root *field) (reader, error)
}

var ways = []way{
	{walkName, withJSONScan},
	{"encoding/json, struct", withEncodingJSON},
	{"goccy/go-json, struct", withGoccy},
	{"jsontext, tokens", withJSONText},
	{"gjson, GetMany", withGJSONPaths},
	{"gjson, ForEach", withGJSON},
	{"jsonparser, EachKey", withJSONParserPaths},
	{"jsonparser, ObjectEach", withJSONParser},
	{"fastjson, Visit", withFastjson},
	{rewritesNumbers, withSimdjson},
	{"sonic, struct", withSonicStruct},
	{"sonic, lazy node", withSonicLazy},
	{"sonic, visitor", withSonicVisitor},
}

// names are those of the ways.
func names() []string {
	all := make([]string, len(ways))
	for i, w := range ways {
		all[i] = w.name
	}
	return all
}

// newMaker returns ours, or that of a library.
func newMaker(name string, s *source) (maker, error) {
	if name == oursName {
		return newOurs(s)
	}
	for _, w := range ways {
		if w.name == name {
			return newTheirs(s, w.read)
		}
	}
	return nil, fmt.Errorf("no way %q", name)
}
