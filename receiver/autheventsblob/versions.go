package autheventsblob

import (
	"strconv"

	"cloud.google.com/go/storage"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob"
	azureblob "github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/blob"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/container"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"gocloud.dev/blob"
)

// tagOf returns what the service calls the version that a listing shows.
func tagOf(o *blob.ListObject) string {
	var ofS3 types.Object
	if o.As(&ofS3) && ofS3.ETag != nil {
		return *ofS3.ETag
	}
	var ofGCS storage.ObjectAttrs
	if o.As(&ofGCS) {
		return strconv.FormatInt(ofGCS.Generation, 10)
	}
	var ofAzure container.BlobItem
	if o.As(&ofAzure) && ofAzure.Properties != nil && ofAzure.Properties.ETag != nil {
		return string(*ofAzure.Properties.ETag)
	}
	return ""
}

// onlyVersion asks for the version that was listed and no other: an object
// that is overwritten between listing and reading must not be taken for the
// one before, nor be read half of each. The service answers that a condition
// failed, or that there is no such object.
func onlyVersion(tag string) func(as func(any) bool) error {
	return func(as func(any) bool) error {
		var ofS3 *s3.GetObjectInput
		if as(&ofS3) {
			ofS3.IfMatch = &tag
			var options *[]func(*s3.Options)
			if as(&options) {
				*options = append(*options, func(o *s3.Options) {
					// It writes a line to the standard error for each object of a
					// service that has no checksums.
					o.DisableLogOutputChecksumValidationSkipped = true
				})
			}
			return nil
		}
		var ofGCS **storage.ObjectHandle
		if as(&ofGCS) {
			generation, err := strconv.ParseInt(tag, 10, 64)
			if err != nil {
				return err
			}
			// As it is stored, else offsets and sizes would not fit.
			*ofGCS = (*ofGCS).Generation(generation).ReadCompressed(true)
			return nil
		}
		var ofAzure *azblob.DownloadStreamOptions
		if as(&ofAzure) {
			etag := azcore.ETag(tag)
			ofAzure.AccessConditions = &azureblob.AccessConditions{
				ModifiedAccessConditions: &azureblob.ModifiedAccessConditions{IfMatch: &etag},
			}
		}
		return nil
	}
}
