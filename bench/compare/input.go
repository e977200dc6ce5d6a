package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// content says which lines the generator makes.
type content struct {
	lines, users int
	noise        float64 // share of lines that are no events
	files        int     // that the lines are divided into, in order
}

// input is what was made.
type input struct {
	files []string
	lines int
	// records is how many of the lines have to come out of a pipeline.
	records int
	bytes   int64
}

// ipv4 is the share of users with an IPv4 address.
const ipv4 = 0.8

// makeInput has the seeded generator write the content into files of a folder.
func makeInput(ctx context.Context, bench, dir, source string, c content) (_ input, err error) {
	cmd := exec.CommandContext(ctx, "go", "run", "./gen", "-source", source, "-n", strconv.Itoa(c.lines), "-users", strconv.Itoa(c.users),
		"-ipv4", fmt.Sprint(ipv4), "-noise", fmt.Sprint(c.noise))
	cmd.Dir, cmd.Stderr = bench, os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return input{}, err
	}
	if err := cmd.Start(); err != nil {
		return input{}, err
	}
	name := fmt.Sprintf("%s-%d-%d-%g-%d", source, c.lines, c.users, c.noise, c.files)
	in, err := divide(bufio.NewScanner(out), filepath.Join(dir, name), c)
	if err != nil {
		_ = cmd.Process.Kill() // it waits for a reader
		_ = cmd.Wait()
		return input{}, err
	}
	if err := cmd.Wait(); err != nil {
		return input{}, fmt.Errorf("gen: %w", err)
	}
	if in.lines != c.lines {
		return input{}, fmt.Errorf("gen wrote %d lines of %d", in.lines, c.lines)
	}
	return in, nil
}

// divide writes each line to its file, and counts.
func divide(lines *bufio.Scanner, path string, c content) (in input, err error) {
	var f *os.File
	var w *bufio.Writer
	finish := func() error {
		if err := w.Flush(); err != nil {
			return err
		}
		return f.Close()
	}
	for ; lines.Scan(); in.lines++ {
		if in.lines >= len(in.files)*c.lines/c.files {
			if f != nil {
				if err := finish(); err != nil {
					return input{}, err
				}
			}
			name := fmt.Sprintf("%s-%03d.ndjson", path, len(in.files))
			if f, err = os.Create(name); err != nil {
				return input{}, err
			}
			w = bufio.NewWriterSize(f, 1<<20)
			in.files = append(in.files, name)
		}
		line := lines.Bytes()
		in.bytes += int64(len(line)) + 1
		if !skipped(string(line)) {
			in.records++
		}
		if _, err := w.Write(append(line, '\n')); err != nil {
			return input{}, err
		}
	}
	if err := lines.Err(); err != nil || f == nil {
		return in, err
	}
	return in, finish()
}

// skipped says whether a line becomes no record: a blank one, and the first line
// of a Ruby log file. All others have to come out, also what is no event.
func skipped(line string) bool {
	return strings.TrimSpace(line) == "" || strings.HasPrefix(line, "# Logfile created on ")
}

// remove deletes the files.
func (in input) remove() {
	for _, name := range in.files {
		_ = os.Remove(name) // the folder goes at the end in any case
	}
}
