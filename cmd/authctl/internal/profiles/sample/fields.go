package sample

import (
	"cmp"
	"slices"
)

// maxFields bounds the places that are told apart.
const maxFields = 4096

// Fields counts the places of many lines. The zero value is ready.
type Fields struct {
	// Refused counts values at places beyond the first 4096.
	Refused   int
	byPointer map[string]*Field
}

// Field is a place, and what stands there.
type Field struct {
	Pointer string `json:"field"`
	// Lines counts lines, or elements of arrays, that have it.
	Lines int `json:"lines"`
	// Types counts them by JSON type.
	Types map[string]int `json:"types"`
}

// Add counts a value.
func (f *Fields) Add(pointer, jsonType string) {
	field := f.byPointer[pointer]
	if field == nil {
		if len(f.byPointer) >= maxFields {
			f.Refused++
			return
		}
		if f.byPointer == nil {
			f.byPointer = map[string]*Field{}
		}
		field = &Field{Pointer: pointer, Types: map[string]int{}}
		f.byPointer[pointer] = field
	}
	field.Lines++
	field.Types[jsonType]++
}

// Get returns the place, nil where no line has it.
func (f *Fields) Get(pointer string) *Field { return f.byPointer[pointer] }

// Sorted returns the places by pointer.
func (f *Fields) Sorted() []*Field {
	out := make([]*Field, 0, len(f.byPointer))
	for _, field := range f.byPointer {
		out = append(out, field)
	}
	slices.SortFunc(out, func(a, b *Field) int { return cmp.Compare(a.Pointer, b.Pointer) })
	return out
}
