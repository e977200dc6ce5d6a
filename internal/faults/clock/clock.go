//go:build linux && amd64

// Package clock sets the clock of one process that runs, and of no other.
//
// A Go program asks for the time in the vDSO, code that the kernel maps into each
// process, and neither libfaketime nor a time namespace can come between. But the
// pages are the process's own copies once they are written to. So the vDSO's
// clock_gettime is replaced by one that asks the kernel and adds an offset to what
// CLOCK_REALTIME says. The monotonic clock stays, as it does when a host's clock
// is set.
package clock

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// offsetAt is where in the new function the offset stands, in whole seconds: behind
// the code, aligned, so that it is written at once.
const offsetAt = 32

// code is clock_gettime(edi: clock, rsi: *timespec). The vDSO's own one, which it
// replaces, is several hundred bytes long.
var code = [offsetAt]byte{
	0xb8, 0xe4, 0x00, 0x00, 0x00, // mov eax, 228: the system call clock_gettime
	0x0f, 0x05, //                   syscall
	0x85, 0xff, //                   test edi, edi: CLOCK_REALTIME is 0
	0x75, 0x0a, //                   jnz ret
	0x48, 0x8b, 0x0d, 0x0e, 0, 0, 0, // mov rcx, [rip+14]: the offset
	0x48, 0x01, 0x0e, //             add [rsi], rcx: the seconds
	0xc3, // ret
}

// Clock is that of a process.
type Clock struct {
	pid  int
	at   int64 // of the function, in the process's memory
	size int64
}

// Take replaces the clock of a child of the caller's. It still shows the time.
// Errors say what of it this kernel does not allow.
func Take(pid int) (*Clock, error) {
	c := &Clock{pid: pid}
	if err := c.find(); err != nil {
		return nil, err
	}
	if c.size < offsetAt+8 || c.at%8 != 0 {
		return nil, fmt.Errorf("the vDSO's clock_gettime has %d bytes at %x: it takes %d, aligned by 8, to replace it", c.size, c.at, offsetAt+8)
	}
	if err := c.replace(); err != nil {
		return nil, fmt.Errorf("replace the clock of a process: %w", err)
	}
	return c, nil
}

// Set sets the clock to the machine's and so much more, in whole seconds.
func (c *Clock) Set(offset time.Duration) error {
	return c.write(c.at+offsetAt, binary.LittleEndian.AppendUint64(nil, uint64(offset/time.Second)))
}

// find looks up clock_gettime in the process's vDSO.
func (c *Clock) find() error {
	maps, err := os.ReadFile(fmt.Sprintf("/proc/%d/maps", c.pid))
	if err != nil {
		return err
	}
	for mapping := range strings.Lines(string(maps)) {
		var from, to int64
		if !strings.Contains(mapping, "[vdso]") {
			continue
		}
		if _, err := fmt.Sscanf(mapping, "%x-%x", &from, &to); err != nil {
			return err
		}
		image := make([]byte, to-from)
		if err := c.memory(func(f *os.File) error { _, err := f.ReadAt(image, from); return err }); err != nil {
			return err
		}
		return c.lookUp(image, from)
	}
	return errors.New("the process has no vDSO")
}

func (c *Clock) lookUp(image []byte, from int64) error {
	vdso, err := elf.NewFile(bytes.NewReader(image))
	if err != nil {
		return err
	}
	symbols, err := vdso.DynamicSymbols()
	if err != nil {
		return err
	}
	for _, s := range symbols {
		if s.Name == "__vdso_clock_gettime" {
			c.at, c.size = from+int64(s.Value), int64(s.Size)
			return nil
		}
	}
	return errors.New("the vDSO has no __vdso_clock_gettime")
}

// replace writes the function while the process stands still, and none of its
// threads is in the function.
func (c *Clock) replace() (err error) {
	for range 1000 {
		if err := syscall.Kill(c.pid, syscall.SIGSTOP); err != nil {
			return err
		}
		var outside bool
		if outside, err = c.stoppedOutside(); err == nil && outside {
			err = c.write(c.at, append(code[:], make([]byte, 8)...))
		}
		if contErr := syscall.Kill(c.pid, syscall.SIGCONT); err != nil || contErr != nil {
			return errors.Join(err, contErr)
		}
		if outside {
			return nil
		}
	}
	return errors.New("its threads were not found outside of the function")
}

// stoppedOutside waits until all threads stand still, and says whether they do
// so outside of the function.
func (c *Clock) stoppedOutside() (bool, error) {
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*", c.pid))
	if err != nil || len(threads) == 0 {
		return false, errors.Join(err, errors.New("the process has ended"))
	}
	for _, thread := range threads {
		if err := awaitStopped(thread); err != nil {
			return false, err
		}
		// "-1 <stack pointer> <program counter>", or the call that the thread is
		// in, with the program counter as the last number.
		text, err := os.ReadFile(filepath.Join(thread, "syscall"))
		if err != nil {
			return false, err
		}
		fields := strings.Fields(string(text))
		last := fields[len(fields)-1]
		if last == "running" {
			return false, nil
		}
		counter, err := strconv.ParseInt(last, 0, 64)
		if err != nil {
			return false, err
		}
		if counter >= c.at && counter < c.at+c.size {
			return false, nil
		}
	}
	return true, nil
}

// awaitStopped waits until the kernel has stopped a thread: at once, unless the
// machine is busy.
func awaitStopped(thread string) error {
	const patience = 10 * time.Second
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(100 * time.Microsecond) {
		status, err := os.ReadFile(filepath.Join(thread, "status"))
		if err != nil {
			return err
		}
		if strings.Contains(string(status), "State:\tT") {
			return nil
		}
	}
	return errors.New("a thread was not stopped")
}

func (c *Clock) write(at int64, data []byte) error {
	return c.memory(func(f *os.File) error { _, err := f.WriteAt(data, at); return err })
}

// memory opens the process's memory, which one may who may trace it.
func (c *Clock) memory(do func(*os.File) error) error {
	f, err := os.OpenFile(fmt.Sprintf("/proc/%d/mem", c.pid), os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(do(f), f.Close())
}
