package pseudonym

import (
	"crypto/aes"
	"crypto/cipher"
	"hash/maphash"
	"net/netip"
)

// cryptoPAn anonymizes addresses so that two which share their first n bits,
// and no more, share the first n bits of their results, and no more. It is the
// scheme of J. Xu, J. Fan, M. Ammar and S. Moon (Prefix-Preserving IP Address
// Anonymization, ICNP 2002), and gives the results of their implementation;
// IPv6 as later ones do, with 128 steps in place of 32.
type cryptoPAn struct {
	block cipher.Block
	pad   [aes.BlockSize]byte
}

// newCryptoPAn takes a key of 32 bytes: half of it for AES, half for the pad.
func newCryptoPAn(key []byte) (*cryptoPAn, error) {
	block, err := aes.NewCipher(key[:16])
	if err != nil {
		return nil, err
	}
	c := &cryptoPAn{block: block}
	block.Encrypt(c.pad[:], key[16:32])
	return c, nil
}

// anonymize takes and gives an address without zone.
func (c *cryptoPAn) anonymize(addr netip.Addr) netip.Addr {
	if addr.Is4() {
		bytes := addr.As4()
		c.flip(bytes[:])
		return netip.AddrFrom4(bytes)
	}
	bytes := addr.As16()
	c.flip(bytes[:])
	return netip.AddrFrom16(bytes)
}

// flip turns each bit over, or leaves it, by what the cipher makes of the bits
// before it, filled up to a block with those of the pad.
func (c *cryptoPAn) flip(addr []byte) {
	buf := new([2 * aes.BlockSize]byte) // it escapes, for block is an interface
	in, out := buf[:aes.BlockSize], buf[aes.BlockSize:]
	copy(in, c.pad[:])
	for i := range 8 * len(addr) {
		c.block.Encrypt(out, in)
		bit := byte(0x80) >> (i % 8)
		in[i/8] = in[i/8]&^bit | addr[i/8]&bit
		addr[i/8] ^= out[0] & 0x80 >> (i % 8)
	}
}

// maxAddresses caps the addresses that are remembered: little more than 1 MiB.
// A further one costs 32 or 128 blocks of AES.
const maxAddresses = 1 << 14

// addresses anonymizes and remembers what it made.
type addresses struct {
	pan  *cryptoPAn
	made *cache[netip.Addr, netip.Addr]
	seed maphash.Seed
}

func newAddresses(secret []byte, context string) (*addresses, error) {
	key, err := subkey(secret, "crypto-pan\x00"+context)
	if err != nil {
		return nil, err
	}
	pan, err := newCryptoPAn(key)
	if err != nil {
		return nil, err
	}
	return &addresses{pan: pan, made: newCache[netip.Addr, netip.Addr](maxAddresses), seed: maphash.MakeSeed()}, nil
}

func (a *addresses) anonymize(addr netip.Addr) netip.Addr {
	bytes := addr.As16()
	hash := maphash.Bytes(a.seed, bytes[:])
	if made, ok := a.made.get(hash, addr); ok {
		return made
	}
	made := a.pan.anonymize(addr)
	a.made.put(hash, addr, made)
	return made
}
