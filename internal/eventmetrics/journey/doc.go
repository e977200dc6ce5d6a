// Package journey keeps what funnels and pairs have to remember of users
// between their events: which steps somebody reached in a window, and which
// beginnings still wait for their end. It knows hashes, times and bounds, and
// neither records nor metrics.
//
// Users and pairs come as 64-bit hashes. They must be keyed (see package
// unique): the tables are as fast as the hashes are even, and with a hash that
// can be foretold whoever writes log lines could have all users meet in one
// place of a table. Two of n users share a hash, and count as one, with a
// probability of n²/2⁶⁵.
//
// Nothing here is safe for concurrent use, and nothing allocates once it has
// grown to the number of users that are held at a time.
package journey

import "time"

// MaxHeld is the highest bound of users or of pending pairs.
const MaxHeld = 1 << 24

// farTime ends time on either side of 1970, in nanoseconds: the years 1823 and
// 2116. Between times that are held to it any difference fits an int64.
const farTime = 1<<62 - 1

// nanoseconds since 1970, held to ±farTime.
func nanoseconds(t time.Time) int64 {
	// UnixNano is undefined where it does not fit, so seconds decide first.
	const far = farTime / int64(time.Second)
	switch seconds := t.Unix(); {
	case seconds >= far:
		return farTime
	case seconds <= -far:
		return -farTime
	}
	return t.UnixNano()
}

func held(nanoseconds int64) int64 { return min(max(nanoseconds, -farTime), farTime) }
