package profiles

import (
	"errors"
	"strings"

	"redan/profiles/tomlfile"
)

// Check returns what is wrong with a value for a key of a profile, as the end of a sentence that begins with the key, and nil when nothing
// is: for forms, which say it before anything is written. The value is one that [Set] takes.
func Check(value any, path ...string) error {
	if list, ok := value.([]string); ok {
		elements := make([]any, len(list))
		for i, element := range list {
			elements[i] = element
		}
		value = elements
	}
	if n, ok := value.(int); ok {
		value = int64(n)
	}
	if value == nil {
		return nil
	}
	var p Profile
	faults := tomlfile.Decode([]tomlfile.Leaf{{Path: path, Value: value}}, &p)
	if len(faults) == 0 {
		return nil
	}
	return errors.New(strings.TrimPrefix(faults[0].Text, faults[0].Key+" "))
}
