/*
 * One accepted request at three nodes: owner, copy, take-over, freeze and return, as docs/cluster.md tells them. Node 0 owns it, node 1
 * holds its copy. At most two answers are looked for, and none that is missing. `explore` has all of it explored, and then again with
 * one part taken out, which must fail:
 *   -DNO_ACK      the answer is written without waiting for the holder of the copy
 *   -DNO_FENCE    a node acts in a view without the word of its other members, so it does not learn that it was left out of one
 *   -DNO_SESSION  a batch that is sent again is applied again
 */

#define VIEWS 4
#define NOBODY 3
#define BIT(n) (1 << (n))
#define HAS(set, n) (((set) >> (n)) & 1)

typedef Node {
    bool dead; bool frozen;
    byte seen;          /* how many views the engine has made known to whom they concern */
    byte view;          /* the last that was delivered here */
    byte words;         /* in which views it has given its word */
    byte acted;         /* in which view it acted last */
    bool acts; bool fresh;
    byte life;
    bool owns;
    byte holder;        /* where the owner has its copy */
    byte holderLife;
    bool acked;
    bool asked;         /* the owner has settled it, and waits for the holder */
    byte copyOf;        /* whose copy it holds, and of which life */
    byte copyLife;
    byte result;        /* what it remembers to have answered: 0 nothing, 1 yes, 2 no */
    byte lives;         /* the lives of the members of the view in which it acts: a bit each for those that began anew */
};
Node n[3];
byte members[VIEWS];
byte made = 1;
byte answers;
byte failed;            /* a bit for each node that was killed, stood still or was left out */
bool window;            /* the answer was settled at the holder and given up by its owner */

#define RUNS(i) (!n[i].dead && !n[i].frozen)
#ifdef NO_FENCE
#define SEES(i, j) (RUNS(j) && HAS(members[n[i].view], j))
#else
#define SEES(i, j) (RUNS(j) && n[j].acts && n[j].view == n[i].view && n[i].life == HAS(n[j].lives, i) && n[j].life == HAS(n[i].lives, j))
#endif
#define IN(i, j) HAS(members[n[i].view], j)
/* Whether the member has surely never given its word in that view, so that nobody has acted in it. */
#define DENIES(j, of, v) (HAS(members[of], j) && HAS(members[v], j) && !HAS(n[j].words, v))
#define TELLS(j, of, v) (HAS(members[of], j) && HAS(n[j].words, v))
#define LEFT_OUT(i, of, v) ((v) < (of) && (v) > n[i].acted && !HAS(members[v], i) && (TELLS(0, of, v) || TELLS(1, of, v) || TELLS(2, of, v)) && !DENIES(0, of, v) && !DENIES(1, of, v) && !DENIES(2, of, v))
#define STALE(i, of) (HAS(members[of], i) && !n[i].fresh && (LEFT_OUT(i, of, 1) || LEFT_OUT(i, of, 2) || LEFT_OUT(i, of, 3)))
#define WORD(j, of) (!HAS(members[of], j) || HAS(n[j].words, of))
#define ALL_WORDS(of) (WORD(0, of) && WORD(1, of) && WORD(2, of))
#define NONE_STALE(of) (!STALE(0, of) && !STALE(1, of) && !STALE(2, of))
#define GONE(i, j, itsLife) (!IN(i, j) || HAS(n[i].lives, j) != (itsLife))

#define SERVES(i) (!HAS(members[made - 1], i) || (RUNS(i) && n[i].acts && n[i].view == made - 1))

inline answer() { answers++; assert(answers <= 1) }

inline beginAnew(i) {
    if :: n[i].owns && n[i].asked && n[i].holder != NOBODY && n[n[i].holder].result == 1 -> window = true :: else fi;
    n[i].life = 1; n[i].fresh = true; n[i].acts = false; n[i].owns = false; n[i].asked = false; n[i].acked = false;
    n[i].holder = NOBODY; n[i].copyOf = NOBODY; n[i].result = 0
}

/* A holder that is gone: the copy has to be elsewhere, or is needed no more. */
inline loseHolder(i) {
    if :: n[i].owns && n[i].holder != NOBODY && GONE(i, n[i].holder, n[i].holderLife) -> n[i].holder = NOBODY; n[i].acked = false
       :: else
    fi
}

inline placeAt(i, j) {
    n[j].copyOf = i; n[j].copyLife = n[i].life; n[j].result = 0; n[i].holder = j; n[i].holderLife = n[j].life; n[i].acked = false
}

