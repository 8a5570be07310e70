package main_test

import "strings"

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

const streamCommands = `
xadd x 3-0 f v
xadd x 1-0 f v
xadd x nomkstream 3-1 f v
xadd nosuch nomkstream 3-1 f v
xadd x maxlen 2 9-9 f v
xlen x
xrange x - +
xrange x - + count 1
xrange x 1-2 1-2
xrange nosuch - +
xrevrange x + - count 2
xread streams x 0
xread count 1 streams x x 0 1-1
xread streams x 9
xread block 10 streams x $
xreadgroup group readers alice streams x >
xreadgroup group readers alice count 1 streams x >
xreadgroup group readers alice streams x 0
xreadgroup group nosuch alice streams x >
xreadgroup group readers alice noack streams x >
xack x readers 1-1
xpending x readers
xclaim x readers alice 0 1-1
xautoclaim x readers alice 0 0
xdel x 1-1 9-9
xtrim x maxlen 1
xsetid x 9-9
xgroup create x other $
xgroup create x readers $
xgroup create nosuch g $
xgroup createconsumer x readers dave
xgroup delconsumer x readers carol
xgroup destroy x readers
xgroup setid x readers 0
xgroup help
xinfo stream x
xinfo stream x full count 1
xinfo stream nosuch
xinfo groups x
xinfo consumers x nosuch
xinfo help
`

const sketchCommands = `
pfadd hll d
pfcount hll
pfcount nosuch
pfmerge k hll
pfcount s:hello
setbit bits 7 0
getbit bits 7
bitcount bits
bitcount bits 0 0
bitcount bits 0 8 bit
bitpos bits 1
bitpos nosuch 1
bitop not k bits
bitfield bits get u8 0 incrby i5 100 1
bitfield bits overflow fail incrby u2 0 9
bitfield_ro bits get u8 0
getrange bits 0 -1
geoadd geo 1 2 here
geodist geo Palermo Catania km
geodist geo Palermo nosuch
geohash geo Palermo nosuch
geopos geo Palermo nosuch
geopos nosuch a
geosearch geo fromlonlat 15 37 byradius 200 km asc
geosearch geo fromlonlat 15 37 byradius 200 km asc withcoord withdist withhash
geosearch geo fromlonlat 0 0 byradius 1 m
geosearchstore k geo fromlonlat 15 37 byradius 200 km
georadius geo 15 37 200 km withdist asc
georadiusbymember geo Palermo 1 km
`

const scriptCommands = `
eval "return 1" 0
eval "return" 0
eval "return false" 0
eval "return true" 0
eval "return 3.99" 0
eval "return 'a\\nb'" 0
eval "return {}" 0
eval "return {{}}" 0
eval "return {{{}},{}}" 0
eval "return {1,{2,{3,'x',{}},{'a'}},redis.status_reply('st'),redis.error_reply('ERR my'),false,{},{{{'deep'}}}}" 0
eval "return {1,2,{3,'four',{5,{6,{7}}}},8}" 0
eval "local t={} for i=1,12 do t[i]={i,{i,i}} end return t" 0
eval "local t={} for i=1,101 do t[i]={i} end return t" 0
eval "return {redis.error_reply('ERR one'),redis.error_reply('two')}" 0
eval "return {redis.status_reply('OK'),'OK'}" 0
eval "return {false,{false,{false}}}" 0
eval "return {'\\0\\1\\127\\255','\"','\\\\'}" 0
eval "return redis.status_reply('with \"quotes\" and \\\\ and \\t tab')" 0
eval "return redis.error_reply('ERR tab\\there \"q\" \\200')" 0
eval "return redis.error_reply('NOCODE')" 0
eval "return redis.error_reply('')" 0
eval "return redis.status_reply('')" 0
eval "return {err='My Err'}" 0
eval "return {ok='fine'}" 0
eval "return {double=3.14}" 0
eval "return {{double=3.14},{double=1e100},{double=-0.5},{double=0}}" 0
eval "return {double=1/0}" 0
eval "return {{double=-1/0}}" 0
eval "return {map={}}" 0
eval "return {map={a=1}}" 0
eval "return {map={a={map={b={map={c={}}}}}}}" 0
eval "return {map={[1]='one'}}" 0
eval "return {{map={k={1,2,{3,4}}}},{map={k={map={}}}}}" 0
eval "return {map={['sp ace \"q\" \\n']='v'}}" 0
eval "return {set={}}" 0
eval "return {set={a=true}}" 0
eval "return {{set={a=true}},{{set={b=true}}}}" 0
eval "redis.setresp(3) return redis.call('hgetall',KEYS[1])" 1 h
eval "redis.setresp(3) return redis.call('smembers',KEYS[1])" 1 set:int
eval "redis.setresp(3) return redis.call('zrange',KEYS[1],0,-1,'withscores')" 1 z
eval "redis.setresp(3) return {true,false,redis.call('get','nosuch')}" 0
eval "redis.setresp(3) return redis.call('debug','protocol','verbatim')" 0
eval "redis.setresp(3) return {{true},{map={[true]=false}}}" 0
eval "return {KEYS,ARGV}" 2 k1 k2 a1 "a 2" ""
eval "return redis.call('get','l')" 0
eval "return redis.pcall('get','l')" 0
eval "error('oops')" 0
eval "syntax error" 0
eval "return 1" x
eval "return 1" 1
eval_ro "return redis.call('set','k','v')" 0
evalsha ffffffffffffffffffffffffffffffffffffffff 0
script load "return 1"
script exists ffffffffffffffffffffffffffffffffffffffff
script help
function list
function list withcode libraryname mylib
function stats
function dump
function delete nosuch
fcall twice 0 "a b"
fcall_ro ro 0
fcall nosuch 0
`

