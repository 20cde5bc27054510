/*
 * Publishing while clean-up runs, in a folder store or, with -DBUCKET, in a bucket. docs/architecture.md describes the
 * protocol and the argument. check.sh runs this model, and variants with faults that Spin must find.
 *
 * A process may pause before each of its steps, and for ever if it crashes. Spin tries every order of steps, so pauses
 * and crashes need no code. There are no clocks: every grace period may be zero.
 *
 * Size
 *   OBJECTS, BATCHES, WRITERS, PURGES   At most 2 objects, writers and purges. Every version needs every object.
 *   READER                Adds a reader. Batches are then used once, which bounds the passes that it needs.
 *   PASSES                Passes of the reader after the first
 * Protocol
 *   BUCKET                A move is a copy and a delete. Requests without an answer may be executed late and repeatedly.
 *   An intent becomes void when another record takes the number that it names.
 *   CHECK_TWICE           Instead of intents: check, commit, check again, withdraw
 *   NO_CRASH              With CHECK_TWICE: ignores versions that their writer can still withdraw
 * Faults
 *   NO_SECOND_CHECK       With CHECK_TWICE: the writer doesn't check after its commit.
 *   CHECK_BEFORE_INTENT   The writer checks its objects before it creates its intent.
 *   IGNORE_VOID           The writer commits although its intent is void.
 *   NO_VOID               A purge doesn't make intents void.
 *   VOID_LATE             A purge makes intents void after it has read the versions.
 *   INVENTORY_LATE        A purge reads the inventory after it has read the versions.
 *   NO_INVENTORY          A purge lists the trash itself, after it has read the versions.
 *   MOVE_AGAIN            A batch may move an object again after its inventory.
 *   EARLY_INVENTORY       With BUCKET: a batch gets an inventory although a delete may still be executed.
 */
#ifndef OBJECTS
#define OBJECTS 1
#endif
#ifndef BATCHES
#define BATCHES 2
#endif
#ifndef WRITERS
#define WRITERS 2
#endif
#ifndef PURGES
#define PURGES 2
#endif
#ifndef PASSES
#define PASSES BATCHES
#endif
#define BIT(b) (1 << (b))
/* Goes on with the next object; after the last, leaves the loop. */
#define NEXT(x) x++; if :: x == OBJECTS -> x = 0; break :: else fi
#define TRASH (trash[0] | trash[OBJECTS - 1])

/* ---- State of the store ------------------------------------------------------------------------------------- */

bit objects[OBJECTS];     /* objects/X exists */
byte trash[OBJECTS];      /* batches B for which trash/B/X exists */
byte inventory[OBJECTS];  /* batches whose inventory lists X */
bit live[WRITERS];        /* the log has a commit of this version and no later removal */

/* A writer has one intent at a time. */
bit intent[WRITERS];      /* intents/ has an intent of this writer, and the log has no commit for it */
bit voided[WRITERS];      /* the log has a record that makes this intent void */

/* ---- State of processes that others look at ----------------------------------------------------------------- */

bit listed[PURGES * WRITERS];  /* a purge has listed the writer's current intent, and not made it void yet */
byte used;                     /* batches that have moved something, and that something still refers to */
byte purged[PURGES];           /* the batch of a purge, as a bit */
bit withdrawable[WRITERS];     /* the writer checks its version again, unless it crashes */
byte reading;                  /* the version that the reader reads, counted from 1, while it is live */
#ifdef BUCKET
bit late_delete[OBJECTS];      /* a delete of objects/X may be executed at any time, and repeatedly */
byte late_purge[OBJECTS];      /* batches B for which the same is true of trash/B/X */
#endif

/* ---- The property ------------------------------------------------------------------------------------------- */

#ifdef NO_CRASH
#define COUNTS(v) (live[v] && !withdrawable[v])
#else
#define COUNTS(v) live[v]
#endif

