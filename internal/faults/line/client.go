package line

import "strconv"

// AppendClientID appends the client_id that carries a sequence number: for lines
// of other shapes than Append's.
func AppendClientID(dst []byte, sequence int) []byte {
	return strconv.AppendInt(append(dst, prefix...), int64(sequence), 10)
}
