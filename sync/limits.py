"""Every bound of the protocol, each with its unit and its reason.

Devices enforce all of them before they say "saved"; the office checks them again and keeps what
breaks one as an entry without effect, since a rightly signed log must stay sendable.
"""

from typing import Final

# A number that JavaScript, SQLite and PostgreSQL all hold exactly.
INTEGER_MAX: Final = 2**53 - 1

# One change: a household of 20 with all its fields fits thrice over.
CHANGE_BYTES_MAX: Final = 256 * 1024
CHANGE_FIELDS_MAX: Final = 500
CHANGE_DOTS_MAX: Final = 64  # heads replaced in one field; more means that nobody ever settles
VALUE_DEPTH_MAX: Final = 8  # what a reader may recurse into
VALUE_ITEMS_MAX: Final = 1_000  # entries of one list or map in a value
TEXT_CHARACTERS_MAX: Final = 20_000  # a long declaration is five pages
FIELD_NAME_CHARACTERS_MAX: Final = 200
KIND_CHARACTERS_MAX: Final = 32
NAME_CHARACTERS_MAX: Final = 200  # an area, an office, a device's label, a person

SALT_BYTES: Final = 16  # keeps short values from being guessed from their hash
TAG_BYTES: Final = 8  # names a branch of a log; nobody signs 2^32 branches
RECORD_BYTES: Final = 16  # a UUIDv7
HASH_BYTES: Final = 32
PUBLIC_KEY_BYTES: Final = 65  # an uncompressed P-256 point
SIGNATURE_BYTES: Final = 64  # r and s
NONCE_BYTES: Final = 12  # of AES-GCM
KEY_NAME_CHARACTERS: Final = 16  # 8 bytes of a key's hash, in hex

BATCH_CHANGES_MAX: Final = 1_000
BATCH_NAMES_MAX: Final = 10_000  # a branch's catalogue many times over
EXCHANGE_BATCHES_MAX: Final = 64
EXCHANGE_LOGS_MAX: Final = 64
EXCHANGE_AREAS_MAX: Final = 256
EXCHANGE_BUNDLES_MAX: Final = 64
EXCHANGE_OFFERED_MAX: Final = 1_000
EXCHANGE_SHOWN_MAX: Final = 128  # an enrolment, two lists, and a certificate a seat
EXCHANGE_LEASES_MAX: Final = 256
CODE_CHARACTERS_MAX: Final = 64  # the longest form known has 27; other ministries have their own
LIST_ENTRIES_MAX: Final = 10_000  # of a signed list: every device a branch ever shut out
STATE_MAC_BYTES: Final = 16  # only the office makes and checks it; nobody can try offline
EXCHANGE_PACKED_BYTES_MAX: Final = 8 * 1024 * 1024
EXCHANGE_INFLATED_BYTES_MAX: Final = 16 * 1024 * 1024
PAGE_STATES_MAX: Final = 1_000
PAGE_BYTES_MAX: Final = 4 * 1024 * 1024  # what an office answers at most, whatever is wanted

# A bundle is small enough to go whole in one exchange on a bad line, whoever carries it; a phone
# seals a morning's text into one. What many of them inflate to is bounded as well.
BUNDLE_BYTES_MAX: Final = 4 * 1024 * 1024
BUNDLE_INFLATED_BYTES_MAX: Final = 8 * 1024 * 1024
BUNDLE_ATTACHMENTS_MAX: Final = 16
EXCHANGE_BUNDLES_INFLATED_BYTES_MAX: Final = 32 * 1024 * 1024
# A rescue file: a season of text of one phone, or the files of a whole van put together.
BUNDLE_FILE_BUNDLES_MAX: Final = 1_024
BUNDLE_FILE_BYTES_MAX: Final = 256 * 1024 * 1024

# A double page of a household book, scanned well; in pieces that a bad line brings within minutes.
ATTACHMENT_BYTES_MAX: Final = 25 * 1024 * 1024
ATTACHMENT_PIECE_BYTES_MAX: Final = 4 * 1024 * 1024

# What push services give out is 200 to 500; what they must carry for us (RFC 8030) is 4,096 bytes.
PUSH_ENDPOINT_CHARACTERS_MAX: Final = 1_024
PUSH_AUTH_BYTES: Final = 16  # RFC 8291
PUSH_BYTES_MAX: Final = 4_096

# A clock that is further ahead than this is wrong, not early; following it would spoil ours.
CLOCK_AHEAD_MS_MAX: Final = 60 * 60 * 1000
