package main_test

import (
	"strings"
)

// pipeCases are bulk loads. What scripts read is the same in all of them; redan says more on standard error, and sooner.
func pipeCases() []comparison {
	const sent = "All data transferred. Waiting for the last reply...\n"
	mixed := "*3\r\n$3\r\nSET\r\n$6\r\nbinary\r\n$8\r\n\x00\xff\r\n*1\r\n\r\n" + "get binary\r\n\r\nPING\n*0\r\n"
	cut := "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$500\r\nabc"
	return []comparison{
		{line: "-p {port} --pipe", name: "pipe, lines", stdin: "set a 1\r\nget a\r\nlrange l 0 -1\r\n"},
		{line: "-p {port} --pipe", name: "pipe, last line without an end", stdin: "set a 1\nget a"},
		{line: "-p {port} --pipe", name: "pipe, RESP, lines and blank lines", stdin: mixed},
		{line: "-p {port} --pipe", name: "pipe, last line break missing", stdin: "*2\r\n$3\r\nGET\r\n$1\r\na"},
		{line: "-p {port} --pipe", name: "pipe, nothing"},
		{line: "-p {port} --pipe", name: "pipe, errors", stdin: "set a 1\nnosuch x\nincr s:hello\nget a\n"},
		{line: "-p {port} --pipe", name: "pipe, many errors", stdin: strings.Repeat("nosuch\nping\n", 5000)},
		{line: "-p {port} --pipe", name: "pipe, large replies", stdin: strings.Repeat("eval \"return string.rep('x', 100000)\" 0\n", 50)},
		{line: "-p {port} --pipe", name: "pipe, nested errors", stdin: "eval \"return {1, redis.error_reply('in it'), {}}\" 0\n"},
		{line: "-p {port} --pipe", name: "pipe, transaction", stdin: "multi\nset a 1\nnosuch\nexec\n"},
		{line: "-p {port} --pipe -3 -n 5", name: "pipe, options", stdin: "hgetall h\nget five:a\nset a 1\n"},
		{line: "-p {port} --pipe -3", name: "pipe, pushes", stdin: "subscribe c\npublish c message\nunsubscribe c\nping\n"},
		{line: "-p {guarded} -a s3cret --pipe", name: "pipe, password", stdin: "set a 1\n"},
		{line: "-s {socket} --pipe", name: "pipe, socket", stdin: "set a 1\n"},
		{line: "-p 1 --pipe", name: "pipe, nobody listens", stdin: "set a 1\n"},
		{line: "-p {node1} --pipe", name: "pipe, one node of a cluster", stdin: "get a\nget b\n"},
		{line: "-p {silence} --pipe --pipe-timeout 1", name: "pipe, silence", stdin: "set a 1\n"},
		{line: "-p {port} --pipe --pipe-timeout 1", name: "pipe, cut", stdin: cut, differs: "pipe tells at once", redan: outcome{
			code: 1, stdout: sent + "errors: 1, replies: 0\n",
			stderr: []string{"standard input ends inside command 1, which begins at byte 1 of 29: argument 3 of 3 lacks 497 of its 500 bytes. That command was not run."},
		}},
		{line: "-p {guarded} --pipe --pipe-timeout 1", name: "pipe, no password", stdin: "set a 1\n", differs: "pipe tells at once", redan: outcome{
			code: 1, stdout: sent + "errors: 3, replies: 2\n",
			stderr: []string{"NOAUTH Authentication required.", "the server wants a password: give it with REDISCLI_AUTH, --askpass or -a."},
		}},
		{line: "-p {port} --pipe --pipe-timeout 1", name: "pipe, open transaction", stdin: "multi\nset a 1\n", differs: "pipe tells at once", redan: outcome{
			code: 1, stdout: sent + "errors: 1, replies: 3\n",
			stderr: []string{"standard input ends in a transaction: EXEC is missing, so nothing since MULTI was run."},
		}},
		{line: "-p {port} --pipe", name: "pipe, quit", stdin: "set a 1\nquit\nset a 2\n", differs: "pipe tells what was lost", redan: outcome{
			code: 1, stdout: sent, stderr: []string{serverClosed},
		}},
		{line: "-p {port} --pipe", name: "pipe, no protocol", stdin: "*1\r\nfoo\r\n", differs: "pipe tells what was lost", redan: outcome{
			code: 1, stdout: sent, stderr: []string{"ERR Protocol error: expected '$', got 'f'", serverClosed},
		}},
		{line: "-p {port} -c --pipe", name: "pipe, -c without a cluster", stdin: "set a 1\n"},
		{line: "-p {node1} -c --pipe", name: "pipe, cluster", stdin: "get a\nget b\nget c\n", differs: "pipe over a cluster", redan: outcome{
			stdout: sent + "Last reply received from server.\nerrors: 0, replies: 3\n",
		}},
	}
}
