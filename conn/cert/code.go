package cert

// Codes of a [FileError].
const (
	CodeFileUnreadable    = "FILE_UNREADABLE"  // missing, no permission, a directory, too large
	CodeFileEmpty         = "FILE_EMPTY"       // no bytes, or nothing but blanks
	CodeFileNotPEM        = "FILE_NOT_PEM"     // neither PEM nor DER nor PKCS#7 or #12
	CodeFileGarbled       = "FILE_GARBLED"     // the right kind of file, but damaged
	CodeFileUnsupported   = "FILE_UNSUPPORTED" // a kind of file or encryption this program does not read
	CodeFileNoCertificate = "FILE_NO_CERTIFICATE"
	CodeFileNoKey         = "FILE_NO_KEY"
	CodeFilesSwapped      = "FILES_SWAPPED" // the key was given as certificate and the certificate as key
	CodeDirEmpty          = "DIR_EMPTY"     // a directory of CA certificates that holds none
	CodeCertMissing       = "CERT_MISSING"  // a key was given without its certificate
	CodeKeyMissing        = "KEY_MISSING"   // a certificate was given without its key
	CodeKeyEncrypted      = "KEY_ENCRYPTED" // and no passphrase is to be had
	CodeKeyPassphrase     = "KEY_PASSPHRASE"
	CodeKeyUnsupported    = "KEY_UNSUPPORTED" // a kind of key TLS cannot use
	CodeKeyMismatch       = "KEY_MISMATCH"    // key and certificate are no pair
	CodeChainOrder        = "CHAIN_ORDER"     // the key fits a certificate that is not the first of its file
)

// Codes of a [VerifyError].
const (
	CodeNoCertificate       = "NO_CERTIFICATE"
	CodeUnknownCA           = "UNKNOWN_CA"
	CodeSelfSignedLeaf      = "SELF_SIGNED_LEAF"
	CodeMissingIntermediate = "MISSING_INTERMEDIATE"
	CodeWrongRootSameName   = "WRONG_ROOT_SAME_NAME"
	CodeLeafAsCA            = "LEAF_AS_CA"
	CodeSHA1Signed          = "SHA1_SIGNED"
	CodeExpired             = "EXPIRED"
	CodeNotYetValid         = "NOT_YET_VALID"
	CodePathLen             = "PATHLEN"
	CodeWrongEKU            = "WRONG_EKU"
	CodeNameConstraint      = "NAME_CONSTRAINT"
	CodeUntrusted           = "UNTRUSTED" // refused by the verifier for a reason that has no code of its own

	CodeCNOnly          = "CN_ONLY"
	CodeNoNames         = "NO_NAMES"
	CodeNoIPSAN         = "NO_IP_SAN"
	CodeIPAsDNS         = "IP_AS_DNS"
	CodeOtherIP         = "OTHER_IP"
	CodeOtherName       = "OTHER_NAME"
	CodeWildcardDepth   = "WILDCARD_DEPTH"
	CodePartialWildcard = "PARTIAL_WILDCARD"
)

// Codes of an [Explanation], what a server's TLS alert means.
const (
	CodeClientCertMissing = "CLIENT_CERT_MISSING"
	CodeClientCAUnknown   = "CLIENT_CA_UNKNOWN"
	CodeClientExpired     = "CLIENT_EXPIRED"
	CodeClientWrongEKU    = "CLIENT_WRONG_EKU"
	CodeClientRevoked     = "CLIENT_REVOKED"
	CodeClientRefused     = "CLIENT_REFUSED"
	CodeVersion           = "VERSION"
	CodeNoCommonCipher    = "NO_COMMON_CIPHER"
	CodeSNIRequired       = "SNI_REQUIRED"
	CodeALPNRequired      = "ALPN_REQUIRED"
	CodeServerInternal    = "SERVER_INTERNAL"
	CodeAlert             = "ALERT" // an alert that says no more than its name
)
