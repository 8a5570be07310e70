package cert

import (
	"crypto/x509"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestJudgeAgreesWithVerify holds the two to each other: what Judge calls critical is what a connection is refused for, whatever the chain.
func TestJudgeAgreesWithVerify(t *testing.T) {
	t.Parallel()
	now := testNow()
	chains := everyChain(t)
	own := slices.Concat(trustCodes(), dateCodes(), usageCodes(), nameCodes(), []string{CodeNoCertificate})
	twin := newRoot(t, "Lab Root A")
	for i, chain := range chains {
		for j, roots := range [][]*entity{{chain.root}, {twin}, {chain.behind[0]}, {chain.leaf}} {
			for _, level := range []Level{LevelFull, LevelCA, LevelNone} {
				for _, loopback := range []bool{false, true} {
					if loopback && level != LevelFull || level == LevelNone && i%8 > 0 {
						continue
					}
					o, want := seen(chain.leaf, chain.behind...), wanting(roots...)
					want.Level, want.Loopback = level, loopback
					policy := Policy{Level: level, Roots: want.Roots, Names: want.Names, Loopback: loopback, Now: func() time.Time { return now }}
					var refused []string
					if err := policy.Verify(o.Chain); err != nil {
						e := refusal(t, err)
						refused = append([]string{e.Code}, e.Also...)
					}
					r := Judge(o, want, now)
					var crit []string
					for _, f := range r.Findings {
						if f.Severity == SeverityCrit && slices.Contains(own, f.Code) {
							crit = append(crit, f.Code)
						}
					}
					label := fmt.Sprintf("chain %d (%s), roots %d, level %s, loopback %t", i, chain.name, j, level, loopback)
					if (len(refused) > 0) != (len(crit) > 0) {
						t.Fatalf("%s: Verify says %v, Judge %v\n%s", label, refused, crit, describe(r))
					}
					for _, code := range refused { // Judge looks at the names too when the chain is refused
						if !slices.Contains(crit, code) {
							t.Fatalf("%s: Verify says %v, Judge %v\n%s", label, refused, crit, describe(r))
						}
					}
					for _, code := range crit {
						if !slices.Contains(refused, code) && !slices.Contains(nameCodes(), code) {
							t.Fatalf("%s: Verify says %v, Judge %v\n%s", label, refused, crit, describe(r))
						}
					}
					if level != LevelNone && r.Verified != (len(refused) == 0 || slices.Contains(nameCodes(), refused[0])) {
						t.Fatalf("%s: verified %t, Verify says %v", label, r.Verified, refused)
					}
					checkTexts(t, r)
				}
			}
		}
	}
}

type testChain struct {
	name       string
	root, leaf *entity
	behind     []*entity
}

// everyChain makes chains with every combination of some faults in leaf and intermediate.
func everyChain(t *testing.T) []testChain {
	t.Helper()
	now := testNow()
	faults := map[string]change{
		"expired":  validBetween(now.AddDate(-1, 0, 0), now.Add(-oneDay)),
		"future":   validBetween(now.Add(oneDay), now.AddDate(1, 0, 0)),
		"clients":  withEKU(x509.ExtKeyUsageClientAuth),
		"sha1":     func(c *x509.Certificate) { c.SignatureAlgorithm = x509.ECDSAWithSHA1 },
		"netscape": withExtension([]int{2, 16, 840, 1, 113730, 1, 1}, []byte{3, 2, 7, 0x80}),
		"critical": func(c *x509.Certificate) {
			withExtension([]int{1, 2, 3, 4}, []byte{5, 0})(c)
			c.ExtraExtensions[len(c.ExtraExtensions)-1].Critical = true
		},
		"unnamed": withDNS("other.lab"),
		"no CA":   func(c *x509.Certificate) { c.IsCA, c.BasicConstraintsValid = false, false },
		"limited": func(c *x509.Certificate) {
			c.PermittedDNSDomainsCritical, c.PermittedDNSDomains = true, []string{"example.com"}
		},
		"":          func(*x509.Certificate) {},
		"same name": func(c *x509.Certificate) { c.Subject.CommonName = "Lab Root A" },
	}
	names := make([]string, 0, len(faults))
	for name := range faults {
		names = append(names, name)
	}
	slices.Sort(names)
	root := newRoot(t, "Lab Root A")
	var chains []testChain
	for _, above := range names {
		middle := root.issue(t, "Lab Intermediate A1", asCA, faults[above])
		for _, below := range names {
			first := func(c *x509.Certificate) {
				if below != "unnamed" {
					c.DNSNames = []string{"redis-1.lab"}
				}
			}
			leaf := middle.issue(t, "redis-1", first, faults[below])
			chains = append(chains, testChain{strings.Join([]string{above, below}, "/"), root, leaf, []*entity{middle}})
		}
		direct := root.issue(t, "redis-1", withDNS("redis-1.lab"), faults[above])
		chains = append(chains, testChain{"direct/" + above, root, direct, []*entity{root}}, testChain{"bare/" + above, root, direct, []*entity{middle}})
	}
	return chains
}
