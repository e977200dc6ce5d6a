package license

// allowed are the licenses under which we pass code on in a binary, by the
// classifier's name, with the SPDX identifier that goes into an SBOM. All ask for
// no more than their text and a notice; MPL-2.0 also for the sources of its own
// files, which the list of modules and versions leads to. A license that is not
// here is a decision to make, not a line to add.
var allowed = map[string]string{
	"Apache-2.0":   "Apache-2.0",
	"BSD-2-Clause": "BSD-2-Clause",
	"BSD-3-Clause": "BSD-3-Clause",
	"CC0-1.0":      "CC0-1.0",
	"ISC":          "ISC",
	"MIT":          "MIT",
	"MPL-2.0":      "MPL-2.0",
	"Unlicense":    "Unlicense",
	"Zlib":         "Zlib",

	"BSD-0-Clause": "0BSD",
	// Of a file of Autoconf that some license texts quote.
	"GNU-All-permissive-Copying-License": "FSFAP",
}
