package cert

import (
	"crypto/tls"
	_ "embed"
	"slices"
	"strconv"
	"strings"
)

//go:embed ciphersuites.txt
var suiteFile string

// suite is a cipher suite of TLS 1.2 or older. All fields but the numbers have OpenSSL's spelling, in capitals.
type suite struct {
	id         uint16
	name       string // OpenSSL's
	iana       string
	version    string // the first that has it: SSLv3, TLSv1 or TLSv1.2
	kx         string // key exchange: ECDH, DH, RSA, PSK, ...
	auth       string // authentication: RSA, ECDSA, DSS, NONE, ...
	encryption string // AES, AESGCM, CHACHA20, NULL, ...
	bits       int    // strength
	mac        string // AEAD, SHA1, ...

	complement bool // in COMPLEMENTOFDEFAULT
	fips       bool
	retired    bool // not in OpenSSL as it is usually built: only its own name or its cipher's selects it
	ours       bool // implemented by crypto/tls
}

// suites parses the table. It is read only when somebody gives a cipher list.
func suites() []suite {
	ours := make(map[uint16]bool)
	for _, s := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
		ours[s.ID] = true
	}
	var table []suite
	for line := range strings.Lines(suiteFile) {
		f := strings.Fields(line)
		if len(f) != 10 || f[0] == "#" {
			continue
		}
		id, _ := strconv.ParseUint(f[0], 16, 16) // the table is ours; its test checks the numbers
		bits, _ := strconv.Atoi(f[7])
		table = append(table, suite{
			id: uint16(id), name: f[1], iana: f[2], version: f[3], kx: f[4], auth: f[5], encryption: f[6], bits: bits, mac: f[8],
			complement: strings.Contains(f[9], "C"), fips: strings.Contains(f[9], "F"), retired: strings.Contains(f[9], "R"),
			ours: ours[uint16(id)],
		})
	}
	return table
}

// modernSuite returns the number of a TLS 1.3 suite.
func modernSuite(name string) (uint16, bool) {
	i := slices.Index(modernSuites(), name)
	return tls.TLS_AES_128_GCM_SHA256 + uint16(max(i, 0)), i >= 0 //nolint:gosec // five of them
}

// modernSuites returns the names of the TLS 1.3 suites in the order of their numbers, which begin with TLS_AES_128_GCM_SHA256.
func modernSuites() []string {
	return []string{
		"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_CCM_SHA256",
		"TLS_AES_128_CCM_8_SHA256",
	}
}

// keywords returns the group words of cipher lists, for suggestions.
func keywords() []string {
	return strings.Fields("ALL COMPLEMENTOFALL COMPLEMENTOFDEFAULT HIGH MEDIUM LOW FIPS eNULL NULL aNULL kRSA aRSA RSA kDHE kEDH DH DHE EDH ADH " +
		"kECDHE kEECDH ECDH ECDHE EECDH AECDH aECDSA ECDSA aDSS DSS PSK kPSK aPSK kECDHEPSK kDHEPSK kRSAPSK SRP kSRP aSRP " +
		"TLSv1 TLSv1.0 TLSv1.2 SSLv3 AES AES128 AES256 AESGCM AESCCM AESCCM8 ARIA ARIA128 ARIA256 ARIAGCM CAMELLIA CAMELLIA128 " +
		"CAMELLIA256 CHACHA20 CBC 3DES RC4 MD5 SHA SHA1 SHA256 SHA384")
}

// group returns what a keyword selects, or nil when word is none.
func group(word string) func(suite) bool {
	for _, find := range []func(string) func(suite) bool{kindGroup, exchangeGroup, authGroup, encryptionGroup, versionGroup, emptyGroup} {
		if selects := find(word); selects != nil {
			return selects
		}
	}
	return nil
}

func kindGroup(word string) func(suite) bool {
	switch word {
	case "ALL":
		return func(s suite) bool { return s.encryption != "NULL" }
	case "COMPLEMENTOFALL", "eNULL", "NULL":
		return func(s suite) bool { return s.encryption == "NULL" }
	case "COMPLEMENTOFDEFAULT":
		return func(s suite) bool { return s.complement || s.retired }
	case "HIGH":
		return func(s suite) bool { return s.encryption != "NULL" && !s.retired }
	case "MEDIUM":
		return func(s suite) bool { return s.retired }
	case "FIPS":
		return func(s suite) bool { return s.fips }
	}
	return nil
}