proctype node(byte i) {
    byte j;
    end: do
    /* The next view comes: it gives its word in it. */
    :: d_step { RUNS(i) && n[i].seen < made - 1 ->
        n[i].seen++;
        if
        :: HAS(members[n[i].seen], i) -> n[i].view = n[i].seen; n[i].acts = false; n[i].words = n[i].words | BIT(n[i].view)
        :: else /* it is left out, and believes in the one before */
        fi }
#ifdef NO_FENCE
    :: d_step { RUNS(i) && !n[i].acts -> n[i].acts = true; n[i].lives = 0; loseHolder(i) }
#else
    :: atomic { RUNS(i) && !n[i].acts && ALL_WORDS(n[i].view) && STALE(i, n[i].view) -> beginAnew(i) }
    :: d_step { RUNS(i) && !n[i].acts && ALL_WORDS(n[i].view) && NONE_STALE(n[i].view) ->
        n[i].acts = true; n[i].fresh = false; n[i].acted = n[i].view;
        n[i].lives = n[0].life | n[1].life << 1 | n[2].life << 2; loseHolder(i) }
#endif
    /* The copy is nowhere. */
    :: d_step { RUNS(i) && n[i].acts && n[i].owns && !n[i].asked && n[i].holder == NOBODY ->
        j = (i + 1) % 3;
        if :: SEES(i, j) && n[j].copyOf == NOBODY && !n[j].owns -> placeAt(i, j)
        :: else ->
            j = (i + 2) % 3;
            if :: SEES(i, j) && n[j].copyOf == NOBODY && !n[j].owns -> placeAt(i, j) :: else fi
        fi }
    :: d_step { RUNS(i) && n[i].acts && n[i].owns && n[i].holder != NOBODY && !n[i].acked && SEES(i, n[i].holder) -> n[i].acked = true }
    /* The owner has an answer. */
    :: atomic { RUNS(i) && n[i].owns && !n[i].asked && n[i].acked ->
        n[i].asked = true;
#ifdef NO_ACK
        answer(); n[i].owns = false
#endif
    }
    /* The batch comes to the holder, for the first time or again. */
    :: d_step { RUNS(i) && n[i].acts && n[i].owns && n[i].asked && n[i].holder != NOBODY && SEES(i, n[i].holder) ->
        j = n[i].holder;
#ifndef NO_SESSION
        if :: n[j].result == 0 ->
#endif
            if :: n[j].copyOf == i && n[j].copyLife == n[i].life -> n[j].copyOf = NOBODY; n[j].result = 1
               :: else -> n[j].result = 2
            fi
#ifndef NO_SESSION
        :: else fi
#endif
        }
    /* The result comes back. */
    :: atomic { RUNS(i) && n[i].acts && n[i].owns && n[i].asked && n[i].holder != NOBODY && SEES(i, n[i].holder) && n[n[i].holder].result != 0 ->
        if :: n[n[i].holder].result == 1 -> n[i].owns = false; answer()
           :: else -> n[i].owns = false
        fi }
    /* Nobody holds a copy any more: there is nobody to ask. */
    :: atomic { RUNS(i) && n[i].acts && n[i].owns && n[i].asked && n[i].holder == NOBODY -> n[i].owns = false; answer() }
    /* The owner is gone: whoever holds the copy takes over. */
    :: d_step { RUNS(i) && n[i].acts && n[i].copyOf != NOBODY && GONE(i, n[i].copyOf, n[i].copyLife) ->
        n[i].owns = true; n[i].asked = false; n[i].acked = false; n[i].holder = NOBODY; n[i].copyOf = NOBODY }
    od
}

proctype faults() {
    byte i; byte set; byte kills; byte freezes;
    end: do
    :: atomic { kills < 1 -> select(i : 0 .. 2);
        if :: !n[i].dead ->
            if :: n[i].owns && n[i].asked && n[i].holder != NOBODY && n[n[i].holder].result == 1 -> window = true :: else fi;
            n[i].dead = true; failed = failed | BIT(i); kills++
        :: else fi; i = 0 }
    :: atomic { freezes < 1 -> select(i : 0 .. 2);
        if :: RUNS(i) -> n[i].frozen = true; failed = failed | BIT(i); freezes++ :: else fi; i = 0 }
    :: d_step { n[0].frozen -> n[0].frozen = false }
    :: d_step { n[1].frozen -> n[1].frozen = false }
    :: d_step { n[2].frozen -> n[2].frozen = false }
    /* The engine says who is there: whom it leaves out has failed, or is cut off. */
    :: atomic { made < VIEWS ->
        if :: set = 3 :: set = 5 :: set = 6 :: set = 7 fi;
        members[made] = set; made++; failed = failed | (7 - set); set = 0 }
    :: atomic { timeout ->
        /* All of the last view act in it, and no more than one has failed: none is missing. */
        if
        :: (failed == 0 || failed == 1 || failed == 2 || failed == 4) && SERVES(0) && SERVES(1) && SERVES(2) ->
            assert(answers == 1 || window)
        :: else
        fi; break }
    od
}

init {
    atomic {
        members[0] = 7;
        n[0].words = 1; n[1].words = 1; n[2].words = 1;
        n[0].acts = true; n[1].acts = true; n[2].acts = true;
        n[0].copyOf = NOBODY; n[2].copyOf = NOBODY;
        n[0].owns = true; n[0].holder = 1; n[0].acked = true;
        n[1].copyOf = 0; n[1].holder = NOBODY; n[2].holder = NOBODY;
        run node(0); run node(1); run node(2); run faults()
    }
}
