package main

import "sidereal/account"

// verdict is what became of a field: the code of its error, or one of those below.
type verdict string

const (
	allowed         verdict = "allowed"
	hidden          verdict = "null" // as if there were no such object
	notFound        verdict = "NOT_FOUND"
	unauthenticated verdict = "UNAUTHENTICATED"
	forbidden       verdict = "FORBIDDEN"
)

// policy says who may. What belongs to somebody has an owner, and every other user is another.
type policy struct {
	name                        string
	nobody, owner, other, admin verdict
	keys                        keyRule
	private                     bool // whether what it guards belongs to somebody
	shows                       bool // whether administrators see by it who the owner is
}

// onlyAdmins says whether a policy leaves out the owner of what it guards.
func (p policy) onlyAdmins() bool { return p.admin == allowed && p.owner != allowed }

// keyRule returns what an API key gets that has scopes and belongs to somebody, who gets as much as the verdict by a session.
type keyRule func(is string, has account.Scopes, person verdict) verdict

// anyKey may what its owner may: as much as nobody may.
func anyKey(_ string, _ account.Scopes, person verdict) verdict { return person }

// noKey may: it takes a session.
func noKey(string, account.Scopes, verdict) verdict { return forbidden }

// blindKey sees nothing: it takes a session, and to others there is nothing.
func blindKey(string, account.Scopes, verdict) verdict { return hidden }

// keyWith may with scopes; without them it gets the verdict given.
func keyWith(needed account.Scopes, without verdict) keyRule {
	return func(_ string, has account.Scopes, person verdict) verdict {
		if has&needed != needed {
			return without
		}

		return person
	}
}

// accountKey sees its owner's account with the scope READ, and an administrator's sees others with ADMIN as well.
func accountKey(is string, has account.Scopes, person verdict) verdict {
	needed := account.ScopeRead
	if is == "administrator" {
		needed |= account.ScopeAdmin
	}

	return keyWith(needed, hidden)(is, has, person)
}

// accountKeyBelow is refused what takes a session of an account that it sees.
func accountKeyBelow(is string, has account.Scopes, _ verdict) verdict {
	if is == "other" {
		return hidden
	}

	return accountKey(is, has, forbidden)
}

// The policies of this API, and what persons get by them: nobody, the owner, another, an administrator.
var (
	everybody      = policy{"everybody", allowed, allowed, allowed, allowed, anyKey, false, false}
	announcing     = policy{"announcing", unauthenticated, forbidden, forbidden, allowed, keyWith(account.ScopeWrite|account.ScopeAdmin, forbidden), false, false}
	administrators = policy{"administrators", unauthenticated, forbidden, forbidden, allowed, adminKey, false, false}

	// reading and changing what is the viewer's own: everybody who signed in has something of the kind, and sees no more than that.
	readingOwn  = policy{"reading one's own", unauthenticated, allowed, allowed, allowed, keyWith(account.ScopeRead, forbidden), true, false}
	changingOwn = policy{"changing one's own", unauthenticated, allowed, allowed, allowed, keyWith(account.ScopeWrite, forbidden), true, false}

	// finding and changing one thing of somebody, by its id: to all but its owner it is not there.
	findingOne  = policy{"finding one's own by id", hidden, allowed, hidden, hidden, keyWith(account.ScopeRead, hidden), true, false}
	changingOne = policy{"changing one's own by id", unauthenticated, allowed, notFound, notFound, keyWith(account.ScopeWrite, forbidden), true, false}

	// signing in, where everybody becomes somebody, and learning who one is.
	signingIn = policy{"signing in", allowed, allowed, allowed, allowed, anyKey, true, false}
	viewing   = policy{"seeing oneself", hidden, allowed, allowed, allowed, keyWith(account.ScopeRead, forbidden), true, false}

	// asking for what belongs to nobody, which takes a key that may write.
	asking = policy{"asking", allowed, allowed, allowed, allowed, keyWith(account.ScopeWrite, forbidden), false, false}

	// hearing of what is the viewer's own, and of anybody's for administrators.
	hearing = policy{"hearing of one's own", unauthenticated, allowed, allowed, allowed, keyWith(account.ScopeRead, forbidden), true, true}

	// managing one's account, and finding what that is about, which take a session.
	viewingManaged = policy{"seeing what one manages", hidden, allowed, allowed, allowed, noKey, true, false}
	managingOwn    = policy{"managing one's account", unauthenticated, allowed, allowed, allowed, noKey, true, false}
	findingManaged = policy{"finding what one manages by id", hidden, allowed, hidden, hidden, blindKey, true, false}
	managingOne    = policy{"managing one's own by id", unauthenticated, allowed, notFound, notFound, noKey, true, false}

	// accounts, which administrators see, too, though not what their owners manage.
	findingAccount = policy{"finding an account", hidden, allowed, hidden, allowed, accountKey, true, true}
	belowAccount   = policy{"finding what one manages below an account", hidden, allowed, hidden, hidden, accountKeyBelow, true, false}
	listing        = policy{"listing accounts", unauthenticated, forbidden, forbidden, allowed, adminKey, true, true}
	belowListing   = policy{"seeing what others manage below a list of accounts", unauthenticated, forbidden, forbidden, hidden, noKey, true, false}
	appointing     = policy{"changing roles", unauthenticated, forbidden, forbidden, allowed, noKey, true, true}
)

// adminKey may with the scopes READ and ADMIN.
func adminKey(is string, has account.Scopes, person verdict) verdict {
	return keyWith(account.ScopeRead|account.ScopeAdmin, forbidden)(is, has, person)
}
