package demo

import (
	"fmt"
	"strconv"
	"time"
)

// products are hashes, JSON documents of the same, tags and a price index.
func (s *shop) products() {
	for i := range products {
		id := fmt.Sprintf("%04d", i+1)
		name := s.pick("Oak", "Linen", "Copper", "Crème", "Nordic", "Terracotta", "Smoked", "Pocket", "Travel", "Café") + " " +
			s.pick("bowl", "kettle", "lamp", "scarf", "notebook", "tray", "mug", "clock", "blanket", "smörgåsbord")
		category := s.pick("kitchen", "living", "garden", "office", "travel")
		price, stock := s.price(), s.between(0, 400)
		s.age = s.lasting(time.Hour, 30*24*time.Hour)
		s.do("HSET", "products:"+id,
			"sku", "RD-"+id, "name", name, "category", category, "price", price, "currency", "EUR",
			"stock", strconv.Itoa(stock), "rating", fmt.Sprintf("%.1f", 3+2*s.rand.Float64()))
		s.do("ZADD", "price:index", price, id)
		s.do("SADD", "tags:category:"+category, id)
		for _, tag := range []string{"new", "sale", "gift", "handmade", "vegan", "fragile", "last-chance", "bestseller"} {
			if s.rand.IntN(6) == 0 {
				s.do("SADD", "tags:"+tag, id)
			}
		}
		if i%2 == 0 {
			s.do("SET", "catalog:"+id, fmt.Sprintf(
				`{"sku":"RD-%s","name":%q,"price":{"amount":%s,"currency":"EUR"},"stock":%d,"tags":["%s","new"],`+
					`"dimensions":{"w":%d,"h":%d,"d":%d},"supplier":null,"active":%t}`,
				id, name, price, stock, category, s.between(5, 80), s.between(5, 80), s.between(5, 80), stock > 0))
		}
		if i%4 == 0 {
			s.reviews(id)
		}
	}
}

func (s *shop) reviews(product string) {
	s.doMany(s.between(1, 8), func(int) []string {
		return []string{fmt.Sprintf(`{"stars":%d,"by":%s,"text":%q}`, s.between(1, 5), s.customer(), s.pick(
			"Exactly as pictured.", "Arrived two days late.", "Très joli, merci !", "Wunderschön ☕", "Broke after a week.", "五つ星です。"))}
	}, "RPUSH", "products:"+product+":reviews")
}

// customers are hashes, and a ranking by loyalty points.
func (s *shop) customers() {
	for i := range customers {
		id := strconv.Itoa(1001 + i)
		first := s.pick("Ada", "Zoë", "José", "Søren", "Wanjiru", "Mei", "Łukasz", "Noor", "Émile", "Olga", "Tāne", "Priya")
		last := s.pick("Nguyen", "Müller", "O'Brien", "García", "Åkesson", "Kowalski", "Okafor", "Tanaka", "Silva", "Demir")
		city := s.pick("Lisboa", "Köln", "Kraków", "Montréal", "Nairobi", "東京", "São Paulo", "İzmir", "Oslo", "Wien")
		s.age = s.lasting(time.Minute, 90*24*time.Hour)
		s.do("HSET", "customers:"+id,
			"name", first+" "+last, "email", fmt.Sprintf("customer%s@shop.example", id), "city", city,
			"since", s.day(s.between(1, 2000)).Format(dateForm), "newsletter", s.pick("yes", "no"))
		s.do("ZADD", "leaderboard:loyalty", strconv.Itoa(s.between(0, 9000)), id)
	}
	for month := range 3 {
		key := "leaderboard:sales:" + s.now.AddDate(0, -month, 0).Format("2006-01")
		for _, seller := range []string{"web", "app", "phone", "Lisboa", "Köln", "Oslo", "Wien", "Kraków"} {
			s.do("ZADD", key, fmt.Sprintf("%d.%02d", s.between(800, 99000), s.between(0, 99)), seller)
		}
	}
}

// orders are hashes below the date they were placed on; the date itself is a set of
// them, so a key that is also a folder.
func (s *shop) orders() {
	for ago := range days {
		date := s.day(ago)
		midnight := date.Truncate(24 * time.Hour)
		open := 24 * time.Hour
		if ago == 0 {
			open = date.Sub(midnight)
		}
		key := "orders:" + date.Format(treeForm)
		count := s.between(40, 80)
		number := func(i int) string { return fmt.Sprintf("%04d", i+1) }
		for i := range count {
			placed := midnight.Add(open * time.Duration(i) / time.Duration(count)).Truncate(time.Second)
			s.age = s.now.Sub(placed)
			s.order(key+":"+number(i), placed, ago)
		}
		s.doMany(count, func(i int) []string { return []string{number(i)} }, "SADD", key)
		s.do("SET", "revenue:"+date.Format(dateForm), fmt.Sprintf("%d.%02d", s.between(2000, 9000), s.between(0, 99)))
	}
	s.do("SET", "counter:orders:total", "48213")
}

