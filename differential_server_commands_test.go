package main_test

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
