package demo

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"
)

// Command is one command of the sample data.
type Command struct {
	// DB is the database it is for.
	DB int
	// Age is how long ago it was given.
	Age time.Duration
	// Args are the command and its arguments.
	Args []string
}

// Sample is the data of an online shop as the commands that make it: keys of every
// type in a tree with ':' between the levels, with times to live, and a few that are
// awkward to show. The same seed and time give the same commands.
func Sample(seed int64, now time.Time) []Command {
	s := &shop{
		rand: rand.New(rand.NewPCG(uint64(seed), 0)), //nolint:gosec // sample data has no secrets, and must be the same each time
		now:  now.UTC(),
	}
	for _, part := range []func(){
		s.products, s.customers, s.orders, s.orderEvents, s.stockEvents, // what the shop is about
		s.sessions, s.carts, s.queues, s.statistics, s.limits, s.caches, // what it lives on
		s.stores, s.oddities, s.bigKeys,
		s.jobs, s.scratch, // the other databases
	} {
		s.db, s.age = 0, 0
		part()
	}
	return s.commands
}

const (
	products  = 240
	customers = 420
	days      = 14 // of orders and statistics
)

// shop collects commands.
type shop struct {
	rand *rand.Rand
	now  time.Time
	db   int
	age  time.Duration

	commands []Command
}

// do adds a command for the current database.
func (s *shop) do(args ...string) {
	s.commands = append(s.commands, Command{DB: s.db, Age: s.age, Args: args})
}

// doMany adds one command that takes n items.
func (s *shop) doMany(n int, item func(i int) []string, command ...string) {
	args := slices.Clone(command)
	for i := range n {
		args = append(args, item(i)...)
	}
	s.do(args...)
}

// expire gives a key a time to live.
func (s *shop) expire(key string, ttl time.Duration) {
	s.do("EXPIRE", key, strconv.Itoa(int(ttl.Seconds())))
}

// between draws a number from low to high, both included.
func (s *shop) between(low, high int) int { return low + s.rand.IntN(high-low+1) }

// lasting draws a whole number of seconds.
func (s *shop) lasting(shortest, longest time.Duration) time.Duration {
	return time.Duration(s.between(int(shortest.Seconds()), int(longest.Seconds()))) * time.Second
}

// pick draws one of several.
func (s *shop) pick(from ...string) string { return from[s.rand.IntN(len(from))] }

// token draws n hexadecimal digits.
func (s *shop) token(n int) string {
	digits := make([]byte, n)
	for i := range digits {
		digits[i] = "0123456789abcdef"[s.rand.IntN(16)]
	}
	return string(digits)
}

// price draws an amount that ends like prices do.
func (s *shop) price() string {
	return fmt.Sprintf("%d.%s", s.between(2, 249), s.pick("00", "49", "90", "99"))
}

func (s *shop) product() string { return fmt.Sprintf("%04d", s.between(1, products)) }

func (s *shop) customer() string { return strconv.Itoa(1000 + s.between(1, customers)) }

// day is the date so many days ago.
func (s *shop) day(ago int) time.Time { return s.now.AddDate(0, 0, -ago) }

const (
	dateForm = "2006-01-02"
	treeForm = "2006:01:02" // a date as three levels of the tree
)
