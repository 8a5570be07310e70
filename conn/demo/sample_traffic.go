package demo

import (
	"fmt"
	"image/color"
	"strconv"
	"strings"
	"time"
)

const (
	minute = time.Minute
	hour   = time.Hour
	week   = 7 * 24 * time.Hour
)

// sessions are JSON texts that end between seconds and weeks from now.
func (s *shop) sessions() {
	for i := range 600 {
		ttl := s.lasting(minute, 2*week)
		if i%20 == 0 {
			ttl = s.lasting(5*time.Second, minute) // some end while one looks
		}
		s.age = s.lasting(0, 3*hour)
		s.do("SET", "sessions:"+s.token(24), fmt.Sprintf(
			`{"customer":%s,"ip":"203.0.113.%d","agent":%q,"csrf":"%s","seen":%q}`,
			s.customer(), s.between(1, 254), s.pick("Firefox/145.0", "Safari/19.1", "ShopApp/4.2 (Android 16)", "curl/8.14"),
			s.token(16), s.now.Add(-s.age).Format(time.RFC3339)),
			"EX", strconv.Itoa(int(ttl.Seconds())))
	}
}

// carts are hashes of product and quantity that are forgotten after a week.
func (s *shop) carts() {
	for i := range 150 {
		key := fmt.Sprintf("carts:%d", 1001+i*2)
		s.age = s.lasting(0, 24*hour)
		for range s.between(1, 5) {
			s.do("HSET", key, s.product(), strconv.Itoa(s.between(1, 3)))
		}
		s.expire(key, s.lasting(hour, week))
	}
	// One whose fields expire by themselves.
	s.age = 0
	s.do("HSET", "carts:reserved", "0007", "2", "0042", "1", "0128", "4")
	s.do("HEXPIRE", "carts:reserved", "600", "FIELDS", "1", "0042")
	s.do("HEXPIRE", "carts:reserved", "86400", "FIELDS", "1", "0128")
}

// queues are lists of JSON jobs.
func (s *shop) queues() {
	for _, q := range []struct {
		name   string
		length int
	}{{"emails", 85}, {"payments", 7}, {"webhooks", 240}, {"thumbnails", 31}, {"dead-letter", 3}} {
		s.doMany(q.length, func(int) []string {
			return []string{fmt.Sprintf(`{"id":"%s","to":%s,"attempt":%d,"queued":%q}`,
				s.token(12), s.customer(), s.between(1, 4), s.now.Add(-s.lasting(0, hour)).Format(time.RFC3339))}
		}, "RPUSH", "queue:"+q.name)
	}
	s.do("SADD", "queue:names", "emails", "payments", "webhooks", "thumbnails", "dead-letter", "imports")
}

// statistics of each day: counters, a bitmap of who was active, and an estimate of how
// many visitors there were.
func (s *shop) statistics() {
	for ago := range days {
		date := s.day(ago).Format(dateForm)
		s.age = time.Duration(ago) * 24 * hour
		s.do("SET", "counter:pageviews:"+date, strconv.Itoa(s.between(12000, 90000)))
		s.do("HSET", "statistics:"+date, "visits", strconv.Itoa(s.between(3000, 9000)), "conversion", fmt.Sprintf("%.4f", s.rand.Float64()/10),
			"refunds", strconv.Itoa(s.between(0, 12)))
		for range 60 {
			s.do("SETBIT", "active:"+date, s.customer(), "1")
		}
		s.doMany(s.between(200, 500), func(int) []string { return []string{s.token(8)} }, "PFADD", "visitors:"+date)
	}
}

// limits are short-lived counters and locks.
func (s *shop) limits() {
	for i := range 180 {
		key := fmt.Sprintf("ratelimit:api:198.51.100.%d", i+1)
		s.do("SET", key, strconv.Itoa(s.between(1, 99)), "EX", strconv.Itoa(s.between(20, 3600)))
	}
	for range 24 {
		s.do("SET", "lock:checkout:"+s.customer(), s.token(32), "EX", strconv.Itoa(s.between(10, 120)), "NX")
	}
	s.do("HSET", "feature:flags", "new-checkout", "on", "dark-mode", "off", "gift-cards", "10%", "café-corner", "on")
	s.do("SET", "config:shop", `{"name":"Redan Outfitters","currency":"EUR","vat":[{"country":"DE","rate":19},`+
		`{"country":"FR","rate":20}],"shipping":{"free_from":49.9,"carriers":["DHL","PostNord"]},"open":true}`)
	s.do("SET", "config:maintenance", "0")
}

// caches hold what other programs wrote: compressed pages, pictures, answers of
// services.
func (s *shop) caches() {
	for _, page := range []string{"home", "category/kitchen", "category/garden", "about", "café", "search?q=lamp", "search?q=mug+blue"} {
		var html strings.Builder
		fmt.Fprintf(&html, "<!doctype html><html><head><title>%s</title></head><body>", page)
		for range 40 {
			fmt.Fprintf(&html, `<p class="item">%s %s €</p>`, s.product(), s.price())
		}
		html.WriteString("</body></html>")
		s.do("SET", "cache:page:/"+page, gzipped(html.String()), "EX", strconv.Itoa(s.between(60, 900)))
	}
	pictures := []string{
		picture(color.RGBA{R: 200, G: 30, B: 60, A: 255}), picture(color.RGBA{R: 30, G: 120, B: 90, A: 255}), picture(color.Black),
	}
	for range 40 {
		s.do("SET", "cache:thumbnail:"+s.product(), s.pick(pictures...), "EX", strconv.Itoa(s.between(600, 7200)))
	}
	for _, currency := range []string{"USD", "GBP", "JPY", "SEK", "PLN", "BRL", "KES", "TRY"} {
		s.do("SET", "cache:rates:EUR:"+currency, fmt.Sprintf("%.6f", 0.5+10*s.rand.Float64()), "EX", strconv.Itoa(s.between(600, 3600)))
	}
}

// jobs is the second database, of background work.
func (s *shop) jobs() {
	s.db = 1
	for i := range 120 {
		key := fmt.Sprintf("jobs:%s:%05d", s.pick("import", "export", "reindex", "mail"), i+1)
		s.age = s.lasting(0, 48*hour)
		s.do("HSET", key, "state", s.pick("done", "running", "failed", "queued"), "progress", strconv.Itoa(s.between(0, 100)),
			"host", s.pick("worker-a", "worker-b"))
		s.expire(key, s.lasting(hour, 2*week))
	}
	s.do("ZADD", "jobs:schedule", strconv.FormatInt(s.now.Add(hour).Unix(), 10), "newsletter",
		strconv.FormatInt(s.now.Add(6*hour).Unix(), 10), "stock-count", "+inf", "retired", "-inf", "at-once")
	s.do("SADD", "jobs:workers", "worker-a", "worker-b")
}

// scratch is the third database, which somebody forgot.
func (s *shop) scratch() {
	s.db, s.age = 2, 40*24*hour
	for i := range 8 {
		s.do("SET", fmt.Sprintf("test%d", i+1), "hello")
	}
	s.do("SET", "foo", "bar")
	s.do("RPUSH", "mylist", "a", "b", "c")
	s.do("HSET", "myhash", "field", "value")
	s.do("SADD", "myset", "one", "two", "three")
}
