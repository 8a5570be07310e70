package main_test

import (
	"strings"
)

// seeds is what every run finds. Collections are small, so that they keep their order.
const seeds = `
set s:hello "hello world"
set s:empty ""
set s:int 42
set s:float 3.14159
set s:binary "a\x00b\xff\xfe\r\n\t\x1b[31m\a\b\\\"'\x7f"
set s:utf8 "héllo wörld 日本語 🎉"
set s:json '{"a":[1,2,{"b":null}],"c":"d\"e"}'
set s:lines "one\ntwo\r\nthree\n"
set s:blanks "  before and behind  "
set s:c1 "\x01\x02\x1f\x7f\x80\x9f\xc2\x9b"
set s:comma "a,b;c|d>e<f&g"
set s:volatile v exat 4102444800
setrange s:zeros 50 x
set "key with spaces" "a value with spaces"
set "ключ" "значение"
set "\x00bin\xff" v
set "" "the empty key"
rpush l a b c
rpush l:twelve 1 2 3 4 5 6 7 8 9 10 11 12
rpush l:one only
rpush l:odd "" "\x00\x01" "quo\"te" "new\nline" "日本" " "
hset h f1 v1 f2 v2
hset h:one f v
hset h:odd "f\xff" "v\x00" "" empty "sp ace" "q\"q" "ключ" "日本"
hset h:num i 10 f 1.5
sadd set m
sadd set:int 3 1 2
sadd set:other 2 3 4
zadd z 1 one 2.5 two inf three -inf four 1e20 five
zadd z:one 0.1 only
zadd z:lex 0 a 0 b 0 c 0 d
xadd x 1-1 name Ann age 30
xadd x 1-2 name "Bob\n" empty ""
xadd x 2-0 f v
xgroup create x readers 0
xgroup createconsumer x readers carol
pfadd hll a b c
setbit bits 7 1
setbit bits 9 1
geoadd geo 13.361389 38.115556 Palermo 15.087269 37.502669 Catania
select 5
set five:a 1
set five:b 2
select 6
set lonely 1
select 0
`

// libraries are the functions that the server has.
const libraries = `
function load replace "#!lua name=mylib\nredis.register_function('twice', function(keys, args) return {args[1], args[1]} end)\nredis.register_function{function_name='ro', callback=function(keys, args) return 'read only' end, flags={'no-writes'}}"
`

// commandLines are single commands, each run alone and piped, in all output modes and protocols.
func commandLines() []string {
	return lines(strings.Join([]string{
		stringCommands, keyCommands, listCommands, hashCommands, setCommands, sortedSetCommands, streamCommands, sketchCommands,
		scriptCommands, typeCommands, serverCommands, plainCommands, wrongCommands,
	}, "\n"))
}

const stringCommands = `
ping
ping "hello there"
ping ""
echo "quo\"te"
echo "two\nlines"
echo "\x1b[2J"
echo "日本"
PiNg
get s:hello
get s:empty
get s:int
get s:float
get s:binary
get s:utf8
get s:json
get s:lines
get s:blanks
get s:c1
get s:comma
get s:zeros
get s:large
get nosuch
get "key with spaces"
get "ключ"
get ""
set k v
set k ""
set k 'a|b'
set k v nx
set s:hello v nx
set s:hello v xx get
set nosuch v get
set k v ex 100
set k "-1"
set s:volatile w keepttl
getset s:hello other
getdel s:hello
getex s:hello persist
getrange s:hello 0 4
getrange s:hello -5 -1
getrange nosuch 0 -1
substr s:hello 0 1
setrange s:hello 6 redis
append s:hello "!"
strlen s:utf8
strlen nosuch
incr s:int
incr k
incrby s:int -50
incrbyfloat s:float 0.1
decr k
decrby s:int 2
mget s:hello nosuch s:int l s:binary
mget nosuch
mset a 1 b 2
msetnx a 1 s:hello 2
setex k 10 v
psetex k 10000 v
setnx s:hello v
lcs s:hello s:utf8
lcs s:hello s:utf8 len
lcs s:hello s:utf8 idx withmatchlen
`

const keyCommands = `
exists s:hello nosuch l
del s:hello nosuch
unlink l h
type l
type nosuch
type x
ttl nosuch
ttl s:hello
pttl s:hello
expiretime s:volatile
pexpiretime s:volatile
expire nosuch 10
expire s:hello 100 gt
expireat s:hello 4102444800
persist s:volatile
rename s:hello k
rename nosuch k
renamenx s:hello s:int
copy s:hello k
move s:hello 3
keys lonely
keys l:o*
keys "*spaces"
keys nosuch*
dbsize
touch s:hello nosuch
dump s:int
dump nosuch
dump l
restore k 0 garbage
object encoding s:int
object encoding l
object encoding nosuch
object refcount s:hello
object freq s:hello
object help
memory usage s:hello
memory usage nosuch
sort set:int
sort set:int desc limit 0 2
sort l
sort l alpha
sort l alpha desc
sort set:int by nosort get # get s:*
sort_ro l:twelve desc
sort set:int store k
wait 0 0
select 5
select 99
select x
swapdb 5 6
move s:hello 99
`

