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

// Codes of a [Finding], on top of those above.
const (
	CodePlainToTLS    = "PLAIN_TO_TLS"
	CodeTLSToPlain    = "TLS_TO_PLAIN"
	CodeNotRedisTLS   = "NOT_REDIS_TLS" // TLS, and no Redis behind it
	CodeNotRedis      = "NOT_REDIS"     // neither TLS nor Redis
	CodeRefused       = "REFUSED"
	CodeUnreachable   = "UNREACHABLE"
	CodeNoSocket      = "NO_SOCKET"
	CodeStall         = "STALL"
	CodeCloseAtOnce   = "CLOSE_AT_ONCE"
	CodeDNS           = "DNS"
	CodeMaxClients    = "MAXCLIENTS"
	CodeProtectedMode = "PROTECTED_MODE"
	CodeTLS           = "TLS" // a handshake that failed for a reason without a code of its own

	CodeSameDNCA       = "SAME_DN_CA"
	CodeChainWithRoot  = "CHAIN_WITH_ROOT"
	CodeChainUnordered = "CHAIN_UNORDERED" // sent in an order that strict clients refuse
	CodeChainExtra     = "CHAIN_EXTRA"     // certificates sent that belong to no chain
	CodeClockSkew      = "CLOCK_SKEW"
	CodeExpiresSoon    = "EXPIRES_SOON"
	CodeIssuerFirst    = "ISSUER_EXPIRES_FIRST" // an issuer expires before what it issued
	CodePartialChain   = "PARTIAL_CHAIN"        // accepted here, refused by OpenSSL: trusted is no self-signed root
	CodeLongLived      = "LONG_LIVED"

	CodeClientIntermediateNotSent = "CLIENT_INTERMEDIATE_NOT_SENT"
	CodeClientExpiresSoon         = "CLIENT_EXPIRES_SOON"
	CodeClientNotYetValid         = "CLIENT_NOT_YET_VALID"
	CodeClientCertUnused          = "CLIENT_CERT_UNUSED"

	CodeCiphers           = "CIPHERS" // --tls-ciphers or --tls-ciphersuites cannot be used
	CodeNoSigAlg          = "NO_SIGALG"
	CodeWeakRSA           = "WEAK_RSA"
	CodeOversizedRSA      = "OVERSIZED_RSA"
	CodeServerKeyMismatch = "SERVER_KEY_MISMATCH"
	CodeBadCertificate    = "BAD_CERTIFICATE" // what was sent as certificate is none

	CodeAuthRequired  = "AUTH_REQUIRED"
	CodeWrongPassword = "WRONG_PASSWORD"
	CodeNoPermission  = "NO_PERMISSION"
	CodeStaleCert     = "STALE_CERT"
	CodeTerminator    = "TERMINATOR" // something in front of Redis ends TLS
	CodeBusy          = "BUSY"       // LOADING, MASTERDOWN: TLS is fine, the server is not ready
)
