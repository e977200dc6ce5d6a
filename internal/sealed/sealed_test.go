package sealed

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRefusesDamage(t *testing.T) {
	const key = "file/000001"
	whole := Seal(key, []byte("a value of some length"))
	for i := range whole {
		for bit := range 8 {
			damaged := append([]byte(nil), whole...)
			damaged[i] ^= 1 << bit
			_, err := Unseal(key, damaged)
			require.Error(t, err, "byte %d, bit %d", i, bit)
		}
		_, err := Unseal(key, whole[:i])
		require.Error(t, err, "cut after %d bytes", i)
	}
	_, err := Unseal("file/000002", whole)
	require.ErrorIs(t, err, ErrDamaged, "the value of another key")
}

// Of an older or a newer version is not the same as damaged: the value is whole.
func TestRefusesAnotherVersion(t *testing.T) {
	const key = "file/000001"
	whole := Seal(key, []byte("alice@example.com"))
	for _, version := range []byte{0, Version + 1, 255} {
		other := appendChecksum(key, append([]byte{version}, whole[1:len(whole)-4]...))
		_, err := Unseal(key, other)
		require.ErrorIs(t, err, ErrVersion)
		require.NotErrorIs(t, err, ErrDamaged)
		require.EqualError(t, err, fmt.Sprintf(
			`it was written by another version of this program: the value "file/000001" has version %d, and this program knows version 1`, version))
		other[len(other)/2] ^= 1
		_, err = Unseal(key, other)
		require.ErrorIs(t, err, ErrDamaged, "the version of a damaged value says nothing")
	}
}

// FuzzUnseal: what was sealed comes back, and with one bit changed it does not.
func FuzzUnseal(f *testing.F) {
	f.Add("", []byte{}, uint16(1))
	f.Add("key", []byte("{}"), uint16(77))
	f.Fuzz(func(t *testing.T, key string, value []byte, flip uint16) {
		b := Seal(key, value)
		got, err := Unseal(key, b)
		require.NoError(t, err)
		require.Equal(t, string(value), string(got))
		bit := int(flip) % (8 * len(b))
		b[bit/8] ^= 1 << (bit % 8)
		_, err = Unseal(key, b)
		require.Error(t, err)
	})
}
