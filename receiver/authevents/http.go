package authevents

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.uber.org/zap"

	"github.com/authevents/otelcol-auth/internal/ingest"
	"github.com/authevents/otelcol-auth/receiver/authevents/internal/metadata"
)

// httpShutdownGrace is how long requests may go on once shutdown has begun.
// What the pipeline takes by then is answered as taken.
const httpShutdownGrace = 2 * time.Second

var errHTTPAbandoned = errors.New("requests are still being handed on, and get no answer")

// httpInput is the server of requests with events: its life, and no more.
type httpInput struct {
	options *httpOptions
	handler *httpHandler
	set     component.TelemetrySettings
	grace   time.Duration

	server  *http.Server
	address net.Addr           // of the listener
	cancel  context.CancelFunc // ends what all requests wait for
	served  chan struct{}      // closed when the server accepts no more
}

func newHTTPInput(o *httpOptions, in *ingest.Input, set component.TelemetrySettings) (*httpInput, error) {
	telemetry, err := metadata.NewTelemetryBuilder(set)
	if err != nil {
		return nil, err
	}
	return &httpInput{options: o, handler: newHTTPHandler(o, in, telemetry), set: set, grace: httpShutdownGrace}, nil
}

// start listens, and serves until shutdown. Where it fails, nothing is left.
func (in *httpInput) start(ctx context.Context, host component.Host) error {
	server, err := in.newServer(ctx, host.GetExtensions())
	if err != nil {
		return err
	}
	config := in.options.server
	listener, err := config.ToListener(ctx)
	if err != nil {
		return err
	}
	// Not of ctx: that is Start's, and the requests come later.
	requests, cancel := context.WithCancel(context.Background())
	server.BaseContext = func(net.Listener) context.Context { return requests }
	in.server, in.address, in.cancel = server, listener.Addr(), cancel
	in.served = make(chan struct{})
	in.set.Logger.Info("Serving requests with events",
		zap.Stringer("endpoint", in.address), zap.String("path", in.options.path))
	if !isLoopback(in.address) && !in.options.asksWhoItIs() {
		in.set.Logger.Warn("Whoever reaches this endpoint can invent events: set http.auth, or http.tls.client_ca_file, or serve on localhost",
			zap.Stringer("endpoint", in.address))
	}
	go func() {
		defer close(in.served)
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			componentstatus.ReportStatus(host, componentstatus.NewFatalErrorEvent(err))
		}
	}()
	return nil
}

// isLoopback says whether a listener takes no requests of other hosts.
func isLoopback(a net.Addr) bool {
	tcp, ok := a.(*net.TCPAddr)
	return !ok || tcp.IP.IsLoopback() // a socket in the file system has permissions
}

// newServer puts what confighttp does, such as authentication and decompression,
// in front of the handler.
func (in *httpInput) newServer(ctx context.Context, extensions map[component.ID]component.Component) (*http.Server, error) {
	options := []confighttp.ToServerOption{confighttp.WithErrorHandler(in.handler.refuse)}
	if in.handler.encodings["zstd"] {
		options = append(options, confighttp.WithDecoder("zstd", in.handler.zstd.open))
	}
	config := in.options.server // ToServer fills in what is not set
	return config.ToServer(ctx, extensions, in.set, in.handler, options...)
}

// shutdown accepts nothing any more, and waits until what was accepted is
// answered, or ctx is done. Where the pipeline has not taken a request's events
// within the grace, the answer is 503.
func (in *httpInput) shutdown(ctx context.Context) error {
	if in.server == nil {
		return nil
	}
	in.handler.draining.Store(true)
	defer in.cancel()
	defer time.AfterFunc(in.grace, in.cancel).Stop()
	err := in.server.Shutdown(ctx)
	if err != nil {
		// A connection on which no request came yet is no reason to complain.
		if err = nil; in.handler.busy() {
			err = errHTTPAbandoned
		}
		_ = in.server.Close()
	}
	<-in.served
	return err
}
