package scrub

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestUserAgentIsReadAnew(t *testing.T) {
	var u userAgent
	buffer := []byte("Mozilla/5.0 (X11; Linux x86_64) Chrome/126.0")
	for range 2 {
		name, major := u.read(borrow(buffer))
		assert.Equal(t, "Chrome/126", name+"/"+major)
	}
	copy(buffer[len(buffer)-5:], "131.0") // what was read was borrowed
	name, major := u.read(borrow(buffer))
	assert.Equal(t, "Chrome/131", name+"/"+major)

	name, major = u.read("")
	assert.Empty(t, name+major)
	name, major = u.read(strings.Repeat(" ", maxUserAgent) + "Firefox/128.0")
	assert.Empty(t, name+major, "behind the part that is read")
	assert.LessOrEqual(t, cap(u.header), maxUserAgent)
	u.forget()
	assert.False(t, u.known)
}