const listCommands = `
lrange l 0 -1
lrange l:twelve 0 -1
lrange l:one 0 -1
lrange l:odd 0 -1
lrange l:long 0 -1
lrange nosuch 0 -1
lrange l 5 10
llen l
llen nosuch
lindex l 0
lindex l -1
lindex l 99
lindex l:odd 1
lpush l z y
lpushx nosuch a
rpush k "a b" "c\"d"
lpop l
lpop l 2
lpop nosuch
lpop nosuch 2
rpop l
rpop l 0
linsert l before b x
linsert l before q x
lset l 0 x
lset l 99 x
lset nosuch 0 x
lrem l 0 a
ltrim l 1 1
lpos l b
lpos l q
lpos l b count 0
lmove l k left right
rpoplpush l l:one
lmpop 2 nosuch l left count 2
lmpop 1 nosuch left
blpop l 0
blpop nosuch 0.01
brpop nosuch l 0
blmove l k left left 1
blmpop 0.01 1 nosuch left
brpoplpush nosuch k 0.01
`

const hashCommands = `
hgetall h
hgetall h:one
hgetall h:odd
hgetall nosuch
hget h f1
hget h nosuch
hget nosuch f
hset h f1 new f3 v3
hset h f
hsetnx h f1 v
hmset h a 1 b 2
hmget h f1 nosuch f2
hmget nosuch a b
hdel h f1 nosuch
hexists h f1
hkeys h
hkeys nosuch
hvals h
hlen h
hstrlen h f1
hincrby h:num i 5
hincrby h f1 5
hincrbyfloat h:num f 0.25
hrandfield h:one
hrandfield h:one 1 withvalues
hrandfield nosuch
hrandfield nosuch 2
hscan h 0
hscan h:odd 0
hscan nosuch 0
`

const setCommands = `
smembers set
smembers set:int
smembers nosuch
sadd set m n
scard set:int
sismember set m
smismember set m nosuch
sinter set:int set:other
sinter set:int nosuch
sunion set:int set:other
sdiff set:int set:other
sintercard 2 set:int set:other
sinterstore k set:int set:other
sunionstore k set:int set:other
sdiffstore k set:int set:other
smove set k m
spop set
spop set 2
spop nosuch
spop nosuch 2
srandmember set
srandmember set 3
srandmember nosuch
srem set m n
sscan set:int 0
`

const sortedSetCommands = `
zrange z 0 -1
zrange z 0 -1 withscores
zrange z:one 0 -1 withscores
zrange nosuch 0 -1 withscores
zrange z 0 1 rev
zrange z (1 +inf byscore limit 0 2
zrange z:lex [b + bylex
zrangebyscore z -inf +inf withscores
zrevrangebyscore z 3 1 withscores
zrevrange z 0 -1 withscores
zrangebylex z:lex - (c
zrevrangebylex z:lex + -
zrangestore k z 0 1
zscore z two
zscore z three
zscore z five
zscore z:one only
zscore z nosuch
zmscore z one nosuch four
zadd z 5 six
zadd z nx ch 9 one 9 seven
zadd z incr 1.25 one
zadd z nx incr 1 one
zadd z x six
zincrby z 0.1 two
zincrby z -1 three
zcard z
zcount z (1 +inf
zlexcount z:lex - +
zrank z two
zrank z nosuch
zrevrank z two
zrem z one nosuch
zremrangebyrank z 0 0
zremrangebyscore z 1 2
zremrangebylex z:lex - [b
zpopmin z
zpopmin z 2
zpopmax z:one
zpopmax nosuch
bzpopmin z 0
bzpopmax nosuch 0.01
zmpop 1 z min count 2
zmpop 1 nosuch max
bzmpop 1 1 z max
zunion 2 z:lex z:one withscores
zinter 2 z:lex z:one
zdiff 2 z z:one withscores
zdiffstore k 2 z z:one
zinterstore k 2 z z weights 1 2 aggregate max
zunionstore k 2 z z:one
zintercard 2 z z
zrandmember z:one
zrandmember z:one 1 withscores
zrandmember nosuch
zscan z 0
zscan z:one 0
`
