package cert

import (
	"crypto/x509"
	"strconv"
	"time"
)

const (
	oneDay = 24 * time.Hour
	// shortLife is the whole life below which certificates are renewed by machines, and judged by the part of it that is left.
	shortLife = 30 * oneDay
)

// DefaultThresholds returns when certificates are warned about: 30 and 7 days before they expire.
func DefaultThresholds() (warn, crit Threshold) {
	return Threshold{Days: 30}, Threshold{Days: 7}
}

// thresholdsFor returns the thresholds that count for c: with standard, those of certificates that live less than 30 days are 33 % and 10 %
// of that life.
func thresholdsFor(c *x509.Certificate, warn, crit Threshold, standard bool) (Threshold, Threshold) {
	if !standard {
		return warn, crit
	}
	if lifeOf(c) < shortLife {
		return Threshold{Percent: 33}, Threshold{Percent: 10}
	}
	if warn == (Threshold{}) && crit == (Threshold{}) {
		return DefaultThresholds()
	}
	return warn, crit
}

// Reached reports whether c, at now, has less left than t. A threshold of 0 is never reached.
func (t Threshold) Reached(c *x509.Certificate, now time.Time) bool {
	left := c.NotAfter.Sub(now)
	if t.Percent > 0 {
		return float64(left) < float64(lifeOf(c))*t.Percent/100
	}
	return t.Days > 0 && float64(left) < t.Days*float64(oneDay)
}

// String returns "30 days" or "33 % of its life".
func (t Threshold) String() string {
	if t.Percent > 0 {
		return strconv.FormatFloat(t.Percent, 'g', -1, 64) + " % of its life"
	}
	return strconv.FormatFloat(t.Days, 'g', -1, 64) + " days"
}

// lifeOf is how long c is valid in all.
func lifeOf(c *x509.Certificate) time.Duration { return c.NotAfter.Sub(c.NotBefore) }
