package cert

import "crypto/x509"

// addDER adds what binary data holds and names its format: certificates and the like one behind the other, PKCS#7 or PKCS#12. Its errors
// are [*FileError].
func (in *inspector) addDER(data []byte) (format string, err error) {
	first, _, ok := cutElement(data)
	switch {
	case !ok:
		_, err := in.source.openDER(data) // which knows what to say of it
		return "", err
	case isPKCS12(first):
		return "PKCS#12", in.addPKCS12(first)
	case isPKCS7(first):
		in.addPKCS7(first, Item{})
		return "PKCS#7", nil
	}
	// What follows something unreadable is no better.
	for element, rest, ok := cutElement(data); ok && in.addElement(element); element, rest, ok = cutElement(rest) {
	}
	if len(in.items) == 1 && in.items[0].Kind == ItemDamaged {
		return "", in.source.fail(CodeFileGarbled, "is binary (DER), but no certificate, key, request or revocation list that can be read",
			"check the path, or get the file again", in.items[0].Problem)
	}
	return "DER", nil
}

// addElement adds one element of a DER file. It reports whether that could be read.
func (in *inspector) addElement(der []byte) bool {
	if request, err := x509.ParseCertificateRequest(der); err == nil {
		in.addRequest(request, nil, Item{})
		return true
	}
	if list, err := x509.ParseRevocationList(der); err == nil {
		in.addCRL(list, nil, Item{})
		return true
	}
	if _, err := parsePublicKey(der); err == nil {
		in.addPublicKey(der, Item{})
		return true
	}
	switch {
	case isEncryptedPKCS8(der):
		in.addKey(sealedKey{label: labelEncrypted, der: der}, Item{})
	case len(der) <= maxKeySize && isDERKey(der):
		in.addKey(sealedKey{label: labelPKCS8, der: der}, Item{})
	default:
		in.addCertificate(der, Item{})
	}
	return in.items[len(in.items)-1].Kind != ItemDamaged
}
