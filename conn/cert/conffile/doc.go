// Package conffile reads the configuration files in which TLS to Redis is set up: redis.conf, sentinel.conf and stunnel.conf, as the
// programs themselves read them, quirks included, so that what they will do can be said before they are started.
//
// Every value knows the file and line it stands in. What a program would refuse at its start is a [Problem], not an error: there may be
// several, and the rest of the file is worth a look too. Only what has to do with TLS is looked at closely.
//
// Passwords and passphrases are a [Secret], which prints as stars. The texts of problems hold none, and never a whole line.
//
// The package opens no file by itself: see [Reader].
package conffile
