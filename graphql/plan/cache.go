package plan

import (
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// longestText is the longest document whose plan is kept, in bytes.
const longestText = 8 << 10

type cacheKey struct{ text, operation string }

// cache keeps the plans used last, as many as their number and the number of
// their fields allow.
type cache struct {
	mu     sync.Mutex // guards what follows
	plans  *simplelru.LRU[cacheKey, *Plan]
	fields int
	most   int
}

func newCache(plans, fields int) (*cache, error) {
	c := &cache{most: fields}
	var err error
	c.plans, err = simplelru.NewLRU(plans, func(_ cacheKey, p *Plan) { c.fields -= p.fields })
	return c, err
}

func (c *cache) get(key cacheKey) *Plan {
	c.mu.Lock()
	defer c.mu.Unlock()
	p, _ := c.plans.Get(key)
	return p
}

func (c *cache) add(key cacheKey, p *Plan) {
	if len(key.text) > longestText || p.fields > c.most {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.plans.Contains(key) { // compiled twice at the same time
		return
	}
	c.fields += p.fields
	c.plans.Add(key, p)
	for c.fields > c.most {
		c.plans.RemoveOldest()
	}
}
