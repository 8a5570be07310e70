package cert

import (
	"errors"
	"net"
	"reflect"
	"strconv"
	"strings"
)

// The numbers of the TLS alerts that matter with Redis (RFC 8446, section 6).
const (
	AlertHandshakeFailure       uint8 = 40
	AlertNoCertificate          uint8 = 41
	AlertBadCertificate         uint8 = 42
	AlertUnsupportedCertificate uint8 = 43
	AlertCertificateRevoked     uint8 = 44
	AlertCertificateExpired     uint8 = 45
	AlertCertificateUnknown     uint8 = 46
	AlertUnknownCA              uint8 = 48
	AlertAccessDenied           uint8 = 49
	AlertProtocolVersion        uint8 = 70
	AlertInsufficientSecurity   uint8 = 71
	AlertInternalError          uint8 = 80
	AlertInappropriateFallback  uint8 = 86
	AlertUnrecognizedName       uint8 = 112
	AlertCertificateRequired    uint8 = 116
	AlertNoApplicationProtocol  uint8 = 120
)

// AlertOf returns the number of the TLS alert the peer sent, when that is what err is about. An alert may come from the first read and
// not from the handshake: under TLS 1.3 a client has shaken hands before the server looks at its certificate.
func AlertOf(err error) (number uint8, ok bool) {
	var remote *net.OpError
	if !errors.As(err, &remote) || remote.Op != "remote error" {
		return 0, false
	}
	// crypto/tls keeps its alert type to itself (golang/go#35234); it is a uint8.
	value := reflect.ValueOf(remote.Err)
	if value.Kind() != reflect.Uint8 {
		return 0, false
	}
	return uint8(value.Uint()), true //nolint:gosec // its kind is Uint8
}

// AlertContext is what is known of the handshake that an alert ended.
type AlertContext struct {
	CertificateRequested bool // the server asked for a client certificate
	CertificateSent      bool // and got one
	TLS13                bool // the version agreed on is TLS 1.3
}

// Explanation is what an alert means with Redis.
type Explanation struct {
	Number uint8
	Name   string // as in RFC 8446: "handshake_failure"
	Code   string // stable, one of the Code constants
	Cause  string // in one sentence
	Fix    string // the option or command that mends it
}

// ExplainAlert says what an alert from a Redis server, or a proxy before it, means.
func ExplainAlert(number uint8, about AlertContext) Explanation {
	var e Explanation
	switch number {
	case AlertCertificateRequired, AlertNoCertificate:
		e = certificateMissing()
	case AlertHandshakeFailure:
		e = handshakeFailure(about)
	case AlertProtocolVersion, AlertInappropriateFallback:
		e = Explanation{
			Code: CodeVersion, Cause: "client and server have no TLS version in common",
			Fix: "--tls-min 1.0 if the server is old; on the server tls-protocols \"TLSv1.2 TLSv1.3\"",
		}
	case AlertInsufficientSecurity:
		e = noCommonCipher()
	case AlertUnrecognizedName:
		e = Explanation{
			Code: CodeSNIRequired, Cause: "the server, or a proxy that chooses it by name, does not know the name it was asked for",
			Fix: "--sni NAME with the name the server is known by",
		}
	case AlertNoApplicationProtocol:
		e = Explanation{
			Code: CodeALPNRequired, Cause: "what listens there wants a protocol by ALPN, which Redis does not use: it is a proxy or another service",
			Fix: "check host and port",
		}
	case AlertInternalError:
		e = Explanation{
			Code: CodeServerInternal, Cause: "the server failed at the handshake; with an old TLS version this is OpenSSL's security level",
			Fix: "look into the server's log; --tls-min 1.2 leaves the old versions out",
		}
	default:
		e = certificateRefused(number, about)
	}
	e.Number, e.Name = number, alertName(number)
	return e
}

func certificateMissing() Explanation {
	return Explanation{
		Code: CodeClientCertMissing, Cause: "the server demands a client certificate (tls-auth-clients yes), and none was sent",
		Fix: "--cert FILE --key FILE; or on the server: CONFIG SET tls-auth-clients optional",
	}
}

func noCommonCipher() Explanation {
	return Explanation{
		Code: CodeNoCommonCipher, Cause: "client and server have no cipher suite, signature or curve in common, or the server's key does not fit " +
			"its certificate",
		Fix: "leave out --tls-ciphers; on the server allow an ECDHE suite in tls-ciphers (this program has no DHE), and check that tls-cert-file " +
			"and tls-key-file belong together",
	}
}

// handshakeFailure explains the alert that means two things: before TLS 1.3 it is also the answer to a missing client certificate. Once
// TLS 1.3 is agreed on, so is the cipher suite.
func handshakeFailure(about AlertContext) Explanation {
	switch {
	case !about.CertificateRequested && !about.TLS13:
		return noCommonCipher()
	default:
		return certificateRefused(AlertHandshakeFailure, about)
	}
}

