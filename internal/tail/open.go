package tail

import (
	"os"
	"syscall"
)

// openToRead opens what stands under a path. To open a pipe would wait for a
// writer, for ever and not even until Shutdown: whoever may write in the folder
// could put one in a file's place after the look at it, and stop all reading.
// What is no file is sorted out by the look at what was opened.
func openToRead(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
}
