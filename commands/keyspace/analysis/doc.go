// Package analysis adds up what a sweep finds: the biggest keys by length and by memory, the largest of all, the hottest, and how sizes are
// distributed. It is pure: keys go in one by one, and at every moment the sum so far can be read.
package analysis