func exchangeGroup(word string) func(suite) bool {
	exchange := func(kx string) func(suite) bool { return func(s suite) bool { return s.kx == kx } }
	signed := func(kx string) func(suite) bool { return func(s suite) bool { return s.kx == kx && s.auth != "NONE" } }
	anonymous := func(kx string) func(suite) bool { return func(s suite) bool { return s.kx == kx && s.auth == "NONE" } }
	switch word {
	case "kRSA", "RSA":
		return exchange("RSA")
	case "kDHE", "kEDH", "DH":
		return exchange("DH")
	case "DHE", "EDH":
		return signed("DH")
	case "ADH":
		return anonymous("DH")
	case "kECDHE", "kEECDH", "ECDH":
		return exchange("ECDH")
	case "ECDHE", "EECDH":
		return signed("ECDH")
	case "AECDH":
		return anonymous("ECDH")
	case "kPSK":
		return exchange("PSK")
	case "kECDHEPSK", "kDHEPSK", "kRSAPSK":
		return exchange(word[1:])
	case "PSK":
		return func(s suite) bool { return strings.HasSuffix(s.kx, "PSK") }
	case "SRP", "kSRP":
		return exchange("SRP")
	}
	return nil
}

func authGroup(word string) func(suite) bool {
	auth := func(name string) func(suite) bool { return func(s suite) bool { return s.auth == name } }
	switch word {
	case "aRSA":
		return auth("RSA")
	case "aECDSA", "ECDSA":
		return auth("ECDSA")
	case "aDSS", "DSS":
		return auth("DSS")
	case "aPSK":
		return auth("PSK")
	case "aSRP":
		return auth("SRP")
	case "aNULL":
		return auth("NONE")
	}
	return nil
}

func encryptionGroup(word string) func(suite) bool {
	family, bits := word, 0
	if name, ok := strings.CutSuffix(word, "128"); ok {
		family, bits = name, 128
	} else if name, ok := strings.CutSuffix(word, "256"); ok {
		family, bits = name, 256
	}
	var members []string
	switch family {
	case "AES":
		members = []string{"AES", "AESGCM", "AESCCM", "AESCCM8"}
	case "AESCCM":
		members = []string{"AESCCM", "AESCCM8"}
	case "ARIA":
		members = []string{"ARIAGCM"}
	case "CBC":
		members = []string{"AES", "CAMELLIA", "3DES"}
	case "AESGCM", "AESCCM8", "ARIAGCM", "CAMELLIA", "CHACHA20", "3DES", "RC4":
		members = []string{family}
	}
	if members == nil || bits != 0 && !slices.Contains([]string{"AES", "ARIA", "CAMELLIA"}, family) {
		return nil
	}
	return func(s suite) bool { return slices.Contains(members, s.encryption) && (bits == 0 || s.bits == bits) }
}

func versionGroup(word string) func(suite) bool {
	mac := func(name string) func(suite) bool { return func(s suite) bool { return s.mac == name } }
	switch word {
	case "TLSv1.2", "SSLv3", "TLSv1":
		return func(s suite) bool { return s.version == word }
	case "TLSv1.0":
		return versionGroup("TLSv1")
	case "MD5", "SHA1", "SHA256", "SHA384":
		return mac(word)
	case "SHA":
		return mac("SHA1")
	}
	return nil
}

// emptyGroup knows the words for suites that nobody has any more. Old lists exclude them, so they must be understood.
func emptyGroup(word string) func(suite) bool {
	const words = " LOW EXP EXPORT EXPORT40 EXPORT56 SSLv2 KRB5 kKRB5 aKRB5 FZA DES RC2 IDEA SEED kDHr kDHd kDH aDH kECDHr kECDHe kECDH aECDH" +
		" GOST GOST89MAC GOST94 GOST01 GOST12 aGOST aGOST01 aGOST12 kGOST kGOST18 TLSv1.1 "
	if strings.Contains(words, " "+word+" ") {
		return func(suite) bool { return false }
	}
	return nil
}
