package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// tick is the unit of CPU time in /proc, on every Linux.
const tick = time.Second / 100

// cpuTime is what a running process has had of the processors, user and system,
// all of its threads.
func cpuTime(pid int) (time.Duration, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	return parseStat(string(stat))
}

// parseStat reads utime and stime, the fields 14 and 15. They are counted from
// behind the name of the program, which may hold spaces and parentheses.
func parseStat(stat string) (time.Duration, error) {
	const afterName, utime, stime = 3, 14, 15
	fields := strings.Fields(stat[strings.LastIndexByte(stat, ')')+1:])
	if len(fields) <= stime-afterName {
		return 0, fmt.Errorf("/proc/*/stat has %d fields after the name, and should have %d", len(fields), stime-afterName+1)
	}
	user, err := strconv.ParseInt(fields[utime-afterName], 10, 64)
	if err != nil {
		return 0, fmt.Errorf("/proc/*/stat: %w", err)
	}
	system, err := strconv.ParseInt(fields[stime-afterName], 10, 64)
	if err != nil {
		return 0, fmt.Errorf("/proc/*/stat: %w", err)
	}
	return time.Duration(user+system) * tick, nil
}
