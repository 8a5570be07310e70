package format_test

func aggregateGoldens() []golden {
	return []golden{
		{
			name:       "empty array",
			wire:       "*0\r\n",
			standard:   "(empty array)\n",
			raw:        "\n",
			csv:        "\n",
			json:       "[]\n",
			quotedJSON: "[]\n",
		},
		{
			name:       "empty map",
			wire:       "%0\r\n",
			standard:   "(empty hash)\n",
			raw:        "\n",
			csv:        "\n",
			json:       "{}\n",
			quotedJSON: "{}\n",
		},
		{
			name:       "empty set",
			wire:       "~0\r\n",
			standard:   "(empty set)\n",
			raw:        "\n",
			csv:        "\n",
			json:       "[]\n",
			quotedJSON: "[]\n",
		},
		{
			name: "array",
			wire: "*3\r\n$1\r\na\r\n$1\r\nb\r\n:3\r\n",
			standard: "1) \"a\"\n" +
				"2) \"b\"\n" +
				"3) (integer) 3\n",
			raw:        "a\nb\n3\n",
			csv:        "\"a\",\"b\",3\n",
			json:       "[\"a\",\"b\",3]\n",
			quotedJSON: "[\"a\",\"b\",3]\n",
		},
		{
			name: "ten elements",
			wire: "*10\r\n$1\r\na\r\n$1\r\nb\r\n$1\r\nc\r\n$1\r\nd\r\n$1\r\ne\r\n$1\r\nf\r\n$1\r\ng\r\n$1\r\nh\r\n$1\r\ni\r\n$1\r\nj\r\n",
			standard: " 1) \"a\"\n" +
				" 2) \"b\"\n" +
				" 3) \"c\"\n" +
				" 4) \"d\"\n" +
				" 5) \"e\"\n" +
				" 6) \"f\"\n" +
				" 7) \"g\"\n" +
				" 8) \"h\"\n" +
				" 9) \"i\"\n" +
				"10) \"j\"\n",
			raw:        "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n",
			csv:        "\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\",\"i\",\"j\"\n",
			json:       "[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\",\"i\",\"j\"]\n",
			quotedJSON: "[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\",\"i\",\"j\"]\n",
		},
		{
			name: "eleven nested",
			wire: "*11\r\n*2\r\n:0\r\n:0\r\n*2\r\n:1\r\n:1\r\n*2\r\n:2\r\n:2\r\n*2\r\n:3\r\n:3\r\n*2\r\n:4\r\n:4\r\n*2\r\n:5\r\n:5\r\n*2\r\n:6\r\n:6\r\n*2\r\n:7\r\n:7\r\n*2\r\n:8\r\n:8\r\n*2\r\n:9\r\n:9\r\n*2\r\n:10\r\n:10\r\n",
			standard: " 1) 1) (integer) 0\n" +
				"    2) (integer) 0\n" +
				" 2) 1) (integer) 1\n" +
				"    2) (integer) 1\n" +
				" 3) 1) (integer) 2\n" +
				"    2) (integer) 2\n" +
				" 4) 1) (integer) 3\n" +
				"    2) (integer) 3\n" +
				" 5) 1) (integer) 4\n" +
				"    2) (integer) 4\n" +
				" 6) 1) (integer) 5\n" +
				"    2) (integer) 5\n" +
				" 7) 1) (integer) 6\n" +
				"    2) (integer) 6\n" +
				" 8) 1) (integer) 7\n" +
				"    2) (integer) 7\n" +
				" 9) 1) (integer) 8\n" +
				"    2) (integer) 8\n" +
				"10) 1) (integer) 9\n" +
				"    2) (integer) 9\n" +
				"11) 1) (integer) 10\n" +
				"    2) (integer) 10\n",
			raw:        "0\n0\n1\n1\n2\n2\n3\n3\n4\n4\n5\n5\n6\n6\n7\n7\n8\n8\n9\n9\n10\n10\n",
			csv:        "0,0,1,1,2,2,3,3,4,4,5,5,6,6,7,7,8,8,9,9,10,10\n",
			json:       "[[0,0],[1,1],[2,2],[3,3],[4,4],[5,5],[6,6],[7,7],[8,8],[9,9],[10,10]]\n",
			quotedJSON: "[[0,0],[1,1],[2,2],[3,3],[4,4],[5,5],[6,6],[7,7],[8,8],[9,9],[10,10]]\n",
		},
		{
			name: "set",
			wire: "~3\r\n$2\r\nm2\r\n*2\r\n:1\r\n:2\r\n~1\r\n+c\r\n",
			standard: "1~ \"m2\"\n" +
				"2~ 1) (integer) 1\n" +
				"   2) (integer) 2\n" +
				"3~ 1~ c\n",
			raw:        "m2\n1\n2\nc\n",
			csv:        "\"m2\",1,2,\"c\"\n",
			json:       "[\"m2\",[1,2],[\"c\"]]\n",
			quotedJSON: "[\"m2\",[1,2],[\"c\"]]\n",
		},
		{
			name:       "map",
			wire:       "%2\r\n$2\r\nf1\r\n$2\r\nv1\r\n$2\r\nf2\r\n$2\r\nv2\r\n",
			standard:   "1# \"f1\" => \"v1\"\n2# \"f2\" => \"v2\"\n",
			raw:        "f1 v1\nf2 v2\n",
			csv:        "\"f1\",\"v1\",\"f2\",\"v2\"\n",
			json:       "{\"f1\":\"v1\",\"f2\":\"v2\"}\n",
			quotedJSON: "{\"f1\":\"v1\",\"f2\":\"v2\"}\n",
		},
		{
			name: "nested",
			wire: "*7\r\n:1\r\n*3\r\n:2\r\n*3\r\n:3\r\n$1\r\nx\r\n*0\r\n*1\r\n$1\r\na\r\n+st\r\n-ERR my\r\n$-1\r\n*0\r\n*1\r\n*1\r\n*1\r\n$4\r\ndeep\r\n",
			standard: "1) (integer) 1\n" +
				"2) 1) (integer) 2\n" +
				"   2) 1) (integer) 3\n" +
				"      2) \"x\"\n" +
				"      3) (empty array)\n" +
				"   3) 1) \"a\"\n" +
				"3) st\n" +
				"4) (error) ERR my\n" +
				"5) (nil)\n" +
				"6) (empty array)\n" +
				"7) 1) 1) 1) \"deep\"\n",
			raw:        "1\n2\n3\nx\n\na\nst\nERR my\n\n\n\ndeep\n",
			csv:        "1,2,3,\"x\",,\"a\",\"st\",ERROR,\"ERR my\",NULL,,\"deep\"\n",
			json:       "[1,[2,[3,\"x\",[]],[\"a\"]],\"st\",error:\"ERR my\",null,[],[[[\"deep\"]]]]\n",
			quotedJSON: "[1,[2,[3,\"x\",[]],[\"a\"]],\"st\",error:\"ERR my\",null,[],[[[\"deep\"]]]]\n",
		},
		{
			name: "nested errors",
			wire: "*3\r\n-ERR x\r\n*1\r\n-ERR y\r\n*0\r\n",
			standard: "1) (error) ERR x\n" +
				"2) 1) (error) ERR y\n" +
				"3) (empty array)\n",
			raw:        "ERR x\n\nERR y\n\n\n",
			csv:        "ERROR,\"ERR x\",ERROR,\"ERR y\",\n",
			json:       "[error:\"ERR x\",[error:\"ERR y\"],[]]\n",
			quotedJSON: "[error:\"ERR x\",[error:\"ERR y\"],[]]\n",
		},
		{
			name: "nested nulls",
			wire: "*3\r\n_\r\n$-1\r\n*-1\r\n",
			standard: "1) (nil)\n" +
				"2) (nil)\n" +
				"3) (nil)\n",
			raw:        "\n\n\n",
			csv:        "NULL,NULL,NULL\n",
			json:       "[null,null,null]\n",
			quotedJSON: "[null,null,null]\n",
		},
		{
			name: "nested push",
			wire: "*2\r\n>2\r\n+k\r\n:1\r\n>0\r\n",
			standard: "1) 1) k\n" +
				"   2) (integer) 1\n" +
				"2) (empty push)\n",
			raw:        "k\n1\n\n",
			csv:        "\"k\",1,\n",
			json:       "[[\"k\",1],[]]\n",
			quotedJSON: "[[\"k\",1],[]]\n",
		},
		{
			name: "ten pairs",
			wire: "%10\r\n$2\r\nk0\r\n:0\r\n$2\r\nk1\r\n:1\r\n$2\r\nk2\r\n:2\r\n$2\r\nk3\r\n:3\r\n$2\r\nk4\r\n:4\r\n$2\r\nk5\r\n:5\r\n$2\r\nk6\r\n:6\r\n$2\r\nk7\r\n:7\r\n$2\r\nk8\r\n:8\r\n$2\r\nk9\r\n:9\r\n",
			standard: " 1# \"k0\" => (integer) 0\n" +
				" 2# \"k1\" => (integer) 1\n" +
				" 3# \"k2\" => (integer) 2\n" +
				" 4# \"k3\" => (integer) 3\n" +
				" 5# \"k4\" => (integer) 4\n" +
				" 6# \"k5\" => (integer) 5\n" +
				" 7# \"k6\" => (integer) 6\n" +
				" 8# \"k7\" => (integer) 7\n" +
				" 9# \"k8\" => (integer) 8\n" +
				"10# \"k9\" => (integer) 9\n",
			raw:        "k0 0\nk1 1\nk2 2\nk3 3\nk4 4\nk5 5\nk6 6\nk7 7\nk8 8\nk9 9\n",
			csv:        "\"k0\",0,\"k1\",1,\"k2\",2,\"k3\",3,\"k4\",4,\"k5\",5,\"k6\",6,\"k7\",7,\"k8\",8,\"k9\",9\n",
			json:       "{\"k0\":0,\"k1\":1,\"k2\":2,\"k3\":3,\"k4\":4,\"k5\":5,\"k6\":6,\"k7\":7,\"k8\":8,\"k9\":9}\n",
			quotedJSON: "{\"k0\":0,\"k1\":1,\"k2\":2,\"k3\":3,\"k4\":4,\"k5\":5,\"k6\":6,\"k7\":7,\"k8\":8,\"k9\":9}\n",
		},
		{
			name: "map values",
			wire: "%7\r\n$3\r\none\r\n%1\r\n$1\r\na\r\n:1\r\n$3\r\ntwo\r\n%2\r\n$1\r\na\r\n:1\r\n$1\r\nb\r\n:2\r\n$3\r\nset\r\n~2\r\n$1\r\ny\r\n$1\r\nx\r\n$5\r\nchain\r\n*1\r\n*1\r\n*1\r\n:1\r\n$4\r\ndeep\r\n*1\r\n*1\r\n*2\r\n:1\r\n:2\r\n$4\r\nnone\r\n*0\r\n$6\r\nno map\r\n%0\r\n",
			standard: "1# \"one\" => 1# \"a\" => (integer) 1\n" +
				"2# \"two\" => \n" +
				"   1# \"a\" => (integer) 1\n" +
				"   2# \"b\" => (integer) 2\n" +
				"3# \"set\" => \n" +
				"   1~ \"y\"\n" +
				"   2~ \"x\"\n" +
				"4# \"chain\" => 1) 1) 1) (integer) 1\n" +
				"5# \"deep\" => \n" +
				"   1) 1) 1) (integer) 1\n" +
				"         2) (integer) 2\n" +
				"6# \"none\" => (empty array)\n" +
				"7# \"no map\" => (empty hash)\n",
			raw:        "one a 1\ntwo a 1\nb 2\nset y\nx\nchain 1\ndeep 1\n2\nnone \nno map \n",
			csv:        "\"one\",\"a\",1,\"two\",\"a\",1,\"b\",2,\"set\",\"y\",\"x\",\"chain\",1,\"deep\",1,2,\"none\",,\"no map\",\n",
			json:       "{\"one\":{\"a\":1},\"two\":{\"a\":1,\"b\":2},\"set\":[\"y\",\"x\"],\"chain\":[[[1]]],\"deep\":[[[1,2]]],\"none\":[],\"no map\":{}}\n",
			quotedJSON: "{\"one\":{\"a\":1},\"two\":{\"a\":1,\"b\":2},\"set\":[\"y\",\"x\"],\"chain\":[[[1]]],\"deep\":[[[1,2]]],\"none\":[],\"no map\":{}}\n",
		},
		{
			name: "map value through a map",
			wire: "%3\r\n+k\r\n%1\r\n+a\r\n*2\r\n:1\r\n:2\r\n+l\r\n%1\r\n*2\r\n:1\r\n:2\r\n+b\r\n+m\r\n*1\r\n%1\r\n+x\r\n+y\r\n",
			standard: "1# k => \n" +
				"   1# a => \n" +
				"      1) (integer) 1\n" +
				"      2) (integer) 2\n" +
				"2# l => 1# 1) (integer) 1\n" +
				"      2) (integer) 2 => b\n" +
				"3# m => 1) 1# x => y\n",
			raw:        "k a 1\n2\nl 1\n2 b\nm x y\n",
			csv:        "\"k\",\"a\",1,2,\"l\",1,2,\"b\",\"m\",\"x\",\"y\"\n",
			json:       "{\"k\":{\"a\":[1,2]},\"l\":{\"[1,2]\":\"b\"},\"m\":[{\"x\":\"y\"}]}\n",
			quotedJSON: "{\"k\":{\"a\":[1,2]},\"l\":{\"[1,2]\":\"b\"},\"m\":[{\"x\":\"y\"}]}\n",
		},
		{
			name: "map keys",
			wire: "%7\r\n:12\r\n:1\r\n#t\r\n:2\r\n,1.5\r\n:3\r\n_\r\n:4\r\n-ERR x\"\r\n:5\r\n+st\"\r\n:6\r\n=7\r\ntxt:a\"b\r\n:7\r\n",
			standard: "1# (integer) 12 => (integer) 1\n" +
				"2# (true) => (integer) 2\n" +
				"3# (double) 1.5 => (integer) 3\n" +
				"4# (nil) => (integer) 4\n" +
				"5# (error) ERR x\" => (integer) 5\n" +
				"6# st\" => (integer) 6\n" +
				"7# a\"b => (integer) 7\n",
			raw:        "12 1\n(true) 2\n1.5 3\n 4\nERR x\"\n 5\nst\" 6\na\"b 7\n",
			csv:        "12,1,true,2,1.5,3,NULL,4,ERROR,\"ERR x\\\"\",5,\"st\\\"\",6,\"a\\\"b\",7\n",
			json:       "{\"12\":1,\"true\":2,\"1.5\":3,\"null\":4,error:\"ERR x\\\"\":5,\"st\\\"\":6,\"a\\\"b\":7}\n",
			quotedJSON: "{\"12\":1,\"true\":2,\"1.5\":3,\"null\":4,error:\"ERR x\\\\\"\":5,\"st\\\\\"\":6,\"a\\\\\"b\":7}\n",
		},
		{
			name: "map key array",
			wire: "%1\r\n*2\r\n:1\r\n$1\r\nq\r\n*2\r\n:3\r\n:4\r\n",
			standard: "1# 1) (integer) 1\n" +
				"   2) \"q\" => \n" +
				"   1) (integer) 3\n" +
				"   2) (integer) 4\n",
			raw:        "1\nq 3\n4\n",
			csv:        "1,\"q\",3,4\n",
			json:       "{\"[1,\"q\"]\":[3,4]}\n",
			quotedJSON: "{\"[1,\"q\"]\":[3,4]}\n",
		},
		{
			name:       "map key map",
			wire:       "%2\r\n%1\r\n:1\r\n:2\r\n%1\r\n:3\r\n:4\r\n*0\r\n%0\r\n",
			standard:   "1# 1# (integer) 1 => (integer) 2 => 1# (integer) 3 => (integer) 4\n2# (empty array) => (empty hash)\n",
			raw:        "1 2 3 4\n \n",
			csv:        "1,2,3,4,,\n",
			json:       "{\"{\"1\":2}\":{\"3\":4},\"[]\":{}}\n",
			quotedJSON: "{\"{\"1\":2}\":{\"3\":4},\"[]\":{}}\n",
		},
		{
			name: "map of texts",
			wire: "%2\r\n+k\r\n=7\r\ntxt:a\nb\r\n=6\r\ntxt:c\n\r\n-ERR z\r\n",
			standard: "1# k => a\n" +
				"b\n" +
				"2# c\n" +
				" => (error) ERR z\n",
			raw:        "k a\nb\nc\n ERR z\n\n",
			csv:        "\"k\",\"a\\nb\",\"c\\n\",ERROR,\"ERR z\"\n",
			json:       "{\"k\":\"a\\nb\",\"c\\n\":error:\"ERR z\"}\n",
			quotedJSON: "{\"k\":\"a\\\\nb\",\"c\\\\n\":error:\"ERR z\"}\n",
		},
	}
}
