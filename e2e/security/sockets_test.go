//go:build linux

package security

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/e2etest"
)

// listening are the TCP addresses that a process listens on, as the kernel has
// them: of all sockets those that are among its descriptors.
func listening(t *testing.T, pid int) []netip.AddrPort {
	t.Helper()
	proc := filepath.Join("/proc", strconv.Itoa(pid))
	own := map[string]bool{}
	descriptors, err := os.ReadDir(filepath.Join(proc, "fd"))
	require.NoError(t, err)
	for _, d := range descriptors {
		target, err := os.Readlink(filepath.Join(proc, "fd", d.Name()))
		if err != nil {
			continue // closed since
		}
		if inode, ok := strings.CutPrefix(target, "socket:["); ok {
			own[strings.TrimSuffix(inode, "]")] = true
		}
	}
	var out []netip.AddrPort
	for _, table := range []string{"tcp", "tcp6"} {
		for line := range strings.Lines(e2etest.ReadFile(t, filepath.Join(proc, "net", table))) {
			// sl local_address rem_address st … inode
			fields := strings.Fields(line)
			const listen = "0A"
			if len(fields) > 9 && fields[3] == listen && own[fields[9]] {
				address, err := socketAddress(fields[1])
				require.NoError(t, err)
				out = append(out, address)
			}
		}
	}
	return out
}

// socketAddress reads an address as /proc writes it: words of four bytes in the
// machine's order, in hexadecimal, and the port.
func socketAddress(text string) (netip.AddrPort, error) {
	host, port, ok := strings.Cut(text, ":")
	if !ok {
		return netip.AddrPort{}, fmt.Errorf("no colon in %q", text)
	}
	bytes, err := hex.DecodeString(host)
	if err != nil {
		return netip.AddrPort{}, err
	}
	for i := 0; i+4 <= len(bytes); i += 4 {
		binary.BigEndian.PutUint32(bytes[i:], binary.NativeEndian.Uint32(bytes[i:]))
	}
	address, ok := netip.AddrFromSlice(bytes)
	if !ok {
		return netip.AddrPort{}, fmt.Errorf("no address: %q", host)
	}
	number, err := strconv.ParseUint(port, 16, 16)
	return netip.AddrPortFrom(address, uint16(number)), err
}

func TestSocketAddresses(t *testing.T) {
	if binary.NativeEndian.Uint16([]byte{1, 0}) != 1 {
		return // what stands below is of a little-endian machine
	}
	for text, want := range map[string]string{
		"0100007F:22B8":                         "127.0.0.1:8888",
		"00000000:10DE":                         "0.0.0.0:4318",
		"00000000000000000000000001000000:10DE": "[::1]:4318",
		"00000000000000000000000000000000:10DE": "[::]:4318",
	} {
		got, err := socketAddress(text)
		require.NoError(t, err)
		assert.Equal(t, want, got.String())
	}
}