/* Checked in the same step as each deletion and each commit; nothing else can make it false. */
inline check_property(o) {
  i = 0;
  do
  :: i < WRITERS -> assert(!COUNTS(i) || objects[o] || trash[o]); i++
  :: else -> i = 0; break
  od
}

/* ---- Requests. Each is one atomic step, as seen from outside ------------------------------------------------- */

/* Copies or moves X back from a batch. If X isn't there any more, nothing happens and the caller looks again. */
inline bring_back(o) {
#ifdef BUCKET
  if :: trash[o] -> objects[o] = 1 :: else fi
#else
  select(i : 0 .. BATCHES - 1);
  if
  :: trash[o] & BIT(i) -> objects[o] = 1                                 /* link */
  :: trash[o] & BIT(i) -> objects[o] = 1; trash[o] = trash[o] & ~BIT(i)  /* rename */
  :: else
  fi;
  i = 0
#endif
}

/* Deletes trash/B/X. */
inline delete_trash(o, c) {
#ifdef BUCKET
  late_purge[o] = late_purge[o] | BIT(c)  /* executed by Late */
#else
  trash[o] = trash[o] & ~BIT(c);
  check_property(o)
#endif
}

#ifdef BUCKET
/* Requests whose sender got no answer. They and their retries are executed at any time, or never. */
active proctype Late() {
  byte x, b, i;
  do
  :: atomic {
       select(x : 0 .. OBJECTS - 1);
       select(b : 0 .. BATCHES - 1);
       if
       :: late_delete[x] -> objects[x] = 0; check_property(x)
       :: late_purge[x] & BIT(b) -> trash[x] = trash[x] & ~BIT(b); check_property(x)
       :: objects[x] && (inventory[x] & BIT(b)) -> trash[x] = trash[x] | BIT(b)  /* copy to the trash */
       :: trash[x] & BIT(b) -> objects[x] = 1                                    /* copy back */
       :: else
       fi;
       x = 0;
       b = 0
     }
  od
}
#endif

/* ---- Condemn ------------------------------------------------------------------------------------------------- */

#define NEXT_BATCH(b) ((used & (BIT(b) - 1)) == BIT(b) - 1)

/*
 * A batch of a clean-up run. It moves any objects, needed or not: its view of the versions may have any age. When nothing
 * refers to a batch, its number is used for another one. Batches are alike, so the lowest unused number is next.
 */
proctype Condemn(byte b) {
  byte x, i;
#ifdef BUCKET
  bit unsure;
#endif
  do
  :: true ->
     do
#ifdef BUCKET
     :: atomic { objects[x] && NEXT_BATCH(b) -> trash[x] = trash[x] | BIT(b); used = used | BIT(b) }
        if
        :: atomic { objects[x] = 0; check_property(x); NEXT(x) }  /* answered at the first attempt */
        :: atomic { late_delete[x] = 1; unsure = 1; NEXT(x) }     /* no answer: executed by Late */
        fi
#else
     /* Any run may write an inventory at any time. The earlier, the worse: here it is written at once. */
     :: atomic {
          objects[x] && NEXT_BATCH(b) ->
          objects[x] = 0;
          trash[x] = trash[x] | BIT(b);
          inventory[x] = inventory[x] | BIT(b);
          used = used | BIT(b);
          NEXT(x)
        }
#endif
#if OBJECTS > 1
     :: atomic { NEXT(x) }  /* left out */
#endif
     od;
#ifdef BUCKET
     /* Only the run itself writes the inventory, and only if no delete can still be executed. */
     atomic {
#ifndef EARLY_INVENTORY
       !unsure ->
#endif
       do
       :: inventory[x] = inventory[x] | (trash[x] & BIT(b)); NEXT(x)
       od
     }
#endif
#if !defined(MOVE_AGAIN) && !defined(READER)
     /* When nothing refers to the batch, the next one starts. */
     atomic {
       ((TRASH | purged[0] | purged[PURGES - 1]) & BIT(b)) == 0 ->
       do
       :: inventory[x] = inventory[x] & ~BIT(b);
#ifdef BUCKET
          late_purge[x] = late_purge[x] & ~BIT(b);
#endif
          NEXT(x)
       od;
       used = used & ~BIT(b)
     }
#endif
#ifdef READER
     break
#endif
  od
}

