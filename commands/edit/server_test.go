package edit

import (
	"testing"

	"redan/conn/resp"
)

func TestAbilities(t *testing.T) {
	for info, want := range map[string]Server{
		"redis_version:2.8.4":                          {Known: true},
		"redis_version:5.0.14":                         {Known: true, AbsTTL: true, Unlink: true},
		"redis_version:6.2.1\r\n":                      {Known: true, AbsTTL: true, Unlink: true, KeepTTL: true, Copy: true},
		"# Server\r\nredis_version:7.4.0":              {Known: true, AbsTTL: true, Unlink: true, KeepTTL: true, Copy: true, ExpireAt: true, FieldTTL: true},
		"redis_version:8.4.0-rc1\r\nos:x":              {Known: true, AbsTTL: true, Unlink: true, KeepTTL: true, Copy: true, ExpireAt: true, FieldTTL: true, IfEqual: true, Digest: true},
		"redis_version:7.2.4\r\nvalkey_version:8.1.0":  {Known: true, AbsTTL: true, Unlink: true, KeepTTL: true, Copy: true, ExpireAt: true, IfEqual: true},
		"redis_version:7.2.4\r\nvalkey_version:8.0.1":  {Known: true, AbsTTL: true, Unlink: true, KeepTTL: true, Copy: true, ExpireAt: true},
		"redis_version:7.2.4\r\nvalkey_version:10.0.0": {Known: true, AbsTTL: true, Unlink: true, KeepTTL: true, Copy: true, ExpireAt: true, IfEqual: true, FieldTTL: true},
	} {
		got, ok := serverOfInfo(info)
		if !ok || got != want {
			t.Errorf("%q: %+v, want %+v", info, got, want)
		}
	}
	if _, ok := serverOfInfo("NOPERM no"); ok {
		t.Error("a refusal was taken for a version")
	}
	bulk := func(s string) resp.Value { return resp.Value{Kind: resp.BulkString, Text: []byte(s)} }
	for _, test := range []struct {
		hello resp.Value
		want  Server
	}{
		{resp.Value{Kind: resp.SimpleError, Text: []byte("ERR unknown command")}, Server{Known: true}},
		{resp.Value{Kind: resp.SimpleError, Text: []byte("NOPERM no")}, Server{Known: true, AbsTTL: true, Unlink: true, KeepTTL: true}},
		{
			resp.Value{Kind: resp.Map, Elems: []resp.Value{bulk("server"), bulk("valkey"), bulk("version"), bulk("8.1.2")}},
			Server{Known: true, AbsTTL: true, Unlink: true, KeepTTL: true, Copy: true, ExpireAt: true, IfEqual: true},
		},
	} {
		if got := serverOfHello(test.hello); got != test.want {
			t.Errorf("%v: %+v, want %+v", test.hello, got, test.want)
		}
	}
}
