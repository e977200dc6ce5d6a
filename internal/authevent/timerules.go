package authevent

import (
	"fmt"
	"time"
)

// layouts checks the profile's own layouts: each must carry a time whole,
// since one without a year, or without seconds, would be read as another time.
func (c *compiler) layouts() []string {
	location := c.location()
	moment := time.Date(2026, 11, 22, 17, 4, 5, 0, location)
	for i, layout := range c.p.TimeLayouts {
		t, err := time.ParseInLocation(layout, moment.Format(layout), location)
		if err != nil || !t.Equal(moment) {
			c.fail(fmt.Sprintf("time_layouts[%d]", i),
				"%q does not bring a time back: write a layout of Go's time package with year, month, day, hour, minute and second, such as %q",
				layout, "02/Jan/2006:15:04:05 -0700")
		}
	}
	return c.p.TimeLayouts
}

// location is the zone of times that name none.
func (c *compiler) location() *time.Location {
	location, err := time.LoadLocation(c.p.TimeZone) // "" is UTC
	if err != nil {
		return time.UTC
	}
	return location
}

// timeZone checks time_zone.
func (c *compiler) timeZone() {
	if _, err := time.LoadLocation(c.p.TimeZone); err != nil {
		c.fail("time_zone", "%q is no time zone of this machine's database: use a name such as Europe/Berlin, and install tzdata if it should know it", c.p.TimeZone)
	}
}
