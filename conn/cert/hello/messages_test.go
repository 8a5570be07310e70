package hello

import (
	"bytes"
	"errors"
	"slices"
	"testing"
)

// SSL 3.0 is in no library at hand.
func TestAnswerInSSL30(t *testing.T) {
	hello := append([]byte{3, 0}, make([]byte, 32)...)
	hello = append(hello, 0, 0, 0x2f, 0)
	list := append(sized(3, []byte("leaf")), sized(3, []byte("root"))...)
	messages := slices.Concat(handshake(messageServerHello, hello), handshake(messageCertificate, sized(3, list)))
	wire := append([]byte{recordHandshake, 3, 0}, sized(2, messages)...)
	got, err := Greeting{}.ReadAnswer(bytes.NewReader(wire), true)
	if err != nil || got.Version != SSL30 || got.Suite != 0x2f || len(got.Chain) != 2 || string(got.Chain[1]) != "root" {
		t.Errorf("answer %+v, error %v", got, err)
	}
}

// FuzzMessages reads what comes encrypted under TLS 1.3, where mutations of the wire do not reach.
func FuzzMessages(f *testing.F) {
	entry := append(sized(3, []byte("leaf")), sized(2, []byte{0, 5, 0, 1, 1})...)
	list := append([]byte{0}, sized(3, append(entry, entry...))...)
	f.Add(slices.Concat(handshake(8, []byte{0, 0}), handshake(13, []byte{0, 0, 0}), handshake(messageCertificate, list)))
	f.Add(handshake(messageCertificate, []byte{0, 0, 0, 0}))
	f.Add(handshake(messageFinished, make([]byte, 32)))
	f.Fuzz(func(t *testing.T, messages []byte) {
		for _, version := range []uint16{TLS12, TLS13} {
			in := reader{wantChain: true, answer: Answer{Version: version}, pending: messages}
			done, err := in.handshake()
			if rest := (text{rest: in.pending}); !done && err == nil && len(rest.rest) >= messageHeader {
				if rest.bytes(1); rest.number(3) <= len(rest.rest) {
					t.Errorf("neither done nor an error, and a whole message is left: %x", in.pending)
				}
			}
			if err != nil && !errors.Is(err, ErrMalformed) && !errors.Is(err, ErrTooMuch) {
				t.Errorf("error %v", err)
			}
			total := 0
			for _, der := range in.answer.Chain {
				total += len(der)
			}
			if total > len(messages) {
				t.Errorf("%d bytes of certificates out of %d", total, len(messages))
			}
		}
	})
}
