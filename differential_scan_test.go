package main_test

// scanCases are --scan, with the names that the seeds have: Cyrillic, with blanks, with a zero byte, and none at all.
func scanCases() []comparison {
	quoting := []rendering{{env: []string{"FAKETTY=1"}}, {flags: []string{"--no-raw"}}, {flags: []string{"--no-raw", "-3"}}}
	all := append([]rendering{{}, {flags: []string{"--raw"}}, {flags: []string{"--csv"}}, {flags: []string{"-2", "-D", "|", "-d", ","}}}, quoting...)
	const named = ` --quoted-pattern '"[^\x00]*"'`
	return []comparison{
		{line: "-p {port} --scan", renderings: quoting},
		{line: "-p {port} --scan" + named, renderings: all},
		{line: "-p {port} --scan --pattern s:*", renderings: all},
		{line: "-p {port} --scan --pattern ''", renderings: all},
		{line: `-p {port} --scan --quoted-pattern '"\xd0*"'`},
		{line: "-p {port} --scan --quoted-pattern s* --pattern l*"},
		{line: "-p {port} --scan --pattern nosuch*"},
		{line: "-p {port} --scan --pattern five* -n 5"},
		{line: "-p {port} --scan -n 7"},
		{line: "-p {port} --scan -n 5 -i 0.01 get s:hello"},
		{line: "-p {port} --scan -c -n 5"},
		{line: "-s {socket} --scan -n 5"},
		{line: "-p {tls} --tls --cacert {ca} --scan -n 5"},
		{line: "-p {port} --scan" + named, name: "nobody reads --scan", shut: true},
		{line: `-p {port} --scan --quoted-pattern '"a'`},
		{line: "-p {port} --no-auth-warning --user nobody --pass nothing --scan"},
		{line: "-p {port} --no-auth-warning --user reader --pass secret --scan --pattern l*"},
		{line: "-p 1 --scan"},
		{line: `-p {port} --scan --quoted-pattern '"\x00*"'`, differs: "whole names", redan: outcome{stdout: "\x00bin\xff\n"}},
		{line: "-p {port} --json --scan --pattern h:n*", differs: "names as JSON", redan: outcome{stdout: "\"h:num\"\n"}},
		{line: "-p {port} --quoted-json --scan --pattern h:n*", differs: "names as JSON", redan: outcome{stdout: "\"h:num\"\n"}},
		{line: "-p {port} --scan --type stream --count 3", differs: "newer options", redan: outcome{stdout: "x\n"}},
		{line: "-p {port} --scan --cursor 0 --pattern x", differs: "newer options", redan: outcome{stdout: "x\n"}},
	}
}
