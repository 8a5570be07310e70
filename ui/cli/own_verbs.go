package cli

import "context"

// isOwnVerb reports whether word is one of the verbs that are about profiles and shells. The name redis-cli promises that all words are
// the server's.
func (a *app) isOwnVerb(word string) bool {
	switch word {
	case "profile", "completion", completeVerb:
		return !a.asRedisCLI()
	}
	return false
}

// ownVerb runs such a verb. before are the options in front of it.
func (a *app) ownVerb(ctx context.Context, word string, before, after []string) int {
	switch word {
	case "profile":
		return a.runProfile(ctx, before, after)
	case "completion":
		return a.completion(after)
	}
	return a.complete(before, after)
}
