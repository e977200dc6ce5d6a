package autheventsblob

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"gocloud.dev/blob"
	_ "gocloud.dev/blob/azureblob" // azblob://
	_ "gocloud.dev/blob/fileblob"  // file://
	_ "gocloud.dev/blob/gcsblob"   // gs://
	_ "gocloud.dev/blob/s3blob"    // s3://
)

const (
	// pageSize is what the services give at a time, and so what is held of a listing.
	pageSize = 1000
	// maxFiles bounds what is held of the listing of a directory.
	maxFiles = 1 << 18
	// stallTimeout ends a request that brings nothing.
	stallTimeout = time.Minute
)

var errTooManyFiles = fmt.Errorf("the directory holds more than %d files: narrow it by prefix, down to a subdirectory", maxFiles)

// openBucket opens the bucket of a URL. Most services are not asked yet.
func openBucket(ctx context.Context, url string) (*blob.Bucket, error) {
	bucket, err := blob.OpenBucket(ctx, url)
	if err != nil {
		return nil, fmt.Errorf("url: open the bucket: %s: check its parameters, and the credentials in the environment", withoutQueries(err))
	}
	return bucket, nil
}

// pages calls visit with the objects of the bucket, page by page, in the order
// of their keys. last says that no page follows.
func pages(ctx context.Context, bucket *blob.Bucket, id bucketID, prefix string, visit func(page []object, last bool) error) error {
	if strings.HasPrefix(string(id), schemeFile+"://") {
		return directoryPages(ctx, bucket, id, prefix, visit)
	}
	token := blob.FirstPageToken
	for {
		page, next, err := listPage(ctx, bucket, id, prefix, token, pageSize)
		if err != nil {
			return err
		}
		if err := visit(page, next == nil); err != nil || next == nil {
			return err
		}
		token = next
	}
}

// directoryPages lists a directory at once: page by page, fileblob walks all of
// it for each page, and leaves files out where "a.b" stands beside "a/b".
func directoryPages(ctx context.Context, bucket *blob.Bucket, id bucketID, prefix string, visit func([]object, bool) error) error {
	all, next, err := listPage(ctx, bucket, id, prefix, blob.FirstPageToken, maxFiles)
	if err != nil {
		return err
	}
	if next != nil {
		return errTooManyFiles
	}
	slices.SortFunc(all, func(a, b object) int { return cmp.Compare(a.key, b.key) })
	for len(all) > pageSize {
		if err := visit(all[:pageSize], false); err != nil {
			return err
		}
		all = all[pageSize:]
	}
	return visit(all, true)
}

func listPage(ctx context.Context, bucket *blob.Bucket, id bucketID, prefix string, token []byte, size int) ([]object, []byte, error) {
	ctx, cancel := context.WithTimeout(ctx, stallTimeout)
	defer cancel()
	list, next, err := bucket.ListPage(ctx, token, size, &blob.ListOptions{Prefix: prefix})
	if err != nil {
		return nil, nil, err
	}
	objects := make([]object, 0, len(list))
	for _, o := range list {
		objects = append(objects, newObject(id, o))
	}
	return objects, next, nil
}
