// Package generalize makes values coarser until they say nothing of a single
// person: a browser's family, the route of a path, the class of an address. It
// is what k-anonymity calls generalization.
//
// The functions are pure, safe for concurrent use, and idempotent: a second
// hop changes nothing. What they don't understand they don't pass on. Results
// are parts of the argument, or constants; a function that may allocate says so.
package generalize
