package main

import "github.com/authevents/otelcol-auth/internal/dashboards/promql"

func collector(b *board) {
	b.uid, b.title, b.ofCollector = "otelcol-auth-collector", "Sign-ins: the collector", true
	b.description = "Whether all is read, scrubbed, counted and delivered, and what it costs."
	const none = "none: good"

	b.section("Is all well?",
		b.stat(view{title: "Lag", unit: seconds, width: 4, warn: 60, bad: 300, queries: by(promql.Max(b.own("otelcol_auth_events_lag"))),
			answers: "The longest time since a file was read to its end. If it grows by a second each second, nothing is taken: see the exporters below."}),
		b.stat(view{title: "Lost: refused for good", unit: count, width: 4, bad: 1, none: none, queries: by(promql.Count(b.own("otelcol_auth_events_refused"))),
			answers: "Records that a destination refused for good. They are lost; the exporter's log says why."}),
		b.stat(view{title: "Personal data that was left", unit: count, width: 4, bad: 1, none: none, queries: by(promql.Count(b.own("otelcol_pii_scrub_residual"))),
			answers: "Values that a second look found after scrubbing. Each is a defect: stop the export, and report it. Only where verify is set."}),
		b.stat(view{title: "Could not be scrubbed", unit: count, width: 4, bad: 1, none: none, queries: by(promql.Count(b.own("otelcol_pii_scrub_dropped"), "reason")),
			answers: "Records that were dropped or redacted whole, because scrubbing them failed: a defect, and the log says where."}),
		b.stat(view{title: "Drift", unit: count, width: 4, warn: 1, none: none, queries: by(promql.Count(b.own("otelcol_auth_events_drift"), "kind")),
			answers: "Events and fields that are not as the profiles say. The log names each once: add them to the profile."}),
		b.stat(view{title: "Not counted apart", unit: count, width: 4, warn: 1, none: none, queries: by(promql.Count(b.own("otelcol_event_metrics_overflow"))),
			answers: "Events that went into an overflow series, because a metric is at max_series. Totals are right; raise it, or drop an attribute."}))

	b.section("Reading",
		b.timeseries(view{title: "Lines", unit: perSecond, queries: by(promql.Rate(b.own("otelcol_auth_events_lines"), "input", "result")),
			answers: "Lines that were acknowledged. event is an event; unparsed is none, unknown an object that no profile takes, skipped a blank."}),
		b.timeseries(view{title: "Events by source", unit: perSecond, queries: by(promql.Rate(b.own("otelcol_auth_events_lines").Is("result", "event"), "source")),
			answers: "A source that falls to nothing has stopped writing, or its files are not matched any more."}),
		b.timeseries(view{title: "Share that is no event", unit: percent, warn: 0.05,
			queries: by(promql.Share(b.own("otelcol_auth_events_lines").Is("result", "unparsed", "unknown"), b.own("otelcol_auth_events_lines"), "instance")),
			answers: "Above a twentieth, a file is read that is not the identity provider's, or its format has changed."}),
		b.timeseries(view{title: "Bytes", unit: rateBytes, queries: by(promql.Rate(b.own("otelcol_auth_events_bytes"), "instance", "input")),
			answers: "What is read, decompressed."}),
		b.timeseries(view{title: "Lag", unit: seconds, warn: 60, bad: 300, queries: by(promql.Max(b.own("otelcol_auth_events_lag"), "instance", "receiver")),
			answers: "The longest time since a file was read to its end."}),
		b.timeseries(view{title: "Unread", unit: bytesUnit, queries: by(promql.Value(b.own("otelcol_auth_events_unread"), "instance", "receiver")),
			answers: "What of all files is not taken yet. It should be near 0 but for a moment."}),
		b.timeseries(view{title: "Files", unit: count, queries: by(promql.Value(b.own("otelcol_auth_events_files"), "instance", "receiver")),
			answers: "Files that are followed. 0: the pattern matches none."}),
		b.timeseries(view{title: "Drift", unit: perSecond, queries: by(promql.Rate(b.own("otelcol_auth_events_drift"), "source", "kind")),
			answers: "Renamed events and fields. What came of them counts under what their name resembles."}),
		b.timeseries(view{title: "Requests", unit: perSecond, queries: by(promql.Rate(b.own("otelcol_auth_events_requests"), "http.response.status_code")),
			answers: "Answers of the http input. 503 is backpressure and comes again; 400 and 401 do not."}),
		b.timeseries(view{title: "Buckets: lag and errors", unit: count, queries: []query{
			{promql.Max(b.own("otelcol_auth_events_blob_lag"), "receiver"), "lag, s: {{receiver}}"},
			{promql.Rate(b.own("otelcol_auth_events_blob_errors"), "operation", "error.type"), "errors a second: {{operation}} {{error_type}}"}},
			answers: "Of auth_events_blob, where it runs. Errors are tried again with the next pass."}))

	b.section("Delivering",
		b.timeseries(view{title: "Records sent", unit: perSecond, queries: by(promql.Rate(b.own("otelcol_exporter_sent_log_records"), "exporter")),
			answers: "By destination. It should follow the lines."}),
		b.timeseries(view{title: "Points sent", unit: perSecond, queries: by(promql.Rate(b.own("otelcol_exporter_sent_metric_points"), "exporter")),
			answers: "Metrics, by destination."}),
		b.timeseries(view{title: "Failed to send", unit: perSecond, queries: []query{
			{promql.Rate(b.own("otelcol_exporter_send_failed_log_records"), "exporter"), "records: {{exporter}}"},
			{promql.Rate(b.own("otelcol_exporter_send_failed_metric_points"), "exporter"), "points: {{exporter}}"}},
			answers: "What an exporter gave up. Records are sent again by the receiver, unless the destination refused them for good; points of cumulative metrics come again by themselves."}),
		b.timeseries(view{title: "Sent again, and refused", unit: perSecond, queries: []query{
			{promql.Rate(b.own("otelcol_auth_events_retries"), "input"), "batches sent again: {{input}}"},
			{promql.Rate(b.own("otelcol_auth_events_refused"), "input"), "records refused: {{input}}"}},
			answers: "Batches sent again cost nothing but time. Records refused are lost."}),
		b.timeseries(view{title: "Queue", unit: percent, warn: 0.8,
			queries: by(promql.Over(promql.Value(b.own("otelcol_exporter_queue_size"), "instance", "exporter"), promql.Value(b.own("otelcol_exporter_queue_capacity"), "instance", "exporter"))),
			answers: "How full the sending queues are, where there are any. A full one refuses."}),
		b.timeseries(view{title: "Not taken by a queue", unit: perSecond, queries: []query{
			{promql.Rate(b.own("otelcol_exporter_enqueue_failed_log_records"), "exporter"), "records: {{exporter}}"},
			{promql.Rate(b.own("otelcol_exporter_enqueue_failed_metric_points"), "exporter"), "points: {{exporter}}"}},
			answers: "The queue was full. Points come again with the next flush if they are cumulative."}))

	b.section("Scrubbing",
		b.timeseries(view{title: "Records", unit: perSecond, queries: by(promql.Rate(b.own("otelcol_pii_scrub_records"), "processor", "result")),
			answers: "By what became of them. dropped and redacted are defects."}),
		b.timeseries(view{title: "Values by kind", unit: perSecond, queries: by(promql.Rate(b.own("otelcol_pii_scrub_values"), "kind", "action")),
			answers: "Personal data that was found, and what the policy does with it. A kind that falls to nothing: has a field been renamed?"}),
		b.timeseries(view{title: "Found by search", unit: perSecond, queries: by(promql.Rate(b.own("otelcol_pii_scrub_values").Is("found_by", "search"), "kind", "place")),
			answers: "Values that stood where no profile expected them. List the field, so that it does not depend on the search."}),
		b.timeseries(view{title: "Unlisted fields, bodies redacted", unit: perSecond, queries: []query{
			{promql.Rate(b.own("otelcol_pii_scrub_unlisted"), "action"), "unlisted fields: {{action}}"},
			{promql.Rate(b.own("otelcol_pii_scrub_redacted_bodies"), "reason"), "bodies: {{reason}}"}},
			answers: "Fields that nobody lists, and lines that could not be parsed and are redacted whole."}))

	b.section("Counting",
		b.timeseries(view{title: "Records", unit: perSecond, queries: by(promql.Rate(b.own("otelcol_event_metrics_records"), "otelcol.component.kind", "result")),
			answers: "duplicate came twice with one uid and counts once; skipped is no event."}),
		b.timeseries(view{title: "At a bound", unit: perSecond, queries: []query{
			{promql.Rate(b.own("otelcol_event_metrics_folded_values")), "values folded into _OTHER"},
			{promql.Rate(b.own("otelcol_event_metrics_overflow")), "events in an overflow series"},
			{promql.Rate(b.own("otelcol_event_metrics_evictions")), "users of funnels given up"}},
			answers: "What was not told apart, to keep to the bounds. Totals are right."}),
		b.timeseries(view{title: "Out of time", unit: perSecond, queries: []query{
			{promql.Rate(b.own("otelcol_event_metrics_late_events")), "too old"},
			{promql.Rate(b.own("otelcol_event_metrics_early_events")), "ahead of the clock"}},
			answers: "Too old is usual while a backlog is read. Ahead of the clock: set that of the identity provider's host."}),
		b.timeseries(view{title: "Flushes and snapshots that failed", unit: perSecond, queries: []query{
			{promql.Rate(b.own("otelcol_event_metrics_flush_failures")), "flushes"},
			{promql.Rate(b.own("otelcol_event_metrics_snapshot_failures")), "snapshots"}},
			answers: "Nothing is lost: the next flush holds the same counts. Snapshots fail when the state's disk is full."}))

	b.section("The process",
		b.timeseries(view{title: "Memory", unit: bytesUnit, queries: []query{
			{promql.Max(b.own("otelcol_process_memory_rss"), "instance"), "resident: {{instance}}"},
			{promql.Max(b.own("otelcol_process_runtime_heap_alloc_bytes"), "instance"), "heap: {{instance}}"}},
			answers: "It should be level: nothing is kept in memory in an outage."}),
		b.timeseries(view{title: "CPU", unit: cores, queries: by(promql.Rate(b.own("otelcol_process_cpu_seconds"), "instance")),
			answers: "Cores in use. docs/operations.md says how many events a core takes."}),
		b.table(view{title: "Running for", unit: seconds, queries: by(promql.Latest(b.own(uptime), "job", "instance")),
			answers: "Since when each collector runs. Several short ones in a row: its log says why it ends."}))
}
