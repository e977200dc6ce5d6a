package otlp

import (
	"io"
	"net/http"
	"sync"
)

// Outage answers requests in a server's place, while it is told to. The zero
// value lets all pass.
type Outage struct {
	mu      sync.Mutex
	next    []Answer
	all     *Answer
	refused int
}

// Next has each of the next requests answered with one of these, in order. An
// answer that is OK lets its request pass.
func (o *Outage) Next(answers ...Answer) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.next = append(o.next, answers...)
}

// Begin has all requests answered like this, those of Next aside, until End.
func (o *Outage) Begin(answer Answer) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.all = &answer
}

// End ends what Begin began.
func (o *Outage) End() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.all = nil
}

// Refused counts the requests that it has answered.
func (o *Outage) Refused() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.refused
}

// Wrap puts the outage before a server.
func (o *Outage) Wrap(server http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := o.answer()
		if answer.OK() {
			server.ServeHTTP(w, r)
			return
		}
		_, _ = io.Copy(io.Discard, r.Body) // else the connection can't be used again
		answer.Refuse(w, r)
	})
}

func (o *Outage) answer() Answer {
	o.mu.Lock()
	defer o.mu.Unlock()
	var answer Answer
	switch {
	case len(o.next) > 0:
		answer, o.next = o.next[0], o.next[1:]
	case o.all != nil:
		answer = *o.all
	}
	if !answer.OK() {
		o.refused++
	}
	return answer
}
