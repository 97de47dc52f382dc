/**
 * Every bound of the protocol, as in `sync/limits.py`, where each has its reason.
 *
 * The phone enforces them before it says "saved".
 */

export const INTEGER_MAX = Number.MAX_SAFE_INTEGER; // 2^53 - 1

export const CHANGE_BYTES_MAX = 256 * 1024;
export const CHANGE_FIELDS_MAX = 500;
export const CHANGE_DOTS_MAX = 64;
export const VALUE_DEPTH_MAX = 8;
export const VALUE_ITEMS_MAX = 1_000;
export const TEXT_CHARACTERS_MAX = 20_000;
export const FIELD_NAME_CHARACTERS_MAX = 200;
export const KIND_CHARACTERS_MAX = 32;
export const NAME_CHARACTERS_MAX = 200;

export const SALT_BYTES = 16;
export const TAG_BYTES = 8;
export const RECORD_BYTES = 16;
export const HASH_BYTES = 32;
export const PUBLIC_KEY_BYTES = 65;
export const SIGNATURE_BYTES = 64;
export const NONCE_BYTES = 12;
export const KEY_NAME_CHARACTERS = 16;

export const BATCH_CHANGES_MAX = 1_000;
export const BATCH_NAMES_MAX = 10_000;
export const EXCHANGE_BATCHES_MAX = 64;
export const EXCHANGE_LOGS_MAX = 64;
export const EXCHANGE_AREAS_MAX = 256;
export const EXCHANGE_PACKED_BYTES_MAX = 8 * 1024 * 1024;
export const EXCHANGE_INFLATED_BYTES_MAX = 16 * 1024 * 1024;
export const PAGE_STATES_MAX = 1_000;
export const PAGE_BYTES_MAX = 4 * 1024 * 1024;

export const EXCHANGE_OFFERED_MAX = 1_000;
export const EXCHANGE_SHOWN_MAX = 128;
export const EXCHANGE_LEASES_MAX = 256;
export const CODE_CHARACTERS_MAX = 64;
export const STATE_MAC_BYTES = 16;

export const EXCHANGE_BUNDLES_MAX = 64;
export const BUNDLE_BYTES_MAX = 4 * 1024 * 1024;
export const BUNDLE_ATTACHMENTS_MAX = 16;
export const BUNDLE_INFLATED_BYTES_MAX = 8 * 1024 * 1024;
export const BUNDLE_FILE_BUNDLES_MAX = 1_024;
export const BUNDLE_FILE_BYTES_MAX = 256 * 1024 * 1024;

export const ATTACHMENT_BYTES_MAX = 25 * 1024 * 1024;
export const ATTACHMENT_PIECE_BYTES_MAX = 4 * 1024 * 1024;

export const CLOCK_AHEAD_MS_MAX = 60 * 60 * 1000;
