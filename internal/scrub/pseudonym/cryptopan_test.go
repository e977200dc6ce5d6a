package pseudonym

import (
	"math/bits"
	"math/rand/v2"
	"net/netip"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func ip(text string) netip.Addr { return netip.MustParseAddr(text) }

// TestCryptoPAnVectors uses the key of the reference implementation's sample.
func TestCryptoPAnVectors(t *testing.T) {
	c, err := newCryptoPAn([]byte{
		21, 34, 23, 141, 51, 164, 207, 128, 19, 10, 91, 22, 73, 144, 125, 16,
		216, 152, 143, 131, 121, 121, 101, 39, 98, 87, 76, 45, 42, 132, 34, 2,
	})
	require.NoError(t, err)
	file, err := os.ReadFile("testdata/cryptopan.txt")
	require.NoError(t, err)
	checked := 0
	for line := range strings.Lines(string(file)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		addresses := strings.Fields(line)
		require.Len(t, addresses, 2)
		assert.Equal(t, addresses[1], c.anonymize(ip(addresses[0])).String(), addresses[0])
		checked++
	}
	assert.Equal(t, 76, checked)
}

// The values were computed with another implementation as well: a change here
// breaks every join with what was stored.
func TestAnonymizeGolden(t *testing.T) {
	p := newTest(t, "analytics")
	for range 2 { // made, then remembered
		assert.Equal(t, "110.24.245.211", p.Anonymize(ip("192.0.2.44")).String())
		assert.Equal(t, "d81e:fd38:3fc:1c7:fbff:f87f:fb83:e7fd", p.Anonymize(ip("2001:db8::1")).String())
	}
	assert.Equal(t, "110.24.245.211", p.Anonymize(ip("::ffff:192.0.2.44")).String(), "mapped")
	assert.Equal(t, "d81e:fd38:3fc:1c7:fbff:f87f:fb83:e7fd", p.Anonymize(ip("2001:db8::1%eth0")).String(), "zone")
	assert.False(t, p.Anonymize(netip.Addr{}).IsValid())
	assert.NotEqual(t, p.Anonymize(ip("192.0.2.44")), newTest(t, "audit").Anonymize(ip("192.0.2.44")), "contexts")
}

// TestPrefixesArePreserved: two addresses share as many bits after as before.
func TestPrefixesArePreserved(t *testing.T) {
	p := newTest(t, "")
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		var raw [16]byte
		for i := range raw {
			raw[i] = byte(r.Uint32())
		}
		at := r.IntN(128)
		other := raw
		other[at/8] ^= 0x80 >> (at % 8)
		for i := at/8 + 1; i < len(other); i++ {
			other[i] = byte(r.Uint32())
		}
		require.Equal(t, at, common(
			p.Anonymize(netip.AddrFrom16(raw)).AsSlice(), p.Anonymize(netip.AddrFrom16(other)).AsSlice()))

		if at >= 32 {
			continue
		}
		a := p.Anonymize(netip.AddrFrom4([4]byte(raw[:4])))
		b := p.Anonymize(netip.AddrFrom4([4]byte(other[:4])))
		require.True(t, a.Is4(), "IPv4 stays IPv4")
		require.Equal(t, at, common(a.AsSlice(), b.AsSlice()))
	}
}

// common is how many leading bits two addresses share.
func common(a, b []byte) int {
	for i := range a {
		if a[i] != b[i] {
			return 8*i + bits.LeadingZeros8(a[i]^b[i])
		}
	}
	return 8 * len(a)
}
