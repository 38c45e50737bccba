package cache

import (
	"context"
	"log/slog"
	"strconv"

	"github.com/redis/go-redis/v9"
)

// bucketPrefix carries the version of what the script stores.
const bucketPrefix = "sidereal:bucket:1:"

// LocalBuckets are buckets of points in the memory of the process (see graph/limit), which take over while Redis is away.
type LocalBuckets interface {
	Take(ctx context.Context, key string, capacity, perSecond, points float64) (left float64, ok bool)
	Settle(ctx context.Context, key string, capacity, perSecond, points float64) (left float64)
}

// Buckets keeps buckets of points in Redis, so that processes share them. Each call is one round trip; time is that of Redis. A Redis that is down or does not
// answer in time is passed over for a second: then each process keeps buckets of its own, which begin full.
type Buckets struct {
	redis *shared
	local LocalBuckets
}

// NewBuckets returns the buckets in the Redis at a URL.
func NewBuckets(url string, local LocalBuckets, log *slog.Logger) (*Buckets, error) {
	s, err := newShared(url, log)
	if err != nil {
		return nil, err
	}

	return &Buckets{redis: s, local: local}, nil
}

// spend fills a bucket (KEYS[1]) of ARGV[1] points up to now at ARGV[2] a second, and takes ARGV[3] points out of it: when they are there, or in any case if
// ARGV[4] is 1. It returns whether it did, and what is left. A bucket that is full is not kept.
var spend = redis.NewScript(`
local capacity, rate, points = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local state = redis.call('HMGET', KEYS[1], 'level', 'at')
local level = capacity
if state[1] then
  level = math.min(capacity, tonumber(state[1]) + math.max(now - tonumber(state[2]), 0) * rate)
end
local taken = 0
if ARGV[4] == '1' or level >= points then
  taken = 1
  level = math.max(math.min(level - points, capacity), -capacity)
end
if level >= capacity then
  redis.call('DEL', KEYS[1])
else
  redis.call('HSET', KEYS[1], 'level', string.format('%.6f', level), 'at', string.format('%.6f', now))
  redis.call('PEXPIRE', KEYS[1], math.ceil((capacity - level) / rate * 1000))
end
return {taken, string.format('%.6f', level)}
`)

// Take takes points out of the bucket of a key and returns how many are left; with fewer in it none, and then it is false.
func (b *Buckets) Take(ctx context.Context, key string, capacity, perSecond, points float64) (left float64, ok bool) {
	if left, ok, done := b.run(ctx, key, capacity, perSecond, points, false); done {
		return left, ok
	}

	return b.local.Take(ctx, key, capacity, perSecond, points)
}

// Settle takes points whether they are there or not; negative ones are put back.
func (b *Buckets) Settle(ctx context.Context, key string, capacity, perSecond, points float64) (left float64) {
	if left, _, done := b.run(ctx, key, capacity, perSecond, points, true); done {
		return left
	}

	return b.local.Settle(ctx, key, capacity, perSecond, points)
}

// run runs the script; done is false when Redis is away.
func (b *Buckets) run(ctx context.Context, key string, capacity, perSecond, points float64, force bool) (left float64, ok, done bool) {
	forced := "0"
	if force {
		forced = "1"
	}

	b.redis.attempt(ctx, func(ctx context.Context) error {
		answer, err := spend.Run(ctx, b.redis.client, []string{bucketPrefix + key}, capacity, perSecond, points, forced).Slice()
		if err != nil {
			return err
		}

		taken, _ := answer[0].(int64)
		level, _ := answer[1].(string)

		if left, err = strconv.ParseFloat(level, 64); err != nil {
			return err
		}

		ok, done = taken == 1, true

		return nil
	})

	return left, ok, done
}

// Close ends the connections.
func (b *Buckets) Close() error { return b.redis.client.Close() }