const typeCommands = `
debug protocol string
debug protocol integer
debug protocol double
debug protocol null
debug protocol array
debug protocol set
debug protocol map
debug protocol verbatim
debug protocol true
debug protocol false
debug protocol nosuch
debug sleep 0
debug error "ERR made up"
debug error "WITH \"quotes\""
`

const serverCommands = `
time x
acl whoami
acl list
acl users
acl getuser default
acl getuser reader
acl getuser nosuch
acl cat hyperloglog
acl log
acl genpass x
acl deluser nosuch
acl dryrun reader set s:hello v
acl dryrun reader get s:hello
acl setuser bad nonsense
command info get
command info get nosuch set
command info nosuch
command docs get
command docs nosuch
command getkeys mset a 1 b 2
command getkeys get
command getkeysandflags set a 1
command list filterby pattern xg*
command list filterby pattern "xgroup|d*"
command count
command help
config get maxmemory
config get nosuch
config get "hash-max-listpack-*"
config set maxmemory 1gb
config set nosuch 1
config resetstat
client getname
client setname bob
client setname "bad name"
client no-evict on
client getredir
client trackinginfo
client tracking on
client caching yes
client list id 99999999
client kill 1.2.3.4:5
client unpause
client help
module list
memory help
latency latest
latency history command
latency reset
latency help
slowlog get
slowlog len
slowlog help
pubsub channels
pubsub numsub a b
pubsub numpat
pubsub help
publish c1 hello
spublish c1 hello
role
replicaof no one
scan 0 match nosuch*
scan 0 match lonely count 1000 type zset
asking
readonly
cluster slots
cluster help
object
multi
exec
discard
watch k
unwatch
flushall
flushdb async
lastsave x
bgrewriteaof x
shutdown nosuch
failover abort
auth wrong
auth reader secret
auth nosuch secret
auth a b c
hello 9
hello x
reset x
`

// plainCommands are those whose replies redis-cli prints as they come, whatever the mode.
const plainCommands = `
info keyspace
info nosuch
info cluster
INFO Keyspace
lolwut
lolwut version 5 20 0 0
lolwut x
memory doctor
memory stats x
memory malloc-stats x
latency doctor
latency graph command
latency graph
latency doctor x
client list
client info
client list type pubsub
client list type nosuch
CLIENT LIST
cluster info
cluster nodes
cluster info x
debug htstats 9
debug htstats 99
debug htstats-key nosuch
debug client-eviction
proxy info
`

const wrongCommands = `
nosuch
nosuch a b "c d" "\n"
"no such" a
""
"\xff\xfe"
"日本"
get
get a b
set k
lrange s:hello 0 -1
get l
hgetall s:hello
incr s:hello
lpush s:hello x
zadd set 1 a
xadd l * f v
set k v ex x
set k v ex 0
set k v bogus
lrange l a b
client
client nosuch
config
config nosuch a
object nosuch k
xread
acl
3 ping
exit
connect 127.0.0.1 1
clear x
:set hints
"#" is a comment here but not for redis-cli
`
