package autheventsblob

import (
	"encoding/binary"
	"path"
	"strconv"

	"github.com/cespare/xxhash/v2"
	"gocloud.dev/blob"

	"github.com/authevents/otelcol-auth/internal/ingest"
	"github.com/authevents/otelcol-auth/internal/tail"
)

// object is an object of a bucket as a listing shows it.
type object struct {
	key     string
	size    int64
	modTime int64 // Unix nanoseconds
	// tag is what the service calls this version: an ETag or a generation; ""
	// where it has no such thing.
	tag string

	// id is the same for all versions of a key, version is not. Both are of one
	// bucket only. They are no secrets from whoever can list the bucket, but
	// version can be a hash of the content: it goes into no record without a key.
	id, version uint64
}

func newObject(bucket bucketID, o *blob.ListObject) object {
	obj := object{key: o.Key, size: o.Size, modTime: o.ModTime.UnixNano(), tag: tagOf(o)}
	obj.id = hash(0, string(bucket), o.Key)
	switch {
	case len(o.MD5) > 0:
		// The same content uploaded again is the same version.
		obj.version = hash(obj.id, "md5", string(o.MD5))
	case obj.tag != "":
		obj.version = hash(obj.id, "tag", obj.tag)
	default:
		obj.version = hash(obj.id, strconv.FormatInt(obj.size, 10), strconv.FormatInt(obj.modTime, 10))
	}
	return obj
}

// origin is that of the object's lines.
func (o *object) origin(uids *ingest.Identities) tail.Origin {
	return tail.Origin{ID: o.uid(uids), Name: path.Base(o.key), Path: o.key}
}

// hash keeps its parts apart.
func hash(seed uint64, parts ...string) uint64 {
	b := binary.LittleEndian.AppendUint64(make([]byte, 0, 256), seed)
	for _, p := range parts {
		b = append(b, p...)
		b = append(b, 0)
	}
	return xxhash.Sum64(b)
}
