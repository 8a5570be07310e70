package tomlfile

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

type shade string

func (s *shade) UnmarshalText(text []byte) error {
	if string(text) == "bad" {
		return errors.New("takes a shade")
	}
	*s = shade(text)
	return nil
}

type even int

func (e *even) Check() error {
	if *e%2 != 0 {
		return errors.New("takes an even number")
	}
	return nil
}

type inner struct {
	On   *bool    `toml:"on" help:"Or off."`
	List []string `toml:"list"`
}

type outer struct {
	Name  string              `toml:"name" help:"Who."`
	Count even                `toml:"count"`
	Shade shade               `toml:"shade"`
	Free  map[string]string   `toml:"free"`
	Lists map[string][]string `toml:"lists"`
	Inner inner               `toml:"inner"`
	inner2
	Other string
}

type inner2 struct {
	Deep string `toml:"deep"`
}

func TestDecode(t *testing.T) {
	var got outer
	d := parse(t, "name='n'\ncount=2\nshade='red'\ndeep='d'\nfree.\"a:*\"='x'\n[lists]\n'k'=['1','2']\none='z'\n[inner]\non=false\nlist=['a']\n")
	if err := Decode(d.Leaves(), &got).OrNil(); err != nil {
		t.Fatal(err)
	}
	off := false
	want := outer{
		Name: "n", Count: 2, Shade: "red", Free: map[string]string{"a:*": "x"},
		Lists: map[string][]string{"k": {"1", "2"}, "one": {"z"}}, Inner: inner{On: &off, List: []string{"a"}}, inner2: inner2{Deep: "d"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestFaults(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"neme = 'x'", `p.toml:1:1: unknown key "neme"; did you mean "name"?`},
		{"# c\n  zzz = 1", `p.toml:2:3: unknown key "zzz"`},
		{"[iner]\non = true", `p.toml:2:1: unknown table "iner"; did you mean "inner"?`},
		{"[iner]", `p.toml:1:2: unknown table "iner"; did you mean "inner"?`},
		{"[inner]\nonn = true", `p.toml:2:1: unknown key "onn"; did you mean "on"?`},
		{"inner = { onn = 1 }", `p.toml:1:11: unknown key "onn"; did you mean "on"?`},
		{"é = 1", `p.toml:1:1: `},
		{"name = 1", "p.toml:1:1: name takes a text, and this is a number"},
		{"name = ['x']", "p.toml:1:1: name takes a text, and this is a list"},
		{"name = 2020-01-01", "p.toml:1:1: name takes a text, and this is a date or time"},
		{"name = { }", "p.toml:1:1: name takes a text, and this is a table"},
		{"name.x = 1", "p.toml:1:1: name is a text, not a table"},
		{"count = '2'", "p.toml:1:1: count takes a number, and this is a text"},
		{"count = 2.5", "p.toml:1:1: count takes a number, and this is a number with a fraction"},
		{"count = 3", "p.toml:1:1: count takes an even number"},
		{"shade = 'bad'", "p.toml:1:1: shade takes a shade"},
		{"shade = 1", "p.toml:1:1: shade takes a text, and this is a number"},
		{"inner = 1", "p.toml:1:1: inner is a table: write [inner]"},
		{"[inner]\non = 'yes'", "p.toml:2:1: inner.on takes true or false, and this is a text"},
		{"[inner]\nlist = [1]", "p.toml:2:1: inner.list takes a list of texts, and this is a list with something else in it"},
		{"[[inner]]\non = true", "p.toml:1:3: inner is a table: write [inner]"},
		{"[free]\na.b = 'x'", `p.toml:2:1: free.a.b has one part too many; put quotes around the name: free."a.b"`},
		{"name = 'x'\nname = 'y'", "p.toml:2:1: "},
		{"name = \"x", "p.toml:1:"},
		{"a\xff = 1", "p.toml:1:2: this is no UTF-8 text"},
	} {
		d, err := Parse("p.toml", []byte(tt.text))
		if err == nil {
			var into outer
			faults := Decode(d.Leaves(), &into)
			if len(faults) > 1 {
				t.Errorf("%q: %d faults: %v", tt.text, len(faults), faults)
			}
			err = faults.OrNil()
		}
		if err == nil || !strings.HasPrefix(err.Error(), tt.want) || strings.HasSuffix(tt.want, "?") && err.Error() != tt.want {
			t.Errorf("%q: %v, want %s", tt.text, err, tt.want)
		}
	}
}

// TestAllFaultsAtOnce holds that one fault hides no other, and that what is right counts.
func TestAllFaultsAtOnce(t *testing.T) {
	var got outer
	faults := Decode(parse(t, "a = 1\nname = 'n'\ncount = 'x'\n").Leaves(), &got)
	if len(faults) != 2 || got.Name != "n" || got.Count != 0 {
		t.Errorf("%v, %+v", faults, got)
	}
	if strings.Count(faults.Error(), "\n") != 1 {
		t.Errorf("%q is not one line a fault", faults.Error())
	}
	if fault, ok := errors.AsType[Fault](faults.OrNil()); !ok || fault.At.Line != 1 {
		t.Errorf("the first fault is %v", fault)
	}
}

func TestKeys(t *testing.T) {
	var names []string
	for _, key := range Keys(reflect.TypeFor[outer]()) {
		names = append(names, key.Name+": "+key.Kind)
	}
	want := "name: text count: number shade: text free.*: text lists.*: list of texts inner.on: true or false inner.list: list of texts deep: text"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

func TestPlaces(t *testing.T) {
	d := parse(t, "a = 1\n[t]\n'ü'.b = 2\nc = { d = 3 }\n")
	for path, want := range map[string]string{"a": "p.toml:1:1", "t": "p.toml:2:2", "t/ü/b": "p.toml:3:1", "t/c/d": "p.toml:4:7"} {
		if at, ok := d.At(strings.Split(path, "/")...); !ok || at.String() != want {
			t.Errorf("%s: %s, want %s", path, at, want)
		}
	}
	if at, ok := d.At("x"); ok || at.String() != "p.toml" {
		t.Errorf("x is at %s", at)
	}
}
