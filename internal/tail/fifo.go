package tail

import "slices"

// fifo is a queue of followers.
type fifo struct{ list []*follower }

func (q *fifo) push(f *follower) { q.list = append(q.list, f) }

func (q *fifo) pushFront(f *follower) { q.list = slices.Insert(q.list, 0, f) }

func (q *fifo) empty() bool { return len(q.list) == 0 }

func (q *fifo) pop() *follower {
	f := q.list[0]
	q.list[0] = nil
	if q.list = q.list[1:]; len(q.list) == 0 {
		q.list = nil // a long queue's memory
	}
	return f
}

// firstOpen brings the first file that is open to the front.
func (q *fifo) firstOpen() bool {
	for i, f := range q.list {
		if f.file != nil {
			copy(q.list[1:i+1], q.list[:i])
			q.list[0] = f
			return true
		}
	}
	return false
}
