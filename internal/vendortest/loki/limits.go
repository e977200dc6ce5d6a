package loki

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Loki's limits as they are by default, with the name of each in limits_config
// or the block that it stands in.
const (
	maxAge          = 7 * 24 * time.Hour // reject_old_samples_max_age
	gracePeriod     = 10 * time.Minute   // creation_grace_period
	maxLine         = 256 << 10          // max_line_size
	maxMetadata     = 64 << 10           // max_structured_metadata_size
	maxMetadataLen  = 128                // max_structured_metadata_entries_count
	maxLabels       = 15                 // max_label_names_per_series
	maxLabelName    = 1024               // max_label_name_length
	maxLabelValue   = 2048               // max_label_value_length
	burst           = 6 << 20            // ingestion_burst_size_mb
	maxMessage      = 4 << 20            // server.grpc_server_max_recv_msg_size
	chunkWindow     = time.Hour          // half of ingester.max_chunk_age
	shardIgnoresNew = 40 * time.Minute   // shard_streams.time_sharding_ignore_recent
)

// The reasons by which Loki counts what it discards.
const (
	tooOld      = "greater_than_max_sample_age"
	tooNew      = "too_far_in_future"
	tooLong     = "line_too_long"
	metadataBig = "structured_metadata_too_large"
	metadataLen = "structured_metadata_too_many"
	badLabels   = "invalid_labels"
	tooFar      = "too_far_behind"
	rateLimited = "rate_limited"
)

// check is the distributor's: it returns why an entry is refused, or "".
func (e *Entry) check(now time.Time) string {
	switch {
	case e.badLabels():
		return badLabels
	case e.Time.Before(now.Add(-maxAge)):
		return tooOld
	case e.Time.After(now.Add(gracePeriod)):
		return tooNew
	case len(e.Line) > maxLine:
		return tooLong
	case e.metadataSize() > maxMetadata:
		return metadataBig
	case len(e.pairs) > maxMetadataLen:
		return metadataLen
	default:
		return ""
	}
}

func (e *Entry) badLabels() bool {
	for name, value := range e.Labels {
		if len(name) > maxLabelName || len(value) > maxLabelValue {
			return true
		}
	}
	return len(e.Labels) > maxLabels+1 // service_name does not count
}

func (e *Entry) metadataSize() (size int) {
	for _, p := range e.pairs {
		size += len(p.name) + len(p.value)
	}
	return size
}

// stream is what the ingester knows of one.
type stream struct {
	newest time.Time
	// seen holds what the entries are told apart by. Loki has it for as long as
	// the chunk's head block is open, this server for ever.
	seen map[string]bool
}

// store puts entries into their streams. The caller holds the lock.
func (s *Server) store(pushed []Entry, now time.Time) Refusal {
	var good []Entry
	var problems []string
	size := 0
	for _, e := range pushed {
		if reason := e.check(now); reason != "" {
			s.discarded[reason]++
			problems = append(problems, fmt.Sprintf("entry for stream '%s': %s", e.stream(), reason))
			continue
		}
		size += len(e.Line) + e.metadataSize()
		good = append(good, e)
	}
	switch {
	case size > burst:
		// Its bucket never holds that much: to send it again is no use, although
		// 429 asks for it.
		s.discarded[rateLimited] += len(good)
		return Refusal{http.StatusTooManyRequests, "ingestion rate limit exceeded"}
	case size > maxMessage:
		// The ingester does not take the distributor's call. Loki turns 500 into
		// 503 for senders of OTLP.
		return Refusal{http.StatusServiceUnavailable, "grpc: received message larger than max"}
	}
	if s.options.TimeSharding { // entries are sorted to find the shards
		slices.SortStableFunc(good, func(a, b Entry) int { return a.Time.Compare(b.Time) })
	}
	for _, e := range good {
		if !s.append(e, now) {
			s.discarded[tooFar]++
			problems = append(problems, fmt.Sprintf("entry with timestamp %s ignored, reason: 'entry too far behind' for stream: %s", e.Time, e.stream()))
		}
	}
	if len(problems) > 0 {
		slices.Sort(problems)
		return Refusal{http.StatusBadRequest, strings.Join(slices.Compact(problems), "; ")}
	}
	return Refusal{}
}

// append is the ingester's: false is for an entry that is more than an hour
// behind the newest of its stream.
func (s *Server) append(e Entry, now time.Time) bool {
	key := e.stream()
	if s.options.TimeSharding && e.Time.Before(now.Add(-shardIgnoresNew)) {
		key += fmt.Sprintf("__time_shard__%d", e.Time.Truncate(chunkWindow).Unix())
	}
	st, ok := s.streams[key]
	if !ok {
		st = &stream{seen: map[string]bool{}}
		s.streams[key] = st
	}
	if e.Time.Before(st.newest.Add(-chunkWindow)) {
		return false
	}
	if e.Time.After(st.newest) {
		st.newest = e.Time
	}
	identity := fmt.Sprint(e.Time.UnixNano(), e.Line, e.pairs)
	if st.seen[identity] {
		s.duplicates++
		return true
	}
	st.seen[identity] = true
	s.entries = append(s.entries, e)
	return true
}

// stream names the entry's stream as LogQL does.
func (e *Entry) stream() string {
	var labels []string
	for name, value := range e.Labels {
		labels = append(labels, fmt.Sprintf("%s=%q", name, value))
	}
	slices.Sort(labels)
	return "{" + strings.Join(labels, ", ") + "}"
}
