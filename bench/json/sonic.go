package main

import (
	"encoding/json"
	"errors"
	"reflect"

	"github.com/bytedance/sonic"
	"github.com/bytedance/sonic/ast"
)

// withSonicStruct decodes into a struct of raw values, which point into the line.
func withSonicStruct(root *field) (reader, error) {
	t := newTarget[sonic.NoCopyRawMessage](root)
	if err := sonic.Pretouch(reflect.TypeOf(t.value)); err != nil {
		return nil, err
	}
	// CaseSensitive as the others are; ValidateString refuses control characters.
	api := sonic.Config{CaseSensitive: true, ValidateString: true}.Froze()
	return func(line string, v *values) error {
		for _, leaf := range t.leaves {
			*leaf = nil
		}
		if err := api.UnmarshalFromString(line, t.value); err != nil {
			return err
		}
		for slot, leaf := range t.leaves {
			v.texts[slot] = v.textOf(*leaf)
		}
		return nil
	}, nil
}

// withSonicLazy asks a node for each field. It parses the line as far as the
// fields stand, and validates no more. Of duplicate members the first counts.
func withSonicLazy(root *field) (reader, error) {
	return func(line string, v *values) error {
		node, err := ast.NewParser(line).Parse()
		if err != 0 {
			return err
		}
		if node.TypeSafe() != ast.V_OBJECT {
			return errInvalid
		}
		return lazySonic(&node, root, v)
	}, nil
}

func lazySonic(node *ast.Node, of *field, v *values) error {
	for _, m := range of.members {
		value := node.Get(m.name)
		if errors.Is(value.Check(), ast.ErrNotExist) {
			continue
		}
		if err := value.Check(); err != nil {
			return err
		}
		var err error
		switch value.TypeSafe() {
		case ast.V_OBJECT:
			err = lazySonic(value, m, v)
		case ast.V_STRING:
			if m.slot >= 0 {
				v.texts[m.slot], err = value.StrictString()
			}
		case ast.V_NUMBER, ast.V_TRUE, ast.V_FALSE:
			if m.slot >= 0 {
				v.texts[m.slot], err = value.Raw()
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// withSonicVisitor is called for each token.
func withSonicVisitor(root *field) (reader, error) {
	visitor := &sonicVisitor{}
	options := &ast.VisitorOptions{OnlyNumber: true} // as written
	return func(line string, v *values) error {
		*visitor = sonicVisitor{values: v, value: root, open: visitor.open[:0]}
		return ast.Preorder(line, visitor, options)
	}, nil
}

// sonicVisitor follows where in the line it is.
type sonicVisitor struct {
	values *values
	open   []level
	value  *field // the place of the next value; nil for one that is not asked for
}

// level is an object or an array that has begun.
type level struct {
	of   *field // nil for an array, and for an object that is not asked for
	last *field
}

func (s *sonicVisitor) text(text string) error {
	if s.value != nil && s.value.slot >= 0 {
		s.values.texts[s.value.slot] = text
	}
	s.value = nil
	return nil
}

func (s *sonicVisitor) begin(of *field) error {
	s.open = append(s.open, level{of: of})
	s.value = nil
	return nil
}

func (s *sonicVisitor) end() error {
	s.open = s.open[:len(s.open)-1]
	return nil
}

func (s *sonicVisitor) OnNull() error { return s.text("") }

func (s *sonicVisitor) OnBool(truth bool) error {
	if truth {
		return s.text("true")
	}
	return s.text("false")
}

func (s *sonicVisitor) OnString(text string) error { return s.text(text) }

func (s *sonicVisitor) OnInt64(_ int64, n json.Number) error { return s.text(string(n)) }

func (s *sonicVisitor) OnFloat64(_ float64, n json.Number) error { return s.text(string(n)) }

func (s *sonicVisitor) OnObjectBegin(int) error { return s.begin(s.value) }

func (s *sonicVisitor) OnObjectKey(name string) error {
	l := &s.open[len(s.open)-1]
	if l.of == nil {
		return nil
	}
	if s.value = l.of.member(&l.last, name); s.value != nil {
		s.values.began(s.value)
	}
	return nil
}

func (s *sonicVisitor) OnObjectEnd() error { return s.end() }

func (s *sonicVisitor) OnArrayBegin(int) error { return s.begin(nil) }

func (s *sonicVisitor) OnArrayEnd() error { return s.end() }
