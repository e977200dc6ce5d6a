package bolt

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
)

// What bbolt's format has, in the byte order of the machine.
const (
	magic         = 0xED0CDAED
	formatVersion = 2
	noFreelist    = ^uint64(0)

	pageHeader = 16 // id 8, flags 2, count 2, overflow 4
	element    = 16 // of a page, a leaf's or a branch's
	rootSize   = 16 // of a bucket: page 8, sequence 8
	metaSize   = 64 // the last 8 are the checksum of what is before

	minPageSize, maxPageSize = 1 << 10, 1 << 24
)

var order = binary.NativeEndian

// meta is one of the two header pages, which take turns: the one with the
// higher transaction that is whole counts.
type meta struct {
	pageSize                    int64
	root, freelist, end, writer uint64 // pages are below end
}

// header returns the meta that bbolt goes by.
func header(r io.ReaderAt) (meta, error) {
	first, ok := readMeta(r, 0)
	if ok {
		if second, ok := readMeta(r, first.pageSize); ok && second.writer > first.writer {
			return second, nil
		}
		return first, nil
	}
	// The second page's place tells the size of the first.
	for size := int64(minPageSize); size <= maxPageSize; size <<= 1 {
		if second, ok := readMeta(r, size); ok && second.pageSize == size {
			return second, nil
		}
	}
	return meta{}, errors.New("neither of its two headers is whole")
}

func readMeta(r io.ReaderAt, offset int64) (meta, bool) {
	var b [metaSize]byte
	if _, err := r.ReadAt(b[:], offset+pageHeader); err != nil {
		return meta{}, false
	}
	h := fnv.New64a()
	h.Write(b[:metaSize-8])
	m := meta{
		pageSize: int64(order.Uint32(b[8:])),
		root:     order.Uint64(b[16:]), freelist: order.Uint64(b[32:]),
		end: order.Uint64(b[40:]), writer: order.Uint64(b[48:]),
	}
	ok := order.Uint32(b[0:]) == magic && order.Uint32(b[4:]) == formatVersion && order.Uint64(b[56:]) == h.Sum64() &&
		m.pageSize >= minPageSize && m.pageSize <= maxPageSize && m.pageSize&(m.pageSize-1) == 0
	return m, ok
}

// page is a page with those that it goes on in.
type page struct {
	id       uint64
	flags    uint16
	elements []byte // all behind the header
	count    int
}

const (
	branchPage   = 0x01
	leafPage     = 0x02
	freelistPage = 0x10
)

// parse reads a page's header.
func parse(b []byte) page {
	return page{id: order.Uint64(b), flags: order.Uint16(b[8:]), count: int(order.Uint16(b[10:])), elements: b[pageHeader:]}
}

// contents takes apart what stands behind the elements of a page: key and value
// of each, without a gap, as bbolt writes them.
type contents struct {
	*page
	next uint64 // where the next one begins
}

func (p *page) contents() contents { return contents{p, uint64(p.count) * element} }

// take returns size bytes that element i says stand pos behind its start.
func (c *contents) take(i int, pos, size uint64) ([]byte, error) {
	from := uint64(i)*element + pos
	// Each is below 2^33: no sum overflows.
	if from != c.next || from+size > uint64(len(c.elements)) {
		return nil, fmt.Errorf("element %d of page %d says wrong where it stands", i, c.id)
	}
	c.next = from + size
	return c.elements[from:c.next], nil
}
