//go:build goexperiment.simd

package main

import (
	"math/bits"
	"simd/archsimd"
	"unsafe"
)

func init() {
	scans = append(scans, way{"archsimd, 16 bytes", simd16}, way{"archsimd, 32 bytes", simd32})
}

func simd16(s string, i int) (int, bool) {
	return literal(s, i, func(s string, i int) int {
		quote, slash, space := archsimd.BroadcastUint8x16('"'), archsimd.BroadcastUint8x16('\\'), archsimd.BroadcastUint8x16(0x1f)
		for ; i+16 <= len(s); i += 16 {
			x := archsimd.LoadUint8x16((*[16]uint8)(unsafe.Pointer(unsafe.StringData(s[i:]))))
			stop := x.Equal(quote).Or(x.Equal(slash)).Or(x.Min(space).Equal(x)).ToBits()
			if stop != 0 {
				return i + bits.TrailingZeros16(stop)
			}
		}
		return swarRun(s, i)
	})
}

func simd32(s string, i int) (int, bool) {
	return literal(s, i, func(s string, i int) int {
		quote, slash, space := archsimd.BroadcastUint8x32('"'), archsimd.BroadcastUint8x32('\\'), archsimd.BroadcastUint8x32(0x1f)
		for ; i+32 <= len(s); i += 32 {
			x := archsimd.LoadUint8x32((*[32]uint8)(unsafe.Pointer(unsafe.StringData(s[i:]))))
			stop := x.Equal(quote).Or(x.Equal(slash)).Or(x.Min(space).Equal(x)).ToBits()
			if stop != 0 {
				archsimd.ClearAVXUpperBits()
				return i + bits.TrailingZeros32(stop)
			}
		}
		archsimd.ClearAVXUpperBits()
		return swarRun(s, i)
	})
}
