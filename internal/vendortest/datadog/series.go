package datadog

import (
	"errors"
	"net/http"
)

// maxMetrics is the limit of a request for metrics, from the description of
// Submit metrics.
var maxMetrics = limits{sent: 512000, decoded: 5242880}

// typeCount is the type of counts in the payload.
const typeCount = 1

// takeSeries is the v2 metrics intake, in protobuf: the exporter's datadog
// agent sends a MetricPayload, github.com/DataDog/agent-payload,
// proto/metrics/agent_payload.proto.
func (s *Server) takeSeries(w http.ResponseWriter, r *http.Request) {
	s.takeMetrics(w, r, func(body []byte) (points []point, err error) {
		err = each(body, func(f field) error {
			if f.number != 1 {
				return nil
			}
			return decodeSeries(f.bytes, &points)
		})
		return points, err
	})
}

// takeSketches is the intake of distributions. It is the agent's own, and not
// documented; its body is a SketchPayload of the same file.
func (s *Server) takeSketches(w http.ResponseWriter, r *http.Request) {
	s.takeMetrics(w, r, func(body []byte) (points []point, err error) {
		err = each(body, func(f field) error {
			if f.number != 1 {
				return nil
			}
			return decodeSketch(f.bytes, &points)
		})
		return points, err
	})
}

func (s *Server) takeMetrics(w http.ResponseWriter, r *http.Request, decode func([]byte) ([]point, error)) {
	body, status, reason := s.read(r, maxMetrics, "application/x-protobuf")
	if status != http.StatusOK {
		s.refuse(w, r, status, reason)
		return
	}
	points, err := decode(body)
	if err != nil {
		s.refuse(w, r, http.StatusBadRequest, err.Error())
		return
	}
	if reason := s.addPoints(points); reason != "" {
		s.refuse(w, r, http.StatusBadRequest, reason)
		return
	}
	answer(w, http.StatusAccepted, map[string]any{"errors": []string{}})
}

// decodeSeries reads a MetricSeries, and adds its points if it is a count.
func decodeSeries(data []byte, to *[]point) error {
	var p point
	var kind uint64
	var points [][]byte
	err := each(data, func(f field) error {
		switch f.number {
		case 1: // resources
			var name, value string
			err := each(f.bytes, func(f field) error {
				switch f.number {
				case 1:
					name = string(f.bytes)
				case 2:
					value = string(f.bytes)
				}
				return nil
			})
			if name == "host" {
				p.host = value
			}
			return err
		case 2:
			p.metric = string(f.bytes)
		case 3:
			p.tags = append(p.tags, string(f.bytes))
		case 4:
			points = append(points, f.bytes)
		case 5:
			kind = f.varint
		}
		return nil
	})
	if err != nil {
		return err
	}
	if p.metric == "" {
		return errors.New("a series without metric")
	}
	for _, one := range points {
		p := p
		err := each(one, func(f field) error {
			switch f.number {
			case 1:
				p.value = f.double()
			case 2:
				p.at = int64(f.varint)
			}
			return nil
		})
		if err != nil {
			return err
		}
		if kind == typeCount {
			*to = append(*to, p)
		}
	}
	return nil
}

// decodeSketch reads a Sketch, and adds the number and the sum of each of its
// distributions as points named like metric.sketch.count, beside the counts that
// the exporter sends of the same histogram.
func decodeSketch(data []byte, to *[]point) error {
	var p point
	var sketches [][]byte
	err := each(data, func(f field) error {
		switch f.number {
		case 1:
			p.metric = string(f.bytes)
		case 2:
			p.host = string(f.bytes)
		case 4:
			p.tags = append(p.tags, string(f.bytes))
		case 7:
			sketches = append(sketches, f.bytes)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, one := range sketches {
		count, sum := p, p
		count.metric += ".sketch.count"
		sum.metric += ".sketch.sum"
		err := each(one, func(f field) error {
			switch f.number {
			case 1:
				count.at, sum.at = int64(f.varint), int64(f.varint)
			case 2:
				count.value = float64(f.varint)
			case 6:
				sum.value = f.double()
			}
			return nil
		})
		if err != nil {
			return err
		}
		*to = append(*to, count, sum)
	}
	return nil
}
