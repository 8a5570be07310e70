// Package explain tells what an error text about TLS to Redis means: whose words it is, which faults it may stand for, why they come
// about and what mends them.
//
// It knows the texts of redis-cli, OpenSSL, Go, stunnel, Java, Python, Node.js, Rust, .NET and others, and the lines of a Redis or
// Valkey server's log. A text that stands for several faults is said to do so, with the candidates in order of frequency; nothing is
// guessed. What is known lies in the text files under table; the rest of the package finds it: [Explainer.Read] goes through a
// log of any length in constant memory, with one automaton over all texts.
//
// Texts are compared word by word: case, punctuation, quotes, colours, JSON escapes, log prefixes and line breaks do not matter. All that
// is quoted from a text is escaped, since it ends on a terminal.
package explain
