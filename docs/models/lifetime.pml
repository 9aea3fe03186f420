/*
 * The lifetime word, in another formalism: what Runtime/Lifetimes/Lifetime.cs does to one word, one atomic access a step, written again
 * from docs/LIFETIMES.md. One page; threads that allocate objects of two types in it; handles of every generation that was ever
 * issued, used by every thread. Spin tries every interleaving, under sequential consistency.
 *
 *   word:  [ refs : 4 bits | owned | live | gen ]    generations FIRST … LAST, then RETIRED, never again
 *
 * Each thread does OPS operations of its choice: allocate (with a reference, or rented), get, put, return, and with FREEZE also freeze, then unfreeze
 * or free while frozen. At its end it gives up what it holds.
 * Not in the model: the reference limit, exclusive words, optimistic reads, memory reordering.
 *
 * Checked: L1 destroyed once, by the destructor of its own type; L2 nobody's object is destroyed; L3 a get that succeeds names the object that lives;
 * L5 generations only grow; L7 the type is there before the object is; and at the end nothing is left over.
 *
 * Switches. TAGGED=1 is what ships. The others are mistakes, each of which Spin must find:
 *   TAGGED=0           kernel-v4: no generation in the word, the destructor chosen before the compare-exchange
 *   LATE_DISPATCH      with TAGGED=0: the destructor is taken from the header by the winner; handles still can't be told apart
 *   NO_PUT_BACK        a get that met a stranger keeps the stranger's reference
 *   UNDO_ON_DEAD       a get that failed on a dead word takes its reference back
 *   PUBLISH_BY_ADD     publishing adds to the word in place of storing it
 *   NO_RETIREMENT      the generation after LAST is FIRST (with LAST=4: at once)
 *   FREEZE_ANYHOW      with FREEZE: freezing over somebody else's reference
 *   WITNESS            nothing is wrong, but two recyclings are declared impossible: shows that the search gets that far
 */
#ifndef TAGGED
#define TAGGED 1
#endif
#ifndef THREADS
#define THREADS 3
#endif
#ifndef OPS
#define OPS 2
#endif

#define FIRST 4
#ifndef LAST
#define LAST 6
#endif
#define RETIRED (LAST + 1)
#define MASK 15

#ifdef NO_RETIREMENT
#define NEXT(g) ((g) == LAST -> FIRST : (g) + 1)
#else
#define NEXT(g) ((g) + 1)
#endif

byte refs = 0, gen = 0;         /* the word */
bit live = 0, owned = 0;
byte header = 0;                /* the type that the page's header names */
bit taken = 0;                  /* whether the allocator has given the page out */

byte gAlive = 0, gType = 0;     /* what is true, whatever the word says */
byte gHolders = 0, gLives = 0;
byte genOf[1 + THREADS * OPS];  /* what was issued to each life, from 1 */
bit gOwned = 0;
byte ended = 0;

inline Destroy()
{
#if TAGGED == 1 || defined(LATE_DISPATCH)
    d = header;
#endif
    d_step {
        assert(gAlive == 1);                        /* L1: once */
        assert(d == gType);                         /* L1: its own type's destructor */
        assert(gHolders == 0 && gOwned == 0);       /* L2 */
        gAlive = 0;
    }
    atomic {
        if
        :: gen != RETIRED -> taken = 0
        :: else -> skip                             /* the word is spent: the page serves elsewhere */
        fi
        d = 0
    }
}

/* Drops a reference; real: one that a caller holds, and not the instant of a failing get. */
inline Put(real)
{
    d_step {
        gHolders = gHolders - real;
        refs = (refs + MASK) & MASK;
        zero = (refs == 0 && live == 1 && owned == 0);
        sg = gen;
#if TAGGED == 0 && !defined(LATE_DISPATCH)
        d = header;
#endif
    }
    if
    :: zero ->
        d_step {
            zero = 0;
            if
#if TAGGED == 1
            :: refs == 0 && live == 1 && owned == 0 && gen == sg ->
#else
            :: refs == 0 && live == 1 && owned == 0 ->
#endif
                won = 1; live = 0; gen = NEXT(gen)
            :: else -> skip
            fi;
            sg = 0
        }
        if
        :: won -> won = 0; Destroy()
        :: else -> d = 0
        fi
    :: else -> d_step { d = 0; sg = 0 }
    fi
}

inline Allocate(rents)
{
    atomic {
        if
        :: taken == 0 -> taken = 1; won = 1
        :: else -> skip
        fi
    }
    if
    :: won ->
        won = 0;
        header = type;
        sg = (gen == 0 -> FIRST : gen);
        d_step {
            assert(live == 0 && owned == 0);
            assert(gen == 0 || gen == sg);          /* L5 */
            assert(gAlive == 0);
#ifdef PUBLISH_BY_ADD
            refs = (refs + 1 - rents) & MASK;
#else
            refs = 1 - rents;
#endif
            gen = sg; live = 1; owned = rents;
            gAlive = 1; gType = type; gHolders = 1 - rents; gOwned = rents;
            gLives++; genOf[gLives] = sg;
#ifdef WITNESS
            assert(gLives < 3);
#endif
            held = 1 - rents; rented = rents; hl = gLives * rents; sg = 0
        }
    :: else -> skip
    fi
}

