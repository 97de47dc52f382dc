"""Bugs on purpose in the field app's engine: each is a line that somebody could have written.

They are put into the bundle, never into the product; a line that is not there any more fails the
bundling, so that a bug cannot die of old age.
"""

from tests.sim.engine.host import Bug

BUGS: dict[str, list[Bug]] = {
    "writes are not durable": [
        Bug("store/disk.ts", "{ durability: 'strict' }", "{ durability: 'relaxed' }"),
    ],
    "a request's number is not kept": [
        Bug(
            "device/request.ts",
            "await store.changeDevice((now) => ({ ...now, lastNumber: now.lastNumber + 1 }));",
            "await store.device().then("
            "(now) => now && { ...now, lastNumber: now.lastNumber + 1 });",
        ),
    ],
    "a cursor is kept apart from its page": [
        Bug(
            "store/indexed_records.ts",
            "      const written = await disk.write(\n        ['records', 'cursors',",
            "      await disk.write(['cursors'], async (tx) => {\n"
            "        if (page.cursor !== null)"
            " await tx.objectStore('cursors').put(page.cursor, page.feed);\n"
            "      });\n"
            "      const written = await disk.write(\n        ['records', 'cursors',",
        ),
    ],
    "a page overwrites unsent work": [
        Bug(
            "sync/reconcile.ts",
            "fold(own === null ? theirs : join(own, theirs), ownChanges).state",
            "(void own, void ownChanges, fold(theirs, []).state)",
        ),
    ],
    "joining drops the conflict's loser": [
        Bug(
            "sync/register.ts",
            "    heads.filter((head) => !gone.has(dotKey(head.dot))),\n",
            "    heads.filter((head) => !gone.has(dotKey(head.dot))).slice(-1),\n",
        ),
    ],
    "a set replaces nothing": [
        Bug(
            "device/authoring.ts",
            "dots(state, field)",
            "dots(state, field).slice(0, 0)",
        ),
    ],
    "what the author did before is not named": [
        Bug("device/appending.ts", "prev: seenOf(state, seat.seat) };", "prev: 0 };"),
    ],
    "two tabs may write one place of a log": [
        Bug(
            "store/indexed_log.ts",
            "seatNow?.last !== entry.seq - 1 ||",
            "seatNow === undefined ||",
        ),
        Bug(
            "store/indexed_log.ts",
            "objectStore('log').add(logRow)",
            "objectStore('log').put(logRow)",
        ),
        Bug(
            "store/indexed_log.ts",
            "if (!(await stands(tx, recordRow, damaged))) return 'raced';",
            "",
        ),
    ],
    "time runs backwards": [
        Bug("sync/clock.ts", "nowMs > last.ms ?", "nowMs >= 0 ?"),
    ],
    "one more area is not asked for": [
        Bug("device/exchange.ts", "areas: [...kept, ...added]", "areas: [...kept]"),
    ],
    "what of a log parted earlier stays where it was": [
        Bug("store/indexed_seats.ts", "known > agreed.upTo &&", "known < 0 &&"),
    ],
    "a lost area stays": [
        Bug("device/pages.ts", "if (record.feeds.includes(feed)) release(", "if (false) release("),
    ],
    "what only a lost life knew stays in a record": [
        Bug("device/given.ts", "before !== null && before.epoch !== epoch", "before === own"),
    ],
    "an older epoch's receipt says where a log parted": [
        Bug("device/own_log.ts", "isDue && !isCovered &&", "isDue && !isCovered && isCovered &&"),
    ],
    "a log keeps what was erased": [
        Bug(
            "store/indexed_erasing.ts",
            "for (const row of logRows) await tx.objectStore('log').put(row);",
            "void logRows;",
        ),
    ],
    "what was erased is carried over": [
        Bug("sync/carrying.ts", " || isErased(change.bodyBytes)", ""),
    ],
    "unsigned answers count": [
        Bug(
            "device/office.ts",
            "    await requireSignature(verify, keyOf(message), purpose, message, signature);\n",
            "    void [signature, requireSignature, verify, keyOf, purpose];\n",
        ),
    ],
}

# Papers: what becomes of them between the camera and the office's backup.
BUGS |= {
    "a paper's refusal before its change is final": [
        Bug(
            "device/photo_sending.ts",
            "!unsent.some(({ seat, seq }) => seat === photo.seat && seq === photo.seq),",
            "unsent.length >= 0,",
        ),
        Bug(
            "device/photo_sending.ts",
            "{ unknownSince: photo.unknownSince ?? officeTime }",
            "{ stage: 'refused', refusal: 'refused-by-office' }",
        ),
    ],
    "a piece that came is taken for the whole": [
        Bug(
            "device/uploading.ts",
            "if (status < 300) return null;",
            "if (status < 300) return method === 'PATCH' ? { kind: 'held' } : null;",
        ),
    ],
    "an erased paper stays on its phone": [
        Bug(
            "store/indexed_erasing.ts",
            "for (const id of pictures) await dropPhoto(tx, id);",
            "void [pictures, dropPhoto];",
        ),
    ],
    "the thumbnail of an erased paper stays": [
        Bug(
            "store/indexed_photos.ts",
            "for (const part of ['raw', 'whole', 'thumbnail'] as const) {",
            "for (const part of ['raw', 'whole'] as const) {",
        ),
    ],
    "a spoilt paper is sent on and on": [
        Bug(
            "device/photo_sending.ts",
            "bytes === null || (await digestOf(bytes)) !== photo.digest",
            "bytes === null || (await digestOf(bytes)) === ''",
        ),
    ],
}

# Worlds that caught them when they were planted: tried first, so that they cost little.
CAUGHT_IN: dict[str, int] = {
    "a cursor is kept apart from its page": 111,
    "a page overwrites unsent work": 16,
    "joining drops the conflict's loser": 5,
    "two tabs may write one place of a log": 10,
    "time runs backwards": 3,
    "one more area is not asked for": 4,
    "what of a log parted earlier stays where it was": 5_000_762,
    "a lost area stays": 16,
    "what only a lost life knew stays in a record": 11,
    "an older epoch's receipt says where a log parted": 137,
    "a log keeps what was erased": 2,
    "what was erased is carried over": 113,
    "unsigned answers count": 16,
    "a paper's refusal before its change is final": 9,
    "a piece that came is taken for the whole": 9,
    "an erased paper stays on its phone": 11,
    "the thumbnail of an erased paper stays": 11,
    "a spoilt paper is sent on and on": 11,
}
