package otlp

import (
	"net/http"

	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
)

// Logs serves requests for logs. take gets each one that can be decoded, and
// says how it is answered; what can't be decoded is answered 400.
func Logs(limits Limits, take func(*Request, plog.Logs) Answer) http.Handler {
	return handler(limits, func(r *Request) Answer {
		logs, err := r.Logs()
		if err != nil {
			return Answer{Status: http.StatusBadRequest, Message: err.Error()}
		}
		return take(r, logs)
	}, Answer.acceptLogs)
}

// Metrics is Logs for metrics.
func Metrics(limits Limits, take func(*Request, pmetric.Metrics) Answer) http.Handler {
	return handler(limits, func(r *Request) Answer {
		metrics, err := r.Metrics()
		if err != nil {
			return Answer{Status: http.StatusBadRequest, Message: err.Error()}
		}
		return take(r, metrics)
	}, Answer.acceptMetrics)
}

func handler(limits Limits, take func(*Request) Answer, accept func(Answer, http.ResponseWriter, *Request)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		request, answer := Read(r, limits)
		if request != nil {
			answer = take(request)
		}
		if !answer.OK() {
			answer.Refuse(w, r)
			return
		}
		accept(answer, w, request)
	})
}