/* The handle of any life so far, however long ago; 0 while there was none. */
inline ChooseHandle()
{
    atomic {
        h = (gLives > 0 -> 1 : 0);
        do
        :: h > 0 && h < gLives -> h++
        :: true -> break
        od
    }
}

inline Get()
{
    ChooseHandle();
    skip;
    d_step {
        refs = (refs + 1) & MASK;
        dead = (live == 0);
        sg = gen;
        if
#if TAGGED == 1
        :: live == 1 && gen == genOf[h] ->
            assert(gAlive == 1 && h == gLives);     /* L3 */
            assert(header == gType);                /* L7 */
            held = 1; gHolders++
#else
        /* Without a tag a get can't refuse a stranger; its caller must look again, as the kernel's does. */
        :: live == 1 ->
            held = 1; gHolders++;
#ifdef LATE_DISPATCH
            assert(h == gLives)                     /* L3 */
#endif
#endif
        :: else -> skip
        fi
    }
    if
    :: held == 1 -> d_step { h = 0; sg = 0; dead = 0 }
    :: held == 0 && dead ->
#ifdef UNDO_ON_DEAD
        refs = (refs + MASK) & MASK;
#endif
        d_step { h = 0; sg = 0; dead = 0 }
    :: held == 0 && !dead ->
        d_step { h = 0; sg = 0 };
#ifndef NO_PUT_BACK
        Put(0)
#endif
    fi
}

/* Ends the owner's hold, for a handle that nobody has checked. */
inline Return()
{
    do
    :: atomic { sg = gen; sr = refs; so = (live == 1 && owned == 1 && gen == genOf[h]) };
       if
       :: !so -> break
       :: else ->
           d_step {
               so = 0;
               if
               :: gen == sg && refs == sr && live == 1 && owned == 1 ->
                   assert(gOwned == 1);             /* one return a life */
                   gOwned = 0; owned = 0; won = 1;
                   if
                   :: sr == 0 -> live = 0; gen = NEXT(gen)
                   :: else -> skip
                   fi
               :: else -> skip
               fi
           };
           if
           :: won && sr == 0 -> won = 0; Destroy(); break
           :: won && sr != 0 -> won = 0; break
           :: else -> skip
           fi
       fi
    od;
    skip;                                           /* a break may not lead into a d_step */
    d_step { sg = 0; sr = 0; so = 0; h = 0 }
}

/* By the only holder of an object without an owner; while frozen nobody can get it, and the word is the freezer's but for stray adds. */
inline Freeze()
{
    d_step {
        if
#ifdef FREEZE_ANYHOW
        :: live == 1 && owned == 0 -> refs = 0; live = 0; won = 1; sg = gen
#else
        :: refs == 1 && live == 1 && owned == 0 -> refs = 0; live = 0; won = 1; sg = gen
#endif
        :: else -> skip
        fi
    }
    if
    :: won ->
        if
        :: d_step { won = 0; assert(live == 0 && owned == 0 && gen == sg); refs = 1; live = 1; sg = 0 }
        :: d_step { won = 0; assert(live == 0 && owned == 0 && gen == sg); refs = 0; gen = NEXT(gen); sg = 0; gHolders--; held = 0 };
           Destroy()
        fi
    :: else -> skip
    fi
}

proctype Thread(byte type)
{
    byte ops = 0, h = 0, hl = 0, sg = 0, sr = 0, d = 0;
    bit held = 0, rented = 0, won = 0, zero = 0, dead = 0, so = 0;

    do
    :: ops < OPS ->
        ops++;
        if
        :: held == 0 && rented == 0 -> Allocate(0)
#if TAGGED == 1
        :: held == 0 && rented == 0 -> Allocate(1)
        :: ChooseHandle(); Return()
#endif
        :: held == 0 -> Get()
        :: held == 1 -> held = 0; Put(1)
#ifdef FREEZE
        :: held == 1 -> Freeze()
#endif
        fi
    :: ops == OPS -> break
    od;
    if
    :: held == 1 -> held = 0; Put(1)
    :: else -> skip
    fi;
#if TAGGED == 1
    if
    :: rented == 1 -> d_step { h = hl; hl = 0; rented = 0 }; Return()
    :: else -> skip
    fi;
#endif
    d_step {
        ended++;
        if
        :: ended == THREADS -> assert(gAlive == 0 && live == 0)   /* nothing is left over */
        :: else -> skip
        fi
    }
}

init
{
    atomic {
        run Thread(1);
        run Thread(2);
#if THREADS > 2
        run Thread(1);
#endif
    }
}