// certificateRefused explains the alerts that speak of the client's certificate.
func certificateRefused(number uint8, about AlertContext) Explanation {
	isAboutCertificate := number == AlertHandshakeFailure && about.CertificateRequested || AlertBadCertificate <= number && number <= AlertCertificateUnknown ||
		number == AlertUnknownCA || number == AlertAccessDenied
	switch {
	case !isAboutCertificate:
		return Explanation{
			Code: CodeAlert, Cause: "the server ended the TLS connection with alert " + strconv.Itoa(int(number)) + ", " + alertName(number),
			Fix: "look into the server's log",
		}
	case about.CertificateRequested && !about.CertificateSent:
		return certificateMissing()
	case number == AlertUnknownCA:
		return Explanation{
			Code: CodeClientCAUnknown, Cause: "the server does not trust the CA of the client certificate",
			Fix: "have the server's tls-ca-cert-file hold that CA; if an intermediate issued it, append that to the --cert file " +
				"(cat client.crt intermediate.crt)",
		}
	case number == AlertCertificateExpired:
		return Explanation{
			Code: CodeClientExpired, Cause: "the client certificate, or its CA's, is out of date, or the server's clock is wrong",
			Fix: "renew the certificate given with --cert; check the server's clock",
		}
	case number == AlertUnsupportedCertificate:
		return Explanation{
			Code: CodeClientWrongEKU, Cause: "the client certificate may not be used by clients (its extendedKeyUsage lacks clientAuth)",
			Fix: "issue it anew with extendedKeyUsage = clientAuth; a server's certificate is not for --cert",
		}
	case number == AlertCertificateRevoked:
		return Explanation{
			Code: CodeClientRevoked, Cause: "the client certificate has been revoked",
			Fix: "get a new certificate for --cert",
		}
	default:
		return Explanation{
			Code: CodeClientRefused, Cause: "the server, or a proxy before it, does not accept this client certificate",
			Fix: "ask who runs the server which certificates it accepts (often a list of names); look into the server's log",
		}
	}
}

// alertText is the name of an alert and OpenSSL's text for it, which redis-cli prints.
func alertText(number uint8) (name, openssl string) {
	const table = `
10 unexpected_message sslv3 alert unexpected message
20 bad_record_mac sslv3 alert bad record mac
21 decryption_failed tlsv1 alert decryption failed
22 record_overflow tlsv1 alert record overflow
30 decompression_failure sslv3 alert decompression failure
40 handshake_failure sslv3 alert handshake failure
41 no_certificate sslv3 alert no certificate
42 bad_certificate sslv3 alert bad certificate
43 unsupported_certificate sslv3 alert unsupported certificate
44 certificate_revoked sslv3 alert certificate revoked
45 certificate_expired sslv3 alert certificate expired
46 certificate_unknown sslv3 alert certificate unknown
47 illegal_parameter sslv3 alert illegal parameter
48 unknown_ca tlsv1 alert unknown ca
49 access_denied tlsv1 alert access denied
50 decode_error tlsv1 alert decode error
51 decrypt_error tlsv1 alert decrypt error
70 protocol_version tlsv1 alert protocol version
71 insufficient_security tlsv1 alert insufficient security
80 internal_error tlsv1 alert internal error
86 inappropriate_fallback tlsv1 alert inappropriate fallback
90 user_canceled tlsv1 alert user cancelled
100 no_renegotiation tlsv1 alert no renegotiation
109 missing_extension tlsv13 alert missing extension
110 unsupported_extension tlsv1 unsupported extension
111 certificate_unobtainable tlsv1 certificate unobtainable
112 unrecognized_name tlsv1 unrecognized name
113 bad_certificate_status_response tlsv1 bad certificate status response
115 unknown_psk_identity tlsv1 alert unknown psk identity
116 certificate_required tlsv13 alert certificate required
120 no_application_protocol tlsv1 alert no application protocol
`
	_, entry, ok := strings.Cut(table, "\n"+strconv.Itoa(int(number))+" ")
	if !ok {
		return "unassigned", "reason(" + strconv.Itoa(1000+int(number)) + ")"
	}
	entry, _, _ = strings.Cut(entry, "\n")
	name, openssl, _ = strings.Cut(entry, " ")
	return name, openssl
}

func alertName(number uint8) string {
	name, _ := alertText(number)
	return name
}

// OpenSSLAlert returns OpenSSL's text for an alert, which redis-cli prints: "sslv3 alert handshake failure".
func OpenSSLAlert(number uint8) string {
	_, text := alertText(number)
	return text
}