func (s *shop) order(key string, placed time.Time, ago int) {
	status := "delivered"
	if ago < 4 {
		status = s.pick("paid", "packed", "shipped", "delivered", "cancelled", "waiting for stock")
	}
	s.do("HSET", key,
		"customer", s.customer(), "status", status, "total", s.price(), "currency", "EUR",
		"placed_at", placed.Format(time.RFC3339), "items", strconv.Itoa(s.between(1, 6)),
		"note", s.pick("", "", "", "Bitte klingeln!", "Leave it at the café ☕", "Cadeau — sans facture"))
	if ago == 0 {
		s.do("RPUSH", key+":items", s.product(), s.product(), s.product())
	}
}

const (
	orderEvents = 600
	eventEvery  = 7 * time.Minute
)

// eventID is the stream ID of something that happened so long ago.
func (s *shop) eventID(age time.Duration) string {
	return strconv.FormatInt(s.now.Add(-age).UnixMilli(), 10) + "-0"
}

// orderEvents is a stream whose three groups are at work, behind, and done.
func (s *shop) orderEvents() {
	const stream = "events:orders"
	age := func(i int) time.Duration { return time.Duration(orderEvents-i) * eventEvery }
	s.age = age(0)
	for i := range orderEvents {
		s.age = age(i)
		s.do("XADD", stream, s.eventID(s.age),
			"type", s.pick("placed", "paid", "packed", "shipped", "returned"),
			"order", s.now.Add(-s.age).Format(treeForm)+fmt.Sprintf(":%04d", s.between(1, 40)), "amount", s.price())
	}
	s.age = age(0)
	for _, group := range []string{"billing", "shipping", "analytics"} {
		s.do("XGROUP", "CREATE", stream, group, "0")
	}
	s.do("XGROUP", "CREATECONSUMER", stream, "billing", "worker-3")
	// Billing keeps up, but for the last few that it is working on and one that a
	// worker left behind long ago.
	acked := []string{"XACK", stream, "billing"}
	for i := range orderEvents {
		if i != 42 && i < orderEvents-9 {
			acked = append(acked, s.eventID(age(i)))
		}
	}
	s.age = age(43)
	s.do("XREADGROUP", "GROUP", "billing", "worker-1", "COUNT", "43", "STREAMS", stream, ">")
	s.age = 20 * time.Second
	s.do("XREADGROUP", "GROUP", "billing", "worker-2", "STREAMS", stream, ">")
	s.do(acked...)
	// Shipping stopped in the middle.
	s.age = age(450)
	s.do("XREADGROUP", "GROUP", "shipping", "packer-1", "COUNT", "430", "NOACK", "STREAMS", stream, ">")
	s.do("XREADGROUP", "GROUP", "shipping", "packer-2", "COUNT", "20", "STREAMS", stream, ">")
	// Analytics has seen everything.
	s.age = time.Minute
	s.do("XREADGROUP", "GROUP", "analytics", "loader", "NOACK", "STREAMS", stream, ">")
	// Claims, some of nothing: only they tell miniredis that a consumer is there.
	const nothing = "0-1"
	s.age = 5 * time.Second
	for _, claim := range [][3]string{
		{"billing", "worker-1", s.eventID(age(42))},
		{"billing", "worker-2", s.eventID(age(orderEvents - 1))},
		{"billing", "worker-3", nothing},
		{"shipping", "packer-1", nothing},
		{"shipping", "packer-2", s.eventID(age(449))},
		{"analytics", "loader", nothing},
	} {
		s.do("XCLAIM", stream, claim[0], claim[1], "0", claim[2])
	}
}

// stockEvents is a stream that nobody reads in groups.
func (s *shop) stockEvents() {
	for i := range 200 {
		s.age = time.Duration(200-i) * 3 * time.Minute
		s.do("XADD", "events:stock", s.eventID(s.age), "product", s.product(), "delta", strconv.Itoa(s.between(-5, 20)),
			"warehouse", s.pick("Köln", "Lisboa"), "reason", s.pick("sale", "delivery", "count", "damage"))
	}
}
