package keytree

import (
	"cmp"
	"math/big"
	"slices"
	"strings"
	"testing"
)

func TestNatural(t *testing.T) {
	want := []string{
		"", "\x00", "-", "/", "0", "00", "01", "1", "1a", "2", "9", "10", "99999999", "100000000", "18446744073709551616",
		":", "a", "a-1", "a0", "a01", "a1", "a1:", "a2", "a2b10", "a2b011", "a10", "aa", "b", "\xff",
	}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, natural)
	if !slices.Equal(got, want) {
		t.Errorf("sorted\n%q, want\n%q", got, want)
	}
}

// FuzzNatural compares token by token with arithmetic on whole numbers, and checks that heads, also without what names have in common,
// never disagree.
func FuzzNatural(f *testing.F) {
	for _, pair := range [][2]string{
		{"", ""},
		{"7", "007"},
		{"a07b", "a7a"},
		{"x9", "x10"},
		{"user_1", "user_01"},
		{"1/", "1:"},
		{strings.Repeat("9", 300), strings.Repeat("9", 301)},
		{"a" + strings.Repeat("5", 1300), "ak"},
		{strings.Repeat("9", 264) + "1", strings.Repeat("9", 264) + "2"},
	} {
		f.Add(pair[0], pair[1])
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		got := natural(a, b)
		if want := byTokens(a, b); got != want {
			t.Errorf("natural(%q, %q) = %d, want %d", a, b, got, want)
		}
		for _, skip := range []int{0, beginsLike(a, b)} {
			if c := cmp.Compare(head(a[skip:]), head(b[skip:])); c != 0 && c != got {
				t.Errorf("heads of %q and %q from %d on say %d, the names %d", a, b, skip, c, got)
			}
		}
	})
}

func byTokens(a, b string) int {
	huge := new(big.Int).Lsh(big.NewInt(1), uint(4*(len(a)+len(b)+1))) // no number of so many digits reaches it
	x, y := tokens(a, huge), tokens(b, huge)
	for i := range min(len(x), len(y)) {
		if c := x[i].Cmp(y[i]); c != 0 {
			return c
		}
	}
	return cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(a, b))
}

// tokens turns bytes and numbers into numbers that compare as they should: a number, below huge, lies between the bytes around the digits.
func tokens(s string, huge *big.Int) (all []*big.Int) {
	for s != "" {
		if n := len(s) - len(strings.TrimLeft(s, "0123456789")); n > 0 {
			number, _ := new(big.Int).SetString(s[:n], 10)
			all = append(all, number)
			s = s[n:]
			continue
		}
		token := big.NewInt(int64(s[0]))
		if s[0] > '9' {
			token.Add(token, huge)
		} else {
			token.Sub(token, huge)
		}
		all = append(all, token)
		s = s[1:]
	}
	return all
}
