package secret

import "redan/conn"

// EncryptQuickly is Encrypt at a work factor that the race detector does not make many seconds of.
func EncryptQuickly(secret, passphrase conn.Secret) ([]byte, error) {
	return encrypt(secret, passphrase, 10)
}
