// Package bolt checks files of the database bbolt without bbolt, which maps a
// file into memory and, where a page is damaged, ends the process: it follows
// page numbers beyond the end of the file, and does so in a goroutine whose
// faults its caller can't recover. What Check accepts bbolt can read and write.
//
// A page has no checksum. Damage inside of a value is not found here; whoever
// stores values seals them.
package bolt

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// checker walks the pages of a file.
type checker struct {
	meta

	r      io.ReaderAt
	pages  uint64          // that the file has
	seen   map[uint64]bool // no more than pages
	bucket string
}

// Check returns what is damaged in a file of size bytes, which must hold no
// bucket but the one of the given name, in whose values it does not look. Nobody
// may write the file at the time. An error tells pages by number, and nothing of
// what is in them.
func Check(r io.ReaderAt, size int64, bucket string) error {
	m, err := header(r)
	if err != nil {
		return err
	}
	c := &checker{meta: m, r: r, pages: uint64(size / m.pageSize), seen: map[uint64]bool{}, bucket: bucket}
	if m.freelist != noFreelist {
		if err := c.checkFreelist(); err != nil {
			return err
		}
	}
	return c.walk(m.root, nil, nil, c.checkBucket)
}

// read returns a page, which may be read once only.
func (c *checker) read(id uint64) (page, error) {
	if id < 2 || id >= c.end || id >= c.pages {
		return page{}, fmt.Errorf("page %d lies outside of the %d pages that there are", id, min(c.end, c.pages))
	}
	b := make([]byte, c.pageSize)
	if _, err := c.r.ReadAt(b, int64(id)*c.pageSize); err != nil {
		return page{}, fmt.Errorf("page %d: %w", id, err)
	}
	more := uint64(order.Uint32(b[12:]))
	if id+more >= c.end || id+more >= c.pages {
		return page{}, fmt.Errorf("page %d goes on beyond the %d pages that there are", id, min(c.end, c.pages))
	}
	for i := id; i <= id+more; i++ {
		if c.seen[i] {
			return page{}, fmt.Errorf("page %d is in two places", i)
		}
		c.seen[i] = true
	}
	if more > 0 {
		b = make([]byte, int64(more+1)*c.pageSize) // of the file's size at most
		if _, err := c.r.ReadAt(b, int64(id)*c.pageSize); err != nil {
			return page{}, fmt.Errorf("page %d: %w", id, err)
		}
	}
	p := parse(b)
	if p.id != id {
		return page{}, fmt.Errorf("page %d has the number of another", id)
	}
	return p, nil
}

// checkFreelist checks the list of free pages, which a file has until it is
// first written to.
func (c *checker) checkFreelist() error {
	p, err := c.read(c.freelist)
	if err != nil {
		return err
	}
	const tooMany = 0xFFFF // the count stands elsewhere then
	if p.flags != freelistPage || p.count == tooMany || p.count*8 > len(p.elements) {
		return fmt.Errorf("page %d is no list of free pages", p.id)
	}
	return nil
}

// visit is called for each leaf's element that is a bucket.
type visit func(name, value []byte) error

// walk checks the tree below a page, all of whose keys must be from low up to
// high, which is not included; nil is no limit.
func (c *checker) walk(id uint64, low, high []byte, bucket visit) error {
	p, err := c.read(id)
	if err != nil {
		return err
	}
	switch p.flags {
	case leafPage:
		return p.checkLeaf(low, high, bucket)
	case branchPage:
		return c.checkBranch(&p, low, high, bucket)
	}
	return fmt.Errorf("page %d is neither branch nor leaf", id)
}

var errKeyOrder = errors.New("its keys are out of order")

// inOrder says whether a key may follow the one before it, nil for none.
func inOrder(before, key, low, high []byte) bool {
	return (before == nil || bytes.Compare(before, key) < 0) &&
		(low == nil || bytes.Compare(low, key) <= 0) && (high == nil || bytes.Compare(key, high) < 0)
}

// checkBranch checks a page whose elements are position 4, key size 4, page 8.
func (c *checker) checkBranch(p *page, low, high []byte, bucket visit) error {
	if p.count == 0 || p.count*element > len(p.elements) {
		return fmt.Errorf("page %d can't have %d elements", p.id, p.count)
	}
	keys := make([][]byte, p.count+1)
	contents := p.contents()
	var before []byte
	for i := range p.count {
		e := p.elements[i*element:]
		key, err := contents.take(i, uint64(order.Uint32(e)), uint64(order.Uint32(e[4:])))
		if err != nil {
			return err
		}
		if !inOrder(before, key, low, high) {
			return fmt.Errorf("page %d: %w", p.id, errKeyOrder)
		}
		keys[i], before = key, key
	}
	keys[p.count] = high
	for i := range p.count {
		if err := c.walk(order.Uint64(p.elements[i*element+8:]), keys[i], keys[i+1], bucket); err != nil {
			return err
		}
	}
	return nil
}

// checkLeaf checks a page whose elements are flags 4, position 4, key size 4,
// value size 4.
func (p *page) checkLeaf(low, high []byte, bucket visit) error {
	if p.count*element > len(p.elements) {
		return fmt.Errorf("page %d can't have %d elements", p.id, p.count)
	}
	contents := p.contents()
	var before []byte
	for i := range p.count {
		e := p.elements[i*element:]
		pos, keySize := uint64(order.Uint32(e[4:])), uint64(order.Uint32(e[8:]))
		key, err := contents.take(i, pos, keySize)
		if err != nil {
			return err
		}
		value, err := contents.take(i, pos+keySize, uint64(order.Uint32(e[12:])))
		if err != nil {
			return err
		}
		if !inOrder(before, key, low, high) {
			return fmt.Errorf("page %d: %w", p.id, errKeyOrder)
		}
		before = key
		isBucket := order.Uint32(e) == 1
		if !isBucket && order.Uint32(e) != 0 || isBucket != (bucket != nil) {
			return fmt.Errorf("page %d: element %d is of a kind that does not belong there", p.id, i)
		}
		if isBucket {
			if err := bucket(key, value); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkBucket checks a bucket: its root, and, where that is page 0, the page
// itself behind it.
func (c *checker) checkBucket(name, value []byte) error {
	if string(name) != c.bucket {
		return fmt.Errorf("it has a bucket that is not %q", c.bucket)
	}
	if len(value) < rootSize {
		return errors.New("its bucket has no root")
	}
	if root := order.Uint64(value); root != 0 {
		return c.walk(root, nil, nil, nil)
	}
	if len(value) < rootSize+pageHeader {
		return errors.New("its bucket has neither a root nor a page")
	}
	p := parse(value[rootSize:])
	if p.id != 0 || p.flags != leafPage {
		return errors.New("the page of its bucket is no leaf")
	}
	return p.checkLeaf(nil, nil, nil)
}
