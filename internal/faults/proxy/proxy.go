// Package proxy stands between the collector and its destination, and spoils
// what passes: it is a bad network on one machine.
package proxy

import (
	"context"
	"net"
	"sync"
	"sync/atomic"
)

// Mode is what the proxy does with a connection.
type Mode int32

// The modes. A change meets the connections that are open as well.
const (
	// Pass hands on both ways.
	Pass Mode = iota
	// Reset resets the connection in the middle of the request's body.
	Reset
	// BlackHole takes all that comes, and never answers.
	BlackHole
	// CutAnswer hands the request on, and closes the connection in place of
	// the answer: the destination has taken what the sender must send again.
	CutAnswer
)

// resetAfter is how many bytes of a request Reset lets pass: more than its
// header has, less than a batch of lines.
const resetAfter = 600

// Proxy listens at a port of 127.0.0.1.
type Proxy struct {
	listener net.Listener
	target   string
	mode     atomic.Int32
	spoilt   atomic.Int64

	mu     sync.Mutex
	conns  map[net.Conn]struct{} // those that are open
	closed bool
	wg     sync.WaitGroup
}

// Start begins to hand on to the target, a host and port.
func Start(ctx context.Context, target string) (*Proxy, error) {
	var lc net.ListenConfig
	listener, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &Proxy{listener: listener, target: target, conns: map[net.Conn]struct{}{}}
	p.wg.Go(func() { p.accept(ctx) })
	return p, nil
}

// URL is the endpoint for the otlp_http exporter.
func (p *Proxy) URL() string { return "http://" + p.listener.Addr().String() }

// Set changes the mode. What was begun in a mode that gives no answer is
// closed, so that its sender goes on.
func (p *Proxy) Set(mode Mode) {
	if Mode(p.mode.Swap(int32(mode))) == BlackHole {
		p.closeConns()
	}
}

// Spoilt counts the requests that the proxy has spoilt.
func (p *Proxy) Spoilt() int { return int(p.spoilt.Load()) }

// Close ends the proxy and its connections, and waits for its goroutines.
func (p *Proxy) Close() error {
	err := p.listener.Close()
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.closeConns()
	p.wg.Wait()
	return err
}

func (p *Proxy) accept(ctx context.Context) {
	for {
		from, err := p.listener.Accept()
		if err != nil {
			return // closed
		}
		p.wg.Go(func() { p.serve(ctx, from) })
	}
}

// serve hands one connection on until either side ends it.
func (p *Proxy) serve(ctx context.Context, from net.Conn) {
	if !p.keep(from) {
		return
	}
	defer p.drop(from)
	var d net.Dialer
	to, err := d.DialContext(ctx, "tcp", p.target)
	if err != nil || !p.keep(to) {
		return
	}
	defer p.drop(to)
	answered := make(chan struct{})
	go func() {
		defer close(answered)
		p.copyAnswers(from, to)
		_ = from.Close() // ends the copying below
	}()
	p.copyRequests(to, from)
	_ = to.Close() // ends the copying above
	<-answered
}

func (p *Proxy) copyRequests(to, from net.Conn) {
	buf := make([]byte, 32<<10)
	toReset := resetAfter // bytes that pass before a reset
	for {
		n, err := from.Read(buf)
		if err != nil {
			return
		}
		pass := n
		switch Mode(p.mode.Load()) {
		case BlackHole:
			p.spoilt.Add(1)
			continue
		case Reset:
			pass = min(n, toReset)
			toReset -= pass
		}
		if _, err := to.Write(buf[:pass]); err != nil {
			return
		}
		if pass < n {
			p.spoilt.Add(1)
			if tcp, ok := from.(*net.TCPConn); ok {
				_ = tcp.SetLinger(0) // its close sends RST
			}
			return
		}
	}
}

func (p *Proxy) copyAnswers(to, from net.Conn) {
	buf := make([]byte, 4<<10)
	for {
		n, err := from.Read(buf)
		if n > 0 {
			if Mode(p.mode.Load()) == CutAnswer {
				p.spoilt.Add(1)
				return
			}
			if _, err := to.Write(buf[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// keep notes an open connection; false once the proxy is closed.
func (p *Proxy) keep(c net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		_ = c.Close()
		return false
	}
	p.conns[c] = struct{}{}
	return true
}

func (p *Proxy) drop(c net.Conn) {
	_ = c.Close() // the other side may have closed it, which is all that is asked for
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.conns, c)
}

func (p *Proxy) closeConns() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.conns {
		_ = c.Close()
	}
}
