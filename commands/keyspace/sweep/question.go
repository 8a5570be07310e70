package sweep

import (
	"bytes"
	"slices"
	"strconv"

	"redan/conn/resp"
)

// question is a command about one key.
type question int

const (
	askType question = iota
	askMemory
	askFrequency
	askString
	askList
	askSet
	askHash
	askSorted
	askStream
	questions // how many there are
)

// words are the command before the key's name.
func (q question) words() []string {
	switch q {
	case askType:
		return []string{"TYPE"}
	case askMemory:
		return []string{"MEMORY", "USAGE"}
	case askFrequency:
		return []string{"OBJECT", "FREQ"}
	case askString:
		return []string{"STRLEN"}
	case askList:
		return []string{"LLEN"}
	case askSet:
		return []string{"SCARD"}
	case askHash:
		return []string{"HLEN"}
	case askSorted:
		return []string{"ZCARD"}
	default:
		return []string{"XLEN"}
	}
}

// lengthOf returns the question for the length of a key of that type; ok is false for the types of modules.
func lengthOf(word string) (q question, ok bool) {
	switch word {
	case "string":
		return askString, true
	case "list":
		return askList, true
	case "set":
		return askSet, true
	case "hash":
		return askHash, true
	case "zset":
		return askSorted, true
	case "stream":
		return askStream, true
	}
	return 0, false
}

// knownType returns the word for a type without making a string of it; "" for one that is not known.
func knownType(text []byte) string {
	switch string(text) {
	case "string":
		return "string"
	case "list":
		return "list"
	case "set":
		return "set"
	case "hash":
		return "hash"
	case "zset":
		return "zset"
	case "stream":
		return "stream"
	case Gone:
		return Gone
	}
	return ""
}

// form is a command that is sent about many keys, encoded but for the name.
type form struct{ before, after []byte }

// newForm encodes a command whose name stands between words and more.
func newForm(words []string, more ...string) form {
	words = slices.Concat(words, []string{""}, more)
	before, after, _ := bytes.Cut(resp.AppendCommand(nil, words...), []byte("$0\r\n\r\n"))
	return form{before, after}
}

func (f *form) append(dst []byte, name string) []byte {
	dst = append(dst, f.before...)
	dst = append(dst, '$')
	dst = strconv.AppendInt(dst, int64(len(name)), 10)
	dst = append(dst, '\r', '\n')
	dst = append(dst, name...)
	dst = append(dst, '\r', '\n')
	return append(dst, f.after...)
}

// forms are the commands for what is asked.
func (ask Questions) forms() [questions]form {
	var all [questions]form
	for q := range questions {
		all[q] = newForm(q.words())
	}
	if ask.MemorySamples != nil {
		all[askMemory] = newForm(askMemory.words(), "SAMPLES", strconv.FormatInt(*ask.MemorySamples, 10))
	}
	return all
}

// about are the questions that need nothing but the name.
func (ask Questions) about() []question {
	var all []question
	if ask.Type || ask.Length {
		all = append(all, askType)
	}
	if ask.Memory {
		all = append(all, askMemory)
	}
	if ask.Frequency {
		all = append(all, askFrequency)
	}
	return all
}