/* ---- Purge --------------------------------------------------------------------------------------------------- */

inline read_inventory(condition) {
  x = 0;
  do
  :: x < OBJECTS -> found[x] = (condition); x++
  :: else -> x = 0; break
  od
}

inline list_intents() {
  v = 0;
  do
  :: v < WRITERS -> listed[p * WRITERS + v] = intent[v] && !voided[v]; v++
  :: else -> v = 0; break
  od
}

#if WRITERS > 1
#define LISTED(v) listed[p * WRITERS + (v)]
#define LAST 1
#else
#define LISTED(v) listed[p]
#define LAST 0
#endif

/* Open intents become void, one log after the other. */
inline void_intents() {
  do
  :: atomic { LISTED(0) -> voided[0] = 1; LISTED(0) = 0 }
#if WRITERS > 1
  :: atomic { LISTED(1) -> voided[1] = 1; LISTED(1) = 0 }
#endif
  :: atomic { !LISTED(0) && !LISTED(LAST) -> break }
  od
}

/* Purges of clean-up runs, one after the other. */
proctype Purge(byte p) {
  byte b, x, v, i;
  bit needed;
  bit found[OBJECTS];
next:
  do
  :: atomic {
       /* 1. The inventory of a batch, and 2. the list of intents: one step, because inventories only grow. */
       select(b : 0 .. BATCHES - 1);
#if !defined(INVENTORY_LATE) && !defined(NO_INVENTORY)
       read_inventory((inventory[x] & BIT(b)) != 0);
       if :: found[0] || found[OBJECTS - 1] :: else -> b = 0; goto next fi;
#endif
       purged[p] = BIT(b);
#if !defined(CHECK_TWICE) && !defined(NO_VOID) && !defined(VOID_LATE)
       list_intents();
#endif
     }
#if !defined(CHECK_TWICE) && !defined(NO_VOID) && !defined(VOID_LATE)
     void_intents();
#endif
     /* 3. The versions, one log after the other. */
     atomic { needed = live[0] }
#if WRITERS > 1
     atomic { needed = needed | live[1] }
#endif
#ifdef VOID_LATE
     atomic { list_intents() }
     void_intents();
#endif
#ifdef INVENTORY_LATE
     atomic { read_inventory((inventory[x] & BIT(b)) != 0) }
#endif
#ifdef NO_INVENTORY
     atomic { read_inventory((trash[x] & BIT(b)) != 0) }
#endif
     /* 4. Deletes what the inventory lists and no version needs, and moves the rest back. It may stop anywhere. */
     do
     :: atomic { found[x] && !needed -> delete_trash(x, b); NEXT(x) }
     :: atomic { found[x] && needed && (trash[x] & BIT(b)) -> objects[x] = 1 }
        atomic { delete_trash(x, b); NEXT(x) }
     :: atomic { NEXT(x) }
     od;
     atomic {
       needed = 0;
       b = 0;
       purged[p] = 0;
       do :: found[x] = 0; NEXT(x) od
     }
  od
}

/* ---- Writers ------------------------------------------------------------------------------------------------- */

inline create_intent() {
  intent[w] = 1  /* voided[w] is 0 */
}

/* The intent has ended: nobody can make it void. Whether its key is deleted now or later makes no difference. */
inline end_intent() {
  intent[w] = 0;
  voided[w] = 0;
  i = 0;
  do
  :: i < PURGES -> listed[i * WRITERS + w] = 0; i++
  :: else -> i = 0; break
  od
}

#ifdef CHECK_TWICE
#define FAIL live[w] = 0; withdrawable[w] = 0; has_bytes = 0
#else
#define FAIL has_bytes = 0; end_intent()
#endif

