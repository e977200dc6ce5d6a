package scrub

import (
	"fmt"
	"runtime"
	"strconv"
	"strings"
)

// Panic says where the scrubber failed. It may be logged: it has names out of
// the program alone, and nothing of a record. The panic's value, which could
// quote one, is not kept.
type Panic struct {
	// Type is the type of the panic's value.
	Type string
	// Stack has the innermost functions, each with the line it was at.
	Stack []string
}

// maxPanicStack is how many functions a Panic names. The way from a record to
// the innermost value of its body is about as long.
const maxPanicStack = 8

// describePanic is to be called by the deferred function that recovered value.
func describePanic(value any) *Panic {
	p := &Panic{Type: fmt.Sprintf("%T", value)}
	var pcs [64]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs[:])])
	panicked := false
	for more := true; more && len(p.Stack) < maxPanicStack; {
		var frame runtime.Frame
		frame, more = frames.Next()
		switch {
		case frame.Function == "runtime.gopanic":
			panicked = true
		case !panicked || strings.HasPrefix(frame.Function, "runtime."):
			// The recovery, or the runtime's way into the panic.
		default:
			p.Stack = append(p.Stack, frame.Function+":"+strconv.Itoa(frame.Line))
		}
	}
	return p
}
