//go:build unix

package main

import (
	"os/signal"
	"syscall"
)

// ignoreBrokenPipe: whoever pipes into head has seen enough, and that is no error.
// Without it the signal would end the process, with an exit code of its own.
func ignoreBrokenPipe() { signal.Ignore(syscall.SIGPIPE) }
