module github.com/authevents/otelcol-auth/bench

go 1.26.0
