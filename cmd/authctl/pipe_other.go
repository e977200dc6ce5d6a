//go:build !unix

package main

// ignoreBrokenPipe does nothing where there is no such signal.
func ignoreBrokenPipe() {}