/* Makes every object exist in objects/. A look into the trash may miss an object that is moved meanwhile. */
inline check_objects() {
  do
  :: atomic { objects[x] -> NEXT(x) }
  :: atomic { !objects[x] && trash[x] -> bring_back(x); if :: objects[x] -> NEXT(x) :: else fi }
  :: atomic { !objects[x] && has_bytes -> objects[x] = 1; NEXT(x) }
  :: atomic { !objects[x] && !has_bytes -> x = 0; FAIL; goto idle }
  od
}

inline check_versions() {
  do :: check_property(x); NEXT(x) od
}

/* Publishes a version, and makes it live again after it was removed. It has the bytes or relies on what is stored. */
proctype Writer(byte w) {
  byte x, i;
  bit has_bytes;
idle:
#ifdef CHECK_TWICE
  atomic { !live[w] -> if :: has_bytes = 1 :: has_bytes = 0 fi }
  check_objects();
  atomic { live[w] = 1; withdrawable[w] = 1; check_versions() }
#ifndef NO_SECOND_CHECK
  check_objects();
#endif
  atomic { withdrawable[w] = 0; has_bytes = 0; check_versions(); goto idle }
#else
  atomic {
    !live[w] -> if :: has_bytes = 1 :: has_bytes = 0 fi;
#ifndef CHECK_BEFORE_INTENT
    create_intent()
#endif
  }
check:
  check_objects();
#ifdef CHECK_BEFORE_INTENT
  atomic { create_intent() }
#endif
  /* The commit takes the next number of the log, unless it finds a record there that makes the intent void. */
  if
#ifdef IGNORE_VOID
  :: atomic { true ->
#else
  :: atomic { voided[w] -> end_intent();
#ifndef CHECK_BEFORE_INTENT
       create_intent();
#endif
       goto check
     }
  :: atomic { !voided[w] ->
#endif
       live[w] = 1; has_bytes = 0; end_intent(); check_versions(); goto idle }
  fi
#endif
}

/* An administrator, or the expiry of versions. */
active proctype Remove() {
  do
  :: atomic { live[0] -> live[0] = 0; withdrawable[0] = 0; if :: reading == 1 -> reading = 0 :: else fi }
#if WRITERS > 1
  :: atomic { live[1] -> live[1] = 0; withdrawable[1] = 0; if :: reading == 2 -> reading = 0 :: else fi }
#endif
  od
}

#ifdef READER
/* Reads the objects of a live version. It misses one only if the object moves during each of its passes. */
active proctype Reader() {
  byte x, b, passes;
  do
  :: atomic { !reading && live[0] -> reading = 1 }
again:
     if
     :: atomic { objects[x] -> goto hit }
     :: atomic { !objects[x] -> b = 0 }
     fi;
     do
     :: b < BATCHES -> if :: atomic { trash[x] & BIT(b) -> goto hit } :: atomic { !(trash[x] & BIT(b)) -> b++ } fi
     :: else -> break
     od;
     passes++;
     if
     :: atomic { !reading -> goto end }
     :: atomic { reading && passes <= PASSES -> goto again }
     :: else -> assert(false)
     fi;
hit:
     passes = 0;
     x++;
     if :: x < OBJECTS -> goto again :: else fi;
end:
     atomic { x = 0; b = 0; passes = 0; reading = 0 }
  od
}
#endif

init {
  byte i;
  atomic {
    /* At the start, each object is in the store or not. */
    do
    :: i < OBJECTS -> if :: objects[i] = 1 :: skip fi; i++
    :: else -> i = 0; break
    od;
    do :: i < BATCHES -> run Condemn(i); i++ :: else -> i = 0; break od;
    do :: i < PURGES -> run Purge(i); i++ :: else -> i = 0; break od;
    do :: i < WRITERS -> run Writer(i); i++ :: else -> i = 0; break od
  }
}
